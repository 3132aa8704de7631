package dev.bastion.menu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MenuSpeedTest {

    private static final double LIMIT_MILLISECONDS = 50;

    @Test
    void paintsAndAnswersTenThousandHostsInTime() throws IOException {
        List<MenuHost> hosts = Hosts.fleet(10_000);
        List<Double> paints = new ArrayList<>();
        List<Double> keys = new ArrayList<>();
        for (int round = 0; round < 30; round++) {
            MenuBenchmark.measure(hosts, 200, 60, paints, keys);
        }
        int warm = keys.size() / 3;
        assertThat(MenuBenchmark.percentile(paints.subList(10, paints.size()), 50))
                .isLessThanOrEqualTo(LIMIT_MILLISECONDS);
        assertThat(MenuBenchmark.percentile(keys.subList(warm, keys.size()), 50))
                .isLessThanOrEqualTo(LIMIT_MILLISECONDS);
    }
}
