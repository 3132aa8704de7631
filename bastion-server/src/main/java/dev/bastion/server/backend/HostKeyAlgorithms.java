package dev.bastion.server.backend;

import java.util.List;
import java.util.Map;

/**
 * Which signature algorithms belong to which key type (RFC 8332 section 3 for rsa), strongest
 * first. SHA-1 is not among them.
 */
final class HostKeyAlgorithms {

    /** Key types in the order that a scan asks for them. */
    static final List<String> TYPES =
            List.of(
                    "ssh-ed25519",
                    "ecdsa-sha2-nistp256",
                    "ecdsa-sha2-nistp384",
                    "ecdsa-sha2-nistp521",
                    "ssh-rsa");

    private static final Map<String, List<String>> SIGNATURES =
            Map.of("ssh-rsa", List.of("rsa-sha2-512", "rsa-sha2-256"));

    private HostKeyAlgorithms() {}

    static List<String> forTypes(List<String> types) {
        return types.stream()
                .flatMap(type -> SIGNATURES.getOrDefault(type, List.of(type)).stream())
                .toList();
    }
}
