package dev.bastion.server.console;

import dev.bastion.audit.AuditLog;
import dev.bastion.audit.AuditReader;
import dev.bastion.server.access.AccessControl;
import dev.bastion.server.backend.HostKeyScanner;
import dev.bastion.server.directory.CredentialStore;
import dev.bastion.server.directory.Directory;
import java.time.InstantSource;

/** What the commands work on. All thread-safe, closed by whoever opened them. */
public record ConsoleParts(
        Directory directory,
        AccessControl access,
        CredentialStore credentials,
        AuditLog auditLog,
        AuditReader auditReader,
        HostKeyScanner scanner,
        InstantSource clock) {}
