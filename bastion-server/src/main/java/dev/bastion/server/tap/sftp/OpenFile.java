package dev.bastion.server.tap.sftp;

import dev.bastion.server.tap.FileRecorder;
import dev.bastion.server.tap.Transfer;

/** A file or directory that the host has given a handle for. Confined to its tap's lock. */
final class OpenFile {

    private final Asked.Opening how;
    final Transfer reads = new Transfer();
    final Transfer writes = new Transfer();

    OpenFile(Asked.Opening how) {
        this.how = how;
        if (how.flags().append()) {
            writes.notInOrder();
        }
    }

    String path() {
        return how.path();
    }

    int keptChars() {
        return how.keptChars();
    }

    /** Records what went through it. */
    void closed(FileRecorder recorder, String result) {
        if (how.directory()) {
            return;
        }
        boolean written = how.flags().write();
        if (!written || reads.bytes() > 0) {
            summary(recorder, "read", reads, result);
        }
        if (written) {
            summary(recorder, "write", writes, result);
        }
    }

    private void summary(
            FileRecorder recorder, String operation, Transfer transfer, String closed) {
        String result = transfer.result(closed);
        recorder.add(
                operation,
                path(),
                transfer.range(),
                transfer.bytes(),
                result.equals("ok") ? transfer.sha256() : null,
                result);
    }
}
