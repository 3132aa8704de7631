/**
 * {@code bastion admin} on the machine itself: a socket that only the bastion's own user can reach,
 * and the client that speaks to it, or opens the data itself when no bastion runs.
 */
@NullMarked
package dev.bastion.server.local;

import org.jspecify.annotations.NullMarked;
