package dev.bastion.server.bench;

import dev.bastion.audit.line.CommandLines;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What finding command lines costs: output while nobody types, output that is drawn, streams made
 * to be slow, and what a session keeps. On the caller's thread alone.
 */
final class LinesBench {

    private static final long MEBIBYTE = 1 << 20;
    private static final int PACKET = 32 * 1024;
    private static final int SESSIONS = 1_000;
    private static final String TEXT = "some text of a line that a program printed\r\n";
    private static final String LISTING =
            "-rw-r--r-- 1 root root 4096 \033[01;34mdocuments\033[0m \033[32mrun.sh\033[0m\r\n";

    /** Each keeps the engine awake in another way. */
    private static final Map<String, String> HOSTILE = hostile();

    private final BenchOptions options;

    LinesBench(BenchOptions options) {
        this.options = options;
    }

    private static Map<String, String> hostile() {
        Map<String, String> streams = new LinkedHashMap<>();
        streams.put("text", "x");
        streams.put("line feeds", "\n");
        streams.put("an editor on and off", "\033[?2004hx\033[?2004l");
        streams.put("an editor, insert and erase", "\033[?2004h$ \033[999P\033[999@\033[2J");
        streams.put("alternate screen on and off", "\033[?1049h\033[?1049l");
        streams.put("prompts marked", "\033]133;A\007$ \033]133;B\007\033]133;C\007");
        streams.put("prompts", "$ $ $ $ $ $ \r\n");
        streams.put("line feeds at the top", "\033[Ha\n");
        streams.put("combining marks", "e\u0301\u0302\u0303");
        streams.put("echoes and questions", "abc\r\ndef\r\nKennwort: \r\n");
        streams.put("echoes and an editor", "abc\r\ndef\r\n\033[?2004hx:\033[?2004l\n");
        return streams;
    }

    void run() {
        Table table = new Table("Finding command lines, MB/s of output");
        for (int round = -1; round < options.rounds(); round++) {
            Table kept = round < 0 ? new Table("") : table;
            kept.add("nobody types", "text", idle(TEXT));
            kept.add("nobody types", "coloured listing", idle(LISTING));
            for (int[] size : new int[][] {{80, 24}, {1000, 500}}) {
                String terminal = size[0] + "x" + size[1];
                kept.add("drawn, " + terminal, "coloured listing", waiting(size, LISTING));
                HOSTILE.forEach((name, piece) ->
                        kept.add("hostile, " + terminal, name, waiting(size, piece)));
            }
        }
        table.print();
        System.out.printf("%nA session at a prompt keeps %.1f KiB.%n", bytesKept() / 1024.0);
    }

    private double idle(String piece) {
        CommandLines lines = new CommandLines(80, 24, line -> {});
        return flood(lines, piece, options.megabytes() * MEBIBYTE, false);
    }

    /** Lines are typed every MiB, so that output is looked at closely; nobody types faster. */
    private double waiting(int[] size, String piece) {
        CommandLines lines = new CommandLines(size[0], size[1], line -> {});
        return flood(lines, piece, Math.min(8, options.megabytes()) * MEBIBYTE, true);
    }

    private static double flood(CommandLines lines, String piece, long total, boolean typing) {
        byte[] packet = bytes(piece.repeat(PACKET / piece.length()));
        byte[] keys = bytes("abc\rdef\rghi");
        long fed = 0;
        long begin = System.nanoTime();
        while (fed < total) {
            if (typing && fed % MEBIBYTE == 0) {
                lines.input(keys, 0, keys.length, fed);
            }
            lines.output(packet, 0, packet.length, fed + 1);
            fed += packet.length;
        }
        return fed / 1e6 / ((System.nanoTime() - begin) / 1e9);
    }

    private static double bytesKept() {
        byte[] output = bytes(TEXT.repeat(500));
        byte[] prompt = bytes("\033[?2004hroot@web1:~# ");
        byte[] keys = bytes("ls -l /etc\r");
        byte[] accepted = bytes("ls -l /etc\r\n\033[?2004l\r");
        List<CommandLines> sessions = new ArrayList<>();
        long before = used();
        for (int i = 0; i < SESSIONS; i++) {
            CommandLines lines = new CommandLines(80, 24, line -> {});
            for (long now = 0; now < 20_000_000_000L; now += 1_000_000_000) {
                lines.output(prompt, 0, prompt.length, now);
                lines.input(keys, 0, keys.length, now + 500_000_000);
                lines.output(accepted, 0, accepted.length, now + 500_000_001);
                lines.output(output, 0, output.length, now + 500_000_002);
            }
            lines.output(prompt, 0, prompt.length, 20_000_000_000L);
            sessions.add(lines);
        }
        return (double) (used() - before) / sessions.size();
    }

    private static long used() {
        System.gc();
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
