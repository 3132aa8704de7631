package dev.bastion.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.relay.RelayEnd;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ForwardedConnectionTest {

    private static Stream<Arguments> ends() {
        return Stream.of(
                Arguments.of(RelayEnd.OPERATOR_CLOSED, true, "closed-by-client"),
                Arguments.of(RelayEnd.HOST_LOST, true, "closed-by-client"),
                Arguments.of(RelayEnd.HOST_LOST, false, "host-lost"),
                Arguments.of(RelayEnd.HOST_CLOSED, true, "closed-by-host"),
                Arguments.of(RelayEnd.HOST_SILENT, true, "host-silent"));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void anOperatorWhoLeftIsTheReasonAlsoWhenTheLostHostIsHeardOfFirst(
            RelayEnd heard, boolean left, String reason) {
        assertThat(ForwardedConnection.reason(heard, left)).isEqualTo(reason);
    }
}
