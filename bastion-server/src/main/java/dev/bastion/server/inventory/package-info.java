/** What there is to reach: hosts, groups, accounts and targets. A model without input or output. */
@NullMarked
package dev.bastion.server.inventory;

import org.jspecify.annotations.NullMarked;
