/**
 * Puts the menu on a terminal with JLine: keys from bytes, screen to bytes, sizes, colours, and a
 * numbered list for terminals that cannot move their cursor. Runs on the caller's (virtual) thread.
 */
@NullMarked
package dev.bastion.menu.terminal;

import org.jspecify.annotations.NullMarked;
