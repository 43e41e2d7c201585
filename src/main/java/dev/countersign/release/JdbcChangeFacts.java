package dev.countersign.release;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

@Repository
class JdbcChangeFacts implements ChangeFacts {
    /** Of the column. */
    private static final int LONGEST = 1000;

    private final JdbcClient jdbc;
    private final JdbcReleases releases;
    private final Timeline timeline;
    private final Dossiers dossiers;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    JdbcChangeFacts(
            JdbcClient jdbc,
            JdbcReleases releases,
            Timeline timeline,
            Dossiers dossiers,
            ApplicationEventPublisher events,
            Clock clock) {
        this.jdbc = jdbc;
        this.releases = releases;
        this.timeline = timeline;
        this.dossiers = dossiers;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public List<Shown> shown(String releaseKey) {
        return jdbc.sql("select * from release_fact where release_key = ? order by raised_at, fact")
                .param(releaseKey)
                .query((row, n) -> new Shown(
                        row.getString("fact"),
                        row.getString("sha256"),
                        row.getString("type"),
                        row.getString("because"),
                        row.getObject("raised_at", OffsetDateTime.class).toInstant()))
                .list();
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean raise(String releaseKey, String fact, String sha256, String type, String because) {
        if (!ReleaseOpening.CHANGE_FACTS.contains(fact)) {
            throw new IllegalArgumentException("There is no change fact '" + fact + "'");
        }
        Release release = releases.lock(releaseKey);
        if (release.changes(fact)) {
            return false;
        }
        Map<String, Boolean> changes = new HashMap<>(release.changes());
        changes.put(fact, true);
        releases.changes(releaseKey, changes);
        jdbc.sql(
                        "insert into release_fact (release_key, fact, sha256, type, because, raised_at) values (?, ?, ?, ?, ?, ?)")
                .params(
                        releaseKey,
                        fact,
                        sha256,
                        type,
                        cut(because),
                        clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        timeline.record(
                releaseKey,
                "fact.raised",
                dev.countersign.identity.Actors.PLATFORM,
                "The change fact %s was stated false; a document shows that it is true: %s".formatted(fact, because),
                Map.of("fact", fact, "sha256", sha256, "type", type));
        events.publishEvent(new FactRaised(releaseKey, fact));
        dossiers.changed(releaseKey, "the change fact %s is true".formatted(fact));
        return true;
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }
}
