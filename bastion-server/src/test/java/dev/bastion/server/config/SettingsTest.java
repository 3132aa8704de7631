package dev.bastion.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bastion.audit.jdbc.RetentionOptions;
import dev.bastion.audit.shipping.ShipTo;
import dev.bastion.server.access.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private static final Path DATA = Path.of("data");

    @TempDir Path folder;

    @Test
    void anEmptyFileChangesNothing() throws IOException {
        assertThat(load("")).isEqualTo(Settings.of(DATA));
        assertThat(load("\n \n")).isEqualTo(Settings.of(DATA));
        assertThat(Settings.load(DATA, null, null)).isEqualTo(Settings.of(DATA));
    }

    @Test
    void readsEveryKey() throws IOException {
        Settings settings =
                load(
                        """
                        listen: 0.0.0.0:22
                        ledger: /a
                        database: /b
                        hostKey: /c
                        nextHostKey: /e
                        masterKey: /d
                        ledgerHoldSeconds: 1
                        connectSeconds: 2
                        authenticateSeconds: 3
                        loginGraceSeconds: 86400
                        silenceSeconds: 4
                        idleSeconds: 900
                        sessionSeconds: 0
                        rekeyBytes: 1048576
                        rekeySeconds: 10
                        maxStartups: 5:6:7
                        startupsPerAddress: 8
                        connectionsPerAddress: 9
                        proxyProtocolFrom: [10.0.0.5, '2001:db8::/32']
                        jumpWithoutKey: true
                        encryptAndMac: true
                        hostCertificates: true
                        bastionNames: [bastion.example.org]
                        recordings: /f
                        recordingNotice: everything is recorded
                        """);
        assertThat(settings)
                .isEqualTo(
                        new Settings(
                                "0.0.0.0",
                                22,
                                Path.of("/a"),
                                Path.of("/b"),
                                Path.of("/c"),
                                Path.of("/e"),
                                Path.of("/d"),
                                Settings.of(DATA).control(),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(3),
                                Duration.ofDays(1),
                                Duration.ofSeconds(4),
                                new SessionLimits(Duration.ofMinutes(15), Duration.ZERO),
                                new RekeyLimit(1 << 20, Duration.ofSeconds(10)),
                                new DoorSettings(
                                        new MaxStartups(5, 6, 7),
                                        8,
                                        9,
                                        List.of(
                                                Network.parse("10.0.0.5"),
                                                Network.parse("2001:db8::/32")),
                                        true,
                                        true,
                                        true,
                                        List.of("bastion.example.org")),
                                List.of(),
                                DATA.resolve("shipping"),
                                List.of(),
                                new RecordingSettings(
                                        Path.of("/f"),
                                        Settings.of(DATA).recordings().keys(),
                                        "everything is recorded"),
                                CheckpointSettings.defaults(DATA.resolve("keys")),
                                RetentionOptions.KEEP_ALL));
    }

    @Test
    void checkpointsAreSetBelowTheirKey() throws IOException {
        Settings settings =
                load(
                        """
                        checkpoints:
                          key: /k
                          node: north
                          entries: 5
                          seconds: 6
                          file: /worm/checkpoints
                          standardOutput: true
                          syslog: true
                        ship:
                          - syslog: tcp://logs.example.org
                        retention:
                          ledgerDays: 7
                          recordingMebibytes: 8
                        """);
        assertThat(settings.retention())
                .isEqualTo(new RetentionOptions(Duration.ofDays(7), null, null, 8L << 20));
        assertThat(settings.checkpoints())
                .isEqualTo(
                        new CheckpointSettings(
                                Path.of("/k"),
                                "north",
                                5,
                                Duration.ofSeconds(6),
                                Path.of("/worm/checkpoints"),
                                true,
                                true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'*'", "'a,b'", "'!a'", "''", "'a b'"})
    void aNameOfTheBastionIsNoPattern(String name) {
        assertThatThrownBy(() -> load("bastionNames: [" + name + "]\n"))
                .hasMessageContaining("line 1: bastionNames must be host names or addresses");
    }

    @Test
    void rulesThatMaskSecretsAreNamedExpressionsWithOneGroup() throws IOException {
        Settings settings = load("maskRules:\n  vendor-pin: 'vendor --pin (\\d+)'\n");
        assertThat(settings.maskRules())
                .singleElement()
                .satisfies(rule -> {
                    assertThat(rule.name()).isEqualTo("vendor-pin");
                    assertThat(rule.pattern().pattern()).isEqualTo("vendor --pin (\\d+)");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "'vendor: (x', line 3: vendor in maskRules is wrong: expression is no regular expression",
        "'vendor: x', line 3: vendor in maskRules is wrong: pattern must have one group",
        "'vendor: (a)(b)', line 3: vendor in maskRules is wrong: pattern must have one group",
        "'vendor:', line 3: vendor in maskRules is wrong: pattern must have one group",
        "'Vendor: (a)', line 3: Vendor in maskRules is wrong: name must be lower-case",
    })
    void namesTheLineOfARuleThatCannotBeUsed(String rule, String message) {
        assertThatThrownBy(() -> load("listen: a:1\nmaskRules:\n  " + rule + "\n"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(message);
    }

    @Test
    void rulesThatMaskSecretsAreOneByOne() {
        assertThatThrownBy(() -> load("maskRules: [a]\n"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("line 1")
                .hasMessageContaining("maskRules must be lines of 'name: expression'");
    }

    @Test
    void whomTheRecordIsPassedOnTo() throws IOException {
        Path file = folder.resolve("audit.jsonl");
        assertThat(
                        load("""
                        ship:
                          - syslog: tls://logs.example.org
                          - syslog: tcp://[::1]:601
                          - file: %s
                          - standardOutput: true
                        """
                                        .formatted(file))
                                .ship())
                .containsExactly(
                        new ShipTo.Syslog(
                                "logs.example.org", 6514, new ShipTo.Tls(null, null, null)),
                        new ShipTo.Syslog("::1", 601, null),
                        new ShipTo.JsonFile(file),
                        new ShipTo.StandardOutput());
        assertThat(load("ship: []").ship()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'syslog: udp://a:1', line 4: syslog must be tls://HOST:PORT or tcp://HOST:PORT",
        "'syslog: tls://a:0', line 4: syslog has no port of 1 to 65535",
        "'syslog: tcp://a:65536', line 4: syslog has no port of 1 to 65535",
        "'syslog: tcp://a b', line 4: syslog must be",
        "'syslog: tcp://a\n    key: /k', line 5: key is for syslog over tls:// only",
        "'syslog: tls://a\n    key: /k', line 5: key needs both certificate and key",
        "'syslog: tls://a\n    authorities: /no/file', line 4: syslog cannot be used: the file /no",
        "'file: /no/folder/at/all', line 4: file cannot be made: there is no folder /no/folder/at",
        "'file: /tmp', line 4: file must be a file",
        "'file: x\n    standardOutput: true', line 4: file must be one of",
        "'standardOutput: false', line 4: standardOutput must be one of",
        "'standardOutput: true', line 4: standardOutput is there twice",
        "'fil: /a', line 4: the key 'fil' is not known",
        "'', line 4: ship has an empty item",
    })
    void namesTheLineOfAReceiverThatCannotBeUsed(String item, String message) {
        assertThatThrownBy(() ->
                        load(
                                "listen: a:1\nship:\n  - standardOutput: true\n  - "
                                        + item.replace("\\n", "\n")
                                        + "\n"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ship: tls://a", "ship: [a]", "ship:\n  file: a"})
    void receiversAreAList(String text) {
        assertThatThrownBy(() -> load(text + "\n"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("ship must be a list of 'syslog: …'");
    }

    @Test
    void theCommandLineWinsOverTheFile() throws IOException {
        Path file = Files.writeString(folder.resolve("b.yaml"), "listen: 0.0.0.0:22\n");
        Settings settings = Settings.load(DATA, file, "[::1]:0");
        assertThat(settings.listenHost()).isEqualTo("::1");
        assertThat(settings.listenPort()).isZero();
    }

    @Test
    void namesTheLineAndTheKeyThatItDoesNotKnow() {
        assertThatThrownBy(() -> load("listen: a:1\n\nledgerHoldSecond: 3\n"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("b.yaml line 3: the key 'ledgerHoldSecond' is not known")
                .hasMessageContaining("ledgerHoldSeconds");
    }

    @Test
    void namesTheLineOfAValueOfTheWrongKind() {
        assertThatThrownBy(() -> load("listen: a:1\nconnectSeconds: soon\n"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("b.yaml line 2");
    }

    @Test
    void saysSoWhenASwitchIsNeitherOnNorOff() {
        assertThatThrownBy(() -> load("encryptAndMac: sometimes\n"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("line 1: encryptAndMac must be true or false");
    }

    @ParameterizedTest
    @ValueSource(strings = {"listen: [", "- a", "a"})
    void saysSoWhenItIsNoYamlMapping(String text) {
        assertThatThrownBy(() -> load(text)).isInstanceOf(SettingsException.class);
    }

    @Test
    void saysSoWhenTheFileIsNotThere() {
        assertThatThrownBy(() -> Settings.load(DATA, folder.resolve("none"), null))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ledgerHoldSeconds",
                "connectSeconds",
                "authenticateSeconds",
                "loginGraceSeconds",
                "silenceSeconds"
            })
    void aTimeIsASecondToADay(String key) throws IOException {
        assertThat(load(key + ": 1")).isNotEqualTo(Settings.of(DATA));
        assertThat(load(key + ": 86400")).isNotEqualTo(Settings.of(DATA));
        for (String wrong : new String[] {"0", "-1", "86401"}) {
            assertThatThrownBy(() -> load(key + ": " + wrong))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining(key)
                    .hasMessageContaining(wrong);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:2222, 127.0.0.1, 2222",
        "bastion.example.org:0, bastion.example.org, 0",
        "[::]:65535, '::', 65535",
        "[fe80::1%eth0]:22, fe80::1%eth0, 22",
    })
    void readsAnAddressToListenOn(String text, String host, int port) {
        assertThat(ListenAddress.parse(text)).isEqualTo(new ListenAddress(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "22", ":22", "a", "a:", "a:x", "a:-1", "a:65536", "::1:22", "[::1]"})
    void refusesAnAddressThatNobodyCanListenOn(String text) {
        assertThatThrownBy(() -> ListenAddress.parse(text))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("HOST:PORT")
                .hasMessageContaining("'" + text + "'");
    }

    private Settings load(String text) throws IOException {
        return Settings.load(DATA, Files.writeString(folder.resolve("b.yaml"), text), null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "maxStartups: '10'",
                "maxStartups: '10:30'",
                "maxStartups: '0:30:100'",
                "maxStartups: '10:101:100'",
                "maxStartups: '10:30:9'",
                "maxStartups: 'a:b:c'",
                "startupsPerAddress: 0",
                "connectionsPerAddress: 0",
                "connectionsPerAddress: 1000001",
                "checkpoints: {entries: 0}",
                "checkpoints: {node: 'a b'}",
                "checkpoints: {syslog: true}",
                "retention: {ledgerDays: 0}",
                "proxyProtocolFrom: [balancer]",
                "proxyProtocolFrom: ['10.0.0.1/8']"
            })
    void refusesADoorThatMakesNoSense(String line) {
        assertThatThrownBy(() -> load(line))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(line.substring(0, line.indexOf(':')));
    }

    @ParameterizedTest
    @CsvSource({"9, 0", "10, 30", "55, 65", "99, 99", "100, 100", "5000, 100"})
    void dropsWithAProbabilityThatGrowsAsOpenSshs(int startups, int percent) {
        assertThat(new MaxStartups(10, 30, 100).refusalPercent(startups)).isEqualTo(percent);
    }
}
