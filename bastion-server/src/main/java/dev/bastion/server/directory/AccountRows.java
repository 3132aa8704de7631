package dev.bastion.server.directory;

import dev.bastion.server.vault.SealedCredential;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/** Reads the table of accounts. */
final class AccountRows {

    private AccountRows() {}

    static Optional<SealedCredential> credential(Handle handle, String host, String login) {
        return handle.createQuery(
                        "select kind, sealed from bastion.account where host_name = ? and login = ?")
                .bind(0, host)
                .bind(1, login)
                .map((row, _) -> new SealedCredential(kind(row.getString(1)), row.getBytes(2)))
                .findFirst();
    }

    static void credentials(Handle handle, BiConsumer<Directory.Account, SealedCredential> rows) {
        handle.createQuery("select host_name, login, kind, sealed from bastion.account")
                .map((row, _) -> {
                    SealedCredential.Kind kind = kind(row.getString(3));
                    rows.accept(
                            new Directory.Account(row.getString(1), row.getString(2), kind),
                            new SealedCredential(kind, row.getBytes(4)));
                    return kind;
                })
                .useIterator(iterator -> iterator.forEachRemaining(_ -> {}));
    }

    static void all(Handle handle, Consumer<Directory.Account> rows) {
        handle.createQuery(
                        "select host_name, login, kind from bastion.account order by host_name,"
                                + " login")
                .map((row, _) ->
                        new Directory.Account(
                                row.getString(1), row.getString(2), kind(row.getString(3))))
                .useIterator(iterator -> iterator.forEachRemaining(rows));
    }

    private static SealedCredential.Kind kind(String word) {
        return SealedCredential.Kind.valueOf(word.toUpperCase(Locale.ROOT));
    }
}
