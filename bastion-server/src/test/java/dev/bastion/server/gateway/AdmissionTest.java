package dev.bastion.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bastion.server.config.DoorSettings;
import dev.bastion.server.config.MaxStartups;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AdmissionTest {

    private static final String ALICE = "192.0.2.1";
    private static final String BOB = "192.0.2.2";

    private final Admission admission = admission(new MaxStartups(8, 100, 8), 2, 3);

    @Test
    void refusesOneAboveTheStartupsOfAnAddressAndNotAnother() throws Exception {
        from(ALICE);
        Admission.Ticket second = from(ALICE);

        assertThatThrownBy(() -> from(ALICE)).isInstanceOf(RefusedConnectionException.class);
        from(BOB);
        second.close();
        from(ALICE);
    }

    @Test
    void refusesOneAboveTheConnectionsOfAnAddressThoughTheyLoggedIn() throws Exception {
        for (int i = 0; i < 3; i++) {
            from(ALICE).loggedIn();
        }

        assertThatThrownBy(() -> from(ALICE)).isInstanceOf(RefusedConnectionException.class);
        from(BOB);
        assertThat(admission.startups()).isEqualTo(1);
    }

    @Test
    void countsAnIpv6NetworkAsOneAddress() throws Exception {
        from("2001:db8:0:1::1");
        from("2001:db8:0:1:ffff::2");

        assertThatThrownBy(() -> from("2001:db8:0:1::3"))
                .isInstanceOf(RefusedConnectionException.class);
        from("2001:db8:0:2::1");
    }

    @Test
    void refusesEveryoneWhenTheStartupsAreFull() throws Exception {
        List<Admission.Ticket> tickets = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            tickets.add(from("192.0.2." + i));
        }

        assertThatThrownBy(admission::admit).isInstanceOf(RefusedConnectionException.class);
        tickets.getFirst().loggedIn();
        admission.admit();
        assertThatThrownBy(admission::admit).isInstanceOf(RefusedConnectionException.class);
        tickets.getLast().close();
        admission.admit();
    }

    @ParameterizedTest
    @CsvSource({"9, 0, 0", "10, 27, 33", "55, 62, 68", "99, 97, 100"})
    void dropsMoreTheNearerToFullItIs(int there, int fewest, int most) throws Exception {
        Admission dropping = admission(new MaxStartups(10, 30, 100), 1000, 1000);
        while (dropping.startups() < there) {
            try {
                dropping.admit();
            } catch (RefusedConnectionException e) {
                // Another try.
            }
        }
        int refused = 0;
        for (int i = 0; i < 10_000; i++) {
            try {
                dropping.admit().close();
            } catch (RefusedConnectionException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(fewest * 100, most * 100);
    }

    @Test
    void forgetsWhoHasLeftHoweverOftenTheyLeave() throws Exception {
        Admission.Ticket one = from(ALICE);
        Admission.Ticket other = from(BOB);
        one.close();
        one.close();
        one.loggedIn();
        other.loggedIn();
        other.loggedIn();
        other.close();
        admission.admit().close();

        assertThat(admission.startups()).isZero();
        assertThat(admission.addresses()).isZero();
    }

    private Admission.Ticket from(String address) throws RefusedConnectionException {
        Admission.Ticket ticket = admission.admit();
        try {
            ticket.from(address);
        } catch (RefusedConnectionException e) {
            ticket.close();
            throw e;
        }
        return ticket;
    }

    private static Admission admission(MaxStartups startups, int startupsEach, int each) {
        return new Admission(
                new DoorSettings(
                        startups, startupsEach, each, List.of(), false, false, false, List.of()),
                new Random(7));
    }
}
