package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.SshClient;
import dev.bastion.server.rig.SshdHost;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client and a host that leave whoever does not answer them each second. */
final class KeepAliveIT {

    @Test
    void theBastionAnswersBothWhereNothingElseIsSaid(@TempDir Path folder) {
        try (SshdHost asking =
                        SshdHost.start(
                                folder,
                                "127.0.0.1",
                                List.of("ClientAliveInterval 1", "ClientAliveCountMax 2"));
                RunningBastion bastion = RunningBastion.start(folder)) {
            bastion.addSshd("asking", asking);

            SshClient.Result quiet =
                    bastion.run(
                            "alice+asking",
                            "-o",
                            "ServerAliveInterval=1",
                            "-o",
                            "ServerAliveCountMax=2",
                            "sleep 6; echo done");

            assertThat(quiet.text()).as("%s", quiet).isEqualTo("done\n");
            assertThat(quiet.exitStatus()).isZero();
        }
    }
}
