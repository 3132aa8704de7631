package dev.bastion.server.gateway;

import dev.bastion.audit.AuditLog;
import dev.bastion.server.identity.AttemptLimiter;
import dev.bastion.server.identity.Authenticator;
import java.time.InstantSource;

/** What logging in works with. Each part is thread-safe. */
public record LoginParts(
        Authenticator authenticator, AttemptLimiter limiter, AuditLog log, InstantSource clock) {}
