package dev.bastion.server.console;

import dev.bastion.server.vault.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads secrets from standard input: asked for, without echo, where a person sits. */
final class SecretInput {

    private static final int MAX_LINE_BYTES = 1_024;
    private static final int MAX_KEY_BYTES = 32_768;
    private static final int CTRL_C = 0x03;
    private static final int CTRL_D = 0x04;
    private static final int CTRL_U = 0x15;
    private static final int DEL = 0x7f;

    private final ConsoleStreams streams;
    private final Output err;

    SecretInput(ConsoleStreams streams, Output err) {
        this.streams = streams;
        this.err = err;
    }

    /** One line without its end. The caller closes it. */
    Secret line(String question) {
        byte[] buffer = new byte[MAX_LINE_BYTES + 1];
        try {
            ask(question);
            int length = streams.terminal() ? typedLine(buffer, false) : pipedLine(buffer);
            if (length == 0) {
                throw new RefusedException("nothing was given on standard input");
            }
            return Secret.owning(Arrays.copyOf(buffer, length));
        } finally {
            Arrays.fill(buffer, (byte) 0);
        }
    }

    /** A private key up to its last line, or to the end of the input. The caller closes it. */
    Secret key() {
        byte[] buffer = new byte[MAX_KEY_BYTES];
        try {
            ask("Private key, then Enter (not shown): ");
            int length = 0;
            int c;
            while ((c = read()) >= 0 && !(streams.terminal() && c == CTRL_D)) {
                if (streams.terminal() && c == CTRL_C) {
                    throw new RefusedException("interrupted; nothing was changed");
                }
                if (length == buffer.length) {
                    throw new RefusedException(
                            "the private key is longer than " + MAX_KEY_BYTES + " bytes");
                }
                buffer[length++] = (byte) (streams.terminal() && c == '\r' ? '\n' : c);
                if (streams.terminal() && endsKey(buffer, length)) {
                    break;
                }
            }
            if (streams.terminal() && c < 0) {
                throw new RefusedException("interrupted; nothing was changed");
            }
            return Secret.owning(Arrays.copyOf(buffer, length));
        } finally {
            Arrays.fill(buffer, (byte) 0);
            if (streams.terminal()) {
                err.print("\n");
                err.flush();
            }
        }
    }

    /** Whether the person says yes; what they type is echoed. */
    boolean confirm(String question) {
        ask(question + " [yes/no] ");
        byte[] buffer = new byte[MAX_LINE_BYTES + 1];
        int length = typedLine(buffer, true);
        String answer = new String(buffer, 0, length, StandardCharsets.UTF_8).strip();
        return answer.equalsIgnoreCase("yes") || answer.equalsIgnoreCase("y");
    }

    private void ask(String question) {
        if (streams.terminal()) {
            err.print(ShownText.escape(question));
            err.flush();
        }
    }

    private int typedLine(byte[] buffer, boolean echo) {
        int length = 0;
        while (true) {
            int c = read();
            if (c == CTRL_C || c == CTRL_D || c < 0) {
                err.print("\n");
                throw new RefusedException("interrupted; nothing was changed");
            }
            if (c == '\r' || c == '\n') {
                err.print("\n");
                err.flush();
                return length;
            }
            if (c == CTRL_U) {
                length = 0;
            } else if (c == DEL || c == '\b') {
                length = shorter(buffer, length);
            } else {
                length = append(buffer, length, c);
                if (echo && c >= ' ') {
                    err.print(String.valueOf((char) c));
                    err.flush();
                }
            }
        }
    }

    private int pipedLine(byte[] buffer) {
        int length = 0;
        int c;
        while ((c = read()) >= 0 && c != '\n') {
            length = append(buffer, length, c);
        }
        return length > 0 && buffer[length - 1] == '\r' ? length - 1 : length;
    }

    private static int append(byte[] buffer, int length, int c) {
        if (length == MAX_LINE_BYTES) {
            throw new RefusedException("the line is longer than " + MAX_LINE_BYTES + " bytes");
        }
        buffer[length] = (byte) c;
        return length + 1;
    }

    /** One character of UTF-8 less. */
    private static int shorter(byte[] buffer, int length) {
        int end = length;
        while (end > 0 && (buffer[end - 1] & 0xc0) == 0x80) {
            end--;
        }
        return Math.max(0, end - 1);
    }

    private static boolean endsKey(byte[] buffer, int length) {
        if (buffer[length - 1] != '\n') {
            return false;
        }
        int from = Math.max(0, length - 80);
        String tail = new String(buffer, from, length - from, StandardCharsets.ISO_8859_1);
        return tail.contains("-----END ");
    }

    private int read() {
        try {
            return streams.in().read();
        } catch (IOException e) {
            throw new ClientLeftException(e);
        }
    }
}
