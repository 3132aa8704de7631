package dev.bastion.server;

import dev.bastion.server.config.Settings;
import dev.bastion.server.demo.Demo;
import dev.bastion.server.gateway.HostKeyFile;
import dev.bastion.server.local.LocalCaller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bastion demo}: a bastion with users and hosts to try it on, gone again at Ctrl-C. */
@Command(
        name = "demo",
        description =
                "Starts a bastion with three users and a few hosts on this machine, to try it.")
final class DemoCommand implements Callable<Integer> {

    @Option(names = "--port", paramLabel = "N", description = "default 2222; 0 takes any free one")
    private int port = 2222;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "a new folder that is kept; default a temporary one that is deleted")
    private @Nullable Path data;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path kept = data;
        boolean temporary = kept == null;
        Path folder = kept == null ? Files.createTempDirectory("bastion-demo-") : kept;
        System.err.println("starting the demo in " + folder + " …");
        Settings settings = Settings.of(folder).listening("127.0.0.1", port);
        Demo demo = Demo.create(folder);
        InitCommand.initialise(settings, folder, Demo.ADMIN, demo.publicKey(Demo.ADMIN));
        Bastion bastion = Bastion.start(settings);
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .name("shutdown")
                                .unstarted(() ->
                                        end(bastion, demo, temporary ? folder : null, ended)));
        demo.fill(
                bastion.administration().console,
                LocalCaller.named(System.getProperty("user.name")));
        int listening = bastion.address().getPort();
        demo.writeClientConfiguration(listening, HostKeyFile.load(settings.hostKey()).publicKey());
        demo.introduction().forEach(System.out::println);
        System.out.println("listening on 127.0.0.1:" + listening);
        System.out.flush();
        ended.await();
        return 0;
    }

    private static void end(
            Bastion bastion, Demo demo, @Nullable Path delete, CountDownLatch ended) {
        bastion.close();
        demo.close();
        if (delete != null) {
            try (Stream<Path> files = Files.walk(delete)) {
                List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
                for (Path file : deepestFirst) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                System.err.println("bastion: " + delete + " could not be deleted");
            }
        }
        ended.countDown();
    }
}
