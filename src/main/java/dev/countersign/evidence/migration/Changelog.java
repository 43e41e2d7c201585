package dev.countersign.evidence.migration;

import dev.countersign.evidence.migration.JdbcAddress.Product;
import dev.countersign.evidence.migration.MigrationScripts.Named;
import dev.countersign.evidence.migration.MigrationScripts.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import liquibase.Scope;
import liquibase.change.Change;
import liquibase.change.ChangeFactory;
import liquibase.change.DbmsTargetedChange;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.database.Database;
import liquibase.database.DatabaseList;
import liquibase.exception.LiquibaseException;
import liquibase.parser.ChangeLogParserFactory;
import liquibase.sql.Sql;
import liquibase.sql.visitor.AppendSqlIfNotPresentVisitor;
import liquibase.sql.visitor.AppendSqlVisitor;
import liquibase.sql.visitor.PrependSqlVisitor;
import liquibase.sql.visitor.SqlVisitor;
import liquibase.sqlgenerator.SqlGeneratorFactory;
import liquibase.statement.SqlStatement;

/**
 * Liquibase's changelogs in XML, YAML and JSON, written as SQL by Liquibase itself for the product of the database, without one: what is rehearsed is the SQL. Nothing but the registered
 * files can be read by them, and changes that run programs, load classes or read data from files are refused.
 */
final class Changelog {
    private static final Pattern WITHOUT_VALUE = Pattern.compile("\\$\\{[A-Za-z0-9_.-]+}");
    /** Of the changes that Liquibase brings: what becomes SQL from what stands in the files alone. */
    private static final Set<String> READ = Set.of(
            "addAutoIncrement",
            "addColumn",
            "addDefaultValue",
            "addForeignKeyConstraint",
            "addLookupTable",
            "addNotNullConstraint",
            "addPrimaryKey",
            "addUniqueConstraint",
            "alterSequence",
            "createIndex",
            "createProcedure",
            "createSequence",
            "createTable",
            "createView",
            "delete",
            "dropColumn",
            "dropDefaultValue",
            "dropForeignKeyConstraint",
            "dropIndex",
            "dropNotNullConstraint",
            "dropPrimaryKey",
            "dropProcedure",
            "dropSequence",
            "dropTable",
            "dropUniqueConstraint",
            "dropView",
            "empty",
            "insert",
            "mergeColumns",
            "modifyDataType",
            "output",
            "renameColumn",
            "renameSequence",
            "renameTable",
            "renameView",
            "setColumnRemarks",
            "setTableRemarks",
            "sql",
            "sqlFile",
            "tagDatabase",
            "update");

    /** Liquibase is not made for several threads at once. */
    static final ReentrantLock READING = new ReentrantLock();

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
    private static final int MOST_MODIFICATIONS = 20;

    private final Database database;
    private final Deployment deployment;
    private final Budget parameters = new Budget("its properties become", 4L * MigrationScripts.LONGEST);
    /** What is written may be far longer than what was registered. */
    private final Budget written = new Budget("their SQL has", 2L * MigrationScripts.LONGEST);

    private final List<Script> up = new ArrayList<>();
    private final List<Script> down = new ArrayList<>();
    private final List<String> irreversible = new ArrayList<>();
    /** What is open of the changelog that is being read, as a whole. */
    private String ofAll;

    private Changelog(Database database, Deployment deployment) {
        this.database = database;
        this.deployment = deployment;
    }

    static boolean isOne(List<Named> files) {
        return files.stream().anyMatch(file -> RegisteredFiles.isChangelog(file.name()));
    }

    /**
     * @param product of the database that they are for
     * @param deployment what of them it runs
     * @throws ChangelogsBusy where others are still being read
     * @throws IllegalArgumentException where one cannot be read, reaches outside of the files, or holds what does not become SQL
     */
    static MigrationScripts of(List<Named> files, Product product, Deployment deployment) {
        RegisteredFiles registered = new RegisteredFiles(files);
        boolean alone = false;
        try {
            alone = READING.tryLock(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            if (!alone) {
                throw new ChangelogsBusy();
            }
            return read(files, registered, product, deployment);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new ChangelogsBusy();
        } finally {
            if (alone) {
                READING.unlock();
            }
        }
    }

    private static MigrationScripts read(
            List<Named> files, RegisteredFiles registered, Product product, Deployment deployment) {
        Map<String, Object> scope = Map.of(
                Scope.Attr.resourceAccessor.name(),
                registered,
                // It tells nobody that it was used.
                "liquibase.analytics.enabled",
                false,
                "liquibase.secureParsing",
                true);
        try {
            return Scope.child(scope, () -> {
                Changelog changelog = new Changelog(RegisteredFiles.database(product, registered), deployment);
                for (DatabaseChangeLog root : changelog.roots(files, registered)) {
                    Deployment.Condition whole =
                            Deployment.condition(root.getFilePath(), root.getPreconditions(), changelog.database);
                    require(whole.runs(), root.getFilePath() + ": its preconditions leave all of it out");
                    changelog.ofAll = whole.open();
                    for (ChangeSet set : root.getChangeSets()) {
                        changelog.add(set);
                    }
                }
                return changelog.scripts();
            });
        } catch (IllegalArgumentException told) {
            throw told;
        } catch (Exception | LinkageError | StackOverflowError broken) {
            throw new IllegalArgumentException("Liquibase cannot read it: " + words(broken), broken);
        }
    }

    /** Those that no other includes, in the order of their names; formatted SQL only where nothing but it was sent. */
    private List<DatabaseChangeLog> roots(List<Named> files, RegisteredFiles registered) throws LiquibaseException {
        List<String> names = files.stream()
                .map(Named::name)
                .filter(isOne(files) ? RegisteredFiles::isChangelog : name -> true)
                .sorted()
                .toList();
        Map<String, DatabaseChangeLog> roots = new TreeMap<>();
        Set<String> included = new HashSet<>();
        for (String name : names) {
            if (included.contains(name)) {
                continue;
            }
            registered.opened();
            roots.put(
                    name,
                    ChangeLogParserFactory.getInstance()
                            .getParser(name, registered)
                            .parse(name, new OwnParameters(database, parameters), registered));
            registered.opened().stream().filter(other -> !other.equals(name)).forEach(included::add);
            roots.keySet().removeAll(included);
        }
        return List.copyOf(roots.values());
    }

    private MigrationScripts scripts() {
        require(!up.isEmpty(), "no change leads forward");
        return new MigrationScripts(List.copyOf(up), List.copyOf(down), List.copyOf(irreversible));
    }

    private void add(ChangeSet set) {
        String name = set.getFilePath() + "#" + set.getAuthor() + ":" + set.getId();
        require(name.length() <= 190, name + " is longer than 190 characters");
        require(
                set.getSqlVisitors().size() <= MOST_MODIFICATIONS
                        && set.getSqlVisitors().stream().allMatch(Changelog::isShort),
                name + ": of modifySql only append and prepend are read, " + MOST_MODIFICATIONS + " at most");
        Stream.concat(set.getChanges().stream(), set.getRollback().getChanges().stream())
                .forEach(change -> requireRead(name, change));
        require(
                set.getRunWith() == null || set.getRunWith().equals("jdbc"),
                name + " is run with " + set.getRunWith() + ", which is not rehearsed");
        if (!DatabaseList.definitionMatches(set.getDbmsSet(), database, true) || !deployment.runs(name, set)) {
            return;
        }
        Deployment.Condition condition = Deployment.condition(name, set.getPreconditions(), database);
        if (!condition.runs()) {
            return;
        }
        String forward =
                sql(name, set, changesOf(set.getChanges()).map(change -> change.generateStatements(database)), false);
        if (forward.isBlank()) {
            return;
        }
        require(up.size() < MigrationScripts.MOST, "there are more than " + MigrationScripts.MOST + " changes");
        require(up.stream().noneMatch(other -> other.name().equals(name)), name + " is there twice");
        up.add(new Script(name, "up", MigrationScripts.said(forward, ofAll, condition.open())));
        String back = set.getRollback().getChanges().isEmpty() ? generated(name, set) : declared(name, set);
        if (back.isBlank()) {
            irreversible.add(name);
        } else {
            down.add(0, new Script(name, "down", back));
        }
    }

    private static boolean isShort(SqlVisitor visitor) {
        return visitor instanceof AppendSqlVisitor
                || visitor instanceof AppendSqlIfNotPresentVisitor
                || visitor instanceof PrependSqlVisitor;
    }

    private static void requireRead(String name, Change change) {
        String kind = Scope.getCurrentScope()
                .getSingleton(ChangeFactory.class)
                .getChangeMetaData(change)
                .getName();
        require(READ.contains(kind), name + ": the change " + kind + " is not read");
    }

    private Stream<Change> changesOf(List<Change> changes) {
        return changes.stream()
                .filter(change -> !(change instanceof DbmsTargetedChange targeted)
                        || DatabaseList.definitionMatches(targeted.getDbms(), database, true));
    }

    private String declared(String name, ChangeSet set) {
        return sql(
                name,
                set,
                changesOf(set.getRollback().getChanges()).map(change -> change.generateStatements(database)),
                true);
    }

    /** As Liquibase undoes it; empty where one of its changes cannot be. */
    private String generated(String name, ChangeSet set) {
        List<Change> changes = new ArrayList<>(changesOf(set.getChanges()).toList());
        java.util.Collections.reverse(changes);
        if (changes.stream().anyMatch(change -> !change.supportsRollback(database))) {
            return "";
        }
        return sql(
                name,
                set,
                changes.stream().map(change -> {
                    try {
                        return change.generateRollbackStatements(database);
                    } catch (LiquibaseException impossible) {
                        throw new IllegalArgumentException(name + ": " + words(impossible), impossible);
                    }
                }),
                true);
    }

    private String sql(String name, ChangeSet set, Stream<SqlStatement[]> statements, boolean back) {
        String text;
        try {
            text = statements
                    .flatMap(Arrays::stream)
                    .flatMap(statement -> written(name, statement))
                    .map(sql -> ended(modified(set, sql, back), sql.getEndDelimiter()))
                    .peek(sql -> written.spend(sql.length(), name))
                    .collect(Collectors.joining("\n"));
        } catch (RuntimeException broken) {
            throw broken instanceof IllegalArgumentException
                    ? broken
                    : new IllegalArgumentException(name + " does not become SQL: " + words(broken), broken);
        }
        require(
                !WITHOUT_VALUE.matcher(text).find(),
                name + " uses a parameter that no property of the changelog gives a value");
        return text;
    }

    private Stream<Sql> written(String name, SqlStatement statement) {
        require(
                SqlGeneratorFactory.getInstance().supports(statement, database),
                name + ": " + database.getShortName() + " has no SQL for "
                        + statement.getClass().getSimpleName());
        return Arrays.stream(SqlGeneratorFactory.getInstance().generateSql(statement, database));
    }

    private String modified(ChangeSet set, Sql sql, boolean back) {
        String text = sql.toSql();
        for (SqlVisitor visitor : set.getSqlVisitors()) {
            if ((!back || visitor.isApplyToRollback())
                    && DatabaseList.definitionMatches(visitor.getApplicableDbms(), database, true)) {
                text = visitor.modifySql(text, database);
            }
        }
        return text;
    }

    private static String ended(String sql, String delimiter) {
        return sql.endsWith(";") || !";".equals(delimiter) && sql.isBlank() ? sql : sql + ";";
    }

    private static String words(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage()).strip().split("\\R", 2)[0];
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
