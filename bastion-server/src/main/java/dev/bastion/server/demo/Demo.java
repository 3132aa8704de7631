package dev.bastion.server.demo;

import dev.bastion.server.console.Caller;
import dev.bastion.server.console.Console;
import dev.bastion.server.console.ConsoleStreams;
import dev.bastion.server.identity.AuthorizedKey;
import dev.bastion.server.transport.KeyFiles;
import dev.bastion.server.transport.PublicKeyText;
import dev.bastion.server.vault.Secret;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the demo has to try the bastion on: three users with fresh keys, four hosts with random
 * credentials, and an ssh_config that needs no question. Everything is put in by the bastion's own
 * commands, as an admin would.
 */
public final class Demo implements AutoCloseable {

    /** The demo's admin. */
    public static final String ADMIN = "adam";

    private static final String OPERATOR = "alice";
    private static final String AUDITOR = "audrey";
    private static final List<String> USERS = List.of(OPERATOR, AUDITOR, ADMIN);
    private static final String LOGIN = "demo";

    /** A host of the demo: its name, group, and what it is said to be. */
    private record Planned(String name, String group, String description, String label) {}

    private static final List<Planned> HOSTS =
            List.of(
                    new Planned("web1", "web", "Front end, first of two", "env=prod"),
                    new Planned("web2", "web", "Front end, second of two", "env=prod"),
                    new Planned("db1", "db", "Orders database", "env=prod"),
                    new Planned("build", "tools", "Build machine", "env=dev"));

    private final Path folder;
    private final Map<String, String> publicKeys;
    private final List<DemoHost> hosts = new ArrayList<>();

    private Demo(Path folder, Map<String, String> publicKeys) {
        this.folder = folder;
        this.publicKeys = publicKeys;
    }

    /** Makes the folder and the users' keys in it. */
    public static Demo create(Path folder) throws IOException {
        Path absolute = folder.toAbsolutePath().normalize();
        Path client = absolute.resolve("client");
        Files.createDirectories(client);
        Map<String, String> keys = new LinkedHashMap<>();
        for (String user : USERS) {
            KeyPair pair = KeyFiles.create(client.resolve(user), user);
            AuthorizedKey key = PublicKeyText.of(pair.getPublic());
            keys.put(user, key.type() + " " + key.base64());
        }
        return new Demo(absolute, keys);
    }

    public String publicKey(String user) {
        String key = publicKeys.get(user);
        if (key == null) {
            throw new IllegalArgumentException("the demo has no user " + user);
        }
        return key;
    }

    /** Starts the hosts, and puts users, hosts, accounts and a grant in. */
    public void fill(Console console, Caller caller) throws IOException {
        for (String user : List.of(OPERATOR, AUDITOR)) {
            String role = user.equals(OPERATOR) ? "operator" : "auditor";
            run(console, caller, "", "user", "add", user, "--role", role, "--key", publicKey(user));
        }
        for (String group : List.of("web", "db", "tools")) {
            run(console, caller, "", "host-group", "add", group);
        }
        SecureRandom random = new SecureRandom();
        for (Planned planned : HOSTS) {
            byte[] bytes = new byte[16];
            random.nextBytes(bytes);
            String password = HexFormat.of().formatHex(bytes);
            DemoHost host =
                    new DemoHost(planned.name, DemoLogin.withPassword(LOGIN, Secret.of(password)));
            host.start();
            hosts.add(host);
            run(
                    console,
                    caller,
                    "",
                    "host",
                    "add",
                    planned.name,
                    "--address",
                    host.address() + ":" + host.port(),
                    "--group",
                    planned.group,
                    "--label",
                    planned.label,
                    "--description",
                    planned.description);
            run(
                    console,
                    caller,
                    "",
                    "host",
                    "key",
                    "trust",
                    planned.name,
                    "--fingerprint",
                    host.fingerprint());
            run(
                    console,
                    caller,
                    password + "\n",
                    "account",
                    "add",
                    planned.name,
                    LOGIN,
                    "--password-stdin");
            run(
                    console,
                    caller,
                    "",
                    "grant",
                    "add",
                    "--user",
                    OPERATOR,
                    "--host",
                    planned.name,
                    "--account",
                    LOGIN);
        }
    }

    private static void run(Console console, Caller caller, String input, String... words)
            throws IOException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ConsoleStreams streams =
                new ConsoleStreams(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        said,
                        said,
                        false,
                        0);
        int status = console.execute(caller, List.of(words), streams);
        if (status != 0) {
            throw new IOException(
                    "the demo could not be set up: "
                            + String.join(" ", words)
                            + ": "
                            + said.toString(StandardCharsets.UTF_8).strip());
        }
    }

    /** Writes ssh_config and known_hosts, so that no client asks anything. */
    public void writeClientConfiguration(int port, AuthorizedKey bastionKey) throws IOException {
        Path client = folder.resolve("client");
        Path knownHosts = client.resolve("known_hosts");
        Files.writeString(
                knownHosts,
                "[127.0.0.1]:" + port + " " + bastionKey.type() + " " + bastionKey.base64() + "\n");
        StringBuilder text = new StringBuilder();
        for (String user : USERS) {
            text.append("Host ").append(user).append("\n  User ").append(user).append('\n');
        }
        for (Planned host : HOSTS) {
            text.append("Host ").append(host.name).append('\n');
            text.append("  User ").append(OPERATOR).append('+').append(host.name).append('\n');
        }
        for (String user : List.of(AUDITOR, ADMIN)) {
            text.append("Match final user ").append(user).append('\n');
            text.append("  IdentityFile \"").append(client.resolve(user)).append("\"\n");
        }
        text.append("Match final user alice,alice+*\n  IdentityFile \"")
                .append(client.resolve(OPERATOR))
                .append("\"\n");
        text.append("Host *\n  HostName 127.0.0.1\n  Port ").append(port).append('\n');
        text.append("  IdentitiesOnly yes\n  StrictHostKeyChecking yes\n  UserKnownHostsFile \"")
                .append(knownHosts)
                .append("\"\n");
        Files.writeString(folder.resolve("ssh_config"), text.toString());
    }

    /** What to type, a line each. */
    public List<String> introduction() {
        String ssh = "  ssh -F " + folder.resolve("ssh_config") + " ";
        return List.of(
                "",
                "The bastion is open. In another terminal:",
                "",
                ssh + "alice                 the menu of hosts, as an operator",
                ssh + "web1                  straight to a host",
                ssh + "web1 uname -a         one command there",
                ssh + "audrey audit commands --user alice     what alice ran, as an auditor",
                ssh + "adam host list        what an admin keeps",
                "",
                "Ctrl-C here ends it.");
    }

    @Override
    public void close() {
        hosts.forEach(DemoHost::close);
    }
}
