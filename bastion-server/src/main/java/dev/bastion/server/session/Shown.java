package dev.bastion.server.session;

/**
 * Text of a user, a client or a host as it is shown to a person: what could steer a terminal is
 * replaced.
 */
final class Shown {

    private static final int LIMIT = 200;

    private Shown() {}

    static String text(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(LIMIT)
                .forEach(point -> {
                    int type = Character.getType(point);
                    boolean harmless =
                            type != Character.CONTROL
                                    && type != Character.FORMAT
                                    && type != Character.SURROGATE
                                    && type != Character.LINE_SEPARATOR
                                    && type != Character.PARAGRAPH_SEPARATOR;
                    shown.appendCodePoint(harmless ? point : '?');
                });
        return shown.toString();
    }
}
