package dev.bastion.server.tap.sftp;

import org.jspecify.annotations.Nullable;

/** What a request asks of the host, as far as a record is made of it or of its refusal. */
sealed interface Asked {

    /** The word in the record. */
    String operation();

    String path();

    /** Text that is kept until the answer comes. */
    default int keptChars() {
        return 0;
    }

    /** Something that changes nothing and is recorded only when it is refused. */
    record Looking(String operation, String path) implements Asked {}

    /** A handle for a file or a directory. */
    record Opening(String path, OpenFlags flags, boolean directory) implements Asked {

        @Override
        public String operation() {
            return directory ? "list" : "open";
        }

        String target() {
            return directory ? "" : flags.text();
        }

        @Override
        public int keptChars() {
            return path.length();
        }
    }

    record Closing(String handle, OpenFile file) implements Asked {

        @Override
        public String operation() {
            return "close";
        }

        @Override
        public String path() {
            return file.path();
        }
    }

    record Reading(OpenFile file, long offset) implements Asked {

        @Override
        public String operation() {
            return "read";
        }

        @Override
        public String path() {
            return file.path();
        }
    }

    record Writing(OpenFile file, long offset, int length) implements Asked {

        @Override
        public String operation() {
            return "write";
        }

        @Override
        public String path() {
            return file.path();
        }
    }

    /** A change that is one request and one answer. */
    record Changing(String operation, String path, String target, @Nullable Long bytes)
            implements Asked {

        Changing(String operation, String path, String target) {
            this(operation, path, target, null);
        }

        @Override
        public int keptChars() {
            return path.length() + target.length();
        }
    }
}
