/**
 * What administrators keep: users, groups, hosts, accounts and grants, in memory and in the
 * database.
 *
 * <p>Read {@link dev.bastion.server.directory.Directory} first. Imports the models ({@code identity
 * inventory access vault}) and the database; no SSH.
 */
@NullMarked
package dev.bastion.server.directory;

import org.jspecify.annotations.NullMarked;
