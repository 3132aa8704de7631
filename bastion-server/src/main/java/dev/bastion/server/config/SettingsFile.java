package dev.bastion.server.config;

import dev.bastion.audit.jdbc.RetentionOptions;
import dev.bastion.audit.mask.MaskRule;
import dev.bastion.audit.shipping.ShipTo;
import dev.bastion.server.access.Network;
import dev.bastion.server.identity.InvalidValueException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The configuration file, YAML. Every key may be left out. A key that is not known, or a value that
 * does not fit, stops the start with a sentence that names line and key.
 *
 * @param listen {@code HOST:PORT}
 * @param ledger folder of the ledger
 * @param database folder of the databases
 * @param hostKey file of the bastion's own host key
 * @param nextHostKey file of the one that will follow it
 * @param masterKey file of the master key
 * @param ledgerHoldSeconds see {@link Settings}
 * @param idleSeconds 0 for no limit, as {@code sessionSeconds}
 * @param maxStartups {@code START:RATE:FULL}, see {@link DoorSettings}
 * @param proxyProtocolFrom networks
 * @param jumpWithoutKey see {@link DoorSettings}
 * @param encryptAndMac see {@link DoorSettings}
 * @param hostCertificates see {@link DoorSettings}
 * @param bastionNames see {@link DoorSettings}
 * @param recordings folder of recordings
 * @param recordingNotice see {@link RecordingSettings}
 * @param maskRules regular expressions by name, each with one group
 * @param ship see {@link ShipFile}
 * @param checkpoints see {@link CheckpointSettings}
 * @param retention see {@link RetentionOptions}
 */
record SettingsFile(
        @Nullable String listen,
        @Nullable String ledger,
        @Nullable String database,
        @Nullable String hostKey,
        @Nullable String nextHostKey,
        @Nullable String masterKey,
        @Nullable Integer ledgerHoldSeconds,
        @Nullable Integer connectSeconds,
        @Nullable Integer authenticateSeconds,
        @Nullable Integer loginGraceSeconds,
        @Nullable Integer silenceSeconds,
        @Nullable Integer idleSeconds,
        @Nullable Integer sessionSeconds,
        @Nullable Long rekeyBytes,
        @Nullable Integer rekeySeconds,
        @Nullable String maxStartups,
        @Nullable Integer startupsPerAddress,
        @Nullable Integer connectionsPerAddress,
        @Nullable List<String> proxyProtocolFrom,
        @Nullable Boolean jumpWithoutKey,
        @Nullable Boolean encryptAndMac,
        @Nullable Boolean hostCertificates,
        @Nullable List<String> bastionNames,
        @Nullable Map<String, @Nullable String> maskRules,
        @Nullable List<@Nullable ShipFile> ship,
        @Nullable String recordings,
        @Nullable String recordingNotice,
        @Nullable CheckpointKeys checkpoints,
        @Nullable RetentionKeys retention) {

    private static final Set<String> BOOLEANS =
            Set.of("jumpWithoutKey", "encryptAndMac", "hostCertificates");
    private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.:-]{0,252}");
    private static final int LONGEST_SECONDS = 86_400;
    private static final int LONGEST_SESSION_SECONDS = 2_592_000;
    private static final long LEAST_REKEY_BYTES = 1 << 20;
    private static final long MOST_REKEY_BYTES = 1L << 36;
    private static final int MOST_CONNECTIONS = 1_000_000;
    private static final int MOST_MASK_RULES = 50;
    private static final int LONGEST_NOTICE = 1_000;

    /**
     * Reads the file over the defaults.
     *
     * @throws SettingsException when it cannot be read or used
     */
    static Settings read(Path file, Settings defaults) {
        String text = text(file);
        try {
            YAMLMapper mapper =
                    YAMLMapper.builder()
                            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                            .build();
            if (text.isBlank()) {
                return defaults;
            }
            SettingsFile read = mapper.readValue(text, SettingsFile.class);
            return read == null ? defaults : read.over(defaults);
        } catch (WrongValueException e) {
            throw new SettingsException(
                    file + lineOf(e.key(), text) + ": " + e.key() + " " + e.getMessage(), e);
        } catch (ShipFile.WrongShipException e) {
            throw new SettingsException(file + ShipFile.lineOf(e, text) + ": " + e.getMessage(), e);
        } catch (UnrecognizedPropertyException e) {
            throw new SettingsException(
                    file
                            + lineOf(e.getPropertyName(), text)
                            + ": the key '"
                            + e.getPropertyName()
                            + "' is not known; known are "
                            + e.getKnownPropertyIds(),
                    e);
        } catch (DatabindException e) {
            throw new SettingsException(file + place(e) + ": " + wrongKind(e), e);
        } catch (JacksonException e) {
            throw new SettingsException(
                    file + place(e) + ": this cannot be read: " + firstLine(e.getOriginalMessage()),
                    e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new SettingsException("the configuration " + file + " cannot be read", e);
        }
    }

    /** The parser keeps neither the place of a key that it does not know nor that of a value. */
    private static String lineOf(String key, String text) {
        Pattern form = Pattern.compile("[\\s-]*[\"']?" + Pattern.quote(key) + "[\"']?\\s*:.*");
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (form.matcher(line).matches()) {
                return " line " + number;
            }
        }
        return "";
    }

    private static String wrongKind(DatabindException failure) {
        if (failure.getPath().isEmpty()) {
            return "the file must be lines of 'key: value'";
        }
        String key = String.valueOf(failure.getPath().getFirst().getPropertyName());
        if (BOOLEANS.contains(key)) {
            return key + " must be true or false";
        }
        if (key.equals("ship")) {
            return key + " must be a list of 'syslog: …', 'file: …' and 'standardOutput: true'";
        }
        if (key.equals("checkpoints") || key.equals("retention")) {
            return key + " must be lines of 'key: value' of the right kind";
        }
        if (key.equals("maskRules")) {
            return key + " must be lines of 'name: expression'";
        }
        return key
                + (key.endsWith("Seconds") || key.endsWith("Bytes")
                        ? " must be a whole number"
                        : " must be text");
    }

    private static String firstLine(@Nullable String text) {
        return String.valueOf(text).lines().findFirst().orElse("");
    }

    private static String place(JacksonException failure) {
        TokenStreamLocation location = failure.getLocation();
        return location == null ? "" : " line " + location.getLineNr();
    }

    private Settings over(Settings defaults) {
        Settings listening = listen == null ? defaults : listening(listen, defaults);
        List<ShipTo> receivers = ship == null ? defaults.ship() : ShipFile.receivers(ship);
        return new Settings(
                listening.listenHost(),
                listening.listenPort(),
                path("ledger", ledger, defaults.ledger()),
                path("database", database, defaults.database()),
                path("hostKey", hostKey, defaults.hostKey()),
                nextHostKey == null ? null : path("nextHostKey", nextHostKey, defaults.hostKey()),
                path("masterKey", masterKey, defaults.masterKey()),
                defaults.control(),
                seconds("ledgerHoldSeconds", ledgerHoldSeconds, defaults.ledgerHold()),
                seconds("connectSeconds", connectSeconds, defaults.connectLimit()),
                seconds("authenticateSeconds", authenticateSeconds, defaults.authenticateLimit()),
                seconds("loginGraceSeconds", loginGraceSeconds, defaults.loginGrace()),
                seconds("silenceSeconds", silenceSeconds, defaults.silenceLimit()),
                new SessionLimits(
                        limit("idleSeconds", idleSeconds, defaults.sessions().idle()),
                        limit("sessionSeconds", sessionSeconds, defaults.sessions().total())),
                new RekeyLimit(
                        bytes(defaults.rekey().bytes()),
                        seconds("rekeySeconds", rekeySeconds, defaults.rekey().time())),
                door(defaults.door()),
                maskRules == null ? defaults.maskRules() : masks(maskRules),
                defaults.shipping(),
                receivers,
                new RecordingSettings(
                        path("recordings", recordings, defaults.recordings().folder()),
                        defaults.recordings().keys(),
                        recordingNotice == null
                                ? defaults.recordings().notice()
                                : notice(recordingNotice)),
                checkpoints(defaults.checkpoints(), receivers),
                retention(defaults.retention()));
    }

    /** It goes to terminals. */
    private static String notice(String text) {
        String shown = text.strip();
        boolean harmless = shown.chars().noneMatch(c -> c != '\n' && Character.isISOControl(c));
        if (!harmless || shown.length() > LONGEST_NOTICE) {
            throw new WrongValueException(
                    "recordingNotice",
                    "must be at most "
                            + LONGEST_NOTICE
                            + " characters, without control characters");
        }
        return shown;
    }

    private CheckpointSettings checkpoints(CheckpointSettings defaults, List<ShipTo> receivers) {
        try {
            CheckpointSettings all = checkpoints == null ? defaults : checkpoints.over(defaults);
            if (all.syslog() && receivers.stream().noneMatch(ShipTo.Syslog.class::isInstance)) {
                throw new IllegalArgumentException("syslog needs a 'syslog: …' in ship");
            }
            return all;
        } catch (IllegalArgumentException e) {
            throw new WrongValueException("checkpoints", "is wrong: " + e.getMessage());
        }
    }

    private RetentionOptions retention(RetentionOptions defaults) {
        try {
            return retention == null ? defaults : retention.options();
        } catch (IllegalArgumentException e) {
            throw new WrongValueException("retention", "is wrong: " + e.getMessage());
        }
    }

    private static List<MaskRule> masks(Map<String, @Nullable String> rules) {
        if (rules.size() > MOST_MASK_RULES) {
            throw new WrongValueException(
                    "maskRules", "must be at most " + MOST_MASK_RULES + ", were " + rules.size());
        }
        return rules.entrySet().stream().map(rule -> mask(rule.getKey(), rule.getValue())).toList();
    }

    private static MaskRule mask(String name, @Nullable String expression) {
        try {
            return MaskRule.of(name, expression == null ? "" : expression);
        } catch (IllegalArgumentException e) {
            throw new WrongValueException(name, "in maskRules is wrong: " + e.getMessage());
        }
    }

    private DoorSettings door(DoorSettings defaults) {
        return new DoorSettings(
                maxStartups == null
                        ? defaults.startups()
                        : MaxStartups.parse("maxStartups", maxStartups),
                count("startupsPerAddress", startupsPerAddress, defaults.startupsPerAddress()),
                count(
                        "connectionsPerAddress",
                        connectionsPerAddress,
                        defaults.connectionsPerAddress()),
                proxyProtocolFrom == null
                        ? defaults.proxies()
                        : proxyProtocolFrom.stream().map(SettingsFile::network).toList(),
                jumpWithoutKey == null ? defaults.jumpWithoutKey() : jumpWithoutKey,
                encryptAndMac == null ? defaults.encryptAndMac() : encryptAndMac,
                hostCertificates == null ? defaults.hostCertificates() : hostCertificates,
                bastionNames == null
                        ? defaults.names()
                        : bastionNames.stream().map(SettingsFile::name).toList());
    }

    /** It stands in known_hosts, where a pattern would be for more than the bastion. */
    private static String name(String text) {
        if (!HOST_NAME.matcher(text).matches()) {
            throw new WrongValueException(
                    "bastionNames", "must be host names or addresses, was '" + text + "'");
        }
        return text;
    }

    private static Network network(String text) {
        try {
            return Network.parse(text);
        } catch (InvalidValueException e) {
            throw new WrongValueException("proxyProtocolFrom", "is wrong: " + e.getMessage());
        }
    }

    private static int count(String key, @Nullable Integer value, int otherwise) {
        if (value == null) {
            return otherwise;
        }
        if (value < 1 || value > MOST_CONNECTIONS) {
            throw new WrongValueException(
                    key, "must be 1 to " + MOST_CONNECTIONS + ", was " + value);
        }
        return value;
    }

    private static Settings listening(String address, Settings defaults) {
        try {
            return ListenAddress.parse(address).applyTo(defaults);
        } catch (SettingsException e) {
            throw new WrongValueException("listen", "is wrong: " + e.getMessage());
        }
    }

    private static Path path(String key, @Nullable String text, Path otherwise) {
        try {
            return text == null ? otherwise : Path.of(text);
        } catch (InvalidPathException e) {
            throw new WrongValueException(key, "is no path: " + e.getReason());
        }
    }

    private long bytes(long otherwise) {
        if (rekeyBytes == null) {
            return otherwise;
        }
        if (rekeyBytes < LEAST_REKEY_BYTES || rekeyBytes > MOST_REKEY_BYTES) {
            throw new WrongValueException(
                    "rekeyBytes",
                    "must be "
                            + LEAST_REKEY_BYTES
                            + " to "
                            + MOST_REKEY_BYTES
                            + ", was "
                            + rekeyBytes);
        }
        return rekeyBytes;
    }

    /** A limit that there need not be. */
    private static Duration limit(String key, @Nullable Integer value, Duration otherwise) {
        if (value == null) {
            return otherwise;
        }
        if (value < 0 || value > LONGEST_SESSION_SECONDS) {
            throw new WrongValueException(
                    key, "must be 0 to " + LONGEST_SESSION_SECONDS + ", was " + value);
        }
        return Duration.ofSeconds(value);
    }

    private static Duration seconds(String key, @Nullable Integer value, Duration otherwise) {
        if (value == null) {
            return otherwise;
        }
        if (value < 1 || value > LONGEST_SECONDS) {
            throw new WrongValueException(
                    key, "must be 1 to " + LONGEST_SECONDS + ", was " + value);
        }
        return Duration.ofSeconds(value);
    }

    /** A value that has the right type and cannot be used. */
    private static final class WrongValueException extends RuntimeException {
        private final String key;

        WrongValueException(String key, String message) {
            super(message);
            this.key = key;
        }

        String key() {
            return key;
        }
    }
}
