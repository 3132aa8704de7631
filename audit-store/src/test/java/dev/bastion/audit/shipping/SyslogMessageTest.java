package dev.bastion.audit.shipping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.Records;
import dev.bastion.audit.ledger.EntryHash;
import dev.bastion.audit.ledger.LedgerEntry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** The bytes of RFC 5424, with texts that would break a line or a bracket. */
final class SyslogMessageTest {

    /** The whole grammar of 6, as far as it can be one expression. */
    private static final Pattern FORM =
            Pattern.compile(
                    "<1(?:0[89]|1[01])>1 \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z"
                            + " ([!-~]{1,255}) bastion 77 ([!-~]{1,32})"
                            + " \\[bastion@32473((?: [a-z]+=\"(?:[^\"\\\\\\]]|\\\\[\"\\\\\\]])*\")+)]"
                            + " (\\{[ -~]*})");

    @TempDir private Path folder;

    @Test
    void oneMessageInFull() {
        LedgerEntry entry = Entries.of(folder, List.of(Records.command(7))).getFirst();

        assertThat(SyslogMessage.text(entry, "gate", 77))
                .isEqualTo(
                        ("<110>1 2026-03-01T12:00:07.123456Z gate bastion 77 command"
                                        + " [bastion@32473 entry=\"1\" hash=\"%s\" type=\"command\""
                                        + " user=\"alice\" host=\"web1\" account=\"root\""
                                        + " session=\"s1\"] %s")
                                .formatted(
                                        entry.hash().hex(),
                                        new String(entry.payload(), StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @CsvSource({
        "'a\"b', 'a\\\"b'",
        "'a\\b', 'a\\\\b'",
        "'a]b[', 'a\\]b['",
        "'a\nb\0\u001b\u0085', 'a\uFFFDb\uFFFD\uFFFD\uFFFD'",
        "'ü\u2028', 'ü\uFFFD'",
        "'\ud83d\ude00\ud83d', '\ud83d\ude00\uFFFD'",
        "'<0>1 - - - - - -', '<0>1 - - - - - -'",
    })
    void aValueIsEscaped(String user, String shown) {
        assertThat(SyslogMessage.text(entryOf(user), "gate", 77))
                .contains(" user=\"" + shown + "\" host=");
    }

    @Test
    void aValueIsCutAndNotInTheMiddleOfACharacter() {
        assertThat(SyslogMessage.text(entryOf("x".repeat(254) + "\ud83d\ude00"), "gate", 77))
                .contains(" user=\"" + "x".repeat(254) + "\uFFFD\" host=");
        assertThat(SyslogMessage.text(entryOf("x".repeat(256)), "gate", 77))
                .contains(" user=\"" + "x".repeat(255) + "\" host=");
    }

    @ParameterizedTest
    @CsvSource({"'', -", "'a b\n', a_b_", "ü, _"})
    void aHostNameIsPrintable(String host, String shown) {
        assertThat(SyslogMessage.text(entryOf("alice"), host, 77)).contains("Z " + shown + " bas");
    }

    @Test
    void whateverTheTextEachKindIsOneMessageOfTheGrammarWithTheRecordAsJson() {
        for (String text : List.of("", "plain", "\"]\\\n\0 ü \u2028 \ud83d\ude00 \ud800 [x@1 a=")) {
            Path place = folder.resolve("t" + text.length());
            for (LedgerEntry entry : Entries.of(place, Records.ofEachKind(text))) {
                String message = SyslogMessage.text(entry, "gate", 77);
                Matcher form = FORM.matcher(message);
                assertThat(form.matches()).as(message).isTrue();
                String json = new String(entry.payload(), StandardCharsets.UTF_8);
                assertThat(fields(form.group(4))).isEqualTo(fields(json));
                assertThat(form.group(3))
                        .contains(" entry=\"" + entry.sequence().value() + "\"")
                        .contains(" type=\"" + form.group(2) + "\"");
            }
        }
    }

    @Test
    void theLengthIsOfBytes() {
        LedgerEntry entry = entryOf("ü");
        String message = SyslogMessage.text(entry, "gate", 77);
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        assertThat(bytes.length).isGreaterThan(message.length());
        assertThat(new String(SyslogMessage.frame(entry, "gate", 77), StandardCharsets.UTF_8))
                .isEqualTo(bytes.length + " " + message);
    }

    @Test
    void theSeverityTellsARefusalFromARoutine() {
        assertThat(SyslogMessage.text(login(false), "gate", 1)).startsWith("<108>1 ");
        assertThat(SyslogMessage.text(login(true), "gate", 1)).startsWith("<109>1 ");
        assertThat(SyslogMessage.text(entryOf("alice"), "gate", 1)).startsWith("<110>1 ");
    }

    @Test
    void eachKindOfRecordHasItsSeverity() {
        for (LedgerEntry entry : Entries.of(folder, Records.ofEachKind("x"))) {
            assertThat(SyslogMessage.text(entry, "gate", 1))
                    .startsWith("<" + (104 + severity(entry.record())) + ">1 ");
        }
    }

    private static int severity(AuditRecord record) {
        return switch (record) {
            case AuditRecord.LoginAttempted login -> login.accepted() ? 5 : 4;
            case AuditRecord.AuditConsulted asked -> asked.permitted() ? 5 : 4;
            case AuditRecord.TargetRefused _ -> 4;
            case AuditRecord.ConnectionEnded _,
                    AuditRecord.SessionStarted _,
                    AuditRecord.SessionEnded _,
                    AuditRecord.ConfigurationChanged _,
                    AuditRecord.SigningKeyChanged _,
                    AuditRecord.EntriesRemoved _,
                    AuditRecord.RecordingRemoved _,
                    AuditRecord.HoldPlaced _,
                    AuditRecord.HoldReleased _ ->
                    5;
            case AuditRecord.CommandEntered _,
                    AuditRecord.LineEntered _,
                    AuditRecord.LineDecided _,
                    AuditRecord.CommandJudged _,
                    AuditRecord.ForwardOpened _,
                    AuditRecord.ForwardClosed _,
                    AuditRecord.RecordingClosed _,
                    AuditRecord.FileOperated _ ->
                    6;
        };
    }

    @Test
    void aYearThatHasNoFormIsNoTime() {
        var record =
                new AuditRecord.AuditConsulted(
                        Instant.parse("+12026-01-01T00:00:00Z"), "a", "b", "c", true);
        assertThat(SyslogMessage.text(entry(record), "gate", 1)).startsWith("<109>1 - gate ");
    }

    private static Map<?, ?> fields(String json) {
        return new JsonMapper().readValue(json, Map.class);
    }

    private LedgerEntry login(boolean accepted) {
        return entry(
                new AuditRecord.LoginAttempted(
                        Records.NOON, Records.CONNECTION, "alice", "a", "none", "", accepted, ""));
    }

    private LedgerEntry entryOf(String user) {
        return entry(Records.command(user, "s1", "web1", 1, "ls"));
    }

    private LedgerEntry entry(AuditRecord record) {
        LedgerEntry entry = Entries.of(folder.resolve("one"), List.of(record)).getLast();
        assertThat(entry.hash()).isNotEqualTo(EntryHash.NONE);
        return entry;
    }
}
