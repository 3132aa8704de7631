package dev.bastion.audit.shipping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.ledger.FileLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A file that follows a ledger while it is rotated, lost, cut off and in the way. */
@Timeout(120)
final class JsonFileIT {

    private final Path folder;
    private final Path file;

    JsonFileIT(@TempDir Path folder) {
        this.folder = folder;
        this.file = folder.resolve("audit.jsonl");
    }

    private Shipping shipping(FileLedger ledger) {
        Shipping shipping =
                Shipping.of(ledger, folder.resolve("shipping"), List.of(new ShipTo.JsonFile(file)));
        shipping.start();
        return shipping;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitEntry(Path file, long entry) throws InterruptedException {
        Entries.await(
                "entry " + entry + " is in " + file,
                () ->
                        lines(file).stream()
                                .anyMatch(line -> line.startsWith("{\"entry\":" + entry + ",")));
    }

    @Test
    void eachEntryIsThereOnceAcrossRestartsAndRotations() throws Exception {
        List<String> all = new ArrayList<>();
        try (FileLedger ledger = Entries.ledger(folder)) {
            Entries.append(ledger, 1, 2_500);
            try (Shipping shipping = shipping(ledger)) {
                Entries.append(ledger, 2_501, 3_000);
                awaitEntry(file, 3_000);
                Path rotated = folder.resolve("audit.jsonl.1");
                Files.move(file, rotated);
                Entries.append(ledger, 3_001, 3_010);
                awaitEntry(file, 3_010);
                all.addAll(lines(rotated));
                assertThat(shipping.states().getFirst().error()).isEmpty();
            }
            try (Shipping shipping = shipping(ledger)) {
                assertThat(shipping.oldestNeeded()).hasValue(3_010);
                Entries.append(ledger, 3_011, 3_020);
                awaitEntry(file, 3_020);
            }
            all.addAll(lines(file));
        }
        assertThat(all.stream().map(Entries::number)).isEqualTo(Entries.numbers(3_020));
    }

    @Test
    void aLineThatWasCutOffIsEndedAndItsEntryWrittenAgain() throws Exception {
        try (FileLedger ledger = Entries.ledger(folder)) {
            Entries.append(ledger, 1, 2);
            Files.writeString(file, "{\"entry\":1,\"ha");
            try (Shipping shipping = shipping(ledger)) {
                awaitEntry(file, 2);
                assertThat(shipping.states()).hasSize(1);
            }
        }
        assertThat(lines(file)).hasSize(3).first().isEqualTo("{\"entry\":1,\"ha");
        assertThat(lines(file).stream().map(Entries::number)).containsExactly(1L, 1L, 2L);
    }

    @Test
    void whileItCannotBeWrittenTheLedgerGoesOnAndThenItCatchesUp() throws Exception {
        try (FileLedger ledger = Entries.ledger(folder)) {
            Files.createDirectory(file);
            try (Shipping shipping = shipping(ledger)) {
                Entries.append(ledger, 1, 2_000);
                Entries.await(
                        "the failure is seen",
                        () -> !shipping.states().getFirst().error().isEmpty());
                ShipperState away = shipping.states().getFirst();
                assertThat(away.condition()).isEqualTo(ShipperState.Condition.AWAY);
                assertThat(away.behind()).isEqualTo(2_000);
                assertThat(shipping.oldestNeeded()).hasValue(1);

                Files.delete(file);
                awaitEntry(file, 2_000);
                Entries.await(
                        "the position is saved",
                        () -> shipping.states().getFirst().certain() == 2_000);
                assertThat(shipping.states().getFirst().behind()).isZero();
                assertThat(shipping.states().getFirst().error()).isEmpty();
            }
        }
        assertThat(lines(file).stream().map(Entries::number)).isEqualTo(Entries.numbers(2_000));
    }

    @Test
    void aPositionOfAnotherLedgerStopsItAndSaysHowToBeginAnew() throws Exception {
        try (FileLedger ledger = Entries.ledger(folder.resolve("other"))) {
            Entries.append(ledger, 1, 5);
            try (Shipping shipping = shipping(ledger)) {
                awaitEntry(file, 5);
                assertThat(shipping.states()).hasSize(1);
            }
        }
        try (FileLedger ledger = Entries.ledger(folder)) {
            Entries.append(ledger, 1, 9);
            try (Shipping shipping = shipping(ledger)) {
                Entries.await(
                        "it has stopped",
                        () ->
                                shipping.states().getFirst().condition()
                                        == ShipperState.Condition.STOPPED);
                assertThat(shipping.states().getFirst().error())
                        .contains("Entry 5 of the ledger is not the one")
                        .contains(".position and start again.");
            }
        }
        assertThat(lines(file)).hasSize(5);
    }

    @Test
    void whatAlreadyStandsInTheFileStays() throws Exception {
        Files.writeString(file, "before\n", StandardOpenOption.CREATE_NEW);
        try (FileLedger ledger = Entries.ledger(folder);
                Shipping shipping = shipping(ledger)) {
            Entries.append(ledger, 1, 1);
            Entries.await("it is there", () -> lines(file).size() == 2);
            assertThat(shipping.states()).hasSize(1);
        }
        assertThat(lines(file)).first().isEqualTo("before");
    }
}
