package dev.bastion.server.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What Linux says of a process in {@code /proc} (proc(5)). */
final class ProcessFigures {

    /** Of the fields in {@code stat}; every Linux that runs a JVM has 100. */
    private static final double TICKS_A_SECOND = 100;

    /** Fields of {@code stat} from utime on, counted from the one after the name. */
    private static final int UTIME = 11;

    private static final int CPU_FIELDS = 4;
    private static final String RESIDENT = "VmRSS:";

    private ProcessFigures() {}

    /** Seconds of CPU, user and system, with those of its children that have ended. */
    static double cpuSeconds(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        // The name stands in brackets and may hold anything, brackets too.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = 0;
        for (int i = UTIME; i < UTIME + CPU_FIELDS; i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks / TICKS_A_SECOND;
    }

    /** KiB of memory that it holds. */
    static long residentKib(long pid) throws IOException {
        List<String> status = Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"));
        for (String line : status) {
            if (line.startsWith(RESIDENT)) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        throw new IOException("process " + pid + " has ended");
    }
}
