package dev.bastion.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bastion.server.gateway.ProxyHeader.Incomplete;
import dev.bastion.server.gateway.ProxyHeader.Local;
import dev.bastion.server.gateway.ProxyHeader.Proxied;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProxyHeaderTest {

    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String V4 = SIGNATURE + "2111000c" + "cb007109c0000201" + "c0000016";

    @ParameterizedTest
    @CsvSource({
        "2111000c cb007109 c0000201 c000 0016, 203.0.113.9",
        "21110010 cb007109 c0000201 c000 0016 04000161, 203.0.113.9",
        "21210024 20010db8000000000000000000000007 20010db8000000000000000000000001 c000 0016,"
                + " 2001:db8::7",
        "21210024 00000000000000000000ffffcb007109 00000000000000000000ffffc0000201 c000 0016,"
                + " 203.0.113.9"
    })
    void takesTheSourceOfATcpConnection(String hex, String source) throws ProtocolException {
        byte[] header = bytes(SIGNATURE + hex.replace(" ", ""));

        assertThat(decode(header))
                .isEqualTo(new Proxied(InetAddress.ofLiteral(source), header.length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"20000000", "2011000ccb007109c0000201c0000016", "200000030a0b0c"})
    void knowsTheBalancersOwnConnection(String hex) throws ProtocolException {
        byte[] header = bytes(SIGNATURE + hex);

        assertThat(decode(header)).isEqualTo(new Local(header.length));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Version 1, and another version.
                "50524f58592054435034",
                SIGNATURE + "1111000ccb007109c0000201c0000016",
                SIGNATURE + "3111000ccb007109c0000201c0000016",
                // A command that does not exist.
                SIGNATURE + "2211000ccb007109c0000201c0000016",
                // Of no family, of UDP, of a socket of the balancer's machine.
                SIGNATURE + "21000000",
                SIGNATURE + "2112000ccb007109c0000201c0000016",
                SIGNATURE + "213100d8",
                // Too short for its addresses, and too long.
                SIGNATURE + "2111000bcb007109c0000201c00000",
                SIGNATURE + "2121000c",
                SIGNATURE + "21110ff1",
                SIGNATURE + "2000ffff"
            })
    void refusesEverythingElse(String hex) {
        assertThatThrownBy(() -> decode(bytes(hex))).isInstanceOf(ProtocolException.class);
    }

    @Test
    void waitsForTheRestOfEveryBeginning() throws ProtocolException {
        byte[] header = bytes(V4);
        for (int length = 0; length < header.length; length++) {
            assertThat(ProxyHeader.decode(ByteBuffer.wrap(header, 0, length)))
                    .as("the first %d bytes", length)
                    .isEqualTo(new Incomplete());
        }
    }

    @Test
    void readsGeneratedBytesWithoutGoingBeyondThem() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int understood = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] input = generated(random);
            int before = random.nextInt(5);
            byte[] padded = new byte[before + input.length];
            System.arraycopy(input, 0, padded, before, input.length);
            ByteBuffer buffer = ByteBuffer.wrap(padded, before, input.length);
            try {
                ProxyHeader header = ProxyHeader.decode(buffer);
                int length =
                        switch (header) {
                            case Incomplete _ -> 0;
                            case Local local -> local.length();
                            case Proxied proxied -> proxied.length();
                        };
                understood += length > 0 ? 1 : 0;
                assertThat(length).as("seed %d, input %d", seed, i).isBetween(0, input.length);
                assertThat(buffer.position()).isEqualTo(before);
                if (header instanceof Incomplete) {
                    assertThat(input.length).isLessThan(ProxyHeader.LONGEST_BYTES);
                }
            } catch (ProtocolException e) {
                assertThat(e).hasMessageContaining("PROXY");
            }
        }
        assertThat(understood).as("seed %d", seed).isGreaterThan(1000);
    }

    /** A good header with some bytes changed, cut, or followed by others. */
    private static byte[] generated(Random random) {
        byte[] header = new byte[random.nextInt(80)];
        random.nextBytes(header);
        byte[] good = bytes(V4);
        System.arraycopy(good, 0, header, 0, Math.min(good.length, header.length));
        for (int changes = random.nextInt(3); changes > 0 && header.length > 0; changes--) {
            header[random.nextInt(header.length)] = (byte) random.nextInt(256);
        }
        return header;
    }

    private static ProxyHeader decode(byte[] header) throws ProtocolException {
        return ProxyHeader.decode(ByteBuffer.wrap(header));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
