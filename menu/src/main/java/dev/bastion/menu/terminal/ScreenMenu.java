package dev.bastion.menu.terminal;

import dev.bastion.menu.MenuEvent;
import dev.bastion.menu.MenuKey;
import dev.bastion.menu.TargetMenu;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The menu as a screen. Confined to the thread that runs it. */
final class ScreenMenu {

    /** So many bytes typed ahead are taken before the screen is drawn all the same. */
    static final int MAX_BYTES_UNDRAWN = 256;

    private final KeySource keys;
    private final OutputStream out;
    private final TerminalSize size;
    private final ScreenPainter painter;
    private final KeyDecoder decoder = new KeyDecoder();
    private boolean isDrawn;

    ScreenMenu(KeySource keys, OutputStream out, TerminalKind kind, TerminalSize size)
            throws IOException {
        this.keys = keys;
        this.out = out;
        this.size = size;
        this.painter = new ScreenPainter(kind);
    }

    MenuChoice run(TargetMenu menu) throws IOException {
        painter.open();
        resize(menu);
        MenuChoice choice;
        try {
            draw(menu);
            choice = untilChosen(menu);
        } catch (IOException | RuntimeException failure) {
            restore(failure);
            throw failure;
        }
        if (choice instanceof MenuChoice.Gone) {
            return choice;
        }
        send(painter.close());
        return choice;
    }

    private MenuChoice untilChosen(TargetMenu menu) throws IOException {
        int undrawn = 0;
        while (true) {
            boolean polls = !isDrawn && undrawn < MAX_BYTES_UNDRAWN;
            if (!isDrawn && !polls) {
                draw(menu);
                undrawn = 0;
            }
            int b = keys.read(polls ? Duration.ZERO : decoder.patience());
            undrawn++;
            switch (b) {
                case KeySource.END -> {
                    return new MenuChoice.Gone();
                }
                case KeySource.IDLE -> {
                    return new MenuChoice.Idle();
                }
                case KeySource.RESIZED -> resize(menu);
                case KeySource.TIMEOUT -> {
                    if (polls) {
                        draw(menu);
                        undrawn = 0;
                        break;
                    }
                    Optional<MenuChoice> choice = press(decoder.timeout(), menu);
                    if (choice.isPresent()) {
                        return choice.get();
                    }
                }
                default -> {
                    Optional<MenuChoice> choice = press(decoder.accept(b), menu);
                    if (choice.isPresent()) {
                        return choice.get();
                    }
                }
            }
        }
    }

    private Optional<MenuChoice> press(List<MenuKey> pressed, TargetMenu menu) {
        for (MenuKey key : pressed) {
            switch (menu.key(key)) {
                case MenuEvent.Redraw() -> isDrawn = false;
                case MenuEvent.Chosen(String host, String account) -> {
                    return Optional.of(new MenuChoice.Target(host, account));
                }
                case MenuEvent.Left() -> {
                    return Optional.of(new MenuChoice.Left());
                }
                case MenuEvent.Ignored() -> {}
            }
        }
        return Optional.empty();
    }

    private void resize(TargetMenu menu) {
        int columns = size.columns();
        int rows = size.rows();
        menu.resize(columns, rows);
        painter.resize(columns, rows);
        isDrawn = false;
    }

    private void draw(TargetMenu menu) throws IOException {
        send(painter.paint(menu.view()));
        isDrawn = true;
    }

    private void send(byte[] bytes) throws IOException {
        if (bytes.length > 0) {
            out.write(bytes);
            out.flush();
        }
    }

    private void restore(Exception failure) {
        try {
            send(painter.close());
        } catch (IOException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }
}
