/**
 * What looks at the bytes of a session as they pass, and says what has to be durable before they go
 * on. Start at {@link dev.bastion.server.tap.ShellTap}.
 */
@NullMarked
package dev.bastion.server.tap;

import org.jspecify.annotations.NullMarked;
