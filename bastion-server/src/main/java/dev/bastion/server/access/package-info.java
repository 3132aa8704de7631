/** Whether a user may reach a target: grants, and the pure policy that decides over them. */
@NullMarked
package dev.bastion.server.access;

import org.jspecify.annotations.NullMarked;
