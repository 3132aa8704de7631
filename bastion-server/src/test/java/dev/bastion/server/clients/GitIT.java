package dev.bastion.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Git over SSH, with a repository on the host. */
@TestInstance(Lifecycle.PER_CLASS)
final class GitIT {

    private final ClientScene scene;

    GitIT(@TempDir Path folder) {
        scene = ClientScene.start(folder, "git");
    }

    @BeforeEach
    void makeFolders() throws IOException {
        scene.makeFolders();
    }

    @AfterAll
    void close() {
        scene.close();
    }

    private static final String GIT =
            """
            export GIT_SSH_COMMAND="$SSH" GIT_CONFIG_NOSYSTEM=1
            export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
            """;

    @Test
    void clonesPushesFetchesAndPulls() throws Exception {
        scene.file("large", 2_000_003);

        scene.succeeds(
                GIT
                        + """
                        git init -q --bare "$THERE/repo.git"
                        git clone -q "ssh://alice+web1@bastion:$PORT$THERE/repo.git" one
                        cd one; cp ../large .; git add large; git commit -qm first
                        git push -q origin HEAD:refs/heads/main; cd ..
                        git clone -q -b main "alice+web1@bastion:$THERE/repo.git" two
                        cmp large two/large
                        cd one; echo more > more; git add more; git commit -qm second
                        git push -q origin HEAD:main; cd ../two
                        git fetch -q origin
                        [ "$(git show origin/main:more)" = more ]
                        git archive --remote=origin main large | tar xOf - large | cmp - ../large
                        git fsck --strict
                        git pull -q; cmp more ../one/more
                        cd ../one; echo third > more; git commit -qam third
                        git push -q "ssh://alice:web1@bastion:$PORT$THERE/repo.git" HEAD:main
                        cd ../two; git pull -q "ssh://alice:web1@bastion:$PORT$THERE/repo.git" main
                        [ "$(cat more)" = third ]
                        """);

        scene.awaitCommand("git-receive-pack '" + scene.there + "/repo.git'", 0);
        scene.awaitCommand("git-upload-pack '" + scene.there + "/repo.git'", 0);
        scene.awaitCommand("git-upload-archive '" + scene.there + "/repo.git'", 0);
    }

    @Test
    void tellsWhyTheHostRefusesAPush() {
        var result =
                scene.run(
                        GIT
                                + """
                                git init -q --bare "$THERE/repo.git"
                                printf '#!/bin/sh\\necho not on a Friday >&2; exit 1\\n' > hook
                                install hook "$THERE/repo.git/hooks/pre-receive"
                                git clone -q "alice+web1@bastion:$THERE/repo.git" one
                                cd one; echo a > a; git add a; git commit -qm first
                                git push -q origin HEAD:refs/heads/main
                                """);

        assertThat(result.exitStatus()).isEqualTo(1);
        assertThat(result.stderr())
                .contains("remote: not on a Friday", "pre-receive hook declined");
    }
}
