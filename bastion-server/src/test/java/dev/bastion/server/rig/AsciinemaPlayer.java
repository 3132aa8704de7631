package dev.bastion.server.rig;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The asciinema player for pages, playing a cast in a headless Chromium:
 *
 * <pre>
 *   page.html ── asciinema-player (npm, as package-lock.json pins it) ── /cast
 *       └─ posts to /shown when it has ended
 * </pre>
 */
public final class AsciinemaPlayer implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Path INSTALLED = Path.of("target", "asciinema-player");
    private static final String BUNDLE =
            "node_modules/asciinema-player/dist/bundle/asciinema-player";

    /** One picture of the terminal; rows are without blanks at their end. */
    public record Screen(int columns, int rows, String text) {}

    /** A marker, when it was passed, in seconds of the cast. */
    public record Marker(String label, double time) {}

    /**
     * What a page saw.
     *
     * @param screens each one that differs from the one before
     * @param duration of the cast, in seconds
     * @param error empty, or what went wrong
     */
    public record Shown(
            List<Screen> screens,
            List<Marker> markers,
            String input,
            double duration,
            String error) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CompletableFuture<String> shown = new CompletableFuture<>();
    private final Path folder;
    private final byte[] cast;

    private AsciinemaPlayer(Path folder, byte[] cast) throws IOException {
        this.folder = folder;
        this.cast = cast.clone();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    /**
     * Plays it, at double speed, to its end.
     *
     * @param folder empty, for the browser's files
     */
    public static Shown play(Path folder, byte[] cast) throws IOException, InterruptedException {
        install();
        try (var player = new AsciinemaPlayer(folder, cast)) {
            return player.browse();
        }
    }

    private static void install() throws IOException {
        Files.createDirectories(INSTALLED);
        for (String name : List.of("package.json", "package-lock.json")) {
            Files.write(INSTALLED.resolve(name), resource(name));
        }
        String _ =
                Programs.run(
                        List.of(
                                Programs.find("npm").toString(),
                                "ci",
                                "--prefix",
                                INSTALLED.toString(),
                                "--prefer-offline",
                                "--ignore-scripts",
                                "--no-audit",
                                "--no-fund"));
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = AsciinemaPlayer.class.getResourceAsStream("player/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    private Shown browse() throws IOException, InterruptedException {
        Path log = folder.resolve("chromium.log");
        ProcessBuilder builder =
                new ProcessBuilder(
                        Programs.find("chromium").toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--user-data-dir=" + folder.resolve("profile"),
                        "http://127.0.0.1:" + server.getAddress().getPort() + "/");
        builder.environment().put("TMPDIR", folder.toString());
        Process chromium = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            return JsonMapper.shared()
                    .readValue(shown.get(LIMIT.toSeconds(), TimeUnit.SECONDS), Shown.class);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("Nothing was played. " + Files.readString(log), e);
        } finally {
            end(chromium);
        }
    }

    /** Its children too, so that none of them still writes to the folder. */
    private static void end(Process chromium) throws InterruptedException {
        List<ProcessHandle> children = chromium.descendants().toList();
        var _ = chromium.destroyForcibly();
        for (ProcessHandle child : children) {
            var _ = child.destroyForcibly();
        }
        var _ = chromium.waitFor(10, TimeUnit.SECONDS);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            switch (exchange.getRequestURI().getPath()) {
                case "/" -> send(exchange, "text/html", resource("page.html"));
                case "/player.js" -> send(exchange, "text/javascript", bundle(".min.js"));
                case "/player.css" -> send(exchange, "text/css", bundle(".css"));
                case "/cast" -> send(exchange, "application/x-asciicast", cast);
                case "/shown" -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    var _ = shown.complete(new String(body, StandardCharsets.UTF_8));
                    exchange.sendResponseHeaders(204, -1);
                }
                default -> exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private static byte[] bundle(String end) throws IOException {
        return Files.readAllBytes(INSTALLED.resolve(BUNDLE + end));
    }

    private static void send(HttpExchange exchange, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
