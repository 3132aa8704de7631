package dev.bastion.server.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultTest {

    private static final Vault.Place PLACE =
            Vault.Place.account("web1", "root", SealedCredential.Kind.PASSWORD);

    @TempDir Path folder;

    @Test
    void opensOnlyWhatItSealedWhereItSealedIt() {
        Vault vault = new Vault(MasterKey.create(folder.resolve("a")));
        byte[] sealed = vault.seal(PLACE, Secret.of("hush"));
        assertThat(vault.open(PLACE, sealed).reveal()).isEqualTo("hush");
        assertThat(new Vault(MasterKey.load(folder.resolve("a"))).open(PLACE, sealed).reveal())
                .isEqualTo("hush");
        refuses(vault, Vault.Place.account("web2", "root", SealedCredential.Kind.PASSWORD), sealed);
        refuses(vault, Vault.Place.account("web1", "bob", SealedCredential.Kind.PASSWORD), sealed);
        refuses(vault, Vault.Place.account("web1", "root", SealedCredential.Kind.KEY), sealed);
        refuses(new Vault(MasterKey.create(folder.resolve("b"))), PLACE, sealed);
        for (int i = 0; i < sealed.length; i++) {
            byte[] altered = sealed.clone();
            altered[i] ^= 1;
            refuses(vault, PLACE, altered);
        }
    }

    @Test
    void refusesAMasterKeyThatOthersCanRead() throws Exception {
        Path file = folder.resolve("a");
        MasterKey.create(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThatThrownBy(() -> MasterKey.create(file)).hasMessageContaining("is not replaced");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> MasterKey.load(file)).hasMessageContaining("chmod 600");
    }

    private static void refuses(Vault vault, Vault.Place place, byte[] sealed) {
        assertThatThrownBy(() -> vault.open(place, sealed))
                .isInstanceOf(VaultException.class)
                .hasMessageNotContaining("hush");
    }
}
