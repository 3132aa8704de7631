package dev.bastion.menu;

import java.util.List;

/**
 * What the host list shows.
 *
 * @param group the group that is shown alone, exactly as given, or empty for all
 * @param top the first position shown
 */
record HostScreen(
        String title,
        String notice,
        List<HostRow> rows,
        SearchList list,
        HostColumns columns,
        List<String> groups,
        String group,
        int top) {

    HostRow row(int position) {
        return rows.get(list.row(position));
    }
}
