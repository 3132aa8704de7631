package dev.bastion.audit.shipping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.Records;
import dev.bastion.audit.ledger.EntryHash;
import dev.bastion.audit.ledger.LedgerEntry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The chain is computed again from the lines alone. */
final class JsonLineTest {

    @TempDir private Path folder;

    @Test
    void theLinesAloneProveTheChain() throws Exception {
        List<LedgerEntry> entries =
                Entries.of(folder, Records.ofEachKind("\"]\\\n\0 ü \u2028 \ud83d\ude00 \ud800"));
        String[] lines =
                new String(JsonLine.lines(entries), StandardCharsets.UTF_8).split("\n", -1);

        assertThat(lines).hasSize(entries.size() + 1);
        assertThat(lines[entries.size()]).isEmpty();
        String hash = EntryHash.NONE.hex();
        for (int i = 0; i < entries.size(); i++) {
            Map<?, ?> line = new JsonMapper().readValue(lines[i], Map.class);
            assertThat(line.keySet().stream().map(String::valueOf))
                    .containsExactly("entry", "hash", "written", "place", "record");
            assertThat(line.get("entry")).isEqualTo(i + 1);
            hash = chained(hash, line, lines[i]);
            assertThat(line.get("hash")).as(lines[i]).isEqualTo(hash);
        }
    }

    private static String chained(String before, Map<?, ?> line, String text) throws Exception {
        String record = text.substring(text.indexOf(",\"record\":") + 10, text.length() - 1);
        byte[] payload = record.getBytes(StandardCharsets.UTF_8);
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        sha.update(HexFormat.of().parseHex(before));
        sha.update(
                ByteBuffer.allocate(24)
                        .putInt(payload.length)
                        .putLong(number(line, "entry"))
                        .putInt(number(line, "place"))
                        .putLong(
                                ChronoUnit.MICROS.between(
                                        Instant.EPOCH,
                                        Instant.parse(String.valueOf(line.get("written")))))
                        .array());
        sha.update(payload);
        return HexFormat.of().formatHex(sha.digest());
    }

    private static int number(Map<?, ?> line, String key) {
        return Integer.parseInt(String.valueOf(line.get(key)));
    }
}
