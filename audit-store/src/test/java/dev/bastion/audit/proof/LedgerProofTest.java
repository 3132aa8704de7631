package dev.bastion.audit.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each damage of the table in docs/ledger.md, done to a signed ledger, and what is said of it. */
final class LedgerProofTest {

    @TempDir private Path folder;

    /** Does something to a ledger. */
    interface Damage {
        void to(SignedLedger ledger) throws Exception;
    }

    private static Arguments row(String name, Damage damage, long entry, String said) {
        return Arguments.of(name, damage, entry, said);
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                row("length changed", flip(15, 3), 15, "head does not fit"),
                row("number changed", flip(15, 11), 15, "head does not fit"),
                row("place in batch changed", flip(15, 15), 15, "head does not fit"),
                row("time changed", flip(15, 23), 15, "head does not fit"),
                row("first checksum changed", flip(15, 24), 15, "head does not fit"),
                row("record changed", flip(15, 60), 15, "does not fit its checksum"),
                row("hash changed", flip(15, -8), 15, "does not fit its checksum"),
                row("last checksum changed", flip(15, -1), 15, "does not fit its checksum"),
                row(
                        "entry dropped",
                        order(15, List.of()),
                        15,
                        "Entry 16 stands in the place of 15"),
                row("entry inserted", order(15, List.of(3, 15)), 15, "Entry 3 stands in the place"),
                row("entry twice", order(15, List.of(15, 15)), 16, "Entry 15 stands in the place"),
                row("entries reordered", order(15, List.of(16, 15)), 15, "Entry 16 stands in the"),
                row("tail cut below a checkpoint", cut(56), 56, "Checkpoint 6 knows entry 60"),
                row("segment dropped", l -> Files.delete(l.segment(2)), first(2), "missing"),
                row("first segment dropped", l -> Files.delete(l.segment(1)), 1, "missing"),
                row("last segment dropped", LedgerProofTest::dropLast, -1, "it is missing"),
                row("segments swapped", LedgerProofTest::swap, 1, "The file is segment 2, renamed"),
                row("segment renamed", l -> Files.move(l.segment(1), l.segment(99)), 1, "missing"),
                row("header changed", l -> flip(l.segment(2), 30), first(2), "header does not fit"),
                row("all written anew", other(false), 1, "knows another hash of entry 10"),
                row("written anew and signed", other(true), 1, "is not signed by bastion-ledger/"),
                row("checkpoint altered", altered("checkpoint 3", "checkpoint 4"), 21, "altered"),
                row("checkpoint's entry altered", altered("\n30\n", "\n31\n"), 21, "was altered"),
                row("checkpoint dropped", notes(2, List.of()), 21, "checkpoint 3 is missing"),
                row("checkpoint twice", notes(2, List.of(2, 2)), 31, "stands in the place of 4"),
                row(
                        "checkpoints reordered",
                        notes(2, List.of(3, 2)),
                        21,
                        "checkpoint 3 is missing"),
                row("checkpoint no note", altered("\u2014 ", "- "), 1, "cannot be read"),
                row("no checkpoints", l -> Files.delete(l.file("checkpoints")), 1, "no checkpoint"),
                row("keys altered", l -> flip(l.file("keys"), 40), 1, "in the file of keys"));
    }

    /** Stands for the first entry of this segment, which is looked up. */
    private static long first(int ordinal) {
        return -ordinal;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void isFoundAndNamedByTheFirstBadEntry(String name, Damage damage, long entry, String said)
            throws Exception {
        SignedLedger ledger = SignedLedger.write(folder.resolve("a"), "command");
        long expected = entry;
        if (entry < 0) {
            int ordinal = entry == -1 ? ledger.places().getLast().ordinal() : (int) -entry;
            List<SignedLedger.Place> places = ledger.places();
            expected = 1;
            while (places.get((int) expected).ordinal() < ordinal) {
                expected++;
            }
        }
        assertThat(ledger.prove(ledger.publicKey(), List.of()))
                .isInstanceOf(ProofReport.Proved.class);
        damage.to(ledger);
        ProofReport report = ledger.prove(ledger.publicKey(), List.of());
        assertThat(report).as(name).isInstanceOf(ProofReport.Disproved.class);
        Finding first = ((ProofReport.Disproved) report).findings().getFirst();
        assertThat(first.entry()).as("%s: %s", name, report).isEqualTo(expected);
        assertThat(report.toString()).contains(said);
    }

    @Test
    void whatIsGoodIsSaidInASentence() throws Exception {
        SignedLedger ledger = SignedLedger.write(folder, "command");
        assertThat(ledger.prove(ledger.publicKey(), List.of()).sentence())
                .contains(
                        "Entries 1 to 65 are whole and in order; 6 checkpoints of bastion-ledger/")
                .contains("up to entry 60")
                .contains("not yet the last 5");
    }

    @Test
    void aTailWithoutACheckpointIsMissedOnlyByWhoeverKnowsIt() throws Exception {
        SignedLedger ledger = SignedLedger.write(folder, "command");
        cut(63).to(ledger);
        assertThat(ledger.prove(ledger.publicKey(), List.of()))
                .isInstanceOfSatisfying(
                        ProofReport.Proved.class, p -> assertThat(p.last()).isEqualTo(62));
    }

    @Test
    void aCheckpointKeptElsewhereShowsThatLedgerAndCheckpointsWereCut() throws Exception {
        SignedLedger ledger = SignedLedger.write(folder, "command");
        List<Checkpoint> kept = kept(ledger);
        cut(45).to(ledger);
        notes(4, List.of()).to(ledger);
        notes(4, List.of()).to(ledger);
        assertThat(ledger.prove(ledger.publicKey(), List.of()))
                .isInstanceOf(ProofReport.Proved.class);
        assertThat(ledger.prove(ledger.publicKey(), kept))
                .isInstanceOfSatisfying(
                        ProofReport.Disproved.class,
                        d ->
                                assertThat(d.toString())
                                        .contains("kept elsewhere and is missing here")
                                        .contains("entry=45, reason=it is missing"));
    }

    private static List<Checkpoint> kept(SignedLedger ledger) throws IOException {
        List<Checkpoint> kept = new ArrayList<>();
        for (SignedNote note : Notes.parse(bytes(ledger.file("checkpoints"))).readable()) {
            kept.add(Checkpoint.of(note));
        }
        return kept;
    }

    @Test
    void aTornCheckpointIsCutAndTheNextOneFollows() throws Exception {
        SignedLedger ledger = SignedLedger.write(folder, "command");
        byte[] whole = bytes(ledger.file("checkpoints"));
        int lastNote =
                new String(whole, StandardCharsets.UTF_8).lastIndexOf("bastion-ledger/node1\n60");
        int cuts = 0;
        for (int end = whole.length - 1; end > whole.length - 200; end -= 17) {
            Files.write(ledger.file("checkpoints"), Arrays.copyOf(whole, end));
            try (var opened = ledger.open()) {
                Checkpoints checkpoints = ledger.start(opened, List.of());
                assertThat(checkpoints.newest().orElseThrow().number()).isEqualTo(5);
                checkpoints.signNow();
                assertThat(checkpoints.newest().orElseThrow().number()).isEqualTo(6);
                checkpoints.abandon();
            }
            cuts++;
            assertThat(ledger.prove(ledger.publicKey(), List.of()))
                    .isInstanceOf(ProofReport.Proved.class);
        }
        assertThat(cuts).isGreaterThan(5);
        assertThat(lastNote).isPositive();
    }

    @Test
    void afterAChangeOfKeysWhoeverTrustsOneOfThemCanFollowAndTheOldOneSignsNoMore()
            throws Exception {
        SignedLedger ledger = SignedLedger.write(folder, "command");
        Path firstKey = Files.copy(ledger.publicKey(), folder.resolve("first.pub"));
        byte[] oldPrivate = bytes(ledger.key);
        SigningKey old = SigningKey.load(ledger.key);
        try (var opened = ledger.open()) {
            Checkpoints checkpoints = ledger.start(opened, List.of());
            VerifierKey second = checkpoints.rotate("adam", "local");
            VerifierKey third = checkpoints.rotate("adam", "local");
            assertThat(second).isNotEqualTo(third);
            checkpoints.signNow();
            checkpoints.abandon();
        }
        assertThat(bytes(ledger.key)).isNotEqualTo(oldPrivate);
        assertThat(ledger.key.resolveSibling("ledger_ed25519.next")).doesNotExist();
        for (Path key : List.of(firstKey, ledger.publicKey())) {
            assertThat(ledger.prove(key, List.of()).sentence()).contains("Entries 1 to 67 are");
        }
        String text = new String(bytes(ledger.file("checkpoints")), StandardCharsets.UTF_8);
        Checkpoint last = kept(ledger).getLast();
        SignedNote forged =
                old.sign(Checkpoint.text("node1", last.number(), last.position(), last.time()));
        Files.writeString(
                ledger.file("checkpoints"),
                text.replace(last.note().toString(), forged.toString()));
        assertThat(ledger.prove(firstKey, List.of()).sentence()).contains("signs for entries 0 to");
    }

    @Test
    void theProgramVerifiesAFolderAndAnExport() throws Exception {
        SignedLedger ledger = SignedLedger.write(folder.resolve("a"), "command");
        Path tar = folder.resolve("export.tar");
        try (var out = Files.newOutputStream(tar)) {
            LedgerExport.write(
                    new FolderEvidence(ledger.ledger, folder.resolve("none")),
                    VerifierKey.load(ledger.publicKey()),
                    dev.bastion.audit.ledger.LedgerStart.BEGINNING,
                    () -> SignedLedger.ENTRIES,
                    true,
                    out);
        }
        String key = ledger.publicKey().toString();
        for (Path export : List.of(tar, ledger.ledger, folder.resolve("a"))) {
            assertThat(program("--key", key, export.toString()))
                    .startsWith("0 Entries 1 to 65 are whole");
        }
        byte[] bytes = bytes(tar);
        byte[] text = "command 33".getBytes(StandardCharsets.UTF_8);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("command 33");
        bytes[at + text.length - 1] ^= 1;
        Files.write(tar, bytes);
        assertThat(program("--key", key, tar.toString())).startsWith("1 Entry 33 is bad: ");
        Files.write(tar, Arrays.copyOf(bytes, bytes.length / 2));
        assertThat(program("--key", key, tar.toString())).startsWith("1 ").contains("cut off");
        assertThat(program("--key", key)).startsWith("2 ").contains("EXPORT is missing");
        assertThat(
                        program(
                                "--checkpoint",
                                ledger.file("checkpoints").toString(),
                                "--key",
                                key,
                                ledger.ledger.toString()))
                .startsWith("0 ");
    }

    private static String program(String... arguments) {
        var out = new ByteArrayOutputStream();
        var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        int status = Verify.run(List.of(arguments), stream, stream, false);
        return status + " " + out.toString(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Path file) throws IOException {
        return Files.readAllBytes(file);
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = bytes(file);
        bytes[at] ^= 1;
        Files.write(file, bytes);
    }

    /** Flips a bit of an entry; negative counts from its end. */
    private static Damage flip(int entry, int at) {
        return ledger -> {
            SignedLedger.Place place = ledger.places().get(entry);
            flip(ledger.segment(place.ordinal()), (at < 0 ? place.to() : place.from()) + at);
        };
    }

    /** Puts these entries where one was; with two of which one follows it, that one too. */
    private static Damage order(int entry, List<Integer> instead) {
        return ledger -> {
            List<SignedLedger.Place> places = ledger.places();
            SignedLedger.Place place = places.get(entry);
            Path segment = ledger.segment(place.ordinal());
            byte[] bytes = bytes(segment);
            var out = new ByteArrayOutputStream();
            out.write(bytes, 0, place.from());
            for (int each : instead) {
                SignedLedger.Place other = places.get(each);
                out.write(bytes, other.from(), other.to() - other.from());
            }
            int rest = instead.contains(entry + 1) ? places.get(entry + 1).to() : place.to();
            out.write(bytes, rest, bytes.length - rest);
            Files.write(segment, out.toByteArray());
        };
    }

    /** Zeros from this entry on, in its segment and all later ones. */
    private static Damage cut(int entry) {
        return ledger -> {
            SignedLedger.Place place = ledger.places().get(entry);
            Path segment = ledger.segment(place.ordinal());
            byte[] bytes = bytes(segment);
            Arrays.fill(bytes, place.from(), bytes.length, (byte) 0);
            for (int ordinal = place.ordinal() + 1;
                    Files.exists(ledger.segment(ordinal));
                    ordinal++) {
                Files.delete(ledger.segment(ordinal));
            }
            Files.write(segment, bytes);
        };
    }

    private static void dropLast(SignedLedger ledger) throws IOException {
        Files.delete(ledger.segment(ledger.places().getLast().ordinal()));
    }

    private static void swap(SignedLedger ledger) throws IOException {
        Path aside = ledger.file("aside");
        Files.move(ledger.segment(1), aside);
        Files.move(ledger.segment(2), ledger.segment(1));
        Files.move(aside, ledger.segment(2));
    }

    /** Takes the segments of another ledger, and if signed all that signs it. */
    private static Damage other(boolean signed) {
        return ledger -> {
            Path beside = ledger.ledger.resolveSibling("other");
            SignedLedger other = SignedLedger.write(beside, "nothing");
            try (Stream<Path> files = Files.list(other.ledger)) {
                for (Path file : files.toList()) {
                    String name = String.valueOf(file.getFileName());
                    if (signed || name.endsWith(".segment")) {
                        Files.write(ledger.file(name), bytes(file));
                    }
                }
            }
        };
    }

    private static Damage altered(String text, String with) {
        return ledger -> {
            Path file = ledger.file("checkpoints");
            String notes = Files.readString(file);
            assertThat(notes).contains(text);
            Files.writeString(file, notes.replace(text, with));
        };
    }

    /** Puts these notes, counted from 0, where one was; all that they name and it is left out. */
    private static Damage notes(int note, List<Integer> instead) {
        return ledger -> {
            Path file = ledger.file("checkpoints");
            List<SignedNote> notes = Notes.parse(bytes(file)).readable();
            List<SignedNote> out = new ArrayList<>(notes.subList(0, note));
            instead.forEach(each -> out.add(notes.get(each)));
            int rest = instead.contains(note + 1) ? note + 2 : note + 1;
            out.addAll(notes.subList(rest, notes.size()));
            Files.writeString(
                    file, String.join("", out.stream().map(each -> each + "\n").toList()));
        };
    }
}
