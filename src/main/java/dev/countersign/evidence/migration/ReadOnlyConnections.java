package dev.countersign.evidence.migration;

import dev.countersign.evidence.migration.JdbcAddress.Product;
import dev.countersign.evidence.migration.MigrationProperties.Login;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.springframework.stereotype.Component;

/**
 * Connections that do not write. PostgreSQL holds them to it by the transaction and by the session's characteristics. H2 has no such transaction: what a query
 * changes there is refused by its words ({@link ReadQuery}), and what it changed all the same is rolled back. Neither user may be an administrator, who
 * reads and writes files.
 */
@Component
class ReadOnlyConnections {
    private final MigrationProperties properties;

    ReadOnlyConnections(MigrationProperties properties) {
        this.properties = properties;
    }

    /** In a transaction that sees one state of the data. To be rolled back and closed. */
    Connection open(Login login) throws IOException, SQLException {
        JdbcAddress address = login.address();
        Connection connection = address.open(login.username(), login.secret(), driverSettings(address.product()));
        try {
            if (address.product() == Product.POSTGRESQL) {
                readOnlyOnPostgresql(connection);
            } else {
                readOnlyOnH2(connection);
            }
            return connection;
        } catch (IOException | SQLException | RuntimeException refused) {
            connection.close();
            throw refused;
        }
    }

    private Properties driverSettings(Product product) {
        Properties settings = new Properties();
        if (product == Product.POSTGRESQL) {
            long seconds = properties.statementTimeout().toSeconds() + 5;
            settings.setProperty("connectTimeout", "5");
            settings.setProperty("loginTimeout", "5");
            settings.setProperty("socketTimeout", Long.toString(seconds));
            settings.setProperty("readOnlyMode", "always");
            settings.setProperty(
                    "maxResultBuffer", Long.toString(properties.maxBytes().toBytes()));
        }
        return settings;
    }

    private static void readOnlyOnPostgresql(Connection connection) throws IOException, SQLException {
        connection.setReadOnly(true);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set transaction isolation level repeatable read, read only");
            require(
                    "on".equals(single(statement, "show transaction_read_only")),
                    "PostgreSQL does not hold the transaction to reading");
            require(
                    "false"
                            .equals(single(
                                    statement,
                                    "select rolsuper::text from pg_catalog.pg_roles where rolname = current_user")),
                    "the user is a superuser of PostgreSQL: checks run as a user that may only read");
        }
    }

    private static void readOnlyOnH2(Connection connection) throws IOException, SQLException {
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try (Statement statement = connection.createStatement()) {
            requireNoAdministrator(statement);
        }
    }

    static void requireNoAdministrator(Statement statement) throws IOException, SQLException {
        require(
                "FALSE"
                        .equalsIgnoreCase(
                                single(
                                        statement,
                                        "select is_admin from information_schema.users where upper(user_name) = upper(current_user)")),
                "the user is an administrator of H2, who reads and writes files and loads classes");
    }

    static String single(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : null;
        }
    }

    private static void require(boolean condition, String otherwise) throws IOException {
        if (!condition) {
            throw new IOException("Nothing is checked: " + otherwise);
        }
    }
}
