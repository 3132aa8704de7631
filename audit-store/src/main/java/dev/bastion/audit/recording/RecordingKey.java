package dev.bastion.audit.recording;

import javax.crypto.SecretKey;

/**
 * A key that recordings hang on; each file has one of its own that is derived from it. Immutable.
 *
 * @param id stands in the header of each file
 */
public record RecordingKey(long id, SecretKey key) {

    @Override
    public String toString() {
        return "recording key " + Long.toHexString(id);
    }
}
