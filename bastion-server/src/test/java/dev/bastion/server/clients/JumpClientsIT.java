package dev.bastion.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord.LoginAttempted;
import dev.bastion.audit.AuditRecord.SessionStarted;
import dev.bastion.audit.SessionContext;
import dev.bastion.server.config.Settings;
import dev.bastion.server.rig.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bastion as the jump to a host, from every kind of client. It offers encrypt-and-MAC inside a
 * jump too, which {@code curl} needs where its libssh2 is older than 1.11.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class JumpClientsIT {

    /** A configuration with the bastion as the jump, and one with keys alone. */
    private static final String HOME =
            """
            { cat "$KNOWN"; $SSH alice@bastion hosts --known-hosts; } > known
            cat > plain <<END
            Host *
              IdentityFile $KEY
              IdentitiesOnly yes
              IdentityAgent none
              UserKnownHostsFile $HERE/known
              StrictHostKeyChecking yes
              BatchMode yes
              LogLevel ERROR
            END
            { cat <<END; cat plain; } > config
            Host bastion
              HostName 127.0.0.1
              Port $PORT
              User alice
            Host web1 web2
              User $LOGIN
              ProxyJump bastion
            END
            sed -n 's/^web1,[^ ]* //p' known > web1.pub
            KEY_OF_WEB1=$(ssh-keygen -lf web1.pub | cut -d ' ' -f 2)
            JUMP="ssh -F $HERE/config"
            """;

    private final ClientScene scene;
    private int sessionsBefore;

    JumpClientsIT(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("bastion.yaml"), "encryptAndMac: true\n");
        scene =
                ClientScene.start(
                        folder,
                        settings -> Settings.load(folder.resolve("data"), file, "127.0.0.1:0"),
                        "scp",
                        "sftp",
                        "rsync",
                        "git",
                        "sshfs",
                        "fusermount3",
                        "lftp",
                        "curl",
                        "plink",
                        "pscp",
                        "psftp",
                        "puttygen",
                        "dbclient",
                        "dropbearconvert",
                        "ansible");
    }

    @BeforeEach
    void makeFolders() throws IOException {
        scene.makeFolders();
        sessionsBefore = scene.records(SessionStarted.class).size();
    }

    @AfterAll
    void close() {
        scene.close();
    }

    @Test
    void sshWithItsOption() {
        var result =
                scene.run(
                        HOME
                                + "ssh -F plain -J alice@127.0.0.1:$PORT $LOGIN@web1"
                                + " 'echo option on $RIG_HOST; exit 7'");

        assertThat(result.text()).isEqualTo("option on web1\n");
        assertThat(result.exitStatus()).isEqualTo(7);
        scene.awaitCommand("echo option on $RIG_HOST", 7);
        assertJumped(1);
    }

    @Test
    void whatRunsSsh() throws Exception {
        Path large = scene.file("large", 1_000_003);

        scene.succeeds(
                HOME
                        + """
                        scp -q -F config large "web1:$THERE/scp"
                        scp -q -O -F config large "web1:$THERE/old-scp"
                        scp -q -F config -J alice@127.0.0.1:$PORT large "$LOGIN@web1:$THERE/option"
                        echo "put large $THERE/sftp" | sftp -q -F config -b - web1
                        rsync -e "$JUMP" large "web1:$THERE/rsync"
                        lftp -e "set sftp:connect-program '$JUMP -a -x'; open -u $LOGIN, sftp://web1; \\
                            put large -o $THERE/lftp; quit"
                        mkdir mnt; sshfs -F "$HERE/config" "web1:$THERE" mnt
                        cp large mnt/sshfs; fusermount3 -u mnt
                        for name in scp old-scp option sftp rsync lftp sshfs
                        do cmp large "$THERE/$name"; done
                        """);

        for (String name : List.of("scp", "option", "sftp", "lftp", "sshfs")) {
            scene.awaitFile("write", scene.there.resolve(name), large);
        }
        scene.awaitOldScp("write", "large", scene.there.resolve("old-scp"), large);
        scene.awaitCommand("rsync --server", 0);
        assertJumped(7);
    }

    @Test
    void git() throws Exception {
        scene.file("large", 1_000_004);

        scene.succeeds(
                HOME
                        + """
                        export GIT_SSH_COMMAND="$JUMP" GIT_CONFIG_NOSYSTEM=1
                        export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
                        git init -q --bare -b main "$THERE/repo.git"
                        git init -q -b main one; cd one
                        cp ../large .; git add large; git commit -qm first
                        git push -q "web1:$THERE/repo.git" main; cd ..
                        git clone -q "ssh://web1$THERE/repo.git" two
                        cmp large two/large
                        """);

        scene.awaitCommand("git-receive-pack '" + scene.there + "/repo.git'", 0);
        scene.awaitCommand("git-upload-pack '" + scene.there + "/repo.git'", 0);
        assertJumped(2);
    }

    @Test
    void putty() throws Exception {
        Path large = scene.file("large", 100_005);

        var result =
                scene.run(
                        HOME
                                + """
                                puttygen "$KEY" -O private -o key.ppk
                                to() {
                                    program=$1; shift
                                    $program -batch -hostkey "$KEY_OF_WEB1" -i key.ppk -l "$LOGIN" -proxycmd \\
                                        "plink -batch -hostkey $FINGERPRINT -i key.ppk -P $PORT -l alice \\
                                            -nc %host:%port 127.0.0.1" "$@"
                                }
                                echo "put large $THERE/psftp" > batch
                                to psftp -b batch web1
                                to pscp large "web1:$THERE/pscp"
                                to pscp -scp large "web1:$THERE/old-pscp"
                                to plink web1 'echo plink on $RIG_HOST; exit 5'
                                """);

        assertThat(result.text()).endsWith("plink on web1\n");
        assertThat(result.exitStatus()).isEqualTo(5);
        scene.awaitFile("write", scene.there.resolve("psftp"), large);
        scene.awaitFile("write", scene.there.resolve("pscp"), large);
        scene.awaitOldScp("write", "large", scene.there.resolve("old-pscp"), large);
        scene.awaitCommand("echo plink on $RIG_HOST", 5);
        assertJumped(4);
    }

    @Test
    void dropbear() throws Exception {
        scene.file("large", 1_000_006);

        var result =
                scene.run(
                        HOME
                                + """
                                dropbearconvert openssh dropbear "$KEY" key 2>&-
                                sed -n 's/^web1,[^ ]* /web1 /p' known >> "$HOME/.ssh/known_hosts"
                                dbclient -i key -l "$LOGIN" \\
                                    -J "dbclient -i key -p $PORT -l alice -B web1:22 127.0.0.1" \\
                                    web1 cat < large > back
                                cmp large back
                                "$(command -v dbclient)" -i "$HERE/key" \\
                                    "alice@127.0.0.1/$PORT,$LOGIN@web1" 'echo hops to $RIG_HOST; exit 5'
                                """);

        assertThat(result.text()).endsWith("hops to web1\n");
        assertThat(result.exitStatus()).isEqualTo(5);
        scene.awaitCommand("cat", 0);
        scene.awaitCommand("echo hops to $RIG_HOST", 5);
        assertJumped(2);
    }

    @Test
    void python() throws Exception {
        Path large = scene.file("large", 1_000_007);
        scene.succeeds(HOME);

        scene.python("jumps_with_python.py");

        for (String client : List.of("paramiko", "fabric", "asyncssh")) {
            scene.awaitCommand("echo " + client + " on $RIG_HOST", 3);
            scene.awaitFile("write", scene.there.resolve(client), large);
        }
        assertJumped(6);
    }

    @Test
    void ansible() {
        String said =
                scene.succeeds(
                        HOME
                                + """
                                cat > hosts <<END
                                web1
                                web2
                                [all:vars]
                                ansible_ssh_common_args=-F $HERE/config -o ControlMaster=no -o ControlPath=none
                                ansible_python_interpreter=$PYTHON
                                END
                                export ANSIBLE_HOME="$HERE/ansible" ANSIBLE_LOCAL_TEMP="$HERE/tmp"
                                export ANSIBLE_PIPELINING=True
                                ansible -i hosts -o all -m command -a 'printenv RIG_HOST'
                                """);

        assertThat(said.lines())
                .containsExactlyInAnyOrder(
                        "web1 | CHANGED | rc=0 | (stdout) web1",
                        "web2 | CHANGED | rc=0 | (stdout) web2");
        assertThat(jumped()).extracting(SessionContext::host).contains("web1", "web2");
    }

    /** It knows no jump, but a SOCKS proxy, which {@code ssh} is without a target too. */
    @Test
    void curl() throws Exception {
        Path large = scene.file("large", 1_000_009);
        int port = FreePort.find();

        try (var proxy =
                scene.listening(port, HOME + "exec $JUMP -N -D %d bastion".formatted(port))) {
            scene.succeeds(
                    HOME
                            + """
                            FETCH="curl -sS --key $KEY --pubkey $KEY.pub --hostpubsha256 ${KEY_OF_WEB1#SHA256:}"
                            FETCH="$FETCH --socks5-hostname 127.0.0.1:%d"
                            $FETCH -T large "sftp://$LOGIN@web1$THERE/curl"
                            $FETCH "sftp://$LOGIN@web1$THERE/curl" -o back
                            cmp large back
                            """
                                    .formatted(port));
            assertThat(proxy.process().isAlive()).isTrue();
        }

        scene.awaitFile("write", scene.there.resolve("curl"), large);
        scene.awaitFile("read", scene.there.resolve("curl"), large);
        assertJumped(2);
    }

    /** So many sessions began since the test did, all of them with the account in a jump. */
    private void assertJumped(int sessions) {
        assertThat(jumped()).hasSize(sessions);
    }

    private List<SessionContext> jumped() {
        List<SessionContext> sessions =
                scene.records(SessionStarted.class).stream()
                        .skip(sessionsBefore)
                        .map(SessionStarted::context)
                        .toList();
        List<String> inside =
                scene.records(LoginAttempted.class).stream()
                        .filter(login -> login.accepted() && login.user().equals("alice"))
                        .filter(login -> login.reason().startsWith("inside connection "))
                        .map(login -> login.connection().value())
                        .toList();
        assertThat(sessions)
                .allSatisfy(session -> {
                    assertThat(session.user()).isEqualTo("alice");
                    assertThat(session.host()).matches("web[12]");
                    assertThat(session.account()).isEqualTo(scene.bastion.login());
                    assertThat(session.connection().value()).isIn(inside);
                });
        return sessions;
    }
}
