package dev.countersign.evidence.migration;

import dev.countersign.catalog.IntegrityChecks;
import dev.countersign.catalog.IntegrityChecks.Check;
import dev.countersign.evidence.migration.MigrationProperties.Database;
import dev.countersign.evidence.migration.MigrationProperties.Login;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Measures declared checks in the database that they are about. Where it cannot be reached every check says so. */
@Component
class TargetDatabases {
    private static final Logger LOG = LoggerFactory.getLogger(TargetDatabases.class);
    private final MigrationProperties properties;
    private final ReadOnlyConnections connections;
    private final Clock clock;

    TargetDatabases(MigrationProperties properties, ReadOnlyConnections connections, Clock clock) {
        this.properties = properties;
        this.connections = connections;
        this.clock = clock;
    }

    Optional<Database> named(String name) {
        return Optional.ofNullable(properties.databases().get(name));
    }

    Map<String, Measured> measure(IntegrityChecks declared, List<Check> checks) {
        return measure(declared, checks, properties.runTimeout());
    }

    Map<String, Measured> measure(IntegrityChecks declared, List<Check> checks, Duration within) {
        return named(declared.database())
                .map(database -> measure(database.target(), checks, properties.within(within)))
                .orElseGet(() -> none(
                        checks,
                        "no database `%s` is configured (countersign.migrations.databases)"
                                .formatted(declared.database())));
    }

    Map<String, Measured> measure(Login login, List<Check> checks) {
        return measure(login, checks, properties);
    }

    private Map<String, Measured> measure(Login login, List<Check> checks, MigrationProperties limits) {
        try (Connection connection = connections.open(login)) {
            try {
                return new CheckRun(limits, clock).measure(connection, checks);
            } finally {
                connection.rollback();
            }
        } catch (IOException | SQLException unreachable) {
            // The reason may name hosts and users: it is for operators, and people who decide see that there is one.
            LOG.warn("The database at {} cannot be checked", login.url(), unreachable);
            return none(
                    checks,
                    unreachable instanceof IOException
                            ? unreachable.getMessage()
                            : "the database cannot be reached, or did not go on answering");
        }
    }

    private static Map<String, Measured> none(List<Check> checks, String why) {
        Map<String, Measured> none = new LinkedHashMap<>();
        checks.forEach(check -> none.put(check.id(), Measured.failed(why)));
        return none;
    }
}
