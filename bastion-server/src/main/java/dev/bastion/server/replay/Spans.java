package dev.bastion.server.replay;

/** Times as people read them. */
final class Spans {

    private Spans() {}

    /** Hours, minutes and seconds. */
    static String clock(long micros) {
        long seconds = micros / 1_000_000;
        return "%02d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
