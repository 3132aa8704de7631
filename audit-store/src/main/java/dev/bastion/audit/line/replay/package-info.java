/**
 * Traces of terminals replayed through {@link dev.bastion.audit.line.CommandLines}, and scored
 * against what the shells themselves recorded. Entry class: {@link
 * dev.bastion.audit.line.replay.Replay}.
 */
@NullMarked
package dev.bastion.audit.line.replay;

import org.jspecify.annotations.NullMarked;
