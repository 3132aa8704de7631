package dev.bastion.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Looks for secrets in bytes: as they are, in UTF-16, in hex, and in base64 wherever in the encoded
 * text they begin.
 */
final class SecretForms {

    private final Map<String, String> names = new LinkedHashMap<>();

    void add(String name, String secret) {
        add(name, secret.getBytes(UTF_8));
        form(name + " in UTF-16LE", secret.getBytes(UTF_16LE));
        form(name + " in UTF-16BE", secret.getBytes(UTF_16BE));
    }

    /** At least 8 bytes, so that chance does not find it. */
    void add(String name, byte[] secret) {
        if (secret.length < 8) {
            throw new IllegalArgumentException("secret: must be 8 bytes or more");
        }
        form(name, secret);
        HexFormat hex = HexFormat.of();
        form(name + " in hex", hex.formatHex(secret).getBytes(UTF_8));
        form(name + " in HEX", hex.withUpperCase().formatHex(secret).getBytes(UTF_8));
        for (int before = 0; before < 3; before++) {
            byte[] shifted = new byte[before + secret.length - (before + secret.length) % 3];
            System.arraycopy(secret, 0, shifted, before, shifted.length - before);
            byte[] encoded = Base64.getEncoder().encode(shifted);
            form(name + " in base64", Arrays.copyOfRange(encoded, 4, encoded.length));
            byte[] web = Base64.getUrlEncoder().encode(shifted);
            form(name + " in base64url", Arrays.copyOfRange(web, 4, web.length));
        }
    }

    private void form(String name, byte[] bytes) {
        names.put(new String(bytes, ISO_8859_1), name);
    }

    /** Names of the secrets that are in a text. */
    List<String> in(String text) {
        return inText(new String(text.getBytes(UTF_8), ISO_8859_1));
    }

    /** Names of the secrets that are in a file, or in any file below a folder, but for some. */
    List<String> below(Path place, Path... butFor) {
        TreeSet<String> found = new TreeSet<>();
        LiveFolder.read(place)
                .forEach((file, text) -> {
                    if (!List.of(butFor).contains(file)) {
                        inText(text).forEach(name -> found.add(file.getFileName() + ": " + name));
                    }
                });
        return List.copyOf(found);
    }

    private List<String> inText(String text) {
        return names.entrySet().stream()
                .filter(form -> text.contains(form.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }
}
