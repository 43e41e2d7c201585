package dev.countersign.portfolio;

import dev.countersign.release.Releases;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Tells cheaply whether a release's page would look the same: every fact has a timeline entry, tasks come and go in the engine, and
 * what is measured stands in the chart, which asks for itself.
 */
@Component
class Fingerprints {
    private final Releases releases;
    private final JdbcClient jdbc;

    Fingerprints(Releases releases, JdbcClient jdbc) {
        this.releases = releases;
        this.jdbc = jdbc;
    }

    String of(String releaseKey) {
        var release = releases.get(releaseKey);
        Long entry = jdbc.sql("select max(id) from release_timeline where release_key = ?")
                .param(releaseKey)
                .query(Long.class)
                .optional()
                .orElse(0L);
        var tasks = jdbc.sql(
                        "select t.ID_ || ':' || t.REV_ from ACT_RU_TASK t join ACT_RU_EXECUTION p on p.ID_ = t.PROC_INST_ID_"
                                + " where p.BUSINESS_KEY_ = ? order by t.ID_")
                .param(releaseKey)
                .query(String.class)
                .list();
        return Integer.toHexString(tasks.hashCode()) + "-" + entry + "-" + release.state() + "-" + release.closed();
    }
}
