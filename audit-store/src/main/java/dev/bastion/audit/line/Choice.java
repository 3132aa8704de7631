package dev.bastion.audit.line;

/** What a line is taken to be. */
sealed interface Choice {

    /** This text was received. */
    record Text(String text, DecidedLine.Source source, double confidence) implements Choice {}

    /** Keys were typed and not shown. */
    record NotShown() implements Choice {}

    /** An empty line. */
    record Nothing() implements Choice {}

    /** The output does not show it yet. */
    record Wait() implements Choice {}
}
