/**
 * Real parts for tests: private {@code sshd} servers, OpenSSH's {@code ssh} as a process, and
 * {@code ssh} inside a PTY. Each fails with a sentence when its program is missing.
 */
@NullMarked
package dev.bastion.server.rig;

import org.jspecify.annotations.NullMarked;
