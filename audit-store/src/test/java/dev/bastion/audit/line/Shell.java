package dev.bastion.audit.line;

/** Shells as a play has them: with a line editor that announces itself, and without. */
enum Shell {
    EDITOR("\\e[?2004hbash$ ", "\\r\\n\\e[?2004l\\r"),
    PLAIN("dash$ ", "\\r\\n");

    final String prompt;

    /** What comes when the line is taken. */
    final String accepted;

    Shell(String prompt, String accepted) {
        this.prompt = prompt;
        this.accepted = accepted;
    }

    /** A command is typed, echoed key by key, and taken. */
    void runs(Console console, String command) {
        console.echoes(command).types("\\r").prints(accepted);
    }

    /** A first command is over, so that the prompt is known. */
    void begins(Console console) {
        console.prints(prompt).waits(300);
        runs(console, "id");
        console.prints("olga\\r\\n" + prompt).waits(300);
    }
}
