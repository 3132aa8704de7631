package dev.bastion.menu.terminal;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a terminal can do, by its type's name. The name comes from the operator's side, so it only
 * picks among {@link Capabilities}; it never reaches a command or a file name.
 *
 * @param capabilities what may be sent where there is a screen
 * @param hasScreen whether the cursor can be moved
 * @param hasColours whether colours may be sent
 * @param hasPasteMarks whether to ask for marks around pasted text
 */
record TerminalKind(
        Capabilities capabilities, boolean hasScreen, boolean hasColours, boolean hasPasteMarks) {

    private static final TerminalKind PLAIN =
            new TerminalKind(Capabilities.XTERM, false, false, false);

    private static final Pattern COLOURFUL =
            Pattern.compile(
                    "(xterm|putty|kitty|alacritty|foot|wezterm|ghostty|tmux|screen|rxvt|konsole|gnome"
                            + "|vte|st|iterm2?|nsterm|mintty|ms-terminal|vscode|contour|mlterm|eterm"
                            + "|rio|terminator|termite|dtterm)([-.+].*)?");

    private static final Pattern CONSOLE =
            Pattern.compile("(linux|cygwin|ansi|pcansi|cons25|bterm|fbterm|jfbterm)([-.+0-9].*)?");

    private static final Pattern MONOCHROME =
            Pattern.compile("(vt[1-5][0-9]{2}|sun|wsvt25)([-.+].*)?");

    /** The kind for what the operator's side calls its terminal; any text will do. */
    static TerminalKind of(String terminalType) {
        String type = terminalType.strip().toLowerCase(Locale.ROOT);
        if (type.length() > 64) {
            return PLAIN;
        }
        if (COLOURFUL.matcher(type).matches()) {
            boolean many = type.contains("256color") || type.contains("direct");
            boolean mono = type.endsWith("-mono") || type.endsWith("-m");
            return new TerminalKind(
                    many ? Capabilities.XTERM_256COLOR : Capabilities.XTERM, true, !mono, true);
        }
        if (CONSOLE.matcher(type).matches()) {
            boolean mono = type.endsWith("-mono") || type.endsWith("-m");
            return new TerminalKind(Capabilities.XTERM, true, !mono, false);
        }
        if (MONOCHROME.matcher(type).matches()) {
            return new TerminalKind(Capabilities.XTERM, true, false, false);
        }
        return PLAIN;
    }
}
