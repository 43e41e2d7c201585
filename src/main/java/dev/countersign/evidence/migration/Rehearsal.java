package dev.countersign.evidence.migration;

import dev.countersign.catalog.IntegrityChecks;
import dev.countersign.catalog.IntegrityChecks.Check;
import dev.countersign.evidence.migration.CheckOutcome.Result;
import dev.countersign.evidence.migration.JdbcAddress.Product;
import dev.countersign.evidence.migration.MigrationProperties.Database;
import dev.countersign.evidence.migration.MigrationProperties.Login;
import dev.countersign.evidence.migration.MigrationScripts.Script;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.springframework.stereotype.Component;

/**
 * Runs the scripts of a migration forward and back on a scratch database that stands where the target stands, and proves that its structure and its checks come
 * back. Never on the target: the two are compared by what they say of themselves, not by their addresses.
 */
@Component
class Rehearsal {
    private static final int LONGEST = 400;
    private static final int MOST_CHANGES = 200;
    private final MigrationProperties properties;
    private final ReadOnlyConnections reading;
    private final TargetDatabases databases;

    Rehearsal(MigrationProperties properties, ReadOnlyConnections reading, TargetDatabases databases) {
        this.properties = properties;
        this.reading = reading;
        this.databases = databases;
    }

    /** @param result {@code passed}, {@code failed}, {@code error}, {@code irreversible}, or {@code skipped}: what was not asked */
    record Step(String id, String result, String message) {
        Map<String, Object> entry() {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("id", id);
            entry.put("result", result);
            if (message != null && !message.isBlank()) {
                entry.put("message", message.length() > LONGEST ? message.substring(0, LONGEST) : message);
            }
            return entry;
        }
    }

    /** @param schema digests of the structure before, migrated and restored, and what the migration changes */
    record Report(List<Step> steps, Map<String, Object> schema) {}

    /** Ends at the first step that fails: what comes after it would prove nothing. */
    private static final class Ended extends Exception {
        private static final long serialVersionUID = 1L;
    }

    Report run(Database database, MigrationScripts scripts, List<IntegrityChecks> declared) {
        List<Step> steps = new ArrayList<>();
        Map<String, Object> schema = new LinkedHashMap<>();
        scripts.irreversible().forEach(name -> steps.add(new Step(name, "irreversible", null)));
        if (!steps.isEmpty()) {
            // Run forward it would leave the scratch database where no other rehearsal can begin.
            return new Report(steps, schema);
        }
        try {
            run(database, scripts, declared, steps, schema);
        } catch (IOException | SQLException away) {
            steps.add(new Step(
                    "the databases answer", "error", away instanceof IOException ? away.getMessage() : words(away)));
        } catch (Ended told) {
            return new Report(steps, schema);
        }
        return new Report(steps, schema);
    }

    private void run(
            Database database,
            MigrationScripts scripts,
            List<IntegrityChecks> declared,
            List<Step> steps,
            Map<String, Object> schema)
            throws IOException, SQLException, Ended {
        if (database.scratch() == null) {
            throw new IOException("no scratch database is configured");
        }
        requireAnother(database, steps);
        Structure before;
        try (Connection scratch = build(database.scratch())) {
            before = Structure.of(scratch, database.schema());
            schema.put("before", before.digest());
        }
        Map<IntegrityChecks, Map<String, Measured>> measured = measure(database.scratch(), declared);
        try (Connection scratch = build(database.scratch())) {
            for (Script script : scripts.up()) {
                if (script.condition() != null) {
                    // It runs as if its condition held: where it does not on the target, this is not what will happen
                    // there.
                    steps.add(new Step("precondition of " + script.name(), "skipped", script.condition()));
                }
                execute(scratch, script, steps);
            }
            Structure migrated = Structure.of(scratch, database.schema());
            schema.put("migrated", migrated.digest());
            schema.put("changes", cut(before.differences(migrated)));
            held("after the migration", measured, measure(database.scratch(), declared), steps);
            for (Script script : scripts.down()) {
                execute(scratch, script, steps);
            }
            Structure restored = Structure.of(scratch, database.schema());
            schema.put("restored", restored.digest());
            List<String> left = before.differences(restored);
            steps.add(new Step(
                    "the structure comes back", left.isEmpty() ? "passed" : "failed", String.join("; ", left)));
        }
        held("after the way back", measured, measure(database.scratch(), declared), steps);
    }

    /** The scratch database is not the target, and stands where it stands: else the rehearsal would prove nothing of it. */
    private void requireAnother(Database database, List<Step> steps) throws IOException, SQLException, Ended {
        if (database.target().address().product()
                != database.scratch().address().product()) {
            throw new IOException("the scratch database is another product than the target");
        }
        try (Connection target = reading.open(database.target());
                Connection scratch = reading.open(database.scratch())) {
            try {
                boolean same = identity(target, database.target()).equals(identity(scratch, database.scratch()));
                steps.add(new Step("the scratch database is not the target", same ? "error" : "passed", null));
                if (same) {
                    throw new Ended();
                }
                List<String> off = Structure.columns(target, database.schema())
                        .differences(Structure.columns(scratch, database.schema()));
                steps.add(new Step(
                        "the scratch database stands where the target stands",
                        off.isEmpty() ? "passed" : "error",
                        String.join("; ", off)));
                if (!off.isEmpty()) {
                    throw new Ended();
                }
            } finally {
                target.rollback();
                scratch.rollback();
            }
        }
    }

    /** What a server says of itself: two names for one address give the same. */
    private static String identity(Connection connection, Login login) throws SQLException {
        String sql = login.address().product() == Product.POSTGRESQL
                ? "select current_database() || ' since ' || pg_postmaster_start_time()"
                : "select database() || ' at ' || coalesce(database_path(), 'memory')";
        try (Statement statement = connection.createStatement()) {
            return String.valueOf(ReadOnlyConnections.single(statement, sql));
        }
    }

    /** By a user who may change the structure, and no more: an administrator's scripts could read files or load classes. */
    private Connection build(Login scratch) throws IOException, SQLException {
        // Opened for reading first: that refuses administrators.
        reading.open(scratch).close();
        Properties settings = new Properties();
        if (scratch.address().product() == Product.POSTGRESQL) {
            settings.setProperty("connectTimeout", "5");
            settings.setProperty("loginTimeout", "5");
            settings.setProperty(
                    "socketTimeout", Long.toString(properties.rehearsalTimeout().toSeconds() + 5));
        }
        return scratch.address().open(scratch.username(), scratch.secret(), settings);
    }

    private void execute(Connection scratch, Script script, List<Step> steps) throws SQLException, Ended {
        String id = script.direction() + " " + script.name();
        try (Statement statement = scratch.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.setQueryTimeout(
                    (int) Math.max(1, properties.rehearsalTimeout().toSeconds()));
            // The driver splits it, as it does for the tools that run such files.
            statement.execute(script.content());
            while (statement.getMoreResults() || statement.getUpdateCount() >= 0) {
                // Each statement's failure shows when its result is taken.
            }
            steps.add(new Step(id, "passed", null));
        } catch (SQLException failed) {
            steps.add(new Step(id, "failed", words(failed)));
            throw new Ended();
        }
    }

    private Map<IntegrityChecks, Map<String, Measured>> measure(Login scratch, List<IntegrityChecks> declared) {
        Map<IntegrityChecks, Map<String, Measured>> measured = new LinkedHashMap<>();
        declared.forEach(one -> measured.put(one, databases.measure(scratch, bothTimes(one))));
        return measured;
    }

    private static List<Check> bothTimes(IntegrityChecks declared) {
        return declared.checks().stream()
                .filter(check -> check.before() && check.after())
                .toList();
    }

    private static void held(
            String when,
            Map<IntegrityChecks, Map<String, Measured>> before,
            Map<IntegrityChecks, Map<String, Measured>> after,
            List<Step> steps) {
        before.forEach((declared, values) -> bothTimes(declared).forEach(check -> {
            Measured then = values.get(check.id());
            CheckOutcome outcome = then.error() == null
                    ? CheckOutcome.after(
                            check, then.value(), after.get(declared).get(check.id()))
                    : CheckOutcome.before(check, then);
            steps.add(new Step(
                    declared.name() + "/" + check.id() + " " + when, word(outcome.result()), outcome.message()));
        }));
    }

    private static String word(Result result) {
        return result == Result.PASSED ? "passed" : result == Result.FAILED ? "failed" : "error";
    }

    private static List<String> cut(List<String> changes) {
        return changes.stream()
                .limit(MOST_CHANGES)
                .map(change -> change.length() > LONGEST ? change.substring(0, LONGEST) : change)
                .toList();
    }

    private static String words(Exception failure) {
        return String.valueOf(failure.getMessage()).strip().split("\\R", 2)[0];
    }
}
