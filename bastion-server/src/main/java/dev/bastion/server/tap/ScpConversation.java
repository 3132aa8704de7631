package dev.bastion.server.tap;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows the old scp protocol: the source sends a line for each file ({@code C0644 12 name}), for
 * entering ({@code D}) and leaving ({@code E}) a directory, and for times ({@code T}); the sink
 * answers each, and the data of each file, with a zero, or with a message that begins with 1 or 2.
 * What does not look so is not recorded any more. Confined to its tap's lock.
 */
final class ScpConversation {

    private static final int LINE_LIMIT_BYTES = 16 << 10;
    private static final int DEPTH_LIMIT = 1_000;

    private enum State {
        LINE,
        FOLDER_ASKED,
        FILE_ASKED,
        DATA,
        DATA_STATUS,
        DATA_MESSAGE,
        DATA_SENT,
        LOST
    }

    private final ScpCommand command;
    private final FileRecorder recorder;
    private final ArrayDeque<String> folders = new ArrayDeque<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private State state = State.LINE;
    private boolean inMessage;
    private String path = "";
    private long size;
    private boolean readError;

    /** What the sink said of the data before the source's word on them; PuTTY does not wait. */
    private @Nullable Boolean early;

    private Transfer transfer = new Transfer();

    ScpConversation(ScpCommand command, FileRecorder recorder) {
        this.command = command;
        this.recorder = recorder;
    }

    /** Bytes of the side that the files come from. */
    void source(byte[] bytes, int offset, int length) {
        int i = offset;
        int end = offset + length;
        while (i < end) {
            switch (state) {
                case LINE -> lineByte(bytes[i++]);
                case FILE_ASKED -> dataBegins();
                case DATA -> {
                    int piece = (int) Math.min(size - transfer.bytes(), end - i);
                    transfer.piece(transfer.bytes(), piece);
                    transfer.data(bytes, i, piece);
                    i += piece;
                    if (transfer.bytes() == size) {
                        state = State.DATA_STATUS;
                    }
                }
                case DATA_STATUS -> {
                    readError = bytes[i++] != 0;
                    if (readError) {
                        state = State.DATA_MESSAGE;
                    } else {
                        dataSent();
                    }
                }
                case DATA_MESSAGE -> {
                    if (bytes[i++] == '\n') {
                        dataSent();
                    }
                }
                case FOLDER_ASKED, DATA_SENT -> state = State.LOST;
                case LOST -> {
                    return;
                }
            }
        }
    }

    /** Bytes of the side that the files go to. */
    void sink(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (inMessage) {
                inMessage = bytes[i] != '\n';
            } else {
                inMessage = bytes[i] != 0;
                answered(!inMessage);
            }
        }
    }

    private void answered(boolean accepted) {
        switch (state) {
            case FOLDER_ASKED -> {
                recorder.add(
                        command.toHost() ? "mkdir" : "list",
                        path,
                        command.argument(),
                        null,
                        null,
                        accepted ? "ok" : "failure");
                if (accepted) {
                    folders.add(path + "/");
                }
                state = State.LINE;
            }
            case FILE_ASKED -> {
                if (accepted) {
                    dataBegins();
                } else {
                    fileEnds("failure");
                }
            }
            case DATA_SENT -> fileEnds(accepted && !readError ? "ok" : "failure");
            case DATA_STATUS, DATA_MESSAGE -> early = accepted;
            // Of times, the end of a directory, or too early: nothing follows from it.
            case LINE, DATA, LOST -> {}
        }
    }

    private void dataBegins() {
        state = size == 0 ? State.DATA_STATUS : State.DATA;
    }

    private void dataSent() {
        state = State.DATA_SENT;
        if (early != null) {
            answered(early);
        }
    }

    private void lineByte(byte value) {
        if (value != '\n') {
            line.write(value);
            if (line.size() > LINE_LIMIT_BYTES) {
                state = State.LOST;
                line.reset();
            }
            return;
        }
        byte[] whole = line.toByteArray();
        line.reset();
        switch (whole.length == 0 ? 0 : whole[0]) {
            case 'C' -> named(whole, State.FILE_ASKED);
            case 'D' -> named(whole, State.FOLDER_ASKED);
            case 'E' -> folders.pollLast();
            // Times, and what the source could not read.
            case 'T', 1, 2 -> {}
            default -> state = State.LOST;
        }
    }

    /** Mode, size and name. */
    private void named(byte[] whole, State next) {
        String text = PathText.of(whole);
        List<String> words = List.of(text.split(" ", 3));
        if (words.size() < 3
                || !words.get(1).matches("[0-9]{1,18}")
                || folders.size() > DEPTH_LIMIT) {
            state = State.LOST;
            return;
        }
        String folder = folders.isEmpty() ? "" : folders.getLast();
        path = folder + words.get(2);
        size = Long.parseLong(words.get(1));
        transfer = new Transfer();
        readError = false;
        early = null;
        state = next;
    }

    private void fileEnds(String result) {
        recorder.add(
                command.toHost() ? "write" : "read",
                path,
                command.argument(),
                transfer.bytes(),
                result.equals("ok") ? transfer.sha256() : null,
                result);
        state = State.LINE;
    }

    /** Records what has not come to its end. */
    void end() {
        switch (state) {
            case FILE_ASKED, DATA, DATA_STATUS, DATA_MESSAGE, DATA_SENT -> fileEnds("unfinished");
            case LINE, FOLDER_ASKED, LOST -> {}
        }
        state = State.LOST;
    }
}
