package dev.bastion.audit.shipping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.ledger.EntryHash;
import dev.bastion.audit.ledger.LedgerPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PositionFileTest {

    private static final LedgerPosition AT = new LedgerPosition(7, new EntryHash("ab".repeat(32)));

    @TempDir private Path folder;

    @Test
    void isReadAsItWasWrittenAndEachReceiverHasItsOwn() throws IOException {
        PositionFile file = PositionFile.of(folder.resolve("new"), "tls://a:1");
        assertThat(file.read()).isEqualTo(LedgerPosition.START);
        file.write(new LedgerPosition(6, EntryHash.NONE));
        file.write(AT);
        assertThat(PositionFile.of(folder.resolve("new"), "tls://a:1").read()).isEqualTo(AT);
        assertThat(PositionFile.of(folder.resolve("new"), "tls://b:1").read())
                .isEqualTo(LedgerPosition.START);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
                .isEqualTo("rw-------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\n7\n", "a\nx\ny\n", "a\n-1\nab\n", "a\n1\nab\nc\n"})
    void whatIsNoPositionBeginsAgain(String text) throws IOException {
        PositionFile file = PositionFile.of(folder, "a");
        file.write(AT);
        Files.writeString(file.path(), text);
        assertThat(file.read()).isEqualTo(LedgerPosition.START);
    }
}
