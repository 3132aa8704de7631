package dev.bastion.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PeerAddressTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7, 192.0.2.7",
        "::ffff:192.0.2.7, 192.0.2.7, 192.0.2.7",
        "0:0:0:0:0:0:0:1, ::1, ::/64",
        "2001:DB8:0:0:1:0:0:7, 2001:db8::1:0:0:7, 2001:db8::/64",
        "fe80::1%1, fe80::1, fe80::/64"
    })
    void writesAddressesInOneWay(String address, String canonical, String network)
            throws UnknownHostException {
        InetSocketAddress peer = new InetSocketAddress(InetAddress.getByName(address), 4711);

        assertThat(PeerAddress.of(peer)).isEqualTo(canonical);
        assertThat(PeerAddress.network(canonical)).isEqualTo(network);
    }

    @Test
    void saysUnknownOfWhatIsNoAddress() {
        assertThat(PeerAddress.of((SocketAddress) null)).isEqualTo("unknown");
        assertThat(PeerAddress.of(InetSocketAddress.createUnresolved("h", 1))).isEqualTo("unknown");
    }
}
