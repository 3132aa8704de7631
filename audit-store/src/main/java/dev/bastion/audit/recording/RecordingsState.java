package dev.bastion.audit.recording;

/** What can be done with recordings at this moment. */
public sealed interface RecordingsState {

    record Writable() implements RecordingsState {}

    /**
     * What was shown cannot be written; it is tried again each second.
     *
     * @param reason a sentence for the log
     */
    record Unwritable(String reason) implements RecordingsState {}
}
