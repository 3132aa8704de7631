package dev.bastion.server.session;

import dev.bastion.audit.AuditLog;
import dev.bastion.audit.mask.SecretMask;
import dev.bastion.audit.recording.Recordings;
import dev.bastion.server.access.AccessControl;
import dev.bastion.server.backend.HostConnector;
import dev.bastion.server.config.SessionLimits;
import dev.bastion.server.console.Console;
import dev.bastion.server.directory.CredentialStore;
import dev.bastion.server.directory.Directory;
import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * What sessions are made with. Each part is thread-safe.
 *
 * @param recordingNotice said to the operator of a recorded shell; empty for nothing
 */
public record SessionParts(
        Directory directory,
        AccessControl access,
        CredentialStore credentials,
        HostConnector hosts,
        AuditLog log,
        SecretMask mask,
        Console console,
        SessionRegistry registry,
        SessionLimits limits,
        Recordings recordings,
        String recordingNotice,
        InstantSource clock,
        SecureRandom random) {}
