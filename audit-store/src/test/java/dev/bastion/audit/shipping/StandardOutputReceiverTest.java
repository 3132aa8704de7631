package dev.bastion.audit.shipping;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bastion.audit.Records;
import dev.bastion.audit.ledger.FileLedger;
import dev.bastion.audit.ledger.LedgerEntry;
import dev.bastion.audit.ledger.LedgerPosition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stream that counts its writes and takes nothing while it is told to fail. */
final class StandardOutputReceiverTest {

    @TempDir private Path folder;
    private final Stream out = new Stream();
    private final StandardOutputReceiver receiver = new StandardOutputReceiver(out);

    private static final class Stream extends OutputStream {

        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private int writes;
        private boolean fails;

        @Override
        public synchronized void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
            if (fails) {
                throw new IOException("Broken pipe");
            }
            writes++;
            taken.write(bytes, offset, length);
        }

        private synchronized void fail(boolean now) {
            fails = now;
        }

        private synchronized List<String> lines() {
            return taken.toString(UTF_8).lines().toList();
        }
    }

    @Test
    void entriesAreLinesInOneWriteWhateverTheyHold() throws Exception {
        List<LedgerEntry> entries =
                Entries.of(folder, Records.ofEachKind("a\nb\r\"\\ \u0085\u2028 \ud800 \u001b[2J"));
        receiver.open(LedgerPosition.START);
        receiver.take(entries);
        assertThat(out.writes).isEqualTo(1);
        String all = out.taken.toString(UTF_8);
        assertThat(all.chars().filter(c -> c == '\n').count()).isEqualTo(entries.size());
        assertThat(all).endsWith("}\n").doesNotContain("\r", "\u001b");
        assertThat(Entries.withoutDoubles(List.of(all.split("\n"))))
                .isEqualTo(Entries.numbers(entries.size()));
    }

    @Test
    void whatTheStreamTookIsSafeAndNothingElse() throws Exception {
        List<LedgerEntry> entries = Entries.of(folder, Records.ofEachKind("x"));
        receiver.open(entries.get(1).position());
        assertThat(receiver.safe()).isEqualTo(entries.get(1).position());
        receiver.take(entries.subList(2, 4));
        assertThat(receiver.safe()).isEqualTo(entries.get(3).position());
        out.fail(true);
        assertThatThrownBy(() -> receiver.take(entries.subList(4, 6)))
                .isInstanceOf(IOException.class);
        receiver.settle();
        assertThat(receiver.safe()).isEqualTo(entries.get(3).position());
    }

    private Shipper shipper(FileLedger ledger) {
        Shipper shipper =
                new Shipper(
                        ledger,
                        "stdout",
                        new StandardOutputReceiver(out),
                        PositionFile.of(folder, "stdout"));
        shipper.start();
        return shipper;
    }

    @Test
    void followsInOrderCatchesUpAfterAFailureAndGoesOnAfterAStart() throws Exception {
        try (FileLedger ledger = Entries.ledger(folder)) {
            Entries.append(ledger, 1, 20);
            try (Shipper shipper = shipper(ledger)) {
                Entries.await("20 are there", () -> out.lines().size() == 20);
                out.fail(true);
                Entries.append(ledger, 21, 30);
                Entries.await(
                        "the failure is told",
                        () -> shipper.state().error().contains("Broken pipe"));
                out.fail(false);
                Entries.await("30 are there", () -> out.lines().size() == 30);
            }
            Entries.append(ledger, 31, 40);
            try (Shipper shipper = shipper(ledger)) {
                Entries.await("40 are there", () -> out.lines().size() == 40);
                assertThat(shipper.state().passed()).isEqualTo(40);
            }
        }
        assertThat(out.lines().stream().map(Entries::number).toList())
                .isEqualTo(Entries.numbers(40));
    }
}
