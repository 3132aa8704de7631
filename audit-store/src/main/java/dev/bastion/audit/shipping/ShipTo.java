package dev.bastion.audit.shipping;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A receiver of the record, as it is configured. Immutable. */
public sealed interface ShipTo {

    /** As it is shown; two receivers never have the same. */
    String name();

    /**
     * Messages of RFC 5424 over TCP, each with its length (RFC 6587, 3.4.1).
     *
     * @param tls absent for plain text, which anyone on the way can read and change
     */
    record Syslog(String host, int port, @Nullable Tls tls) implements ShipTo {

        @Override
        public String name() {
            String address = host.contains(":") ? "[" + host + "]" : host;
            return (tls == null ? "tcp://" : "tls://") + address + ":" + port;
        }
    }

    /**
     * How the receiver is verified (RFC 5425), and how it may verify us.
     *
     * @param authorities PEM file of the certificates that may have signed the receiver's; absent
     *     for the system's
     * @param certificate PEM file of our own certificate, and those between it and its authority;
     *     absent for none
     * @param key PEM file of its key, PKCS #8; there when {@code certificate} is
     */
    record Tls(@Nullable Path authorities, @Nullable Path certificate, @Nullable Path key) {

        public Tls {
            if ((certificate == null) != (key == null)) {
                throw new IllegalArgumentException("certificate and key must both be given");
            }
        }
    }

    /** JSON lines appended to a file. */
    record JsonFile(Path path) implements ShipTo {

        @Override
        public String name() {
            return "file:" + path.toAbsolutePath().normalize();
        }
    }

    /** JSON lines to the standard output of this process. */
    record StandardOutput() implements ShipTo {

        @Override
        public String name() {
            return "standard output";
        }
    }
}
