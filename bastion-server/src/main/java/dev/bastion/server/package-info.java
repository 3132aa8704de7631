/**
 * The process: the command line of {@link dev.bastion.server.Main} and the one place where all
 * parts are put together, {@link dev.bastion.server.Bastion}.
 */
@NullMarked
package dev.bastion.server;

import org.jspecify.annotations.NullMarked;
