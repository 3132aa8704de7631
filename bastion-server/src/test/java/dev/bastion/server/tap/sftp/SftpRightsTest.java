package dev.bastion.server.tap.sftp;

import static dev.bastion.server.tap.sftp.Packets.handle;
import static dev.bastion.server.tap.sftp.Packets.open;
import static dev.bastion.server.tap.sftp.Packets.packet;
import static dev.bastion.server.tap.sftp.Packets.read;
import static dev.bastion.server.tap.sftp.Packets.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What passes with which rights: r, w, or both. */
final class SftpRightsTest {

    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int ID = 9;

    @ParameterizedTest
    @CsvSource({
        "open r,        r",
        "open none,     r",
        "open w,        w",
        "open rw,       rw",
        "open create,   rw",
        "open wct,      w",
        "opendir,       r",
        "readlink,      r",
        "stat,          r w rw",
        "lstat,         r w rw",
        "realpath,      r w rw",
        "setstat,       w",
        "remove,        w",
        "mkdir,         w",
        "rmdir,         w",
        "rename,        w",
        "symlink,       w",
        "posix-rename,  w",
        "hardlink,      w",
        "lsetstat,      w",
        "statvfs,       r w rw",
        "limits,        r w rw",
        "expand-path,   r w rw",
        "unknown,       rw"
    })
    void whatIsNotGrantedDoesNotReachTheHost(String operation, String enough) {
        for (String rights : new String[] {"r", "w", "rw"}) {
            TappedSftp sftp = TappedSftp.begun(rights.contains("r"), rights.contains("w"));
            isDecided(sftp, request(operation), rights, enough);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "read,      r",
        "readdir,   r",
        "write,     w",
        "fsetstat,  w",
        "fsync,     w",
        "copy-data, w",
        "fstat,     r w rw",
        "fstatvfs,  r w rw",
        "close,     r w rw"
    })
    void whatIsNotGrantedDoesNotReachAnOpenFileEither(String operation, String enough) {
        for (String rights : new String[] {"r", "w", "rw"}) {
            TappedSftp sftp = TappedSftp.begun(rights.contains("r"), rights.contains("w"));
            sftp.exchange(open(1, "/a", rights.contains("w") ? WRITE : READ), handle(1, "h"));
            sftp.host.reset();
            sftp.client.reset();
            sftp.log.records.clear();
            isDecided(sftp, requestOfHandle(operation), rights, enough);
        }
    }

    private static void isDecided(TappedSftp sftp, byte[] request, String rights, String enough) {
        sftp.fromClient(request);
        boolean passes =
                enough.contains(" ")
                        || enough.chars().allMatch(right -> rights.indexOf(right) >= 0);
        if (passes) {
            assertThat(sftp.host.toByteArray()).as(rights).isEqualTo(request);
            assertThat(sftp.client.size()).as(rights).isZero();
            assertThat(sftp.records()).as(rights).isEmpty();
        } else {
            assertThat(sftp.host.size()).as(rights).isZero();
            assertThat(sftp.client.toByteArray())
                    .as(rights)
                    .startsWith(0, 0, 0)
                    .containsSequence(PacketType.STATUS, 0, 0, 0, ID, 0, 0, 0, 3);
            List<String> records = sftp.records();
            assertThat(records).as(rights).hasSize(1);
            assertThat(records.getFirst()).endsWith("|not-granted");
        }
    }

    private static byte[] request(String operation) {
        return switch (operation) {
            case "open r" -> open(ID, "/a", READ);
            case "open none" -> open(ID, "/a", 0);
            case "open w" -> open(ID, "/a", WRITE);
            case "open rw" -> open(ID, "/a", READ | WRITE);
            case "open create" -> open(ID, "/a", 8);
            case "open wct" -> open(ID, "/a", WRITE | 8 | 16);
            case "opendir" -> packet(PacketType.OPENDIR, ID, "/a");
            case "readlink" -> packet(PacketType.READLINK, ID, "/a");
            case "stat" -> packet(PacketType.STAT, ID, "/a");
            case "lstat" -> packet(PacketType.LSTAT, ID, "/a");
            case "realpath" -> packet(PacketType.REALPATH, ID, "/a");
            case "setstat" -> packet(PacketType.SETSTAT, ID, "/a", 0);
            case "remove" -> packet(PacketType.REMOVE, ID, "/a");
            case "mkdir" -> packet(PacketType.MKDIR, ID, "/a", 0);
            case "rmdir" -> packet(PacketType.RMDIR, ID, "/a");
            case "rename" -> packet(PacketType.RENAME, ID, "/a", "/b");
            case "symlink" -> packet(PacketType.SYMLINK, ID, "/a", "/b");
            case "posix-rename", "hardlink" ->
                    packet(PacketType.EXTENDED, ID, operation + "@openssh.com", "/a", "/b");
            case "lsetstat" -> packet(PacketType.EXTENDED, ID, "lsetstat@openssh.com", "/a", 0);
            case "statvfs", "expand-path" ->
                    packet(PacketType.EXTENDED, ID, operation + "@openssh.com", "/a");
            case "limits" -> packet(PacketType.EXTENDED, ID, "limits@openssh.com");
            case "unknown" -> packet(PacketType.EXTENDED, ID, "steal@example.org");
            default -> throw new IllegalArgumentException(operation);
        };
    }

    private static byte[] requestOfHandle(String operation) {
        return switch (operation) {
            case "read" -> read(ID, "h", 0, 100);
            case "readdir" -> packet(PacketType.READDIR, ID, "h");
            case "write" -> write(ID, "h", 0, new byte[100]);
            case "fsetstat" -> packet(PacketType.FSETSTAT, ID, "h", 1, 2L);
            case "fstat" -> packet(PacketType.FSTAT, ID, "h");
            case "fsync", "fstatvfs" ->
                    packet(PacketType.EXTENDED, ID, operation + "@openssh.com", "h");
            case "copy-data" -> packet(PacketType.EXTENDED, ID, operation, "h", 0L, 2L, "h", 3L);
            case "close" -> Packets.close(ID, "h");
            default -> throw new IllegalArgumentException(operation);
        };
    }
}
