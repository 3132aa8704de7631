package dev.bastion.menu.terminal;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jline.utils.InfoCmp;
import org.jline.utils.InfoCmp.Capability;

/**
 * What a kind of terminal can do, as JLine's bundle describes it: read once in a process, since
 * reading takes longer than a paint. What the machine's own terminfo says does not count.
 * Immutable.
 *
 * @param jlineName the name of the description in JLine's bundle
 * @param strings the sequences, without those that the menu does not use
 */
record Capabilities(
        String jlineName,
        Set<Capability> flags,
        Map<Capability, Integer> numbers,
        Map<Capability, String> strings) {

    static final Capabilities XTERM = read("xterm");
    static final Capabilities XTERM_256COLOR = read("xterm-256color");

    Capabilities {
        flags = Set.copyOf(flags);
        numbers = Map.copyOf(numbers);
        strings = Map.copyOf(strings);
    }

    private static Capabilities read(String jlineName) {
        Set<Capability> flags = EnumSet.noneOf(Capability.class);
        Map<Capability, Integer> numbers = new EnumMap<>(Capability.class);
        Map<Capability, String> strings = new EnumMap<>(Capability.class);
        InfoCmp.parseInfoCmp(InfoCmp.getDefaultInfoCmp(jlineName), flags, numbers, strings);
        strings.keySet().removeAll(unused());
        return new Capabilities(jlineName, flags, numbers, strings);
    }

    /** Not every terminal has them, and they tear wide characters apart. */
    private static Set<Capability> unused() {
        return EnumSet.of(
                Capability.insert_character,
                Capability.parm_ich,
                Capability.delete_character,
                Capability.parm_dch,
                Capability.insert_line,
                Capability.parm_insert_line,
                Capability.delete_line,
                Capability.parm_delete_line,
                Capability.change_scroll_region,
                Capability.repeat_char);
    }
}
