package dev.bastion.server.fleet;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A path of the client: which entry of the topmost directory it is in, and the path on the host
 * there. A path that is not absolute begins at the topmost directory.
 *
 * <p>{@code ..} is the host's to resolve, who alone knows its links. Only where it would lead above
 * the host's own topmost directory, with the names taken as they are written, it leads to that of
 * the hosts.
 *
 * @param name of the entry, a character for each byte; empty for the topmost directory itself
 * @param onHost absolute; nobody changes the array
 * @param isEntry whether it is the entry itself, not something in it
 */
record FleetPath(String name, byte[] onHost, boolean isEntry) {

    private static final byte[] TOP = {'/'};

    static FleetPath of(byte[] path) {
        String name = "";
        int rest = path.length;
        int depth = 0;
        boolean isEntry = false;
        int end;
        for (int at = 0; at < path.length; at = end + 1) {
            end = at;
            while (end < path.length && path[end] != '/') {
                end++;
            }
            String part = new String(path, at, end - at, StandardCharsets.ISO_8859_1);
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            boolean up = part.equals("..");
            if (name.isEmpty()) {
                if (!up) {
                    name = part;
                    rest = end;
                    depth = 0;
                    isEntry = true;
                }
            } else if (up && depth == 0) {
                name = "";
                isEntry = false;
            } else {
                depth += up ? -1 : 1;
                isEntry = false;
            }
        }
        boolean onTop = name.isEmpty() || isEntry || rest == path.length;
        return new FleetPath(
                name, onTop ? TOP : Arrays.copyOfRange(path, rest, path.length), isEntry);
    }

    /** Whether it is the directory of all hosts. */
    boolean isTop() {
        return name.isEmpty();
    }
}
