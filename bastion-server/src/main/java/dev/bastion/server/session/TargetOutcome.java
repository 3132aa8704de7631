package dev.bastion.server.session;

import dev.bastion.server.relay.ChannelRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** How one use of a target ended. */
sealed interface TargetOutcome {

    /**
     * Exit status of what failed in the bastion, as OpenSSH's client uses 255 for its own failures.
     */
    int BASTION_FAILED = 255;

    /**
     * The relay ran and is over.
     *
     * @param exit exit-status or exit-signal as the host sent it, if it did; the client has heard
     *     it already unless the menu comes back
     * @param detail why it ended, when the host's process did not; else empty
     */
    record Ended(@Nullable ChannelRequest exit, String detail) implements TargetOutcome {}

    /**
     * The host was not reached; the operator has been told when there was no menu.
     *
     * @param sentence why
     */
    record NotReached(String sentence) implements TargetOutcome {}

    /** Tells the client of an address how it ended. */
    default void tell(OperatorSide side) {
        switch (this) {
            case Ended ended -> {
                if (ended.exit == null) {
                    side.exit(BASTION_FAILED);
                }
            }
            case NotReached notReached -> side.exit(BASTION_FAILED);
        }
    }

    /** A line for the menu that comes back. */
    default String notice(String host) {
        return switch (this) {
            case Ended ended -> {
                if (!ended.detail.isEmpty()) {
                    yield host + ": " + ended.detail;
                }
                yield ended.exit == null
                        ? host + ": session ended"
                        : host + ": " + words(ended.exit);
            }
            case NotReached notReached -> notReached.sentence;
        };
    }

    private static String words(ChannelRequest exit) {
        Integer status = status(exit);
        if (status != null) {
            return status == 0 ? "session ended" : "session ended with exit status " + status;
        }
        String signal = signal(exit);
        return signal == null ? "session ended" : "session ended by signal " + Shown.text(signal);
    }

    /** The exit status in an exit-status request (RFC 4254 section 6.10). */
    static @Nullable Integer status(ChannelRequest exit) {
        return exit.type().equals("exit-status") && exit.payload().length >= Integer.BYTES
                ? ByteBuffer.wrap(exit.payload()).getInt()
                : null;
    }

    /** The signal's name in an exit-signal request, without SIG. */
    static @Nullable String signal(ChannelRequest exit) {
        if (!exit.type().equals("exit-signal") || exit.payload().length < Integer.BYTES) {
            return null;
        }
        ByteBuffer payload = ByteBuffer.wrap(exit.payload());
        int length = payload.getInt();
        if (length < 0 || length > Math.min(payload.remaining(), 64)) {
            return null;
        }
        byte[] name = new byte[length];
        payload.get(name);
        return new String(name, StandardCharsets.US_ASCII);
    }
}
