package dev.bastion.audit.line.replay;

import dev.bastion.audit.line.DecidedLine;

/**
 * A decided line and the window in which the Enter that ended it was typed.
 *
 * @param window the number of the object that ends that window, from 0
 */
public record ReplayedLine(int window, DecidedLine line) {}
