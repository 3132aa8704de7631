/** The bastion's own commands, the same over SSH and on the machine itself. */
@NullMarked
package dev.bastion.server.console;

import org.jspecify.annotations.NullMarked;
