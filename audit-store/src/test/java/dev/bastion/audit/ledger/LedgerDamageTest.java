package dev.bastion.audit.ledger;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.Records;
import dev.bastion.audit.SequenceNumber;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A ledger of two segments of 8 KiB and eight entries in the last, each its own batch:
 *
 * <pre>
 *   0000000001.segment  header | 1 … n-8 | zeros      0000000002.segment  header | n-7 … n | zeros
 * </pre>
 */
final class LedgerDamageTest {

    private static final LedgerOptions OPTIONS =
            new LedgerOptions(
                    8 << 10,
                    1000,
                    1 << 20,
                    LedgerOptions.DEFAULT_RETRY_INTERVAL,
                    LedgerOptions.DEFAULT_CLOSE_GRACE);

    @TempDir private Path folder;
    private byte[] first = {};
    private byte[] last = {};

    /** Where each entry of the last segment begins, and where the last one ends. */
    private final List<Integer> starts = new ArrayList<>();

    private long entries;

    @BeforeEach
    void write() throws Exception {
        try (FileLedger ledger = open()) {
            long inLast = 0;
            while (inLast < 8) {
                ledger.append(Records.command(++entries)).get(10, SECONDS);
                inLast = Files.exists(segment(2)) ? inLast + 1 : 0;
            }
        }
        first = Files.readAllBytes(segment(1));
        last = Files.readAllBytes(segment(2));
        int at = SegmentHeader.BYTES;
        for (EntryFormat.Header h = EntryFormat.header(last, at);
                h != null;
                h = EntryFormat.header(last, at)) {
            starts.add(at);
            at += h.entryBytes();
        }
        starts.add(at);
        assertThat(starts).hasSize(9);
    }

    private FileLedger open() {
        return FileLedger.open(folder, InstantSource.system(), OPTIONS);
    }

    private Path segment(long ordinal) {
        return new SegmentFolder(folder).segment(ordinal);
    }

    private void restore() throws IOException {
        Files.write(segment(1), first);
        Files.write(segment(2), last);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWriteTornAnywhereIsCutAndSaid(boolean fileEndsThere) throws Exception {
        int start = starts.get(7);
        int end = starts.get(8);
        for (int torn = start; torn < end; torn++) {
            byte[] bytes = Arrays.copyOf(last, fileEndsThere ? torn : last.length);
            Arrays.fill(bytes, Math.min(torn, bytes.length), bytes.length, (byte) 0);
            if (torn == end - 1 && last[torn] == 0) {
                continue;
            }
            Files.write(segment(2), bytes);
            assertThat(LedgerVerifier.verify(folder))
                    .as("torn at %d", torn)
                    .isInstanceOf(VerifyResult.Sound.class);
            try (FileLedger ledger = open()) {
                assertThat(ledger.recovery().entries()).isEqualTo(entries - 1);
                assertThat(ledger.recovery().cut())
                        .as("torn at %d", torn)
                        .isEqualTo(torn > start + 3);
            }
            if (torn % 40 == 0) {
                try (FileLedger ledger = open()) {
                    assertThat(ledger.recovery().cut()).isFalse();
                    assertThat(ledger.append(Records.command(1)).get(10, SECONDS))
                            .isEqualTo(new SequenceNumber(entries));
                }
                assertThat(LedgerVerifier.verify(folder)).isInstanceOf(VerifyResult.Sound.class);
                Files.deleteIfExists(segment(3));
            }
        }
        restore();
    }

    @Test
    void aByteFlippedAnywhereInTheLastSegmentIsRefusedAndNamed() throws Exception {
        for (int at = 0; at < starts.get(8); at++) {
            byte[] bytes = last.clone();
            bytes[at] ^= (byte) (1 << (at % 8));
            Files.write(segment(2), bytes);
            int index = 0;
            while (index < 7 && starts.get(index + 1) <= at) {
                index++;
            }
            long expected = entries - 7 + index;
            int flipped = at;
            assertThat(LedgerVerifier.verify(folder))
                    .as("flipped at %d", at)
                    .isInstanceOfSatisfying(
                            VerifyResult.Broken.class,
                            b -> {
                                assertThat(b.sequence()).as("at %d", flipped).isEqualTo(expected);
                                assertThat(b.segment()).isEqualTo("0000000002.segment");
                            });
            if (at % 7 == 0) {
                assertThatThrownBy(this::open)
                        .isInstanceOf(AuditLogException.class)
                        .hasMessageContaining("0000000002.segment")
                        .hasMessageContaining("entry " + expected);
                assertThat(Files.readAllBytes(segment(2))).isEqualTo(bytes);
            }
        }
    }

    @Test
    void aByteFlippedInAnEarlierSegmentIsRefused() throws Exception {
        int used = first.length;
        while (first[used - 1] == 0) {
            used--;
        }
        for (int at = 0; at < used; at += 3) {
            byte[] bytes = first.clone();
            bytes[at] ^= 0x10;
            Files.write(segment(1), bytes);
            assertThat(LedgerVerifier.verify(folder))
                    .as("flipped at %d", at)
                    .isInstanceOfSatisfying(
                            VerifyResult.Broken.class,
                            b -> assertThat(b.segment()).isEqualTo("0000000001.segment"));
        }
        assertThatThrownBy(this::open).isInstanceOf(AuditLogException.class);
    }

    @Test
    void anEntryTakenOutIsSeen() throws Exception {
        byte[] bytes = new byte[last.length];
        System.arraycopy(last, 0, bytes, 0, starts.get(3));
        System.arraycopy(last, starts.get(4), bytes, starts.get(3), last.length - starts.get(4));
        Files.write(segment(2), bytes);
        assertThat(LedgerVerifier.verify(folder))
                .isInstanceOfSatisfying(
                        VerifyResult.Broken.class,
                        b -> assertThat(b.sequence()).isEqualTo(entries - 4));
    }

    @Test
    void aMissingSegmentIsSeen() throws Exception {
        Files.delete(segment(1));
        assertThat(LedgerVerifier.verify(folder)).isInstanceOf(VerifyResult.Broken.class);
        assertThatThrownBy(this::open)
                .isInstanceOf(AuditLogException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void aTornBatchWhoseBeginningIsMissingIsCut() throws Exception {
        Files.delete(segment(2));
        Files.write(segment(1), new byte[0]);
        Files.delete(segment(1));
        var options =
                new LedgerOptions(
                        64 << 10,
                        1000,
                        1 << 20,
                        LedgerOptions.DEFAULT_RETRY_INTERVAL,
                        LedgerOptions.DEFAULT_CLOSE_GRACE);
        try (FileLedger ledger = FileLedger.open(folder, InstantSource.system(), options)) {
            ledger.append(Records.command(1)).get(10, SECONDS);
            ledger.appendAll(
                            List.of(
                                    Records.command("a", "s1", "h", 2, "x".repeat(2000)),
                                    Records.command(3),
                                    Records.command(4)))
                    .get(10, SECONDS);
        }
        byte[] bytes = Files.readAllBytes(segment(1));
        Arrays.fill(bytes, 1024, 2048, (byte) 0);
        Files.write(segment(1), bytes);
        try (FileLedger ledger = FileLedger.open(folder, InstantSource.system(), options)) {
            assertThat(ledger.recovery().entries()).isEqualTo(1);
            assertThat(ledger.recovery().cut()).isTrue();
        }
    }
}
