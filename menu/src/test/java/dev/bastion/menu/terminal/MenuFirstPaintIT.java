package dev.bastion.menu.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.menu.Hosts;
import dev.bastion.menu.MenuHost;
import dev.bastion.menu.TargetMenu;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The first menu that an operator sees, in a new process that has warmed up. What is held is the
 * processor time that it takes, which other work on the machine does not stretch.
 */
@Timeout(120)
final class MenuFirstPaintIT {

    private static final double LIMIT_MILLISECONDS = 50;

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {10, 1_000, 10_000})
    void isPaintedInTimeAndStartsNoProgram(int hosts) throws Exception {
        Path trace = folder.resolve("trace");
        Path infocmp =
                Files.writeString(
                        folder.resolve("infocmp"), "#!/bin/sh\necho \"$@\" >>'" + trace + "'\n");
        Files.setPosixFilePermissions(infocmp, PosixFilePermissions.fromString("rwx------"));
        ProcessBuilder builder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                FirstPaint.class.getName(),
                                Integer.toString(hosts))
                        .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("PATH", folder.toString());
        Process process = builder.start();
        double milliseconds;
        try (var out = process.inputReader()) {
            milliseconds = Double.parseDouble(String.valueOf(out.readLine()));
        }
        assertThat(process.waitFor()).isZero();
        assertThat(milliseconds).isLessThanOrEqualTo(LIMIT_MILLISECONDS);
        assertThat(trace).as("infocmp was started").doesNotExist();
    }

    /** Prints the milliseconds of processor time from the hosts to the first screen. */
    static final class FirstPaint {

        private FirstPaint() {}

        @SuppressWarnings("SystemOut")
        public static void main(String[] args) throws IOException {
            List<MenuHost> hosts = Hosts.fleet(Integer.parseInt(args[0]));
            MenuWarmUp.run();
            var thread = ManagementFactory.getThreadMXBean();
            long start = thread.getCurrentThreadCpuTime();
            new ScreenTiming(new TargetMenu(hosts), 80, 24).paint();
            System.out.println((thread.getCurrentThreadCpuTime() - start) / 1e6);
        }
    }
}
