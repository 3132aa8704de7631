package dev.bastion.audit.recording;

/** How far a recording goes, as a reader found it. */
public sealed interface RecordingEnd {

    /** All of it is there and unaltered. */
    record Complete() implements RecordingEnd {}

    /** It has no end: the session goes on, or the bastion was killed, or the end was cut off. */
    record Unfinished() implements RecordingEnd {}

    /**
     * From some frame on it is not what was written.
     *
     * @param sentence which, where, and why
     */
    record Damaged(String sentence) implements RecordingEnd {}
}
