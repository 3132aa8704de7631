package dev.bastion.audit.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.Records;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordFormatTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ls -la",
                "\u0000\u0001\u001b[31m\u007f\u0085\r\n\t\b\f\"\\/",
                "héllo 世界 😀",
                "half \ud83d pair",
                "\ude00 other half",
                "\ud83d",
                "\ud83d\ud83d\ude00\ude00\"\\\n\u0001",
                "\u2028\u2029\ufeff\uffff"
            })
    void everyKindComesBackAsItWas(String text) {
        for (AuditRecord record : Records.ofEachKind(text)) {
            assertThat(RecordDecoder.decode(RecordEncoder.encode(record))).isEqualTo(record);
        }
    }

    @Test
    void hostileTextOf64KiBComesBackAsItWas() {
        for (AuditRecord record : Records.ofEachKind("\u0000\ud83dé\"".repeat(16 << 10))) {
            assertThat(RecordDecoder.decode(RecordEncoder.encode(record))).isEqualTo(record);
        }
    }

    @Test
    void anyCharactersComeBackAsTheyWere() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append((char) random.nextInt(0x10000));
            }
            for (AuditRecord record : Records.ofEachKind(text.toString())) {
                assertThat(RecordDecoder.decode(RecordEncoder.encode(record)))
                        .as("seed %d", seed)
                        .isEqualTo(record);
            }
        }
    }

    @Test
    void theFormIsCanonical() {
        assertThat(new String(RecordEncoder.encode(Records.command(7)), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"type\":\"command\",\"time\":\"2026-03-01T12:00:07.123456789Z\","
                                + "\"connection\":\"c1\",\"session\":\"s1\",\"user\":\"alice\","
                                + "\"from\":\"192.0.2.1\",\"host\":\"web1\",\"account\":\"root\","
                                + "\"seq\":7,\"kind\":\"shell\",\"keystrokes\":\"command 7\","
                                + "\"command\":\"command 7\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{}", "{\"type\":\"no-such\"}", "{\"type\":\"login\"}"})
    void whatIsNoRecordIsRefused(String json) {
        assertThatThrownBy(() -> RecordDecoder.decode(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
