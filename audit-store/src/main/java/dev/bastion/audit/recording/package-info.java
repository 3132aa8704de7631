/**
 * Recordings: what sessions' terminals showed, in a file each, compressed, sealed and checked frame
 * by frame. The format is in docs/recordings.md. Knows no SSH and no terminal. Start at {@link
 * dev.bastion.audit.recording.Recordings}.
 */
@NullMarked
package dev.bastion.audit.recording;

import org.jspecify.annotations.NullMarked;
