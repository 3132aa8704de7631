package dev.bastion.audit.line.replay;

import java.util.List;

/** One object of a trace. */
public sealed interface TraceEvent {

    /** Bytes from the operator's terminal, at nanoseconds from the trace's begin. */
    record Input(long nanos, byte[] bytes) implements TraceEvent {}

    /** Bytes from the host. */
    record Output(long nanos, byte[] bytes) implements TraceEvent {}

    /** The terminal's size. */
    record Size(long nanos, int columns, int rows) implements TraceEvent {}

    /**
     * The end of a window: what the shell itself recorded in it.
     *
     * @param kind what kind of editing the window holds
     * @param truth the commands
     * @param secrets what was typed without echo
     * @param visible what was typed to programs that echoed it
     */
    record Window(String kind, List<String> truth, List<String> secrets, List<String> visible)
            implements TraceEvent {}
}
