package dev.bastion.server;

import static dev.bastion.server.RawSftp.words;
import static dev.bastion.server.RunningBastion.LIMIT;
import static dev.bastion.server.SftpScene.fill;
import static dev.bastion.server.SftpScene.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.RawSftp.Answer;
import dev.bastion.server.rig.SshClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What WinSCP does, which runs on no machine that these tests run on, request by request as its
 * session log has it: a later version offered, extensions probed, uploads under another name that
 * are moved into place, times and permissions set after the close, transfers that are resumed, many
 * requests at once.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class WinScpHabitsIT {

    private static final int WRITE_NEW = 0x02 | 0x08 | 0x10;
    private static final int WRITE_ON = 0x02 | 0x08;
    private static final int APPEND = 0x02 | 0x04 | 0x08;
    private static final int READ_IT = 0x01;

    private static final int PERMISSIONS_AND_TIMES = 0x04 | 0x08;
    private static final int OK = 0;
    private static final int EOF = 1;
    private static final int NO_SUCH_FILE = 2;
    private static final int UNSUPPORTED = 8;

    /** Its least version of the protocol that OpenSSH has, too. */
    private static final String SPOKEN = "3";

    private static final int PIECE = 32_768;
    private static final int UPLOAD = 5_000_011;
    private static final int THEN = 1_000_000_000;

    private final SftpScene scene;
    private Process process;
    private RawSftp sftp;

    WinScpHabitsIT(@TempDir Path folder) throws IOException {
        scene = new SftpScene(folder);
        process = new ProcessBuilder("true").start();
        sftp = new RawSftp(process);
    }

    @BeforeEach
    void connect() throws IOException {
        scene.makeFolders();
        process = SshClient.start("ssh", scene.subsystem("alice+web1", "sftp"));
        sftp = new RawSftp(process);
        assertThat(sftp.begin(6))
                .containsEntry("version", SPOKEN)
                .containsKeys("posix-rename@openssh.com", "statvfs@openssh.com")
                .containsKeys("limits@openssh.com", "hardlink@openssh.com");
    }

    @AfterEach
    void leave() throws InterruptedException {
        sftp.close();
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @AfterAll
    void close() {
        scene.close();
    }

    @Test
    void itBeginsWithTheLimitsItsFolderAndWhatIsInIt() throws Exception {
        Files.writeString(scene.there.resolve("one"), "1");
        Files.writeString(scene.there.resolve("two words"), "2");
        Files.createSymbolicLink(scene.there.resolve("link"), scene.there.resolve("one"));

        Answer limits = sftp.ask(RawSftp.EXTENDED, words().text("limits@openssh.com"));
        assertThat(limits.type()).isEqualTo(RawSftp.EXTENDED_REPLY);
        assertThat(limits.body().getLong(0)).as("longest packet").isGreaterThan(PIECE);
        assertThat(sftp.ask(RawSftp.REALPATH, words().text(".")).text()).startsWith("/");
        String folder = scene.there.toString();
        assertThat(sftp.ask(RawSftp.REALPATH, words().text(folder + "/.")).text())
                .isEqualTo(folder);
        assertThat(sftp.ask(RawSftp.LSTAT, words().text(folder)).type()).isEqualTo(RawSftp.ATTRS);

        assertThat(list(folder)).contains("one", "two words", "link", ".", "..");

        String link = folder + "/link";
        assertThat(sftp.ask(RawSftp.READLINK, words().text(link)).text())
                .isEqualTo(folder + "/one");
        assertThat(sftp.ask(RawSftp.STAT, words().text(link)).type()).isEqualTo(RawSftp.ATTRS);
        scene.awaitFiles(rows -> SftpScene.has(rows, "list", "ok"), folder);
    }

    private Set<String> list(String folder) throws IOException {
        byte[] handle = sftp.ask(RawSftp.OPENDIR, words().text(folder)).bytes();
        Set<String> names = new HashSet<>();
        Answer page = sftp.ask(RawSftp.READDIR, words().bytes(handle));
        while (page.type() == RawSftp.NAME) {
            var body = page.body().duplicate();
            for (int left = body.getInt(); left > 0; left--) {
                byte[] name = new byte[body.getInt()];
                body.get(name);
                names.add(new String(name, StandardCharsets.UTF_8));
                body.position(body.position() + body.getInt(body.position()) + Integer.BYTES);
                skipAttributes(body);
            }
            page = sftp.ask(RawSftp.READDIR, words().bytes(handle));
        }
        assertThat(page.code()).isEqualTo(EOF);
        assertThat(sftp.ask(RawSftp.CLOSE, words().bytes(handle)).code()).isEqualTo(OK);
        return names;
    }

    private static void skipAttributes(ByteBuffer body) {
        int flags = body.getInt();
        assertThat(flags & ~0x0F).isZero();
        int length = (flags & 1) == 0 ? 0 : 8;
        length += (flags & 2) == 0 ? 0 : 8;
        length += (flags & 4) == 0 ? 0 : 4;
        length += (flags & 8) == 0 ? 0 : 8;
        body.position(body.position() + length);
    }

    @Test
    void whatTheServerDoesNotHaveIsUnsupportedAndTheSessionGoesOn() throws Exception {
        String folder = scene.there.toString();
        for (String probed :
                List.of("space-available", "check-file", "copy-file", "supported2", "vendor-id")) {
            Answer answer = sftp.ask(RawSftp.EXTENDED, words().text(probed).text(folder));
            assertThat(answer.code()).as(probed).isEqualTo(UNSUPPORTED);
        }
        Answer space = sftp.ask(RawSftp.EXTENDED, words().text("statvfs@openssh.com").text(folder));
        assertThat(space.type()).isEqualTo(RawSftp.EXTENDED_REPLY);
        assertThat(space.body().getLong(0)).as("bytes of a block").isPositive();
        List<JsonNode> probes =
                scene.bastion.awaitAudit(
                        rows -> rows.stream().filter(WinScpHabitsIT::isProbe).count() >= 5,
                        "files");
        assertThat(probes.stream().filter(WinScpHabitsIT::isProbe))
                .extracting(row -> row.get("path").asString())
                .contains("space-available", "check-file", "supported2");
    }

    private static boolean isProbe(JsonNode row) {
        return row.get("operation").asString().equals("extended");
    }

    @Test
    void anUploadIsMovedOverTheOldFileAndGetsItsTimesAndPermissions() throws Exception {
        Path file = scene.here.resolve("file");
        fill(file, UPLOAD);
        Path target = Files.writeString(scene.there.resolve("file"), "the old one");
        String part = target + ".filepart";

        assertThat(sftp.ask(RawSftp.LSTAT, words().text(part)).code()).isEqualTo(NO_SUCH_FILE);
        assertThat(sftp.ask(RawSftp.LSTAT, words().text(target.toString())).type())
                .isEqualTo(RawSftp.ATTRS);
        byte[] handle = open(part, WRITE_NEW);
        write(handle, file, 0, UPLOAD);
        close(handle);
        setAttributes(part, 0640);
        assertThat(sftp.ask(RawSftp.REMOVE, words().text(target.toString())).code()).isEqualTo(OK);
        assertThat(sftp.ask(RawSftp.RENAME, words().text(part).text(target.toString())).code())
                .isEqualTo(OK);

        assertThat(target).hasSameBinaryContentAs(file);
        assertThat(Files.getLastModifiedTime(target))
                .isEqualTo(FileTime.from(Instant.ofEpochSecond(THEN)));
        assertThat(Files.getPosixFilePermissions(target))
                .isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
        List<JsonNode> records =
                scene.awaitFiles(rows -> SftpScene.has(rows, "rename", "ok"), target.toString());
        assertThat(SftpScene.words(records))
                .containsExactly(
                        "open write create truncate ok",
                        "write 0-" + (UPLOAD - 1) + " ok",
                        "setstat mode=0640 accessed=2001-09-09T01:46:40Z"
                                + " modified=2001-09-09T01:46:40Z ok",
                        "remove  ok",
                        "rename " + target + " ok");
        assertThat(records.get(1).get("path").asString()).isEqualTo(part);
        assertThat(records.get(1).get("sha256").asString()).isEqualTo(sha256(file));
        assertThat(records.get(1).get("bytes").asLong()).isEqualTo(UPLOAD);
    }

    @Test
    void anUploadIsMovedByPosixRenameWhereTheServerHasIt() throws Exception {
        Path target = Files.writeString(scene.there.resolve("file"), "the old one");
        String part = target + ".filepart";
        byte[] handle = open(part, WRITE_NEW);
        Path file = Files.writeString(scene.here.resolve("file"), "the new one");
        write(handle, file, 0, (int) Files.size(file));
        close(handle);

        assertThat(
                        sftp.ask(
                                        RawSftp.EXTENDED,
                                        words().text("posix-rename@openssh.com")
                                                .text(part)
                                                .text(target.toString()))
                                .code())
                .isEqualTo(OK);

        assertThat(target).hasContent("the new one");
        scene.awaitFiles(rows -> SftpScene.has(rows, "rename", "ok"), part);
    }

    @Test
    void anUploadGoesOnWhereItWasInterrupted() throws Exception {
        Path file = scene.here.resolve("file");
        fill(file, UPLOAD);
        int half = UPLOAD / 2;
        for (int flags : List.of(WRITE_ON, APPEND)) {
            Path target = scene.there.resolve("file" + flags);
            Path part = scene.there.resolve("file" + flags + ".filepart");
            byte[] first = open(part.toString(), WRITE_NEW);
            write(first, file, 0, half);
            close(first);

            assertThat(sftp.ask(RawSftp.LSTAT, words().text(part.toString())).body().getLong(4))
                    .isEqualTo(half);
            byte[] second = open(part.toString(), flags);
            write(second, file, half, UPLOAD);
            close(second);
            assertThat(
                            sftp.ask(
                                            RawSftp.RENAME,
                                            words().text(part.toString()).text(target.toString()))
                                    .code())
                    .isEqualTo(OK);

            assertThat(target).hasSameBinaryContentAs(file);
            List<JsonNode> records =
                    scene.awaitFiles(rows -> SftpScene.has(rows, "rename", "ok"), part.toString());
            assertThat(SftpScene.words(records))
                    .contains("write 0-" + (half - 1) + " ok")
                    .contains("write " + half + "-" + (UPLOAD - 1) + " ok");
        }
    }

    @Test
    void aDownloadHasManyRequestsOutstandingAndIsResumed() throws Exception {
        Path file = scene.there.resolve("file");
        fill(file, UPLOAD);
        byte[] all = Files.readAllBytes(file);
        byte[] handle = open(file.toString(), READ_IT);
        byte[] got = read(handle, 0);
        close(handle);
        byte[] again = open(file.toString(), READ_IT);
        byte[] rest = read(again, UPLOAD / 3);
        close(again);

        assertThat(Arrays.equals(got, all)).isTrue();
        assertThat(Arrays.equals(rest, Arrays.copyOfRange(all, UPLOAD / 3, UPLOAD))).isTrue();
        List<JsonNode> reads =
                scene
                        .awaitFiles(
                                rows ->
                                        rows.stream()
                                                        .filter(row ->
                                                                SftpScene.is(row, "read", "ok"))
                                                        .count()
                                                == 2,
                                file.toString())
                        .stream()
                        .filter(row -> SftpScene.is(row, "read", "ok"))
                        .toList();
        assertThat(reads.getFirst().get("sha256").asString()).isEqualTo(sha256(file));
        assertThat(reads.getFirst().get("target").asString()).isEqualTo("0-" + (UPLOAD - 1));
        assertThat(reads.getLast().get("target").asString())
                .isEqualTo(UPLOAD / 3 + "-" + (UPLOAD - 1));
    }

    private byte[] open(String path, int flags) throws IOException {
        Answer opened = sftp.ask(RawSftp.OPEN, words().text(path).number(flags).number(0));
        assertThat(opened.type()).isEqualTo(RawSftp.HANDLE);
        return opened.bytes();
    }

    private void close(byte[] handle) throws IOException {
        assertThat(sftp.ask(RawSftp.CLOSE, words().bytes(handle)).code()).isEqualTo(OK);
    }

    private void setAttributes(String path, int mode) throws IOException {
        assertThat(
                        sftp.ask(
                                        RawSftp.SETSTAT,
                                        words().text(path)
                                                .number(PERMISSIONS_AND_TIMES)
                                                .number(mode)
                                                .number(THEN)
                                                .number(THEN))
                                .code())
                .isEqualTo(OK);
    }

    /** All pieces are sent before the first answer is read. */
    private void write(byte[] handle, Path file, int from, int to) throws IOException {
        byte[] all = Files.readAllBytes(file);
        List<Integer> sent = new ArrayList<>();
        for (int at = from; at < to; at += PIECE) {
            byte[] piece = Arrays.copyOfRange(all, at, Math.min(at + PIECE, to));
            sent.add(sftp.send(RawSftp.WRITE, words().bytes(handle).longNumber(at).bytes(piece)));
        }
        for (int id : sent) {
            assertThat(sftp.answer(id).code()).isEqualTo(OK);
        }
    }

    /** All pieces are asked for before the first is read; the one behind the end is the end. */
    private byte[] read(byte[] handle, int from) throws IOException {
        List<Integer> sent = new ArrayList<>();
        for (int at = from; at < UPLOAD + PIECE; at += PIECE) {
            sent.add(sftp.send(RawSftp.READ, words().bytes(handle).longNumber(at).number(PIECE)));
        }
        var all = new ByteArrayOutputStream();
        for (int id : sent) {
            Answer piece = sftp.answer(id);
            if (piece.type() == RawSftp.DATA) {
                all.writeBytes(piece.bytes());
            } else {
                assertThat(piece.code()).isEqualTo(EOF);
            }
        }
        return all.toByteArray();
    }
}
