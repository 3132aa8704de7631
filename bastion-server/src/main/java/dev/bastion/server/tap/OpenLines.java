package dev.bastion.server.tap;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.LineKind;
import dev.bastion.audit.line.DecidedLine;
import dev.bastion.audit.line.EnteredLine;
import dev.bastion.audit.line.LineListener;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one session from the key that ended them until they are decided: numbers them, and
 * makes the records of both moments. Each accepting key makes one entered line; what the engine
 * tells belongs to it by the number of the Enter. Confined to its tap's lock.
 */
final class OpenLines implements LineListener {

    /** Lines that may wait for their decision; of more the oldest is recorded as unjudged. */
    static final int LIMIT = 4096;

    /** Characters of a prompt that are kept, its last ones. */
    private static final int PROMPT_LIMIT = 256;

    /** A buffer for keys that has grown beyond this is not kept. */
    private static final int KEPT_BYTES = 512;

    /** Confidence of text that nothing was decided of. */
    private static final double UNJUDGED = 0.3;

    private static final String PASTE_BEGIN = "^[[200~";
    private static final String PASTE_END = "^[[201~";
    private static final String SEALED = DecidedLine.Source.SEALED_AND_UNJUDGED.word();

    /**
     * A line that was entered.
     *
     * @param at when it was, in microseconds of the session's recording
     * @param enters which Enter of the engine ended it; 0 for a key that is none to it
     * @param known its text as far as it is in the record
     * @param recorded what the record says, a marker included
     */
    private record Open(
            long seq,
            long at,
            long enters,
            String key,
            String known,
            String recorded,
            String keys) {

        boolean isAborted() {
            return key.isEmpty() || key.equals("^C") || key.equals("^\\");
        }
    }

    private final SessionRecorder recorder;
    private final SealedKeys sealed;
    private final ArrayDeque<Open> open = new ArrayDeque<>();

    /** The bytes since the last accepting key, the first of them only. */
    private ByteArrayOutputStream typed = new ByteArrayOutputStream();

    private List<AuditRecord> records = new ArrayList<>();
    private String key = "";
    private boolean entered;
    private @Nullable Open onFullScreen;
    private long lines;

    /**
     * @param lines of this session that are recorded already
     */
    OpenLines(SessionRecorder recorder, SealedKeys sealed, long lines) {
        this.recorder = recorder;
        this.sealed = sealed;
        this.lines = lines;
    }

    /** Bytes of the operator that the engine is about to get. */
    void typed(byte[] bytes, int offset, int length) {
        int room = SealedKeys.LIMIT_BYTES - typed.size();
        typed.write(bytes, offset, Math.min(length, Math.max(0, room)));
    }

    /** The engine is about to get this accepting key, as the last of what it gets at once. */
    void accepting(byte value) {
        key = AcceptingKeys.name(value);
        entered = false;
    }

    /**
     * The engine has it.
     *
     * @param atKnownPrompt whether a prompt stands that shows what is typed to it
     */
    void accepted(boolean atKnownPrompt) {
        if (!entered) {
            notAnEnter(atKnownPrompt);
        }
        if (onFullScreen != null) {
            open.remove(onFullScreen);
            onFullScreen = null;
        }
        key = "";
        wipeTyped();
    }

    /** A key that hands over a part of a line, or stands in a paste. */
    private void notAnEnter(boolean atKnownPrompt) {
        int length = typed.size() - 1;
        if (length <= 0) {
            enter(0, "", 0, "", "");
            return;
        }
        String keys = Keystrokes.lengthClass(length);
        if (atKnownPrompt) {
            String text =
                    Keystrokes.readable(typed.toByteArray(), length)
                            .replace(PASTE_BEGIN, "")
                            .replace(PASTE_END, "");
            enter(0, text, UNJUDGED, keys, "");
        } else {
            enterSealed(0, keys);
        }
    }

    @Override
    public void entered(EnteredLine line) {
        entered = true;
        enterKnown(line);
        if (line.fullscreen()) {
            onFullScreen = open.peekLast();
        }
    }

    private void enterKnown(EnteredLine line) {
        String keys = line.keys() > 0 ? Keystrokes.lengthClass(line.keys()) : "";
        if (line.fullscreen() || line.keys() == 0) {
            enter(line.enters(), "", 0, keys, "");
        } else if (line.whole()) {
            enter(line.enters(), line.text(), line.confidence(), keys, "");
        } else if (!line.text().isEmpty()) {
            enter(line.enters(), line.text(), line.confidence(), keys, seal());
        } else {
            enterSealed(line.enters(), keys);
        }
    }

    private void enterSealed(long enters, String keys) {
        String marker = "[not shown yet: " + keys + "]";
        add(open(enters, "", marker, keys), 0, seal());
    }

    private void enter(long enters, String text, double confidence, String keys, String seal) {
        add(open(enters, text, text, keys), confidence, seal);
    }

    private Open open(long enters, String known, String recorded, String keys) {
        return new Open(++lines, recorder.nowInRecording(), enters, key, known, recorded, keys);
    }

    private void add(Open line, double confidence, String seal) {
        records.add(
                recorder.entered(
                        line.seq, line.at, line.key, line.recorded, confidence, line.keys, seal));
        if (line.enters == 0 && line.recorded.isEmpty()) {
            return;
        }
        open.add(line);
        if (open.size() > LIMIT) {
            unjudged(open.remove());
        }
    }

    private String seal() {
        return sealed.seal(typed.toByteArray(), typed.size());
    }

    @Override
    public void decided(DecidedLine line) {
        Open found = line.kind() == DecidedLine.Kind.FULLSCREEN ? null : take(line.enters());
        long seq;
        long at = found == null ? recorder.nowInRecording() : found.at;
        if (found == null) {
            seq = ++lines;
            records.add(recorder.entered(seq, at, "", "", 0, "", ""));
        } else {
            seq = found.seq;
        }
        boolean shown =
                line.kind() == DecidedLine.Kind.COMMAND || line.kind() == DecidedLine.Kind.INPUT;
        String prompt = line.prompt();
        records.add(
                recorder.decided(
                        seq,
                        at,
                        LineKind.valueOf(line.kind().name()),
                        line.keystrokes(),
                        shown ? line.command() : line.keystrokes(),
                        line.source().word(),
                        line.confidence(),
                        prompt.substring(Math.max(0, prompt.length() - PROMPT_LIMIT))));
    }

    @Override
    public void nothing(long enters) {
        Open found = take(enters);
        if (found == null) {
            return;
        }
        if (found.isAborted() && !found.known.isBlank()) {
            aborted(found);
        } else {
            isNothing(found);
        }
    }

    /** Takes the line out, and what was a part of it. */
    private @Nullable Open take(long enters) {
        List<Open> parts = new ArrayList<>();
        for (Iterator<Open> each = open.iterator(); each.hasNext(); ) {
            Open line = each.next();
            if (line.enters == 0) {
                parts.add(line);
            } else if (line.enters == enters) {
                each.remove();
                for (Open part : parts) {
                    open.remove(part);
                    isNothing(part);
                }
                return line;
            } else {
                parts.clear();
            }
        }
        return null;
    }

    private void isNothing(Open line) {
        if (!line.recorded.isEmpty()) {
            records.add(
                    recorder.decided(line.seq, line.at, LineKind.NOTHING, "", "", "typed", 1, ""));
        }
    }

    private void aborted(Open line) {
        String text = line.known + line.key;
        records.add(
                recorder.decided(
                        line.seq, line.at, LineKind.ABORTED, text, text, "typed", UNJUDGED, ""));
    }

    private void unjudged(Open line) {
        if (line.known.isBlank()) {
            if (!line.recorded.isEmpty()) {
                String marker = "[not echoed: " + line.keys + "]";
                records.add(
                        recorder.decided(
                                line.seq,
                                line.at,
                                LineKind.NO_ECHO,
                                marker,
                                marker,
                                SEALED,
                                0,
                                ""));
            }
        } else if (line.isAborted()) {
            aborted(line);
        } else {
            records.add(
                    recorder.decided(
                            line.seq,
                            line.at,
                            LineKind.COMMAND,
                            line.known,
                            line.known,
                            "typed",
                            UNJUDGED,
                            ""));
        }
    }

    /** What was typed and not ended when the session was. */
    void unfinished(EnteredLine line) {
        if (line.keys() > 0) {
            enterKnown(line);
        }
        wipeTyped();
    }

    /** Nothing is decided any more. */
    void end() {
        while (!open.isEmpty()) {
            unjudged(open.remove());
        }
        sealed.forget();
    }

    /** The records that were made since the last call. */
    List<AuditRecord> takeRecords() {
        if (open.isEmpty()) {
            sealed.forget();
        }
        if (records.isEmpty()) {
            return List.of();
        }
        List<AuditRecord> taken = records;
        records = new ArrayList<>();
        return taken;
    }

    private void wipeTyped() {
        int size = typed.size();
        typed.reset();
        for (int i = 0; i < size; i++) {
            typed.write(0);
        }
        typed.reset();
        if (size > KEPT_BYTES) {
            typed = new ByteArrayOutputStream();
        }
    }
}
