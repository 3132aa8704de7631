package dev.bastion.server.console;

import dev.bastion.audit.AuditReader.CommandRow;
import dev.bastion.audit.AuditReader.Query;
import dev.bastion.audit.LineKind;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.recording.RecordingEnd;
import dev.bastion.audit.recording.RecordingException;
import dev.bastion.audit.recording.RecordingReader;
import dev.bastion.server.replay.Player;
import dev.bastion.server.replay.ReplayTerminal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code audit play}: a recording on the terminal of whoever asks. */
@Command(
        name = "play",
        description = {
            "Replays a session's recording on your terminal: over SSH with -t, not by"
                    + " 'bastion admin'.",
            "Keys: space pause, + and - speed, 1 as it was, . step, n and p next and previous"
                    + " command, arrows 10 s, g and G begin and end, q quit."
        })
final class PlayCommand implements Callable<Integer> {

    /** More cannot be jumped to. */
    private static final int MOST_COMMANDS = 20_000;

    private static final int LONGEST_TEXT = 200;
    private static final Duration LONGEST_IDLE = Duration.ofDays(365);
    private static final Pattern SPAN = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,3})?)(ms|s|m)?");

    private final CommandContext context;

    @Parameters(paramLabel = "ID", description = "of the session")
    private String id = "";

    @Option(names = "--speed", paramLabel = "N", description = "1 is as it was; 0.0625 to 256")
    private double speed = 1;

    @Option(
            names = "--max-idle",
            paramLabel = "T",
            description = "pauses are no longer than this: 2s (the default), 500ms, 1m, 0 for all")
    private String maxIdle = "2s";

    @Option(
            names = "--at-command",
            paramLabel = "SEQ",
            description = "begins at this command's Enter; 'audit show' has the numbers")
    private @Nullable Long atCommand;

    PlayCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        ReplayTerminal terminal = context.screen("'audit export " + id + "'");
        if (!(speed > 0)) {
            throw new UsageException("--speed must be more than 0");
        }
        Duration idle = maxIdle(maxIdle);
        context.consultAudit();
        SessionId session = AuditFilter.session(id);
        try (RecordingReader recording = context.parts().recordings().read(session)) {
            List<Player.Command> commands = commands(session);
            RecordingEnd end =
                    new Player(
                                    recording,
                                    commands,
                                    terminal,
                                    title(recording.header().subject().context()),
                                    new Player.Options(speed, idle, start(commands)))
                            .run();
            boolean leftBeforeTheEnd = end instanceof RecordingEnd.Unfinished && recording.hasEnd();
            return leftBeforeTheEnd ? 0 : RecordingEnds.tell(context, session, end);
        } catch (RecordingException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new ClientLeftException(e);
        }
    }

    static String title(SessionContext of) {
        return ShownText.escape(of.user() + ": " + of.account() + "@" + of.host());
    }

    static Duration maxIdle(String text) {
        Matcher span = SPAN.matcher(text);
        if (!span.matches()) {
            throw new UsageException("--max-idle must be like 2s, 500ms or 1m, was " + text);
        }
        double number = Double.parseDouble(span.group(1));
        String unit = span.group(2) == null ? "s" : span.group(2);
        double seconds =
                switch (unit) {
                    case "ms" -> number / 1_000;
                    case "m" -> number * 60;
                    default -> number;
                };
        return seconds == 0 ? LONGEST_IDLE : Duration.ofMillis((long) (seconds * 1_000));
    }

    private List<Player.Command> commands(SessionId session) {
        List<Player.Command> found = new ArrayList<>();
        Query query = new Query(null, null, null, session, null, null, null, MOST_COMMANDS);
        context.parts()
                .auditReader()
                .commands(
                        query,
                        row -> {
                            Long at = row.at();
                            if (at != null && isCommand(row)) {
                                found.add(new Player.Command(row.record().seq(), at, text(row)));
                            }
                        });
        found.sort(Comparator.comparingLong(Player.Command::atMicros));
        return found;
    }

    private static boolean isCommand(CommandRow row) {
        return row.line() == LineKind.COMMAND || row.line() == LineKind.ABORTED;
    }

    private static String text(CommandRow row) {
        String command = row.record().command();
        return ShownText.escape(command.substring(0, Math.min(command.length(), LONGEST_TEXT)));
    }

    private long start(List<Player.Command> commands) {
        Long wanted = atCommand;
        if (wanted == null) {
            return 0;
        }
        return commands.stream()
                .filter(command -> command.seq() == wanted)
                .mapToLong(Player.Command::atMicros)
                .findFirst()
                .orElseThrow(() ->
                        new RefusedException(
                                "the recording has no command "
                                        + wanted
                                        + ": 'audit show "
                                        + id
                                        + "' lists them"));
    }
}
