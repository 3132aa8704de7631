package dev.bastion.server.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenRequestTest {

    private static final byte[] NOTHING = {};

    @Test
    void aPortIsReadWrittenAndCancelledAsItCame() {
        byte[] data = data("::1", 8080);

        ListenRequest request = ListenRequest.parse(ListenRequest.PORT, data);

        assertThat(request.destination()).isEqualTo("[::1]:8080");
        assertThat(request.data()).isEqualTo(data);
        assertThat(request.cancelling()).isEqualTo("cancel-tcpip-forward");
        assertThat(request.as(NOTHING)).isEqualTo(request);
    }

    @Test
    void aPortOfTheHostsChoiceIsTheOneThatItSays() {
        ListenRequest request = ListenRequest.parse(ListenRequest.PORT, data("localhost", 0));

        assertThat(request.as(new byte[] {0, 0, 1, 0}).destination()).isEqualTo("localhost:256");
        assertThatThrownBy(() -> request.as(NOTHING)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSocketKeepsEachByteOfItsPath() {
        byte[] path = "/tmp/a b\\c\n\u00ff".getBytes(StandardCharsets.ISO_8859_1);
        byte[] data = ByteBuffer.allocate(4 + path.length).putInt(path.length).put(path).array();

        ListenRequest request = ListenRequest.parse(ListenRequest.SOCKET, data);

        assertThat(request.destination()).isEqualTo("/tmp/a b\\\\c\n\\xff");
        assertThat(request.data()).isEqualTo(data);
        assertThat(request.cancelling()).isEqualTo("cancel-streamlocal-forward@openssh.com");
        assertThat(request.opens("forwarded-streamlocal@openssh.com", data)).isTrue();
        assertThat(request.opens("forwarded-tcpip", data("/tmp", 1))).isFalse();
        data[4] = 'x';
        assertThat(request.opens("forwarded-streamlocal@openssh.com", data)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "tcpip-forward, ''",
        "tcpip-forward, 00000001",
        "tcpip-forward, 0000000161",
        "tcpip-forward, 000000016100010000",
        "tcpip-forward, ffffffff00000000",
        "streamlocal-forward@openssh.com, ''",
        "streamlocal-forward@openssh.com, 00000002ff",
        "streamlocal-forward@openssh.com, 80000000"
    })
    void whatIsMalformedIsRefused(String type, String data) {
        assertThatThrownBy(() -> ListenRequest.parse(type, HexFormat.of().parseHex(data)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] data(String address, int port) {
        byte[] name = address.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + name.length)
                .putInt(name.length)
                .put(name)
                .putInt(port)
                .array();
    }
}
