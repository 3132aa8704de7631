/**
 * The granted hosts as directories of one SFTP session: what the client asks is sent to a session
 * of its own at each host, with the paths, handles and numbers that are right there, and the
 * answers come back. Rights and records are those of the hosts' sessions; nothing of them is here.
 * May import {@code relay} and {@code tap}. Start at {@link dev.bastion.server.fleet.Front}.
 */
@NullMarked
package dev.bastion.server.fleet;

import org.jspecify.annotations.NullMarked;
