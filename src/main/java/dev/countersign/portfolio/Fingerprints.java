package dev.countersign.portfolio;

import dev.countersign.release.ReleaseNotFound;
import java.util.Arrays;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Tells cheaply whether what a page has of a release would look the same: entity tags, without their quotation marks. */
@Component
class Fingerprints {
    private final JdbcClient jdbc;

    Fingerprints(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Of the page without its chart: every fact has a timeline entry, steps and tasks come and go in the engine, and a step's clock starts
     * anew in its observation. Single measurements are the chart's.
     */
    String ofPage(String releaseKey) {
        String facts = jdbc.sql(
                        """
                        select r.state, r.closed,
                               (select max(t.id) from release_timeline t where t.release_key = r.key_),
                               (select sum(o.revision) from observation o where o.release_key = r.key_),
                               (select max(o.unbroken_since) from observation o where o.release_key = r.key_)
                        from release r where r.key_ = ?
                        """)
                .param(releaseKey)
                .query((row, n) -> text(row.getString(1), row.getString(2), row.getString(3), row.getString(4)) + "-"
                        + hex(row.getString(5)))
                .optional()
                .orElseThrow(() -> new ReleaseNotFound(releaseKey));
        List<String> standing = jdbc.sql(
                        """
                        select e.ID_ || ':' || coalesce(e.ACT_ID_, '') || ':' || coalesce(t.ID_, '') || ':'
                               || coalesce(cast(t.REV_ as varchar), '')
                        from ACT_RU_EXECUTION p join ACT_RU_EXECUTION e on e.PROC_INST_ID_ = p.ID_
                        left join ACT_RU_TASK t on t.EXECUTION_ID_ = e.ID_
                        where p.BUSINESS_KEY_ = ? order by 1
                        """)
                .param(releaseKey)
                .query(String.class)
                .list();
        return facts + "-" + Integer.toHexString(standing.hashCode());
    }

    /** Of what was measured; samples are stored together with the time up to which they were read. */
    String ofChart(String releaseKey) {
        return jdbc.sql(
                        """
                        select count(*), sum(revision), sum(case when ended then 1 else 0 end), max(read_until), max(judged_at),
                          (select max(id) from release_timeline where release_key = ?)
                        from observation where release_key = ?
                        """)
                .params(releaseKey, releaseKey)
                .query((row, n) -> text(row.getString(1), row.getString(2), row.getString(3), row.getString(6)) + "-"
                        + hex(row.getString(4)) + "-" + hex(row.getString(5)))
                .single();
    }

    /** Of the path through the models: an activity begins, and it ends. */
    String ofPath(String releaseKey) {
        return jdbc.sql(
                        """
                        select count(*), count(a.END_TIME_)
                        from ACT_HI_PROCINST p join ACT_HI_ACTINST a on a.PROC_INST_ID_ = p.ID_
                        where p.BUSINESS_KEY_ = ?
                        """)
                .param(releaseKey)
                .query((row, n) -> text(row.getString(1), row.getString(2)))
                .single();
    }

    private static String text(String... parts) {
        return String.join("-", Arrays.stream(parts).map(String::valueOf).toList());
    }

    private static String hex(String part) {
        return Integer.toHexString(String.valueOf(part).hashCode());
    }
}
