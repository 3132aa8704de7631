package dev.bastion.audit.line;

import org.jspecify.annotations.Nullable;

/**
 * One stay at a prompt: from when a line can be typed until the line is let go. Its text begins at
 * the anchor, when there is one. Confined to one thread.
 */
final class Edit {

    private static final int MARKED_CELLS_ABOVE = 160;

    /** What rows that are written from now on are stamped with. */
    final int stamp;

    /** A line editor announced itself with bracketed paste. */
    final boolean editor;

    /** Where the cursor stood when this began. */
    final long beganRow;

    final int beganColumn;

    /** Something was printed since. */
    boolean printed;

    /** The terminal changed its size: rows may have moved. */
    boolean resized;

    /** Line feeds that did not end the line although they could have. */
    int lineFeeds;

    /** More line feeds came than the editor itself prints: a job printed something, perhaps. */
    boolean otherOutput;

    /** Control sequences since: a terminal that echoes by itself prints none. */
    int sequences;

    private boolean anchored;
    private boolean exact;
    private long anchorRow;
    private int anchorColumn;
    private String prompt = "";
    private String promptRow = "";
    private @Nullable RightPrompt right;

    Edit(int stamp, boolean editor, Screen screen) {
        this.stamp = stamp;
        this.editor = editor;
        beganRow = screen.cursorRow();
        beganColumn = screen.column();
    }

    /** The line's text begins at the cursor. */
    void anchor(Screen screen, boolean byMark) {
        anchored = true;
        exact = byMark;
        anchorRow = screen.cursorRow();
        anchorColumn = screen.column();
        promptRow = RowText.of(screen, anchorRow, 0, anchorColumn);
        // A host may mark over and over: of a marked prompt's rows above not much is kept.
        int above = byMark ? MARKED_CELLS_ABOVE : RowText.MAX_JOINED_CELLS;
        prompt = RowText.joinedAbove(screen, anchorRow, above) + promptRow;
        right = RightPrompt.at(screen, anchorRow, anchorColumn);
    }

    /** The anchor proved nothing. */
    void dropAnchor() {
        anchored = false;
    }

    boolean isAnchored() {
        return anchored;
    }

    /** The host itself marked where the text begins. */
    boolean isExact() {
        return exact;
    }

    long anchorRow() {
        return anchorRow;
    }

    int anchorColumn() {
        return anchorColumn;
    }

    String prompt() {
        return prompt;
    }

    /** The prompt's last row up to the anchor. */
    String promptRow() {
        return promptRow;
    }

    @Nullable RightPrompt right() {
        return right;
    }
}
