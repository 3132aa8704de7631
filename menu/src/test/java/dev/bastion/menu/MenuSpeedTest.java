package dev.bastion.menu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

final class MenuSpeedTest {

    private static final double LIMIT_MILLISECONDS = 50;

    @Test
    void paintsAndAnswersTenThousandHostsInTime() throws IOException {
        List<MenuHost> hosts = Hosts.fleet(10_000);
        // What others do on the machine meanwhile does not count.
        LongSupplier clock = ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime;
        List<Double> paints = new ArrayList<>();
        List<Double> keys = new ArrayList<>();
        for (int round = 0; round < 30; round++) {
            MenuBenchmark.measure(hosts, 200, 60, clock, paints, keys);
        }
        int warm = keys.size() / 3;
        assertThat(MenuBenchmark.percentile(paints.subList(10, paints.size()), 50))
                .isLessThanOrEqualTo(LIMIT_MILLISECONDS);
        assertThat(MenuBenchmark.percentile(keys.subList(warm, keys.size()), 50))
                .isLessThanOrEqualTo(LIMIT_MILLISECONDS);
    }
}
