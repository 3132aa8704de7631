package dev.bastion.server.console;

import dev.bastion.audit.AuditLog;
import dev.bastion.audit.AuditReader;
import dev.bastion.audit.jdbc.LedgerEvidence;
import dev.bastion.server.access.AccessControl;
import dev.bastion.server.backend.HostKeyScanner;
import dev.bastion.server.directory.CredentialStore;
import dev.bastion.server.directory.Directory;
import dev.bastion.server.identity.AuthorizedKey;
import java.time.InstantSource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the commands work on. All thread-safe, closed by whoever opened them.
 *
 * @param evidence what signs and verifies the ledger; absent where none does
 * @param jumpKeys the host key with which the bastion answers for a host, by its name
 * @param authority absent when there are no host certificates
 */
public record ConsoleParts(
        Directory directory,
        AccessControl access,
        CredentialStore credentials,
        AuditLog auditLog,
        AuditReader auditReader,
        @Nullable LedgerEvidence evidence,
        HostKeyScanner scanner,
        Function<String, AuthorizedKey> jumpKeys,
        @Nullable HostAuthority authority,
        InstantSource clock) {}
