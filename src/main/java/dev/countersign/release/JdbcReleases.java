package dev.countersign.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.identity.Actors;
import dev.countersign.workflow.StateEntered;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

@Repository
class JdbcReleases implements Releases {
    private final JdbcClient jdbc;
    private final ObjectMapper json;
    private final Timeline timeline;
    private final Actors actors;
    private final Clock clock;
    private final ApplicationEventPublisher events;
    private final HeldReleases held;
    private final Remembered<Boolean> known = new Remembered<>();

    JdbcReleases(
            JdbcClient jdbc,
            HeldReleases held,
            ObjectMapper json,
            Timeline timeline,
            Actors actors,
            Clock clock,
            ApplicationEventPublisher events) {
        this.events = events;
        this.held = held;
        this.jdbc = jdbc;
        this.json = json;
        this.timeline = timeline;
        this.actors = actors;
        this.clock = clock;
    }

    @Override
    public Optional<Release> find(String key) {
        return held.find(key).or(() -> {
            Optional<Release> release = jdbc.sql("select * from release where key_ = ?")
                    .param(key)
                    .query(this::row)
                    .optional();
            release.ifPresent(held::read);
            return release;
        });
    }

    /** Whether a release has this key: none is ever deleted. */
    boolean isKnown(String key) {
        if (known.find(key).isPresent()) {
            return true;
        }
        Optional<Release> there = find(key);
        there.ifPresent(release -> known.keep(key, true));
        return there.isPresent();
    }

    @Override
    public Release get(String key) {
        return find(key).orElseThrow(() -> new ReleaseNotFound(key));
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public Release lock(String key) {
        return held.find(key).orElseGet(() -> {
            Release release = jdbc.sql("select * from release where key_ = ? for update")
                    .param(key)
                    .query(this::row)
                    .optional()
                    .orElseThrow(() -> new ReleaseNotFound(key));
            held.hold(release);
            return release;
        });
    }

    @Override
    public List<Release> list(ReleaseFilter filter) {
        Map<String, Object> values = new HashMap<>();
        String where = where(filter, values);
        values.put("size", filter.size());
        values.put("skip", (long) filter.page() * filter.size());
        return jdbc.sql("select * from release" + where + " order by opened_at desc, key_ limit :size offset :skip")
                .params(values)
                .query(this::row)
                .list();
    }

    @Override
    public long count(ReleaseFilter filter) {
        Map<String, Object> values = new HashMap<>();
        String where = where(filter, values);
        return jdbc.sql("select count(*) from release" + where)
                .params(values)
                .query(Long.class)
                .single();
    }

    /** Fixed words and named parameters only. */
    private static String where(ReleaseFilter filter, Map<String, Object> values) {
        StringBuilder where = new StringBuilder(" where 1 = 1");
        if (filter.services() != null) {
            if (filter.services().isEmpty()) {
                return where.append(" and 1 = 0").toString();
            }
            where.append(" and service in (:services)");
            values.put("services", filter.services());
        }
        if (filter.states() != null && !filter.states().isEmpty()) {
            where.append(" and state in (:states)");
            values.put("states", filter.states().stream().map(Enum::name).toList());
        }
        if (filter.from() != null) {
            where.append(" and opened_at >= :from");
            values.put("from", at(filter.from()));
        }
        if (filter.to() != null) {
            where.append(" and opened_at < :to");
            values.put("to", at(filter.to()));
        }
        if (filter.text() != null && !filter.text().isBlank()) {
            where.append(" and (lower(key_) like :text escape '!' or lower(summary) like :text escape '!')");
            values.put("text", "%" + literally(filter.text()) + "%");
        }
        return where.toString();
    }

    private static String literally(String text) {
        return text.strip().toLowerCase(java.util.Locale.ROOT).replaceAll("[!%_]", "!$0");
    }

    @Override
    @Transactional
    public void enter(String key, ReleaseState state, String reason) {
        Release release = lock(key);
        if (release.state() == state) {
            return;
        }
        if (release.state().isFinal()) {
            throw new StateConflict("%s is %s for good and cannot become %s".formatted(key, release.state(), state));
        }
        jdbc.sql(
                        "update release set state = :state, state_since = :since, open_slot = case when :final then null else open_slot end where key_ = :key")
                .param("state", state.name())
                .param("since", at(clock.instant()))
                .param("final", state.isFinal())
                .param("key", key)
                .update();
        held.changed(key);
        timeline.record(
                key,
                "state.entered",
                actors.current(),
                "%s → %s%s".formatted(release.state(), state, reason == null ? "" : ": " + reason),
                Map.of("from", release.state().name(), "to", state.name()));
        events.publishEvent(new StateChanged(key, release.state(), state));
    }

    @EventListener
    void on(StateEntered entered) {
        enter(entered.releaseKey(), ReleaseState.valueOf(entered.state()), null);
    }

    @Override
    @Transactional
    public void close(String key) {
        int changed = jdbc.sql("update release set closed = true, open_slot = null where key_ = ? and closed = false")
                .param(key)
                .update();
        held.changed(key);
        if (changed > 0) {
            timeline.record(key, "release.closed", actors.current(), "Nothing is left to do", Map.of());
        }
    }

    void insert(Release release) {
        jdbc.sql(
                        """
                insert into release (key_, service, version, attempt, kind, state, state_since, closed, owner, requested_by, summary,
                    environment, commit_, committed_at, authors, artifacts, changes, window_start, window_end, depends_on, rfc,
                    success_metrics, policy, opened_at, open_slot, flag, fixes)
                values (:key, :service, :version, :attempt, :kind, :state, :opened, false, :owner, :requestedBy, :summary,
                    :environment, :commit, :committedAt, :authors, :artifacts, :changes, :windowStart, :windowEnd, :dependsOn, :rfc,
                    :successMetrics, :policy, :opened, :slot, :flag, :fixes)""")
                .param("key", release.key())
                .param("service", release.service())
                .param("version", release.version())
                .param("attempt", release.attempt())
                .param("kind", release.kind())
                .param("state", release.state().name())
                .param("opened", at(release.openedAt()))
                .param("owner", release.owner())
                .param("requestedBy", release.requestedBy())
                .param("summary", release.summary())
                .param("environment", release.environment())
                .param("commit", release.commit())
                .param("committedAt", at(release.committedAt()))
                .param("authors", write(release.authors()))
                .param("artifacts", write(release.artifacts()))
                .param("changes", write(new java.util.TreeMap<>(release.changes())))
                .param("windowStart", at(release.windowStart()))
                .param("windowEnd", at(release.windowEnd()))
                .param("dependsOn", write(release.dependsOn()))
                .param("rfc", release.rfc())
                .param("successMetrics", write(release.successMetrics()))
                .param("policy", release.policy())
                .param("slot", release.service() + "@" + release.version())
                .param("flag", release.flag())
                .param("fixes", release.fixes())
                .update();
    }

    int attempts(String service, String version) {
        return jdbc.sql("select count(*) from release where service = ? and version = ?")
                .params(service, version)
                .query(Integer.class)
                .single();
    }

    boolean isOpen(String service, String version) {
        return jdbc.sql("select count(*) from release where open_slot = ?")
                        .param(service + "@" + version)
                        .query(Integer.class)
                        .single()
                > 0;
    }

    void tier(String key, String tier) {
        jdbc.sql("update release set tier = ? where key_ = ?").params(tier, key).update();
        held.changed(key);
    }

    void changes(String key, Map<String, Boolean> changes) {
        jdbc.sql("update release set changes = ? where key_ = ?")
                .params(write(new java.util.TreeMap<>(changes)), key)
                .update();
        held.changed(key);
    }

    void window(String key, Instant start, Instant end) {
        jdbc.sql("update release set window_start = ?, window_end = ? where key_ = ?")
                .params(at(start), at(end), key)
                .update();
        held.changed(key);
    }

    void materialDigest(String key, String digest) {
        jdbc.sql("update release set material_digest = ? where key_ = ?")
                .params(digest, key)
                .update();
        held.changed(key);
    }

    private Release row(ResultSet row, int number) throws SQLException {
        return new Release(
                row.getString("key_"),
                row.getString("service"),
                row.getString("version"),
                row.getInt("attempt"),
                row.getString("kind"),
                ReleaseState.valueOf(row.getString("state")),
                row.getBoolean("closed"),
                row.getString("tier"),
                row.getString("owner"),
                row.getString("requested_by"),
                row.getString("summary"),
                row.getString("environment"),
                row.getString("commit_"),
                instant(row, "committed_at"),
                read(row.getString("authors"), new TypeReference<List<String>>() {}),
                read(row.getString("artifacts"), new TypeReference<List<Release.Artifact>>() {}),
                read(row.getString("changes"), new TypeReference<Map<String, Boolean>>() {}),
                instant(row, "window_start"),
                instant(row, "window_end"),
                read(row.getString("depends_on"), new TypeReference<List<String>>() {}),
                row.getString("rfc"),
                read(row.getString("success_metrics"), new TypeReference<List<Release.SuccessMetric>>() {}),
                row.getString("policy"),
                row.getString("material_digest"),
                instant(row, "opened_at"),
                instant(row, "state_since"),
                row.getString("flag"),
                row.getString("fixes"));
    }

    private static OffsetDateTime at(Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    private String write(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(broken);
        }
    }

    private <T> T read(String value, TypeReference<T> type) {
        try {
            return json.readValue(value, type);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException("A release's row holds something that is not JSON", broken);
        }
    }
}
