package dev.bastion.server.session;

import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionKind;
import dev.bastion.audit.recording.Recording;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which session something under way is. Immutable.
 *
 * @param recording absent where none is made
 */
record AboutSession(
        SessionContext context, SessionKind kind, Instant start, @Nullable Recording recording) {}
