/** Tests of the menu on a terminal. */
@NullMarked
package dev.bastion.menu.terminal;

import org.jspecify.annotations.NullMarked;
