package dev.bastion.server.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bastion.audit.recording.RecordingKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recording keys outlive the master key that they are sealed under. */
final class RecordingKeyFileTest {

    private final Path file;
    private final Vault vault;
    private final Vault other;

    RecordingKeyFileTest(@TempDir Path folder) {
        file = folder.resolve("recording.keys");
        vault = new Vault(MasterKey.create(folder.resolve("master")));
        other = new Vault(MasterKey.create(folder.resolve("next-master")));
    }

    @Test
    void isMadeOnceSealedAndForItsOwnerOnly() throws IOException {
        RecordingKey key = new RecordingKeyFile(file, vault).current();
        assertThat(Files.getPosixFilePermissions(file))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.readString(file)).startsWith(Long.toHexString(key.id()) + " ");
        assertThat(new RecordingKeyFile(file, vault).current()).isEqualTo(key);
    }

    @Test
    void anotherKeyIsForNewRecordingsAndTheOldOneStays() {
        RecordingKeyFile keys = new RecordingKeyFile(file, vault);
        RecordingKey old = keys.current();
        keys.addKey();
        RecordingKeyFile again = new RecordingKeyFile(file, vault);
        assertThat(again.current().id()).isNotEqualTo(old.id());
        assertThat(again.byId(old.id())).contains(old);
        assertThat(again.byId(old.id() + 1)).isEmpty();
    }

    @Test
    void theSameKeysOpenUnderAnotherMasterKeyAndNoMoreUnderTheOld() {
        RecordingKeyFile keys = new RecordingKeyFile(file, vault);
        RecordingKey key = keys.current();
        keys.sealUnder(other);
        assertThat(new RecordingKeyFile(file, other).byId(key.id())).contains(key);
        assertThatThrownBy(() -> new RecordingKeyFile(file, vault).current())
                .isInstanceOf(VaultException.class)
                .hasMessageContaining("another master key");
    }

    @Test
    void aDamagedFileIsNotReplaced() throws IOException {
        Files.writeString(file, "nonsense\n");
        assertThatThrownBy(() -> new RecordingKeyFile(file, vault).current())
                .isInstanceOf(VaultException.class);
        assertThat(Files.readString(file)).isEqualTo("nonsense\n");
    }
}
