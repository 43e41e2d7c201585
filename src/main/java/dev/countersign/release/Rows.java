package dev.countersign.release;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows that are written together: one statement for as many as there are, {@value #AT_ONCE} at a time. */
public final class Rows {
    private static final int AT_ONCE = 200;

    private final String into;
    private final List<Object[]> rows = new ArrayList<>();

    /** @param into the table and its columns, in parentheses; never anything that came from outside */
    public Rows(String into) {
        this.into = into;
    }

    public void add(Object... row) {
        rows.add(row);
    }

    public void insert(JdbcClient jdbc) {
        for (int from = 0; from < rows.size(); from += AT_ONCE) {
            List<Object[]> some = rows.subList(from, Math.min(from + AT_ONCE, rows.size()));
            String row = "(" + String.join(", ", Collections.nCopies(some.get(0).length, "?")) + ")";
            jdbc.sql("insert into " + into + " values " + String.join(", ", Collections.nCopies(some.size(), row)))
                    .params(some.stream().flatMap(Arrays::stream).toList())
                    .update();
        }
    }
}
