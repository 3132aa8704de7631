/** Who somebody is: users, roles, the proofs they log in with, and the limits on trying. */
@NullMarked
package dev.bastion.server.identity;

import org.jspecify.annotations.NullMarked;
