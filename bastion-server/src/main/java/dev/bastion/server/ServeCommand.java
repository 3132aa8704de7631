package dev.bastion.server;

import dev.bastion.audit.proof.CheckpointSink;
import dev.bastion.server.config.Settings;
import dev.bastion.server.inventory.HostAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bastion serve}: runs in the foreground until SIGTERM or Ctrl-C. */
@Command(
        name = "serve",
        description = "Serves operators until it is ended; prints one line when it listens.")
final class ServeCommand implements Callable<Integer> {

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "the bastion's folder")
    private Path data = Path.of("");

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "default 127.0.0.1:2222; port 0 takes any free one")
    private @Nullable String listen;

    @Option(names = "--config", paramLabel = "FILE", description = "a file of settings (YAML)")
    private @Nullable Path config;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Settings settings = Settings.load(data, config, listen);
        if (!Files.exists(settings.masterKey())) {
            throw new IOException(
                    "there is no bastion in "
                            + data
                            + "; make one with: bastion init --data "
                            + data
                            + " --admin NAME --key FILE.pub");
        }
        Bastion bastion = Bastion.start(settings);
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .name("shutdown")
                                .unstarted(() -> {
                                    bastion.close();
                                    ended.countDown();
                                }));
        System.out.println(
                "listening on "
                        + new HostAddress(settings.listenHost(), bastion.address().getPort()));
        System.out.flush();
        if (settings.checkpoints().standardOutput()) {
            bastion.administration()
                    .audit
                    .evidence()
                    .checkpoints()
                    .addSink(CheckpointSink.lines(System.out));
        }
        ended.await();
        return 0;
    }
}
