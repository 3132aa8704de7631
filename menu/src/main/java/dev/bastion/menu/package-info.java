/**
 * The operators' host menu: keys in, a screen and a choice out.
 *
 * <p>Pure state; no input or output, no threads, no clock. {@link dev.bastion.menu.terminal} puts
 * it on a terminal.
 */
@NullMarked
package dev.bastion.menu;

import org.jspecify.annotations.NullMarked;
