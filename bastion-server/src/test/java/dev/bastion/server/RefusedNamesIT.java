package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.SshClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Threat: somebody learns which hosts exist that he may not reach. Nothing tells a host that is not
 * granted from one that is not there: not the sentence, not the exit status, not the time it takes.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class RefusedNamesIT {

    private static final int WARM_UP = 5;
    private static final int TRIES = 20;
    private static final int MEASUREMENTS = 4;

    /** Between the medians, of refusals that take some ten milliseconds each. */
    private static final double NOISE = 0.3;

    private static final double NOISE_MILLIS = 3;

    /** As long as the other, so that nothing of the sentence differs but the name. */
    private static final String NOT_GRANTED = "secret";

    private static final String UNKNOWN = "absent";

    private final RunningBastion bastion;
    private final SharedSsh toNotGranted;
    private final SharedSsh toUnknown;

    RefusedNamesIT(@TempDir Path folder) {
        bastion = RunningBastion.start(folder);
        String address = bastion.web1().address() + ":" + bastion.web1().port();
        bastion.addHost(NOT_GRANTED, address, bastion.web1().hostKey().fingerprint());
        bastion.addKeyAccount(NOT_GRANTED, bastion.login(), bastion.web1().userKeys());
        toNotGranted = connect(folder, NOT_GRANTED);
        toUnknown = connect(folder, UNKNOWN);
    }

    private SharedSsh connect(Path folder, String host) {
        return SharedSsh.connect(folder.resolve(host), bastion.ssh("alice+" + host));
    }

    @AfterAll
    void close() {
        toNotGranted.close();
        toUnknown.close();
        bastion.close();
    }

    /** A shell, a command, the subsystem, a forwarded connection. */
    @ParameterizedTest
    @ValueSource(strings = {"", "true", "-s sftp", "-W 127.0.0.1:1"})
    void areRefusedAsUnknownOnesAre(String words) {
        String[] way = words.isEmpty() ? new String[0] : words.split(" ", -1);
        ask(way, WARM_UP);
        Medians medians = ask(way, TRIES);
        // Other work on the machine makes a difference once, what is built in makes it each time.
        for (int i = 1; i < MEASUREMENTS && medians.differ(); i++) {
            medians = ask(way, TRIES);
        }
        assertThat(medians.differ()).as("%s", medians).isFalse();
    }

    private Medians ask(String[] way, int tries) {
        List<Double> notGranted = new ArrayList<>();
        List<Double> unknown = new ArrayList<>();
        for (int i = 0; i < tries; i++) {
            SshClient.Result ofNotGranted = timed(way, toNotGranted, notGranted);
            SshClient.Result ofUnknown = timed(way, toUnknown, unknown);

            assertThat(ofUnknown.exitStatus()).as("%s", ofUnknown).isEqualTo(255);
            assertThat(ofNotGranted.exitStatus()).isEqualTo(ofUnknown.exitStatus());
            assertThat(ofNotGranted.text()).isEqualTo(ofUnknown.text()).isEmpty();
            assertThat(ofNotGranted.stderr())
                    .isNotEmpty()
                    .isEqualTo(ofUnknown.stderr().replace(UNKNOWN, NOT_GRANTED));
        }
        return new Medians(median(notGranted), median(unknown));
    }

    /** Milliseconds. */
    private record Medians(double notGranted, double unknown) {

        boolean differ() {
            return Math.abs(notGranted - unknown) > Math.max(NOISE_MILLIS, NOISE * unknown);
        }
    }

    private static SshClient.Result timed(String[] way, SharedSsh shared, List<Double> millis) {
        long begin = System.nanoTime();
        SshClient.Result result = shared.run(way);
        millis.add((System.nanoTime() - begin) / 1e6);
        return result;
    }

    private static double median(List<Double> millis) {
        Collections.sort(millis);
        return millis.get(millis.size() / 2);
    }
}
