package dev.bastion.audit.recording;

import java.util.Optional;

/** Where recordings get their keys from. Thread-safe. */
public interface RecordingKeys {

    /** For new recordings. */
    RecordingKey current();

    /** Of an older recording, or the current one. */
    Optional<RecordingKey> byId(long id);
}
