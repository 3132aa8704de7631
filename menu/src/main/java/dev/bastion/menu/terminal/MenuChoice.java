package dev.bastion.menu.terminal;

/** How a menu on a terminal ended. Immutable. */
public sealed interface MenuChoice {

    /** A target was chosen; both names are exactly as they were given to the menu. */
    record Target(String host, String account) implements MenuChoice {}

    /** The user left. */
    record Left() implements MenuChoice {}

    /** Nobody typed for too long: {@link KeySource#IDLE}. */
    record Idle() implements MenuChoice {}

    /** The other side is gone: {@link KeySource#END}. */
    record Gone() implements MenuChoice {}
}
