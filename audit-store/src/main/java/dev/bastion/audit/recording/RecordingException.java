package dev.bastion.audit.recording;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A recording that cannot be made, or not be read. The message is a sentence. */
public final class RecordingException extends IOException {

    public RecordingException(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }

    RecordingException(String sentence) {
        super(sentence);
    }
}
