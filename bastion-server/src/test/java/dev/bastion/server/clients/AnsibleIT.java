package dev.bastion.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord.FileOperated;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ansible, two hosts at once. */
@TestInstance(Lifecycle.PER_CLASS)
final class AnsibleIT {

    private final ClientScene scene;

    AnsibleIT(@TempDir Path folder) {
        scene = ClientScene.start(folder, "ansible-playbook");
    }

    @BeforeEach
    void makeFolders() throws IOException {
        scene.makeFolders();
    }

    @AfterAll
    void close() {
        scene.close();
    }

    private static final String MASTER = "-o ControlMaster=auto -o ControlPersist=30s";
    private static final String NO_MASTER = "-o ControlMaster=no -o ControlPath=none";

    private static final String INVENTORY =
            """
            cat > hosts <<END
            web1 ansible_user=alice+web1
            web2 ansible_user=alice%$LOGIN@web2
            [all:vars]
            ansible_host=127.0.0.1
            ansible_port=$PORT
            ansible_ssh_common_args=-F $CONFIG
            ansible_remote_tmp=$THERE/tmp
            ansible_python_interpreter=$PYTHON
            END
            export ANSIBLE_HOME="$HERE/ansible" ANSIBLE_LOCAL_TEMP="$HERE/tmp" ANSIBLE_NOCOWS=1
            export ANSIBLE_SSH_CONTROL_PATH_DIR="$HERE/cp" ANSIBLE_TIMEOUT=60
            leave() { for path in "$HERE"/cp/*; do ssh -O exit -o ControlPath="$path" x || true; done; }
            trap leave EXIT
            """;

    /** With pipelining or not, and OpenSSH's options. */
    private static final String PLAY =
            """
            export ANSIBLE_PIPELINING=%s ANSIBLE_SSH_ARGS='%s'
            ansible-playbook -i hosts -e there="$THERE" play.yml
            """;

    @ParameterizedTest
    @CsvSource({"False, " + NO_MASTER, "True, " + MASTER})
    void playsOnBothHosts(String pipelining, String master) throws Exception {
        Path source = scene.file("large", 1_000_003);
        Files.writeString(scene.here.resolve("hello.j2"), "hello {{ inventory_hostname }}\n");
        Files.writeString(
                scene.here.resolve("play.yml"),
                """
                - hosts: all
                  gather_facts: false
                  tasks:
                    - copy: {src: large, dest: "{{ there }}/{{ inventory_hostname }}-large"}
                    - template: {src: hello.j2, dest: "{{ there }}/{{ inventory_hostname }}-hello"}
                    - command: printenv RIG_HOST
                      register: said
                    - fail:
                      when: said.stdout != inventory_hostname
                    - fetch: {src: "{{ there }}/{{ inventory_hostname }}-large", dest: fetched}
                """);

        String said = scene.succeeds(INVENTORY + PLAY.formatted(pipelining, master));

        for (String host : new String[] {"web1", "web2"}) {
            assertThat(said).containsPattern(host + " *: ok=4 +changed=4 +unreachable=0 +failed=0");
            Path copy = scene.there.resolve(host + "-large");
            assertThat(copy).hasSameBinaryContentAs(source);
            assertThat(scene.there.resolve(host + "-hello")).hasContent("hello " + host + "\n");
            assertThat(scene.here.resolve("fetched/" + host + copy)).hasSameBinaryContentAs(source);
            scene.awaitCommand(host, scene.there + "/tmp", 0);
        }
        assertThat(scene.writesBelow(scene.there + "/tmp")).as("copies of a file").isGreaterThan(1);
    }

    @ParameterizedTest
    @CsvSource({"False, " + MASTER, "True, " + NO_MASTER})
    void pingsBothHosts(String pipelining, String master) {
        String said =
                scene.succeeds(
                        INVENTORY
                                + "export ANSIBLE_PIPELINING=%s ANSIBLE_SSH_ARGS='%s'%n"
                                        .formatted(pipelining, master)
                                + "ansible -i hosts -o all -m ping");

        assertThat(said.lines())
                .hasSize(2)
                .allMatch(line -> line.matches("web[12] \\| SUCCESS => .*\"pong\".*"));
    }

    /** Ansible cannot name what is not UTF-8. */
    @Test
    void copiesByTheOldScpAndByPipeAndATree() throws Exception {
        Path source = scene.file("large", 1_000_004);
        scene.makeTree();
        Files.writeString(
                scene.here.resolve("play.yml"),
                """
                - hosts: web1
                  gather_facts: false
                  vars: {ansible_scp_extra_args: -O}
                  tasks:
                    - vars: {ansible_ssh_transfer_method: scp}
                      block:
                        - copy: {src: large, dest: "{{ there }}/scp"}
                        - fetch: {src: "{{ there }}/scp", dest: fetched}
                    - vars: {ansible_ssh_transfer_method: piped}
                      block:
                        - copy: {src: large, dest: "{{ there }}/piped"}
                        - fetch: {src: "{{ there }}/piped", dest: fetched}
                    - copy: {src: tree/, dest: "{{ there }}/copy", mode: preserve}
                """);

        scene.succeeds(
                INVENTORY
                        + "cd tree; rm large sparse two* not* star* do* ./-dash one; cd ..\n"
                        + PLAY.formatted("True", MASTER)
                        + "diff -r tree \"$THERE/copy\"");

        for (String copy : List.of("scp", "piped")) {
            Path there = scene.there.resolve(copy);
            assertThat(there).hasSameBinaryContentAs(source);
            assertThat(scene.here.resolve("fetched/web1" + there)).hasSameBinaryContentAs(source);
        }
        scene.awaitOldScp("read", "scp", scene.there.resolve("scp"), source);
        assertThat(scene.records(FileOperated.class))
                .filteredOn(record -> record.operation().equals("write"))
                .filteredOn(record -> Long.valueOf(1_000_004).equals(record.bytes()))
                .singleElement()
                .satisfies(record -> assertThat(record.sha256()).hasSize(64));
        scene.awaitCommand("dd of=" + scene.there + "/tmp/", 0);
        scene.awaitCommand("dd if=" + scene.there + "/piped", 0);
    }
}
