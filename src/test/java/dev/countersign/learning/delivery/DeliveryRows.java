package dev.countersign.learning.delivery;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Deployments as the modules that make them leave them in their tables. */
final class DeliveryRows {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private final JdbcClient db;

    DeliveryRows(JdbcClient db) {
        this.db = db;
    }

    String deployed(String service, String at) {
        return deployed(service, "standard", at, null, null);
    }

    /** A rollout that is complete an hour after it began. */
    String deployed(String service, String kind, String at, String committedAt, String fixes) {
        String version = "6.0." + NUMBER.incrementAndGet() + "-delivered";
        String key = service + "@" + version;
        db.sql("insert into release (key_, service, version, attempt, kind, state, state_since, closed, requested_by,"
                        + " summary, environment, commit_, committed_at, authors, artifacts, changes, depends_on,"
                        + " success_metrics, opened_at, fixes) values (?, ?, ?, 1, ?, 'STABLE', ?, true, 'ci',"
                        + " 'A sample', 'production', '6dcb', ?, '[]', '[]', '{}', '[]', '[]', ?, ?)")
                .params(key, service, version, kind, time(at), time(committedAt), time(at), fixes)
                .update();
        db.sql("insert into rollout (release_key, service, candidate, baseline, plan, plan_version, status, step,"
                        + " wanted, actual, epoch, started_at, finished_at)"
                        + " values (?, ?, 'b', 'a', '{}', '1', 'COMPLETE', 3, 1, 1, 1, ?, ?)")
                .params(key, service, time(at), time(at).plusHours(1))
                .update();
        return key;
    }

    /** @param usersBackAt null while they are not @param provenAt null while it runs */
    void rolledBack(String key, String detectedAt, String usersBackAt, String provenAt, boolean exposed) {
        db.sql("update rollout set status = 'BACK', tripped_at = ?, traffic_back_at = ? where release_key = ?")
                .params(time(detectedAt), time(usersBackAt), key)
                .update();
        db.sql(
                        "insert into rollback (release_key, detected_at, detected_by, cause, budget, started_at,"
                                + " traffic_back_at, finished_at, exposed) values (?, ?, 'countersign', 'errors', 'PT5M', ?, ?, ?, ?)")
                .params(key, time(detectedAt), time(detectedAt), time(usersBackAt), time(provenAt), exposed)
                .update();
        db.sql("update release set state = ? where key_ = ?")
                .params(provenAt == null ? "ROLLING_BACK" : "ROLLED_BACK", key)
                .update();
    }

    /** Traffic is back, and the process has not begun the rollback yet. */
    void tripped(String key, String at) {
        db.sql("update rollout set status = 'BACK', tripped_at = ?, traffic_back_at = ? where release_key = ?")
                .params(time(at), time(at), key)
                .update();
    }

    /** The key of the incident that its rollback opened. */
    String incident(String key, String service, String detectedAt) {
        db.sql("insert into incident (release_key, service, severity, cause, rollback, commander, communications,"
                        + " facilitator, detected_at, opened_at) values (?, ?, 'SEV2', 'errors', true, 'on-call', 'support',"
                        + " 'facilitator', ?, ?)")
                .params(key, service, time(detectedAt), time(detectedAt))
                .update();
        return "INC-"
                + db.sql("select id from incident where release_key = ?")
                        .param(key)
                        .query(Long.class)
                        .single();
    }

    /** One change of a release, as its repository told. */
    void change(String key, String firstCommit, String proposed, String reviewed, String merged, String deployed) {
        db.sql("insert into lead_time (release_key, outcome, source, repository, base_commit, deployed_at, asked_at)"
                        + " values (?, 'KNOWN', 'github', 'acme/shop', 'abc1234', ?, ?)")
                .params(key, time(deployed), time(deployed))
                .update();
        db.sql(
                        "insert into lead_time_change (release_key, number_, first_commit_at, proposed_at, reviewed_at, merged_at)"
                                + " values (?, ?, ?, ?, ?, ?)")
                .params(
                        key,
                        String.valueOf(NUMBER.incrementAndGet()),
                        time(firstCommit),
                        time(proposed),
                        time(reviewed),
                        time(merged))
                .update();
    }

    private static OffsetDateTime time(String at) {
        return at == null ? null : Instant.parse(at).atOffset(ZoneOffset.UTC);
    }
}
