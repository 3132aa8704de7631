/**
 * Recordings on a person's terminal: replayed, or watched while they are made. What the terminal
 * showed is drawn on a screen in memory, and the person is sent a picture of that; none of the
 * host's escape sequences reach them. Start at {@link dev.bastion.server.replay.Player} and {@link
 * dev.bastion.server.replay.LiveView}.
 */
@NullMarked
package dev.bastion.server.replay;

import org.jspecify.annotations.NullMarked;
