package dev.countersign.portfolio;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Open tasks, read from the engine's runtime tables in two statements for however many releases: the query API asks once a task
 * for its candidates and knows no business key of its own.
 */
@Component
class OpenTasks {
    private static final String TASKS =
            """
            select t.ID_, t.TASK_DEF_KEY_, t.NAME_, t.ASSIGNEE_, t.PRIORITY_, t.CREATE_TIME_, t.DUE_DATE_,
                   p.BUSINESS_KEY_, p.ID_ as INSTANCE_, d.KEY_ as PROCESS_, d.ID_ as DEFINITION_, i.GROUP_ID_, i.USER_ID_
              from ACT_RU_TASK t
              join ACT_RU_EXECUTION p on p.ID_ = t.PROC_INST_ID_
              join ACT_RE_PROCDEF d on d.ID_ = t.PROC_DEF_ID_
              left join ACT_RU_IDENTITYLINK i on i.TASK_ID_ = t.ID_ and i.TYPE_ = 'candidate'
             where t.SUSPENSION_STATE_ = 1""";

    private final JdbcClient jdbc;
    private final NextEscalations escalations;

    OpenTasks(JdbcClient jdbc, NextEscalations escalations) {
        this.jdbc = jdbc;
        this.escalations = escalations;
    }

    /** Of one release, the most urgent first. */
    List<Waiting> of(String releaseKey) {
        return ofAll(List.of(releaseKey)).getOrDefault(releaseKey, List.of());
    }

    Map<String, List<Waiting>> ofAll(Collection<String> releaseKeys) {
        if (releaseKeys.isEmpty()) {
            return Map.of();
        }
        var tasks = new LinkedHashMap<String, Row>();
        jdbc.sql(TASKS + " and p.BUSINESS_KEY_ in (:keys)")
                .param("keys", releaseKeys)
                .query((row, index) -> collect(row, tasks))
                .list();
        return grouped(escalations.of(tasks.values()));
    }

    /** What this person may answer, in any release and beyond. */
    List<Waiting> answerableBy(String person, Set<String> groups) {
        var tasks = new LinkedHashMap<String, Row>();
        jdbc.sql(
                        TASKS
                                + " and (t.ASSIGNEE_ = :person or (t.ASSIGNEE_ is null and exists (select 1 from ACT_RU_IDENTITYLINK c"
                                + " where c.TASK_ID_ = t.ID_ and c.TYPE_ = 'candidate' and (c.USER_ID_ = :person or c.GROUP_ID_ in (:groups)))))")
                .param("person", person)
                .param("groups", groups.isEmpty() ? Set.of("-") : groups)
                .query((row, index) -> collect(row, tasks))
                .list();
        return escalations.of(tasks.values()).stream().sorted(URGENCY).toList();
    }

    private static final Comparator<Waiting> URGENCY = Comparator.comparing(
                    (Waiting task) -> task.due() == null ? Instant.MAX : task.due())
            .thenComparing(Waiting::name, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(Waiting::taskId);

    private static Map<String, List<Waiting>> grouped(List<Waiting> tasks) {
        var byRelease = new LinkedHashMap<String, List<Waiting>>();
        tasks.stream().sorted(URGENCY).forEach(task -> byRelease
                .computeIfAbsent(task.releaseKey(), key -> new ArrayList<>())
                .add(task));
        return byRelease;
    }

    /** One row for each candidate of a task. */
    private static Row collect(ResultSet row, Map<String, Row> tasks) throws SQLException {
        String id = row.getString("ID_");
        Row task = tasks.get(id);
        if (task == null) {
            task = new Row(
                    new Waiting(
                            id,
                            row.getString("TASK_DEF_KEY_"),
                            row.getString("NAME_"),
                            row.getString("BUSINESS_KEY_"),
                            row.getString("PROCESS_"),
                            row.getString("ASSIGNEE_"),
                            new ArrayList<>(),
                            row.getInt("PRIORITY_"),
                            instant(row, "CREATE_TIME_"),
                            instant(row, "DUE_DATE_"),
                            null,
                            null),
                    row.getString("INSTANCE_"),
                    row.getString("DEFINITION_"));
            tasks.put(id, task);
        }
        String group = row.getString("GROUP_ID_");
        String candidate = group == null ? row.getString("USER_ID_") : group;
        if (candidate != null && !task.task().groups().contains(candidate)) {
            task.task().groups().add(candidate);
        }
        return task;
    }

    /** The engine writes local times without a zone. */
    private static Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }

    record Row(Waiting task, String instance, String definition) {}
}
