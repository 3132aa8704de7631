package dev.bastion.audit.recording;

import dev.bastion.audit.LineKind;

/** One thing that happened on a session's terminal. Immutable. */
public sealed interface RecordingEvent {

    /** Microseconds since the session's start; never less than that of the event before. */
    long atMicros();

    /**
     * The host's bytes as they came; nobody changes the array.
     *
     * @param bytes at most 64 KiB
     */
    record Output(long atMicros, byte[] bytes) implements RecordingEvent {}

    /** The terminal has this size; 0 is unknown. */
    record Resized(long atMicros, int columns, int rows) implements RecordingEvent {}

    /**
     * A line that was typed, at the moment when it was decided.
     *
     * @param enteredMicros when its Enter was typed, since the session's start
     * @param seq number of the line within its session
     * @param keystrokes as in the ledger: a marker when they were not shown
     * @param command the command line
     */
    record Line(
            long atMicros,
            long enteredMicros,
            long seq,
            LineKind kind,
            String keystrokes,
            String command)
            implements RecordingEvent {}

    /**
     * The session is over; the last event.
     *
     * @param how e.g. {@code exit-status 0 exited}
     */
    record Exit(long atMicros, String how) implements RecordingEvent {}
}
