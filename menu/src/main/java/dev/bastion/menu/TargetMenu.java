package dev.bastion.menu;

import dev.bastion.menu.MenuEvent.Chosen;
import dev.bastion.menu.MenuEvent.Ignored;
import dev.bastion.menu.MenuEvent.Left;
import dev.bastion.menu.MenuEvent.Redraw;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The menu of targets: what is typed, what matches, what is selected. A key goes in, an event comes
 * out, and {@link #view()} says what to show. It can be used again after a choice, for the next
 * one. Confined to one thread; no input or output, no clock.
 */
public final class TargetMenu {

    /** A larger terminal is drawn on only this far. */
    public static final int MAX_COLUMNS = 500;

    /** A taller terminal is drawn on only this far. */
    public static final int MAX_ROWS = 300;

    static final int MAX_NOTICE_LENGTH = 1000;

    private static final int MAX_TITLE_LENGTH = 200;
    private static final Redraw REDRAW = new Redraw();
    private static final Ignored IGNORED = new Ignored();
    private static final Left LEFT = new Left();

    private enum Mode {
        HOSTS,
        ACCOUNTS,
        HELP
    }

    private final String title;
    private final List<HostRow> rows;
    private final List<String> groups;
    private final SearchList hosts;
    private final HostColumns hostColumns;

    private Mode mode = Mode.HOSTS;
    private @Nullable AccountChoice accounts;
    private String notice = "";

    /** 0 for all hosts, else one more than the index into {@link #groups}. */
    private int group;

    private int columns = 80;
    private int screenRows = 24;

    /** The first position of the list that is shown. */
    private int top;

    /** A menu of these hosts, titled "Bastion". */
    public TargetMenu(List<MenuHost> hosts) {
        this("Bastion", hosts);
    }

    /**
     * A menu of these hosts; those used before come first, the latest first.
     *
     * @param title the first line of the screen, such as the bastion's and the user's name
     */
    public TargetMenu(String title, List<MenuHost> hosts) {
        this.title = SafeText.of(title, MAX_TITLE_LENGTH);
        List<MenuHost> ordered = new ArrayList<>(hosts);
        ordered.sort(
                Comparator.comparing(
                                MenuHost::lastUsed, Comparator.nullsLast(Comparator.reverseOrder()))
                        .thenComparing(MenuHost::name, NaturalOrder.INSTANCE));
        this.rows = ordered.stream().map(HostRow::of).toList();
        TreeSet<String> names = new TreeSet<>(NaturalOrder.INSTANCE);
        ordered.forEach(host -> names.addAll(host.groups()));
        this.groups = List.copyOf(names);
        this.hosts = new SearchList(rows.size(), row -> rows.get(row).search());
        this.hostColumns = HostColumns.of(rows);
    }

    /** Does what the key says. */
    public MenuEvent key(MenuKey key) {
        if (key == MenuKey.Control.LEAVE) {
            return LEFT;
        }
        AccountChoice choosing = accounts;
        if (mode == Mode.HELP) {
            mode = Mode.HOSTS;
            return REDRAW;
        }
        if (key.equals(new MenuKey.Text('?')) && mode == Mode.HOSTS && hosts.filter().isEmpty()) {
            mode = Mode.HELP;
            return REDRAW;
        }
        SearchList list = choosing == null ? hosts : choosing.list();
        return switch (key) {
            case MenuKey.Text(int codePoint) -> changed(list.type(codePoint));
            case MenuKey.Control control -> control(control, list, choosing);
        };
    }

    private MenuEvent control(
            MenuKey.Control key, SearchList list, @Nullable AccountChoice choosing) {
        int page = Math.max(1, layout().listRows() - 1);
        return switch (key) {
            case UP -> changed(list.move(-1));
            case DOWN -> changed(list.move(1));
            case PAGE_UP -> changed(list.move(-page));
            case PAGE_DOWN -> changed(list.move(page));
            case HOME -> changed(list.select(0));
            case END -> changed(list.select(Long.MAX_VALUE));
            case BACKSPACE -> changed(list.eraseCharacter());
            case ERASE_WORD -> changed(list.eraseWord());
            case ERASE_ALL -> changed(list.eraseAll());
            case NEXT_GROUP -> choosing == null ? cycleGroup(1) : IGNORED;
            case PREVIOUS_GROUP -> choosing == null ? cycleGroup(-1) : IGNORED;
            case ENTER -> list.count() == 0 ? IGNORED : choose(list.selected());
            case ESCAPE -> escape(list);
            case LEAVE -> LEFT;
        };
    }

    /**
     * Chooses what stands at a position of the list, as Enter does with the selected one: a target,
     * or a host whose account is then asked for.
     *
     * @param position from 0 to below {@link #matchCount()}; anything else is ignored
     */
    public MenuEvent choose(int position) {
        AccountChoice choosing = accounts;
        SearchList list = choosing == null ? hosts : choosing.list();
        if (position < 0 || position >= list.count()) {
            return IGNORED;
        }
        list.select(position);
        if (choosing != null) {
            return chosen(choosing.host(), choosing.account(position));
        }
        MenuHost host = rows.get(hosts.row(position)).host();
        if (host.accounts().size() == 1) {
            return chosen(host, host.accounts().getFirst());
        }
        accounts = AccountChoice.of(host);
        mode = Mode.ACCOUNTS;
        return REDRAW;
    }

    private Chosen chosen(MenuHost host, String account) {
        int row = hosts.row(hosts.selected());
        accounts = null;
        mode = Mode.HOSTS;
        notice = "";
        hosts.eraseAll();
        hosts.selectRow(row);
        return new Chosen(host.name(), account);
    }

    private MenuEvent escape(SearchList list) {
        if (!list.filter().isEmpty()) {
            return changed(list.eraseAll());
        }
        if (accounts == null) {
            return LEFT;
        }
        accounts = null;
        mode = Mode.HOSTS;
        return REDRAW;
    }

    private MenuEvent cycleGroup(int by) {
        if (groups.isEmpty()) {
            return IGNORED;
        }
        group = Math.floorMod(group + by, groups.size() + 1);
        if (group == 0) {
            hosts.restrict(row -> true);
        } else {
            String name = groups.get(group - 1);
            hosts.restrict(row -> rows.get(row).host().groups().contains(name));
        }
        return REDRAW;
    }

    private static MenuEvent changed(boolean changed) {
        return changed ? REDRAW : IGNORED;
    }

    /**
     * A sentence to show above the list until the next choice, such as how a session ended.
     *
     * @param sentence any text; empty for none
     */
    public void notice(String sentence) {
        notice = SafeText.of(sentence, MAX_NOTICE_LENGTH);
    }

    /** The terminal's size; what is below 1 counts as 1, what is too large as the largest. */
    public void resize(int columns, int rows) {
        this.columns = Math.clamp(columns, 1, MAX_COLUMNS);
        this.screenRows = Math.clamp(rows, 1, MAX_ROWS);
    }

    /** How many rows match what is typed: hosts, or accounts while one is asked for. */
    public int matchCount() {
        AccountChoice choosing = accounts;
        return choosing == null ? hosts.count() : choosing.list().count();
    }

    /** Whether a host is chosen and one of its accounts is asked for. */
    public boolean choosingAccount() {
        return accounts != null;
    }

    /** The sentence to show, or nothing; safe to show. */
    public String notice() {
        return notice;
    }

    /** The first line of the screen; safe to show. */
    public String title() {
        return title;
    }

    /**
     * A row as one line of text that is safe to show, for a terminal without a screen.
     *
     * @param position from 0 to below {@link #matchCount()}
     */
    public String line(int position, int width) {
        AccountChoice choosing = accounts;
        LineBuilder line = new LineBuilder(Math.clamp(width, 1, MAX_COLUMNS));
        if (choosing != null) {
            line.add(choosing.shown(position), MenuView.Style.PLAIN);
        } else {
            HostRow row = rows.get(hosts.row(position));
            hostColumns.draw(line, row, false, List.of(), width);
        }
        return line.build().text().stripTrailing();
    }

    /** What to show now. */
    public MenuView view() {
        ScreenLayout layout = layout();
        if (mode == Mode.HELP) {
            return layout.help(title);
        }
        AccountChoice choosing = accounts;
        if (choosing != null) {
            int first = scroll(choosing.list(), 0, layout.listRows());
            return layout.accounts(title, notice, choosing, first);
        }
        top = scroll(hosts, top, layout.listRows());
        String groupName = group == 0 ? "" : groups.get(group - 1);
        HostScreen screen =
                new HostScreen(title, notice, rows, hosts, hostColumns, groups, groupName, top);
        return layout.hosts(screen);
    }

    private ScreenLayout layout() {
        boolean hasGroups = !groups.isEmpty() && accounts == null;
        return new ScreenLayout(columns, screenRows, hasGroups, !notice.isEmpty());
    }

    /** The first position to show so that the selected one is seen and no room is wasted. */
    private static int scroll(SearchList list, int first, int shown) {
        int last = Math.max(0, list.count() - shown);
        int lowest = Math.max(0, list.selected() - shown + 1);
        return Math.min(Math.clamp(first, lowest, Math.max(lowest, list.selected())), last);
    }
}
