package dev.countersign;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import net.ttddyy.dsproxy.ExecutionInfo;
import net.ttddyy.dsproxy.QueryInfo;
import net.ttddyy.dsproxy.listener.MethodExecutionContext;
import net.ttddyy.dsproxy.listener.MethodExecutionListener;
import net.ttddyy.dsproxy.listener.QueryExecutionListener;
import net.ttddyy.dsproxy.support.ProxyDataSourceBuilder;

/** Counts what one thread asks of a database, by table. */
public final class Statements implements QueryExecutionListener, MethodExecutionListener {
    private static final Pattern TABLE = Pattern.compile("\\b(?:into|update|from)\\s+([a-z_]+)");
    /** Between two rows of one insert. */
    private static final Pattern ROWS = Pattern.compile("\\)\\s*,\\s*\\(");

    private final Map<String, Count> byTable = new TreeMap<>();
    private Thread counted;
    private long commits;

    /** @param calls a batch is one call of as many statements as it has rows */
    public record Count(long statements, long calls, long insertedRows) {
        static final Count NONE = new Count(0, 0, 0);

        Count plus(Count other) {
            return new Count(statements + other.statements, calls + other.calls, insertedRows + other.insertedRows);
        }
    }

    public DataSource around(DataSource source) {
        return ProxyDataSourceBuilder.create(source)
                .listener(this)
                .methodListener(this)
                .build();
    }

    /** Counts what this thread does from now on. */
    public void on() {
        counted = Thread.currentThread();
    }

    public void off() {
        counted = null;
    }

    public long commits() {
        return commits;
    }

    public Map<String, Count> byTable() {
        return byTable;
    }

    public Count of(Predicate<String> tables) {
        return byTable.entrySet().stream()
                .filter(entry -> tables.test(entry.getKey()))
                .map(Map.Entry::getValue)
                .reduce(Count.NONE, Count::plus);
    }

    @Override
    public void beforeQuery(ExecutionInfo execution, List<QueryInfo> queries) {
        // counted when it is done
    }

    @Override
    public void afterQuery(ExecutionInfo execution, List<QueryInfo> queries) {
        if (Thread.currentThread() != counted) {
            return;
        }
        String sql = queries.get(0).getQuery().toLowerCase(Locale.ROOT).strip();
        Matcher table = TABLE.matcher(sql);
        long statements = execution.isBatch() ? execution.getBatchSize() : 1;
        String name = table.find() ? table.group(1) : "other";
        if (name.equals("scheduled_tasks") && sql.startsWith("select")) {
            name = "scheduled_tasks (polling)";
        }
        long rows = sql.startsWith("insert")
                ? statements * (1 + ROWS.matcher(sql).results().count())
                : 0;
        byTable.merge(name, new Count(statements, 1, rows), Count::plus);
    }

    @Override
    public void beforeMethod(MethodExecutionContext call) {
        // counted when it is done
    }

    @Override
    public void afterMethod(MethodExecutionContext call) {
        if (Thread.currentThread() == counted && call.getMethod().getName().equals("commit")) {
            commits++;
        }
    }
}
