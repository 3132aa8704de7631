package dev.bastion.server.console;

import java.io.IOException;

/** Nobody reads what the command writes. The command ends quietly. */
final class ClientLeftException extends RuntimeException {

    ClientLeftException(IOException cause) {
        super(cause);
    }
}
