package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes to a port that the world can reach. The honest path still works after each. */
final class AttackIT {

    private static final int SILENT_CONNECTIONS = 30;

    /** Threat: connections that never log in use up what others need. */
    @Test
    void letsPeopleInBesideSilentConnections(@TempDir Path folder) throws IOException {
        List<Socket> silent = new ArrayList<>();
        try (BastionScene scene = BastionScene.start(folder)) {
            for (int i = 0; i < SILENT_CONNECTIONS; i++) {
                silent.add(connect(scene));
            }
            assertThat(scene.exec("exit 7").exitStatus()).isEqualTo(7);
            for (Socket socket : silent) {
                assertThat(socket.getInputStream().read()).isEqualTo('S');
            }
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    /** Threat: bytes that are not SSH break the server. */
    @Test
    void hangsUpOnGarbageAndServesOthers(@TempDir Path folder) throws IOException {
        byte[] garbage = new byte[64 * 1024];
        new Random(7).nextBytes(garbage);
        try (BastionScene scene = BastionScene.start(folder);
                Socket socket = connect(scene)) {
            socket.setSoTimeout((int) BastionScene.LIMIT.toMillis());
            try {
                socket.getOutputStream().write(garbage);
                InputStream in = socket.getInputStream();
                in.transferTo(java.io.OutputStream.nullOutputStream());
            } catch (SocketException e) {
                // Reset: hung up with our bytes unread.
            }
            assertThat(scene.exec("exit 7").exitStatus()).isEqualTo(7);
            assertThat(scene.bastion().errors()).doesNotContain("\tat ");
        }
    }

    private static Socket connect(BastionScene scene) throws IOException {
        return new Socket(InetAddress.ofLiteral("127.0.0.1"), scene.bastion().port());
    }
}
