package dev.countersign.evidence.migration;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The structure of a schema, one line for each thing in it, in an order of our own. Where a column stands among the others does not count. */
record Structure(TreeSet<String> lines) {
    /** Names that H2 gives itself, and others each time. */
    private static final Pattern GIVEN =
            Pattern.compile("(CONSTRAINT|PRIMARY_KEY|CONSTRAINT_INDEX)_[0-9A-F]+(_[0-9]+)?");

    private static final String POSTGRESQL_MORE =
            """
            select 'constraint ' || r.relname || '.' || c.conname || ' ' || pg_catalog.pg_get_constraintdef(c.oid)
              from pg_catalog.pg_constraint c join pg_catalog.pg_class r on r.oid = c.conrelid
              join pg_catalog.pg_namespace n on n.oid = r.relnamespace where n.nspname = ?
            union all select 'index ' || indexdef from pg_catalog.pg_indexes where schemaname = ?
            union all select 'view ' || viewname || ' ' || definition from pg_catalog.pg_views where schemaname = ?
            union all select 'sequence ' || sequencename || ' ' || data_type || ' ' || start_value || ' ' || increment_by
              from pg_catalog.pg_sequences where schemaname = ?
            union all select 'trigger ' || pg_catalog.pg_get_triggerdef(t.oid) from pg_catalog.pg_trigger t
              join pg_catalog.pg_class r on r.oid = t.tgrelid join pg_catalog.pg_namespace n on n.oid = r.relnamespace
              where not t.tgisinternal and n.nspname = ?
            union all select 'routine ' || p.proname || ' ' || md5(p.prosrc) || ' ' || pg_catalog.pg_get_function_identity_arguments(p.oid)
              from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace where n.nspname = ?""";
    private static final String H2_MORE =
            """
            select 'check ' || c.table_name || '.' || c.constraint_name || ' ' || k.check_clause
              from information_schema.table_constraints c join information_schema.check_constraints k
              on k.constraint_schema = c.constraint_schema and k.constraint_name = c.constraint_name where c.table_schema = ?
            union all select 'view ' || table_name || ' ' || coalesce(view_definition, '') from information_schema.views where table_schema = ?
            union all select 'sequence ' || sequence_name || ' ' || data_type || ' ' || start_value || ' ' || increment
              from information_schema.sequences where sequence_schema = ?""";

    /** Everything that the user sees. */
    static Structure of(Connection connection, String schema) throws SQLException {
        Structure structure = columns(connection, schema);
        DatabaseMetaData metadata = connection.getMetaData();
        boolean h2 = isH2(metadata);
        String name = name(metadata, schema);
        if (h2) {
            for (String table : tables(metadata, name)) {
                keys(metadata, name, table, structure.lines());
            }
        }
        String more = h2 ? H2_MORE : POSTGRESQL_MORE;
        try (PreparedStatement statement = connection.prepareStatement(more)) {
            for (int i = 1; i <= more.chars().filter(c -> c == '?').count(); i++) {
                statement.setString(i, name);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    structure.lines().add(plain(rows.getString(1)));
                }
            }
        }
        return structure;
    }

    /** Tables and columns only: what a user who may only read sees of it too. */
    static Structure columns(Connection connection, String schema) throws SQLException {
        Structure structure = new Structure(new TreeSet<>());
        DatabaseMetaData metadata = connection.getMetaData();
        String name = name(metadata, schema);
        List<String> tables = tables(metadata, name);
        tables.forEach(table -> structure.lines().add("table " + table));
        try (ResultSet rows = metadata.getColumns(null, name, "%", "%")) {
            while (rows.next()) {
                if (tables.contains(rows.getString("TABLE_NAME"))) {
                    structure
                            .lines()
                            .add("column %s.%s %s(%d,%d) %s default %s"
                                    .formatted(
                                            rows.getString("TABLE_NAME"),
                                            rows.getString("COLUMN_NAME"),
                                            rows.getString("TYPE_NAME"),
                                            rows.getInt("COLUMN_SIZE"),
                                            rows.getInt("DECIMAL_DIGITS"),
                                            rows.getInt("NULLABLE") == DatabaseMetaData.columnNoNulls
                                                    ? "not null"
                                                    : "null",
                                            rows.getString("COLUMN_DEF")));
                }
            }
        }
        return structure;
    }

    private static List<String> tables(DatabaseMetaData metadata, String schema) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (ResultSet rows = metadata.getTables(null, schema, "%", null)) {
            while (rows.next()) {
                String type = String.valueOf(rows.getString("TABLE_TYPE")).toUpperCase(Locale.ROOT);
                if (type.contains("TABLE") || type.contains("VIEW")) {
                    tables.add(rows.getString("TABLE_NAME"));
                }
            }
        }
        return tables;
    }

    private static void keys(DatabaseMetaData metadata, String schema, String table, TreeSet<String> lines)
            throws SQLException {
        try (ResultSet rows = metadata.getPrimaryKeys(null, schema, table)) {
            while (rows.next()) {
                lines.add(plain("primary key %s %s %d %s"
                        .formatted(
                                table,
                                rows.getString("PK_NAME"),
                                rows.getInt("KEY_SEQ"),
                                rows.getString("COLUMN_NAME"))));
            }
        }
        try (ResultSet rows = metadata.getImportedKeys(null, schema, table)) {
            while (rows.next()) {
                lines.add(plain("foreign key %s %s %d %s -> %s.%s on delete %d on update %d"
                        .formatted(
                                table,
                                rows.getString("FK_NAME"),
                                rows.getInt("KEY_SEQ"),
                                rows.getString("FKCOLUMN_NAME"),
                                rows.getString("PKTABLE_NAME"),
                                rows.getString("PKCOLUMN_NAME"),
                                rows.getInt("DELETE_RULE"),
                                rows.getInt("UPDATE_RULE"))));
            }
        }
        try (ResultSet rows = metadata.getIndexInfo(null, schema, table, false, true)) {
            while (rows.next()) {
                String index = String.valueOf(rows.getString("INDEX_NAME"));
                if (GIVEN.matcher(index).matches()) {
                    // It serves a constraint, and H2 drops it where it rebuilds a table and another one serves.
                    continue;
                }
                lines.add(plain("index %s %s %d %s %s"
                        .formatted(
                                table,
                                index,
                                rows.getInt("ORDINAL_POSITION"),
                                rows.getString("COLUMN_NAME"),
                                rows.getBoolean("NON_UNIQUE") ? "" : "unique")));
            }
        }
    }

    private static String plain(String line) {
        return GIVEN.matcher(line.strip().replaceAll("\\s+", " ")).replaceAll("(given)");
    }

    private static boolean isH2(DatabaseMetaData metadata) throws SQLException {
        return "H2".equals(metadata.getDatabaseProductName());
    }

    /** As the product writes a name that is not quoted. */
    private static String name(DatabaseMetaData metadata, String schema) throws SQLException {
        return metadata.storesUpperCaseIdentifiers() ? schema.toUpperCase(Locale.ROOT) : schema;
    }

    String digest() {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256")
                                    .digest(String.join("\n", lines).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What the other one has and this one has not, and the other way round. */
    List<String> differences(Structure other) {
        List<String> differences = new ArrayList<>();
        lines.stream().filter(line -> !other.lines().contains(line)).forEach(line -> differences.add("gone: " + line));
        other.lines().stream().filter(line -> !lines.contains(line)).forEach(line -> differences.add("new: " + line));
        return differences;
    }
}
