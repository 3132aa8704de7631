package dev.bastion.server.tap.sftp;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * File attributes that a request sets (draft-ietf-secsh-filexfer-02 section 5).
 *
 * @param size the length that the file is cut or grown to; -1 when it is not set
 * @param text all that are set, e.g. {@code size=0 mode=0644}
 */
record Attributes(long size, String text) {

    private static final int SIZE = 1;
    private static final int OWNER = 2;
    private static final int PERMISSIONS = 4;
    private static final int TIMES = 8;
    private static final int EXTENDED = 1 << 31;
    private static final int MODE_MASK = 07777;

    static Attributes read(Fields fields) throws MalformedPacketException {
        int flags = fields.number();
        List<String> set = new ArrayList<>();
        long size = -1;
        if ((flags & SIZE) != 0) {
            size = fields.longNumber();
            set.add("size=" + Long.toUnsignedString(size));
        }
        if ((flags & OWNER) != 0) {
            set.add("owner=" + unsigned(fields.number()) + ":" + unsigned(fields.number()));
        }
        if ((flags & PERMISSIONS) != 0) {
            set.add(String.format("mode=%04o", fields.number() & MODE_MASK));
        }
        if ((flags & TIMES) != 0) {
            set.add("accessed=" + time(fields.number()));
            set.add("modified=" + time(fields.number()));
        }
        if ((flags & EXTENDED) != 0) {
            set.add("extended");
        }
        return new Attributes(size, String.join(" ", set));
    }

    private static String unsigned(int value) {
        return Integer.toUnsignedString(value);
    }

    private static String time(int seconds) {
        return Instant.ofEpochSecond(Integer.toUnsignedLong(seconds)).toString();
    }
}
