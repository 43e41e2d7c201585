package dev.countersign.catalog;

import java.math.BigDecimal;
import java.util.List;

/**
 * What must hold in a service's database before and after a migration.
 *
 * @param database the name under which operators have configured it
 * @param digest of the file's exact bytes: the version
 */
public record IntegrityChecks(String name, String service, String database, String digest, List<Check> checks)
        implements Declaration.Declared {

    /** {@code constraint}: no row violates it; the others measure a value. */
    public enum Kind {
        ROW_COUNT,
        CHECKSUM,
        CONSTRAINT,
        SQL;

        /** As files and documents write it. */
        public String id() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * @param table of a row count or a checksum; null for others
     * @param columns whose values a checksum covers, in the order of {@code key}
     * @param sql a query of its author's; null where the check says what it reads by {@code table} or {@code orphans}
     * @param expected null where the value is held against what it was before
     * @param allowed how far the value may be off, from what is expected or from what it was before
     */
    public record Check(
            String id,
            Kind kind,
            boolean before,
            boolean after,
            String table,
            List<String> columns,
            List<String> key,
            String sql,
            Orphans orphans,
            String expected,
            Deviation allowed) {}

    /** Rows of {@code table} whose {@code column} names no {@code key} of {@code references}. */
    public record Orphans(String table, String column, String references, String key) {}

    /** The wider of the two counts. */
    public record Deviation(BigDecimal absolute, BigDecimal relative) {
        public static final Deviation NONE = new Deviation(BigDecimal.ZERO, BigDecimal.ZERO);

        public BigDecimal around(BigDecimal value) {
            return absolute.max(value.abs().multiply(relative));
        }
    }
}
