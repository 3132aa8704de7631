/**
 * The benchmark, outside the release: a bastion as a process of its own against plain OpenSSH on
 * the same machine, in interleaved rounds. Entry class {@link dev.bastion.server.bench.Bench}.
 */
@NullMarked
package dev.bastion.server.bench;

import org.jspecify.annotations.NullMarked;
