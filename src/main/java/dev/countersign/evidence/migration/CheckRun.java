package dev.countersign.evidence.migration;

import dev.countersign.catalog.IntegrityChecks.Check;
import dev.countersign.catalog.IntegrityChecks.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures checks over one connection that only reads. A check that cannot be measured says why; the others are measured all the same. */
final class CheckRun {
    private static final int FETCH = 1_000;
    private static final int LONGEST_VALUE = 300;
    private final MigrationProperties limits;
    private final Clock clock;
    private final Instant end;

    CheckRun(MigrationProperties limits, Clock clock) {
        this.limits = limits;
        this.clock = clock;
        this.end = clock.instant().plus(limits.runTimeout());
    }

    /** By the checks' ids, in their order. */
    Map<String, Measured> measure(Connection connection, List<Check> checks) throws SQLException {
        Map<String, Measured> measured = new LinkedHashMap<>();
        for (Check check : checks) {
            measured.put(check.id(), measure(connection, check));
        }
        return measured;
    }

    private Measured measure(Connection connection, Check check) throws SQLException {
        Duration left = Duration.between(clock.instant(), end);
        if (left.isNegative() || left.isZero()) {
            return Measured.failed("no time left: all checks together have " + limits.runTimeout());
        }
        String sql;
        try {
            if (check.sql() != null && isH2(connection)) {
                ReadQuery.requireReadingOnH2(check.sql());
            }
            sql = ReadQuery.of(check, limits.maxRows());
        } catch (IllegalArgumentException writes) {
            return Measured.failed(writes.getMessage());
        }
        // PostgreSQL refuses everything after an error in a transaction, but for what goes back to before it.
        Savepoint before = connection.setSavepoint();
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.setQueryTimeout(
                    seconds(left.compareTo(limits.statementTimeout()) < 0 ? left : limits.statementTimeout()));
            statement.setFetchSize(FETCH);
            try (ResultSet rows = statement.executeQuery(sql)) {
                return check.kind() == Kind.CHECKSUM ? checksum(rows, check) : single(rows);
            }
        } catch (SQLException failure) {
            return Measured.failed(firstLine(failure));
        } finally {
            connection.rollback(before);
        }
    }

    private static boolean isH2(Connection connection) throws SQLException {
        return "H2".equals(connection.getMetaData().getDatabaseProductName());
    }

    /** A driver's time-out has whole seconds. */
    private static int seconds(Duration time) {
        return (int) Math.max(1, time.toSeconds());
    }

    private static Measured single(ResultSet rows) throws SQLException {
        ResultSetMetaData columns = rows.getMetaData();
        if (columns.getColumnCount() != 1) {
            return Measured.failed(
                    "the query gives %d columns, one value is asked for".formatted(columns.getColumnCount()));
        }
        if (!rows.next()) {
            return Measured.failed("the query gives no row, one value is asked for");
        }
        String value = new RowDigest().add(rows, 1, columns.getColumnType(1));
        if (rows.next()) {
            return Measured.failed("the query gives more than one row, one value is asked for");
        }
        if (value == null) {
            return Measured.failed("the value is null: nothing can be said of it");
        }
        return value.length() > LONGEST_VALUE
                ? Measured.failed(
                        "the value has %d characters, at most %d are kept".formatted(value.length(), LONGEST_VALUE))
                : Measured.of(value);
    }

    private Measured checksum(ResultSet rows, Check check) throws SQLException {
        RowDigest digest = new RowDigest();
        ResultSetMetaData columns = rows.getMetaData();
        int keys = check.key().size();
        List<String> previous = List.of();
        for (long row = 1; rows.next(); row++) {
            if (row > limits.maxRows()) {
                return Measured.failed("the table has more than %d rows: sum it up by SQL".formatted(limits.maxRows()));
            }
            if (row % FETCH == 0 && clock.instant().isAfter(end)) {
                return Measured.failed("no time left: all checks together have " + limits.runTimeout());
            }
            List<String> values = new ArrayList<>();
            for (int column = 1; column <= columns.getColumnCount(); column++) {
                values.add(digest.add(rows, column, columns.getColumnType(column)));
            }
            if (digest.bytes() > limits.maxBytes().toBytes()) {
                return Measured.failed("more than %d bytes: sum it up by SQL"
                        .formatted(limits.maxBytes().toBytes()));
            }
            List<String> key = values.subList(0, keys);
            if (key.equals(previous)) {
                return Measured.failed("two rows have the key %s: their order is not certain".formatted(key));
            }
            previous = key;
        }
        return Measured.of(digest.hex());
    }

    private static String firstLine(SQLException failure) {
        String words = String.valueOf(failure.getMessage()).strip().split("\\R", 2)[0];
        return words.length() > 200 ? words.substring(0, 200) : words;
    }
}
