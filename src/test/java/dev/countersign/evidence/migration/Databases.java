package dev.countersign.evidence.migration;

import dev.countersign.evidence.migration.MigrationProperties.Database;
import dev.countersign.evidence.migration.MigrationProperties.Login;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.util.unit.DataSize;

/** Databases of services, real ones, with a user that may only read and one that may change the structure. */
public final class Databases {
    private static EmbeddedPostgres postgres;

    /** @param admin opened as whoever owns it */
    public record Of(String product, String url, String admin, String adminPassword) {
        Connection open() throws SQLException {
            return DriverManager.getConnection(url, admin, adminPassword);
        }

        public void run(String... statements) throws SQLException {
            try (Connection connection = open();
                    Statement statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
            }
        }

        public String value(String sql) throws SQLException {
            try (Connection connection = open();
                    Statement statement = connection.createStatement()) {
                return ReadOnlyConnections.single(statement, sql);
            }
        }

        Login reader() {
            return new Login(url, "reader", "read", null);
        }

        Login builder() {
            return new Login(url, "builder", "build", null);
        }

        @Override
        public String toString() {
            return product;
        }
    }

    private Databases() {}

    public static Of h2() {
        try {
            String name = "jdbc:h2:mem:" + UUID.randomUUID();
            Of database = new Of("H2", name, "sa", "");
            database.run(
                    "set db_close_delay -1",
                    "create user reader password 'read'",
                    "grant select on schema public to reader",
                    "create user builder password 'build'",
                    "grant alter any schema to builder");
            return database;
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    public static synchronized Of postgresql() {
        try {
            if (postgres == null) {
                postgres = EmbeddedPostgres.start();
                try (Connection connection = postgres.getPostgresDatabase().getConnection();
                        Statement statement = connection.createStatement()) {
                    statement.execute("create role reader login password 'read'");
                    statement.execute("create role builder login password 'build'");
                }
            }
            String name = "db_" + UUID.randomUUID().toString().replace("-", "");
            try (Connection connection = postgres.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("create database " + name);
            }
            Of database = new Of(
                    "PostgreSQL",
                    "jdbc:postgresql://localhost:" + postgres.getPort() + "/" + name,
                    "postgres",
                    "postgres");
            // More than reading, on purpose: that nothing is written must not hang on the grants alone.
            database.run(
                    "alter schema public owner to builder",
                    "grant usage on schema public to reader",
                    "alter default privileges in schema public grant all on tables to reader",
                    "alter default privileges for role builder in schema public grant all on tables to reader");
            return database;
        } catch (IOException | SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    static List<Of> both() {
        return List.of(h2(), postgresql());
    }

    static MigrationProperties properties(Map<String, Database> databases) {
        return properties(databases, 1_000);
    }

    static MigrationProperties properties(Map<String, Database> databases, long maxRows) {
        return new MigrationProperties(
                databases,
                Duration.ofSeconds(1),
                Duration.ofSeconds(14),
                maxRows,
                DataSize.ofKilobytes(64),
                Duration.ofSeconds(10));
    }

    static Connection reading(Of database) throws SQLException {
        try {
            return new ReadOnlyConnections(properties(Map.of())).open(database.reader());
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }
}
