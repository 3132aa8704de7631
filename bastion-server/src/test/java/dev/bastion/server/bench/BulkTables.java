package dev.bastion.server.bench;

import dev.bastion.server.rig.Programs;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How fast programs carry something, and the CPU seconds of what stands between: two tables.
 * Confined to one thread.
 */
final class BulkTables {

    private final BenchRig rig;
    private final double amount;
    private final double cpuAmount;
    private final Table rates;
    private final Table cpu;
    private final Set<String> warm = new HashSet<>();

    /**
     * @param what the first table's title
     * @param amount what one run carries, in the unit of the rates
     * @param cpuWhat the second table's title
     * @param cpuAmount what one run carries, in the unit that the CPU seconds are stated for
     */
    BulkTables(BenchRig rig, String what, double amount, String cpuWhat, double cpuAmount) {
        this.rig = rig;
        this.amount = amount;
        this.cpuAmount = cpuAmount;
        this.rates = new Table(what, "direct", "forced command");
        this.cpu = new Table(cpuWhat, "forced command");
    }

    /** Runs a program to its end, login included. */
    void run(String measure, Way way, String program, List<String> arguments, File input)
            throws IOException, InterruptedException {
        if (way == Way.BASTION && warm.add(measure)) {
            // Once unmeasured, for the compiler of the bastion's JVM.
            execute(measure, way, program, arguments, input);
        }
        double before = rig.middleCpuSeconds(way);
        long start = System.nanoTime();
        execute(measure, way, program, arguments, input);
        rates.add(measure, way.label, amount / ((System.nanoTime() - start) / 1e9));
        if (way.hasMiddle()) {
            cpu.add(measure, way.label, (rig.middleCpuSeconds(way) - before) / cpuAmount);
        }
    }

    private static void execute(
            String measure, Way way, String program, List<String> arguments, File input)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Programs.find(program).toString()));
        command.addAll(arguments);
        int status =
                new ProcessBuilder(command)
                        .redirectInput(input)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start()
                        .waitFor();
        if (status != 0) {
            throw new IOException(way.label + ": " + measure + " ended with " + status);
        }
    }

    void print() {
        rates.print();
        cpu.print();
    }
}
