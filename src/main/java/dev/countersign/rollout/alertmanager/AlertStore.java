package dev.countersign.rollout.alertmanager;

import dev.countersign.rollout.OwedAlerts;
import dev.countersign.rollout.alertmanager.Delivery.Alert;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Alerts by fingerprint and start, once for each release that they concern, and once with no release where they concern none. */
@Repository
class AlertStore implements OwedAlerts {
    private final JdbcClient jdbc;
    private final Clock clock;

    AlertStore(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** True where it was known, and has been counted once more. */
    boolean seen(Alert alert, String releaseKey) {
        return jdbc.sql("update alert set deliveries = deliveries + 1, last_received_at = ?"
                                + " where fingerprint = ? and starts_at = ? and release_key = ?")
                        .params(now(), alert.fingerprint(), startsAt(alert), releaseKey)
                        .update()
                > 0;
    }

    void insert(Alert alert, String releaseKey, String action, String sentence, String ruleVersion, boolean owed) {
        OffsetDateTime now = now();
        jdbc.sql("insert into alert (fingerprint, starts_at, release_key, name, severity, action_, sentence,"
                        + " rule_version, owed, deliveries, received_at, last_received_at, resolved_at)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)")
                .params(
                        alert.fingerprint(),
                        startsAt(alert),
                        releaseKey,
                        Words.cut(alert.label("alertname")),
                        Words.cut(alert.label("severity")),
                        action,
                        sentence,
                        ruleVersion,
                        owed,
                        now,
                        now,
                        alert.resolved() ? now : null)
                .update();
    }

    /** Whether what it calls for has not been done, and it fires still. */
    boolean isOwed(Alert alert, String releaseKey) {
        return jdbc.sql("select count(*) from alert where fingerprint = ? and starts_at = ? and release_key = ?"
                                + " and owed and resolved_at is null")
                        .params(alert.fingerprint(), startsAt(alert), releaseKey)
                        .query(Integer.class)
                        .single()
                > 0;
    }

    void acted(Alert alert, String releaseKey, String action) {
        jdbc.sql("update alert set owed = false, action_ = ?"
                        + " where fingerprint = ? and starts_at = ? and release_key = ?")
                .params(action, alert.fingerprint(), startsAt(alert), releaseKey)
                .update();
    }

    private record Owed(String fingerprint, OffsetDateTime startsAt, String sentence) {}

    @Override
    public Optional<String> meet(String releaseKey) {
        List<Owed> owed = jdbc.sql("select fingerprint, starts_at, sentence from alert"
                        + " where release_key = ? and owed and resolved_at is null order by received_at")
                .param(releaseKey)
                .query((row, number) -> new Owed(
                        row.getString("fingerprint"),
                        row.getObject("starts_at", OffsetDateTime.class),
                        row.getString("sentence")))
                .list();
        // One by one: another may have come since they were read.
        owed.forEach(each -> jdbc.sql("update alert set owed = false"
                        + " where fingerprint = ? and starts_at = ? and release_key = ?")
                .params(each.fingerprint(), each.startsAt(), releaseKey)
                .update());
        return owed.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        owed.stream().map(Owed::sentence).collect(Collectors.joining("; ")) + ", which fires still");
    }

    /** The releases for which it was not resolved yet. */
    List<String> resolve(Alert alert) {
        List<String> releases = jdbc.sql("select release_key from alert where fingerprint = ? and starts_at = ?"
                        + " and resolved_at is null")
                .params(alert.fingerprint(), startsAt(alert))
                .query(String.class)
                .list();
        jdbc.sql("update alert set resolved_at = ? where fingerprint = ? and starts_at = ? and resolved_at is null")
                .params(now(), alert.fingerprint(), startsAt(alert))
                .update();
        return releases;
    }

    private static OffsetDateTime startsAt(Alert alert) {
        return alert.startsAt().atOffset(ZoneOffset.UTC);
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }
}
