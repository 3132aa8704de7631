package dev.bastion.server.tap.sftp;

import dev.bastion.server.tap.FileRecorder;
import dev.bastion.server.tap.Transfer;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one SFTP session has asked and been answered: which requests may go on, which files are
 * open, what is recorded. Requests are joined to their answers by their numbers. Confined to its
 * tap's lock.
 */
final class Conversation {

    /** The version that is spoken; a client that offers a later one is brought down to it. */
    static final int VERSION = 3;

    /** Handles at a time. */
    static final int OPEN_LIMIT = 4_096;

    /** Requests without their answer. */
    static final int ASKED_LIMIT = 65_536;

    /** Text of open files and of requests without their answer. */
    static final int KEPT_LIMIT_CHARS = 4 << 20;

    /** Requests that are answered here; after them the session ends. */
    static final int REFUSED_LIMIT = 10_000;

    private static final byte[] INIT = {0, 0, 0, 5, PacketType.INIT, 0, 0, 0, VERSION};

    private final FileRights rights;
    private final FileRecorder recorder;
    private final Map<Integer, Asked> asked = new HashMap<>();
    private final Map<String, OpenFile> open = new HashMap<>();
    private int opening;
    private int keptChars;
    private int refused;
    private boolean begun;
    private boolean agreed;
    private @Nullable Transfer writing;
    private @Nullable Transfer reading;

    Conversation(FileRights rights, FileRecorder recorder) {
        this.rights = rights;
        this.recorder = recorder;
    }

    /**
     * Decides over a packet of the client.
     *
     * @param bodyBytes of the packet that follow its head
     */
    Verdict request(ByteBuffer head, int type, int bodyBytes) throws MalformedPacketException {
        writing = null;
        if (begun == (type == PacketType.INIT)) {
            throw new MalformedPacketException(
                    begun ? "a second beginning" : "a request before the beginning");
        }
        if (!begun) {
            begun = true;
            int offered = new Fields(head).number();
            return Integer.compareUnsigned(offered, VERSION) > 0
                    ? new Verdict.Replace(INIT)
                    : Verdict.PASS;
        }
        Request request = Request.read(head, type, bodyBytes, open);
        if (asked.containsKey(request.id())) {
            throw new MalformedPacketException("a number for two requests at a time");
        }
        Asked what = request.asked();
        if (what == null) {
            return refuse(request.id(), Status.FAILURE, "bastion: there is no such open file");
        }
        if (!rights.permit(request.need())) {
            record(what, "not-granted");
            String sentence = rights.refusal(request.need());
            return refuse(request.id(), Status.PERMISSION_DENIED, sentence);
        }
        if (isTooMuch(what)) {
            record(what, "limit");
            return refuse(request.id(), Status.FAILURE, "bastion: this is too much at a time");
        }
        passed(request.id(), what);
        return Verdict.PASS;
    }

    private boolean isTooMuch(Asked what) {
        return asked.size() >= ASKED_LIMIT
                || keptChars + what.keptChars() > KEPT_LIMIT_CHARS
                || (what instanceof Asked.Opening && open.size() + opening >= OPEN_LIMIT);
    }

    private Verdict refuse(int id, int status, String sentence) throws MalformedPacketException {
        if (++refused > REFUSED_LIMIT) {
            throw new MalformedPacketException(
                    "more than " + REFUSED_LIMIT + " requests that were refused");
        }
        return new Verdict.Answer(Status.packet(id, status, sentence));
    }

    private void passed(int id, Asked what) {
        asked.put(id, what);
        keptChars += what.keptChars();
        switch (what) {
            case Asked.Opening files -> opening++;
            case Asked.Writing write -> {
                writing = write.file().writes;
                writing.piece(write.offset(), write.length());
            }
            case Asked.Looking look -> {}
            case Asked.Closing close -> {}
            case Asked.Reading read -> {}
            case Asked.Changing change -> {}
        }
    }

    /** Data of the write that was last passed. */
    void requestData(byte[] bytes, int offset, int length) {
        if (writing != null) {
            writing.data(bytes, offset, length);
        }
    }

    /**
     * Notes an answer of the host.
     *
     * @param bodyBytes of the packet that follow its head
     */
    void reply(ByteBuffer head, int type, int bodyBytes) throws MalformedPacketException {
        reading = null;
        if (agreed == (type == PacketType.VERSION) || !begun) {
            throw new MalformedPacketException("an answer to nothing");
        }
        Fields fields = new Fields(head);
        int first = fields.number();
        if (!agreed) {
            if (Integer.compareUnsigned(first, VERSION) > 0) {
                throw new MalformedPacketException("a later version of it");
            }
            agreed = true;
            return;
        }
        Asked answered = asked.remove(first);
        if (answered == null) {
            throw new MalformedPacketException("an answer to nothing");
        }
        keptChars -= answered.keptChars();
        int status = type == PacketType.STATUS ? fields.number() : Status.OK;
        String result = Status.word(status);
        switch (answered) {
            case Asked.Opening files -> {
                opening--;
                if (type == PacketType.HANDLE) {
                    opened(fields.handle(), new OpenFile(files));
                }
                record(files, result);
            }
            case Asked.Closing close -> {
                if (open.remove(close.handle(), close.file())) {
                    closed(close.file(), result);
                }
            }
            case Asked.Reading read -> {
                Transfer reads = read.file().reads;
                if (type == PacketType.DATA) {
                    dataComes(reads, read.offset(), fields.number(), bodyBytes);
                } else if (status != Status.EOF) {
                    reads.failed(0, result);
                }
            }
            case Asked.Writing write -> {
                if (status != Status.OK) {
                    write.file().writes.failed(write.length(), result);
                }
            }
            case Asked.Changing change -> record(change, result);
            case Asked.Looking look -> {}
        }
    }

    private void dataComes(Transfer reads, long offset, int length, int bodyBytes)
            throws MalformedPacketException {
        if (length != bodyBytes) {
            throw new MalformedPacketException("data whose length is not that of its packet");
        }
        reads.piece(offset, length);
        reading = reads;
    }

    /** Data of the file that the host's last answer is about. */
    void replyData(byte[] bytes, int offset, int length) {
        if (reading != null) {
            reading.data(bytes, offset, length);
        }
    }

    private void opened(String handle, OpenFile file) {
        keptChars += file.keptChars();
        OpenFile before = open.put(handle, file);
        if (before != null) {
            closed(before, "unfinished");
        }
    }

    private void closed(OpenFile file, String result) {
        keptChars -= file.keptChars();
        file.closed(recorder, result);
    }

    /** Records what has not come to its end. */
    void end() {
        for (Asked unanswered : asked.values()) {
            switch (unanswered) {
                case Asked.Opening files -> record(files, "unfinished");
                case Asked.Changing change -> record(change, "unfinished");
                case Asked.Closing close -> {}
                case Asked.Reading read -> {}
                case Asked.Writing write -> {}
                case Asked.Looking look -> {}
            }
        }
        asked.clear();
        for (OpenFile file : open.values()) {
            file.closed(recorder, "unfinished");
        }
        open.clear();
    }

    private void record(Asked what, String result) {
        String target =
                switch (what) {
                    case Asked.Opening files -> files.target();
                    case Asked.Changing change -> change.target();
                    case Asked.Closing close -> "";
                    case Asked.Reading read -> "";
                    case Asked.Writing write -> "";
                    case Asked.Looking look -> "";
                };
        Long bytes = what instanceof Asked.Changing change ? change.bytes() : null;
        recorder.add(what.operation(), what.path(), target, bytes, null, result);
    }
}
