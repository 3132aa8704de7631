package dev.bastion.menu.terminal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Sized;
import org.jline.terminal.impl.AbstractTerminal;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;
import org.jline.utils.NonBlockingReader;
import org.jspecify.annotations.Nullable;

/**
 * A JLine terminal that only collects what is written to it and never reads: keys are pulled by the
 * menu itself, because JLine's own terminals read ahead. Confined to the menu's thread.
 */
final class ScreenTerminal extends AbstractTerminal {

    /** Display writes these whatever the terminal is; a paint is one write anyway. */
    private static final Pattern UPDATE_MARKS = Pattern.compile("\033\\[\\?2026[hl]");

    private final ByteArrayOutputStream collected = new ByteArrayOutputStream(8192);
    private final PrintWriter writer =
            new PrintWriter(new OutputStreamWriter(collected, StandardCharsets.UTF_8));
    private final Attributes attributes = new Attributes();
    private Size size = Size.of(80, 24);

    ScreenTerminal(Capabilities can) throws IOException {
        super("menu", can.jlineName(), StandardCharsets.UTF_8, SignalHandler.SIG_IGN);
        bools.addAll(can.flags());
        ints.putAll(can.numbers());
        strings.putAll(can.strings());
        palette.reloadFromCapabilities();
    }

    /** Everything written since the last call. */
    byte[] take() {
        writer.flush();
        String text = collected.toString(StandardCharsets.UTF_8);
        collected.reset();
        return UPDATE_MARKS.matcher(text).replaceAll("").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public PrintWriter writer() {
        return writer;
    }

    @Override
    public OutputStream output() {
        return collected;
    }

    @Override
    public NonBlockingReader reader() {
        throw new UnsupportedOperationException("keys come from the KeySource");
    }

    @Override
    public InputStream input() {
        throw new UnsupportedOperationException("keys come from the KeySource");
    }

    @Override
    public Attributes getAttributes() {
        return attributes;
    }

    @Override
    public void setAttributes(Attributes ignored) {}

    @Override
    public Size getSize() {
        return size;
    }

    @Override
    public void setSize(Sized newSize) {
        size = Size.of(newSize);
    }

    @Override
    public @Nullable TerminalProvider getProvider() {
        return null;
    }

    @Override
    public @Nullable SystemStream getSystemStream() {
        return null;
    }
}
