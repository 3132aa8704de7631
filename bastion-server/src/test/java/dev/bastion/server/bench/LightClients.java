package dev.bastion.server.bench;

import dev.bastion.server.transport.loop.EventLoops;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.sshd.client.ClientBuilder;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;

/**
 * Thousands of clients, each a connection with a shell: a program of its own. It is told on its
 * standard input what to do, a line each, and answers with a line when it has done it:
 *
 * <pre>
 *   open COUNT            that many more shells        seconds
 *   type COUNT MILLIS     keys in the newest shells    p50 p99 max (ms), keys of the slowest shell
 *   lines COUNT MILLIS    the same, some of them Enter the same, then p50 p99 max of the Enters
 *   check                 a key in every shell         how many echoed it within 10 s
 * </pre>
 *
 * <p>It ends with its standard input. Arguments: port, user, private key.
 */
final class LightClients {

    /** Who logs in at the same moment. */
    private static final int LOGINS = 8;

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Of one shell: ten keys a second. */
    private static final long KEY_NANOS = 100_000_000;

    /** A command as people type them: at ten keys a second one in two seconds. */
    private static final String LINE = "systemctl status ab\r";

    private static final long CHECK_NANOS = 10_000_000_000L;

    private final SshClient client = SshClient.setUpDefaultClient();
    private final List<LightShell> shells = new ArrayList<>();
    private final int port;
    private final String user;
    private final KeyPair key;

    private LightClients(int port, String user, KeyPair key) {
        this.port = port;
        this.user = user;
        this.key = key;
    }

    public static void main(String[] arguments) throws Exception {
        KeyPair key =
                new FileKeyPairProvider(Path.of(arguments[2])).loadKeys(null).iterator().next();
        LightClients clients = new LightClients(Integer.parseInt(arguments[0]), arguments[1], key);
        clients.start();
        BufferedReader orders =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            System.out.println(clients.obey(order.split(" ", -1)));
        }
        System.exit(0);
    }

    private void start() {
        client.setIoServiceFactoryFactory(new EventLoops());
        client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
        // Others would take the machine longer than all that is measured.
        client.setKeyExchangeFactories(
                NamedFactory.setUpTransformedFactories(
                        false, List.of(BuiltinDHFactories.curve25519), ClientBuilder.DH2KEX));
        CoreModuleProperties.TCP_NODELAY.set(client, true);
        CoreModuleProperties.IDLE_TIMEOUT.set(client, Duration.ZERO);
        client.start();
    }

    private String obey(String[] order) throws Exception {
        return switch (order[0]) {
            case "open" -> open(Integer.parseInt(order[1]));
            case "type" -> type(Integer.parseInt(order[1]), Long.parseLong(order[2]), "x");
            case "lines" -> type(Integer.parseInt(order[1]), Long.parseLong(order[2]), LINE);
            case "check" -> check();
            default -> throw new IllegalArgumentException(order[0]);
        };
    }

    private String open(int count) throws Exception {
        long start = System.nanoTime();
        try (ExecutorService logins = Executors.newFixedThreadPool(LOGINS)) {
            List<Future<LightShell>> opening = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                opening.add(logins.submit(this::openOne));
            }
            for (Future<LightShell> opened : opening) {
                shells.add(opened.get());
            }
        }
        return Double.toString((System.nanoTime() - start) / 1e9);
    }

    private LightShell openOne() throws IOException {
        ClientSession session = client.connect(user, "127.0.0.1", port).verify(LIMIT).getSession();
        session.addPublicKeyIdentity(key);
        session.auth().verify(LIMIT);
        return LightShell.open(session, LIMIT);
    }

    /**
     * The shells have their turns one after the other, evenly over the time between two keys. No
     * two of them are at the same place in what they type, but by chance.
     *
     * @param keys pressed in each shell in turn, over and over
     */
    private String type(int count, long millis, String keys) throws IOException {
        List<LightShell> busy = shells.subList(shells.size() - count, shells.size());
        Samples all = new Samples();
        Samples enters = new Samples();
        long start = System.nanoTime();
        long end = start + millis * 1_000_000;
        long pause = KEY_NANOS / count;
        int turn = 0;
        for (long next = start; next < end; next += pause) {
            while (next > System.nanoTime()) {
                LockSupport.parkNanos(next - System.nanoTime());
            }
            int shell = turn % count;
            busy.get(shell).press(keys.charAt((turn++ / count + shell) % keys.length()));
        }
        long slowest = Long.MAX_VALUE;
        awaitEchoes(busy);
        for (LightShell shell : busy) {
            Samples echoes = shell.takeKeys();
            Samples entered = shell.takeEnters();
            slowest = Math.min(slowest, echoes.count() + entered.count());
            all.addAll(echoes);
            enters.addAll(entered);
        }
        String said = all.median() + " " + all.percentile(99) + " " + all.max() + " " + slowest;
        return enters.count() == 0
                ? said
                : said + " " + enters.median() + " " + enters.percentile(99) + " " + enters.max();
    }

    private String check() throws IOException {
        for (LightShell shell : shells) {
            shell.press('x');
        }
        awaitEchoes(shells);
        return Long.toString(shells.stream().filter(s -> s.takeKeys().count() == 1).count());
    }

    private static void awaitEchoes(List<LightShell> of) {
        long deadline = System.nanoTime() + CHECK_NANOS;
        while (of.stream().anyMatch(LightShell::waits) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
