package dev.bastion.audit.jdbc;

import java.sql.SQLException;
import javax.sql.DataSource;

/** Where the projector gets its database from, again and again while it is away. */
interface DatabaseSource {

    /**
     * Opens the database if it is not open.
     *
     * @throws dev.bastion.audit.AuditLogException with a sentence when it cannot be
     */
    DataSource open();

    /**
     * Using it failed.
     *
     * @param inARow how often, without a success in between
     */
    void failed(SQLException cause, int inARow);
}
