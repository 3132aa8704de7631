package dev.bastion.server.console;

/** How a listing is written. */
enum Format {
    /** Aligned columns for people. */
    TABLE,
    /** One object a line. */
    JSON,
    /** RFC 4180, with a header. */
    CSV
}
