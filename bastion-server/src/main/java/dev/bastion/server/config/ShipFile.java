package dev.bastion.server.config;

import dev.bastion.audit.shipping.ShipTo;
import dev.bastion.audit.shipping.TlsMaterial;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One item of {@code ship} in the configuration file: a receiver of the record. One of the first
 * three keys must be there.
 *
 * @param syslog {@code tls://HOST[:PORT]} or {@code tcp://HOST[:PORT]}
 * @param file path of a file that lines of JSON are appended to
 * @param standardOutput true for lines of JSON there
 * @param authorities PEM file, for tls
 * @param certificate PEM file, for tls
 * @param key PEM file, for tls
 */
record ShipFile(
        @Nullable String syslog,
        @Nullable String file,
        @Nullable Boolean standardOutput,
        @Nullable String authorities,
        @Nullable String certificate,
        @Nullable String key) {

    private static final int MOST_RECEIVERS = 8;
    private static final Pattern ADDRESS =
            Pattern.compile("(tls|tcp)://(\\[[0-9A-Fa-f:.%]+]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?");

    /** RFC 5425, 4.1. */
    private static final int TLS_PORT = 6514;

    /** RFC 6587, 3.2, for want of one of its own. */
    private static final int TCP_PORT = 514;

    private static final Pattern ITEM = Pattern.compile("(\\s*)-(\\s.*)?");

    static List<ShipTo> receivers(List<@Nullable ShipFile> items) {
        if (items.size() > MOST_RECEIVERS) {
            throw new WrongShipException(
                    -1, "ship", "must be at most " + MOST_RECEIVERS + ", were " + items.size());
        }
        List<ShipTo> receivers = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < items.size(); i++) {
            ShipFile item = items.get(i);
            if (item == null) {
                throw new WrongShipException(i, "ship", "has an empty item");
            }
            ShipTo receiver = item.receiver(i);
            if (!names.add(receiver.name())) {
                throw new WrongShipException(i, item.kind(), "is there twice");
            }
            receivers.add(receiver);
        }
        return receivers;
    }

    private String kind() {
        return syslog != null ? "syslog" : file != null ? "file" : "standardOutput";
    }

    private ShipTo receiver(int item) {
        boolean standard = Boolean.TRUE.equals(standardOutput);
        int kinds = (syslog == null ? 0 : 1) + (file == null ? 0 : 1) + (standard ? 1 : 0);
        if (kinds != 1) {
            throw new WrongShipException(
                    item,
                    kind(),
                    "must be one of 'syslog: …', 'file: …' and 'standardOutput: true'");
        }
        Matcher address = ADDRESS.matcher(syslog == null ? "" : syslog);
        if (syslog != null && !address.matches()) {
            throw new WrongShipException(
                    item, "syslog", "must be tls://HOST:PORT or tcp://HOST:PORT, was " + syslog);
        }
        boolean secured = syslog != null && address.group(1).equals("tls");
        if (!secured) {
            requireAbsent(item, "authorities", authorities);
            requireAbsent(item, "certificate", certificate);
            requireAbsent(item, "key", key);
        }
        if (syslog != null) {
            return syslog(item, address, secured);
        }
        return file == null ? new ShipTo.StandardOutput() : jsonFile(item, file);
    }

    private static void requireAbsent(int item, String key, @Nullable String value) {
        if (value != null) {
            throw new WrongShipException(item, key, "is for syslog over tls:// only");
        }
    }

    private ShipTo syslog(int item, Matcher address, boolean secured) {
        String host = address.group(2).replaceAll("[\\[\\]]", "");
        String digits = address.group(3);
        int port = digits == null ? (secured ? TLS_PORT : TCP_PORT) : Integer.parseInt(digits);
        if (port < 1 || port > 65_535) {
            throw new WrongShipException(item, "syslog", "has no port of 1 to 65535");
        }
        if (!secured) {
            return new ShipTo.Syslog(host, port, null);
        }
        if ((certificate == null) != (key == null)) {
            throw new WrongShipException(
                    item,
                    certificate == null ? "key" : "certificate",
                    "needs both certificate and key");
        }
        var tls =
                new ShipTo.Tls(
                        path(item, "authorities", authorities),
                        path(item, "certificate", certificate),
                        path(item, "key", key));
        try {
            TlsMaterial.context(tls);
        } catch (IllegalArgumentException e) {
            throw new WrongShipException(item, "syslog", "cannot be used: " + e.getMessage());
        }
        return new ShipTo.Syslog(host, port, tls);
    }

    private static ShipTo jsonFile(int item, String text) {
        Path path = path(item, "file", text);
        Path folder = path == null ? null : path.toAbsolutePath().getParent();
        if (path == null || text.isEmpty() || folder == null || Files.isDirectory(path)) {
            throw new WrongShipException(item, "file", "must be a file, was '" + text + "'");
        }
        if (!Files.isDirectory(folder)) {
            throw new WrongShipException(
                    item, "file", "cannot be made: there is no folder " + folder);
        }
        return new ShipTo.JsonFile(path);
    }

    private static @Nullable Path path(int item, String key, @Nullable String text) {
        try {
            return text == null ? null : Path.of(text);
        } catch (InvalidPathException e) {
            throw new WrongShipException(item, key, "is no path: " + e.getReason());
        }
    }

    /** The line of the item's key; of the item, or of {@code ship}, where it is not found. */
    static String lineOf(WrongShipException wrong, String text) {
        List<String> lines = text.lines().toList();
        Pattern key = Pattern.compile("[\\s-]*[\"']?" + Pattern.quote(wrong.key) + "[\"']?\\s*:.*");
        int found = 0;
        int item = -1;
        String indent = null;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (found == 0) {
                found = line.matches("[\"']?ship[\"']?\\s*:.*") ? i + 1 : 0;
                continue;
            }
            if (!line.isBlank() && !line.startsWith(" ") && !line.startsWith("-")) {
                break;
            }
            Matcher begins = ITEM.matcher(line);
            if (begins.matches() && (indent == null || begins.group(1).equals(indent))) {
                indent = begins.group(1);
                item++;
                found = item == wrong.item ? i + 1 : found;
            }
            if (item == wrong.item && key.matcher(line).matches()) {
                found = i + 1;
                break;
            }
        }
        return found == 0 ? "" : " line " + found;
    }

    /** A receiver that cannot be used. */
    static final class WrongShipException extends RuntimeException {
        private final int item;
        private final String key;

        WrongShipException(int item, String key, String message) {
            super(key + " " + message);
            this.item = item;
            this.key = key;
        }
    }
}
