package dev.bastion.menu;

import java.util.List;

/** The second, small list: as whom to log in on a host. Confined to the menu's thread. */
record AccountChoice(MenuHost host, List<String> names, SearchList list) {

    static AccountChoice of(MenuHost host) {
        List<String> names =
                host.accounts().stream()
                        .map(account -> SafeText.of(account, HostRow.MAX_NAME_LENGTH))
                        .toList();
        List<SearchText> rows =
                names.stream()
                        .map(name -> new SearchText.Field(FoldedText.of(name), 100))
                        .map(field -> new SearchText(List.of(field)))
                        .toList();
        return new AccountChoice(host, names, new SearchList(rows));
    }

    /** The account at a position, exactly as it was given. */
    String account(int position) {
        return host.accounts().get(list.row(position));
    }

    /** The account at a position, safe to show. */
    String shown(int position) {
        return names.get(list.row(position));
    }
}
