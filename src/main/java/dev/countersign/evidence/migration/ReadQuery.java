package dev.countersign.evidence.migration;

import dev.countersign.catalog.IntegrityChecks.Check;
import dev.countersign.catalog.IntegrityChecks.Orphans;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The one query of a check. A semicolon is refused wherever it stands, also in a text: where a statement ends is then the same for us, for the driver and for
 * the database, whatever each of them takes for a quote or a comment.
 */
final class ReadQuery {
    private static final Pattern READS = Pattern.compile("(?is)(select|with|values|table)\\b.*");

    /** With these a query of H2 changes data or a sequence, which no rollback takes back, or hides a name. In texts they are refused too. */
    private static final Pattern CHANGES_H2 = Pattern.compile(
            "(?is).*(\\b(insert|update|delete|merge|truncate|into|next|nextval|create|alter|drop|grant)\\b|u&).*");

    private ReadQuery() {}

    /** @throws IllegalArgumentException where H2 would change something by it */
    static void requireReadingOnH2(String sql) {
        if (CHANGES_H2.matcher(sql).matches()) {
            throw new IllegalArgumentException(
                    "a check of H2 has no word in it that could change data or a sequence, not even in a text");
        }
    }

    /** @throws IllegalArgumentException where it is no single query */
    static String of(String sql) {
        String one = sql.strip();
        while (one.endsWith(";")) {
            one = one.substring(0, one.length() - 1).stripTrailing();
        }
        if (one.indexOf(';') >= 0) {
            throw new IllegalArgumentException("a check is one statement: a semicolon is taken at its end only");
        }
        if (one.indexOf('\0') >= 0 || !READS.matcher(one).matches()) {
            throw new IllegalArgumentException("a check only reads: it begins with SELECT, WITH, VALUES or TABLE");
        }
        return one;
    }

    /** @param maxRows that a checksum may read; one more is asked for, so that it is seen */
    static String of(Check check, long maxRows) {
        return switch (check.kind()) {
            case ROW_COUNT -> "select count(*) from " + check.table();
            case CHECKSUM ->
                "select %s from %s order by %s fetch first %d rows only"
                        .formatted(
                                Stream.concat(check.key().stream(), check.columns().stream())
                                        .collect(Collectors.joining(", ")),
                                check.table(),
                                String.join(", ", check.key()),
                                maxRows + 1);
            case CONSTRAINT ->
                check.orphans() == null
                        // On a line of its own: the query may end in a comment.
                        ? "select count(*) from (" + of(check.sql()) + "\n) violating"
                        : orphans(check.orphans());
            case SQL -> of(check.sql());
        };
    }

    private static String orphans(Orphans of) {
        return "select count(*) from %s child where child.%s is not null and not exists (select 1 from %s parent where parent.%s = child.%s)"
                .formatted(of.table(), of.column(), of.references(), of.key(), of.column());
    }
}
