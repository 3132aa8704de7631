package dev.bastion.menu;

/** What a key did. Immutable. */
public sealed interface MenuEvent {

    /** The screen is to be drawn again. */
    record Redraw() implements MenuEvent {}

    /**
     * A target was chosen.
     *
     * @param hostName the host's name exactly as it was given to the menu
     * @param account one of the host's accounts exactly as given
     */
    record Chosen(String hostName, String account) implements MenuEvent {}

    /** The user wants to leave. */
    record Left() implements MenuEvent {}

    /** Nothing changed. */
    record Ignored() implements MenuEvent {}
}
