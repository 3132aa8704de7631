package dev.bastion.menu;

import dev.bastion.menu.terminal.MenuWarmUp;
import dev.bastion.menu.terminal.ScreenTiming;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Prints how long the first paint and each key take, bytes for the terminal included, in a process
 * that has warmed up as a bastion does before it listens.
 */
final class MenuBenchmark {

    private static final String[] DEFAULTS = {"40", "10", "1000", "10000"};
    private static final String TYPED = "web ber 17";

    private MenuBenchmark() {}

    /** The arguments are the rounds and then the numbers of hosts. */
    public static void main(String[] args) throws IOException {
        List<String> numbers = List.of(args.length == 0 ? DEFAULTS : args);
        int rounds = Integer.parseInt(numbers.getFirst());
        long start = System.nanoTime();
        MenuWarmUp.run();
        System.out.printf("warming up took %.0f ms%n", (System.nanoTime() - start) / 1e6);
        System.out.println("hosts  size     first paint ms          key ms");
        System.out.println("               first    p50    max      p50    p99    max");
        for (String hosts : numbers.subList(1, numbers.size())) {
            for (int[] size : new int[][] {{80, 24}, {200, 60}}) {
                print(rounds, Integer.parseInt(hosts), size[0], size[1]);
            }
        }
    }

    private static void print(int rounds, int count, int columns, int rows) throws IOException {
        List<MenuHost> hosts = Hosts.fleet(count);
        List<Double> paints = new ArrayList<>();
        List<Double> keys = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            measure(hosts, columns, rows, System::nanoTime, paints, keys);
        }
        double first = paints.removeFirst();
        System.out.printf(
                "%6d %3dx%-3d %7.2f %6.2f %6.2f   %6.2f %6.2f %6.2f%n",
                count,
                columns,
                rows,
                first,
                percentile(paints, 50),
                percentile(paints, 100),
                percentile(keys, 50),
                percentile(keys, 99),
                percentile(keys, 100));
    }

    /**
     * From the hosts to the first screen, and then each key, in milliseconds.
     *
     * @param clock in nanoseconds
     */
    static void measure(
            List<MenuHost> hosts,
            int columns,
            int rows,
            LongSupplier clock,
            List<Double> paints,
            List<Double> keys)
            throws IOException {
        long start = clock.getAsLong();
        TargetMenu menu = new TargetMenu(hosts);
        ScreenTiming screen = new ScreenTiming(menu, columns, rows);
        screen.paint();
        paints.add((clock.getAsLong() - start) / 1e6);
        List<MenuKey> pressed = new ArrayList<>();
        TYPED.codePoints().forEach(codePoint -> pressed.add(new MenuKey.Text(codePoint)));
        pressed.addAll(List.of(MenuKey.Control.DOWN, MenuKey.Control.PAGE_DOWN));
        pressed.addAll(List.of(MenuKey.Control.BACKSPACE, MenuKey.Control.ERASE_ALL));
        pressed.addAll(List.of(MenuKey.Control.END, MenuKey.Control.NEXT_GROUP));
        for (MenuKey key : pressed) {
            long before = clock.getAsLong();
            menu.key(key);
            screen.paint();
            keys.add((clock.getAsLong() - before) / 1e6);
        }
    }

    static double percentile(List<Double> values, int percent) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }
}
