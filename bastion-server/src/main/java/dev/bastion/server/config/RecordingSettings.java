package dev.bastion.server.config;

import java.nio.file.Path;

/**
 * Where recordings are, and what is said of them. Immutable.
 *
 * @param keys file of their keys
 * @param notice what the operator of a recorded shell reads first; empty for nothing
 */
public record RecordingSettings(Path folder, Path keys, String notice) {

    static final String NOTICE = "this session is recorded";

    static RecordingSettings of(Path data, Path keys) {
        return new RecordingSettings(
                data.resolve("recordings"), keys.resolve("recording.keys"), NOTICE);
    }
}
