/** Tests of the menu without a terminal. */
@NullMarked
package dev.bastion.menu;

import org.jspecify.annotations.NullMarked;
