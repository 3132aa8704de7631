/**
 * The audit trail: what is appended, what promise an append makes, and how the trail is asked.
 *
 * <p>Read {@link dev.bastion.audit.AuditLog} first: it is the one way in. {@link
 * dev.bastion.audit.AuditReader} is the one way to ask. This package and those below it know no SSH
 * and no menu.
 */
@NullMarked
package dev.bastion.audit;

import org.jspecify.annotations.NullMarked;
