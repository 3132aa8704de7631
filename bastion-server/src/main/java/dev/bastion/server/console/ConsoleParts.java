package dev.bastion.server.console;

import dev.bastion.audit.AuditLog;
import dev.bastion.audit.AuditReader;
import dev.bastion.audit.SequenceNumber;
import dev.bastion.audit.jdbc.LedgerEvidence;
import dev.bastion.audit.ledger.LedgerReader;
import dev.bastion.audit.mask.SecretMask;
import dev.bastion.audit.recording.Recordings;
import dev.bastion.audit.shipping.ShipperState;
import dev.bastion.server.access.AccessControl;
import dev.bastion.server.backend.HostKeyScanner;
import dev.bastion.server.directory.CredentialStore;
import dev.bastion.server.directory.Directory;
import dev.bastion.server.identity.AuthorizedKey;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the commands work on. All thread-safe, closed by whoever opened them.
 *
 * @param ledger reads the ledger from an entry on
 * @param evidence what signs and verifies the ledger; absent where none does
 * @param jumpKeys the host key with which the bastion answers for a host, by its name
 * @param authority absent when there are no host certificates
 * @param mask what is left out of the record of a question to the audit log
 * @param shipping how those stand that the record is passed on to
 */
public record ConsoleParts(
        Directory directory,
        AccessControl access,
        CredentialStore credentials,
        AuditLog auditLog,
        AuditReader auditReader,
        Function<SequenceNumber, LedgerReader> ledger,
        Recordings recordings,
        LiveSessions sessions,
        @Nullable LedgerEvidence evidence,
        HostKeyScanner scanner,
        Function<String, AuthorizedKey> jumpKeys,
        @Nullable HostAuthority authority,
        SecretMask mask,
        Supplier<List<ShipperState>> shipping,
        InstantSource clock) {}
