package dev.countersign.review;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.identity.Actors;
import dev.countersign.release.HeldFacts;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.Rows;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.Decisions;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Which seats a release has, by the table {@code required-seats}. */
@Component
class Seats {
    private static final String TABLE = "required-seats";
    private static final String OWNER = "$owner";
    private static final String OWNER_OF_ORPHANS = "head-of-operations";

    private static final String SEATS = "seats";

    private final JdbcClient db;
    private final HeldFacts facts;
    private final Releases releases;
    private final Catalog catalog;
    private final Decisions decisions;
    private final Timeline timeline;
    private final Clock clock;

    Seats(
            JdbcClient db,
            HeldFacts facts,
            Releases releases,
            Catalog catalog,
            Decisions decisions,
            Timeline timeline,
            Clock clock) {
        this.db = db;
        this.facts = facts;
        this.releases = releases;
        this.catalog = catalog;
        this.decisions = decisions;
        this.timeline = timeline;
        this.clock = clock;
    }

    List<SeatRow> of(String releaseKey) {
        return facts.read(
                releaseKey,
                SEATS,
                () -> List.copyOf(
                        db.sql("select * from review_seat where release_key = ? and withdrawn_at is null order by id")
                                .param(releaseKey)
                                .query((rs, row) -> new SeatRow(
                                        rs.getString("seat"),
                                        rs.getString("role"),
                                        rs.getString("scope"),
                                        rs.getString("group_"),
                                        rs.getString("flag"),
                                        rs.getString("alternate"),
                                        rs.getString("authority"),
                                        rs.getBoolean("meeting"),
                                        rs.getString("because")))
                                .list()));
    }

    Optional<SeatRow> find(String releaseKey, String seat) {
        return of(releaseKey).stream().filter(row -> row.id().equals(seat)).findFirst();
    }

    /** @param version of the table that gave it */
    record Quorum(int persons, String version) {}

    /** As it was when the seats were determined: looking at a review evaluates no table. */
    Quorum quorum(String releaseKey) {
        return db.sql("select persons, rule_version from review_quorum where release_key = ?")
                .param(releaseKey)
                .query((rs, row) -> new Quorum(rs.getInt("persons"), rs.getString("rule_version")))
                .optional()
                .orElse(new Quorum(0, "none yet"));
    }

    private void determineQuorum(Release release) {
        var answered =
                decisions.ask(release.policy(), "quorum", Map.of("kind", release.kind(), "tier", release.tier()));
        int persons = ((Number) answered.single().get("persons")).intValue();
        int known = db.sql("update review_quorum set persons = ?, rule_version = ? where release_key = ?")
                .params(persons, answered.version(), release.key())
                .update();
        if (known == 0) {
            db.sql("insert into review_quorum (release_key, persons, rule_version) values (?,?,?)")
                    .params(release.key(), persons, answered.version())
                    .update();
        }
    }

    /** Asks the table and stores the answer; harmless when repeated, and right after the facts have changed. */
    List<SeatRow> determine(String releaseKey) {
        Release release = releases.lock(releaseKey);
        var wanted = new LinkedHashMap<String, SeatRow>();
        String version = ask(release, SeatRow.WHOLE_RELEASE, null, wanted);
        for (Service platform : platformsOf(release)) {
            ask(release, platform.name(), platform, wanted);
        }
        if (wanted.values().stream().noneMatch(SeatRow::isRequired)) {
            throw new IllegalStateException(version + " gives " + releaseKey + " no required seat");
        }
        determineQuorum(release);
        var before = of(releaseKey);
        if (!before.equals(List.copyOf(wanted.values()))) {
            store(releaseKey, before, wanted, version);
            timeline.record(
                    releaseKey,
                    "review.seats-determined",
                    Actors.PLATFORM,
                    "Seats of the review: " + String.join(", ", wanted.keySet()) + ".",
                    Map.of("seats", List.copyOf(wanted.keySet()), "rule", version));
        }
        return of(releaseKey);
    }

    private String ask(Release release, String scope, Service platform, Map<String, SeatRow> wanted) {
        boolean needsPlatform = platform != null
                && release.dependsOn().stream().anyMatch(needed -> needed.startsWith(platform.name() + "@"));
        var answered = decisions.ask(
                release.policy(),
                TABLE,
                Map.of(
                        "kind", release.kind(),
                        "tier", release.tier(),
                        "sharedPlatform", platform != null,
                        "personalData", release.changes("personalData"),
                        "infrastructure", release.changes("infrastructure"),
                        "apiContract", release.changes("apiContract"),
                        "platformRelease", needsPlatform));
        for (Map<String, Object> row : answered.rows()) {
            String role = (String) row.get("role");
            String group = (String) row.get("group");
            if (OWNER.equals(group)) {
                group = platform == null || platform.owner() == null ? OWNER_OF_ORPHANS : platform.owner();
            }
            String id = SeatRow.idOf(role, scope);
            wanted.putIfAbsent(
                    id,
                    new SeatRow(
                            id,
                            role,
                            scope,
                            group,
                            (String) row.get("flag"),
                            (String) row.get("alternate"),
                            (String) row.get("authority"),
                            Boolean.TRUE.equals(row.get("meeting")),
                            (String) row.get("because")));
        }
        return answered.version();
    }

    private List<Service> platformsOf(Release release) {
        return catalog.service(release.service()).map(Service::dependsOn).orElse(List.of()).stream()
                .map(catalog::service)
                .flatMap(Optional::stream)
                .filter(Service::sharedPlatform)
                .toList();
    }

    private void store(String releaseKey, List<SeatRow> before, Map<String, SeatRow> wanted, String version) {
        facts.changed(releaseKey, SEATS);
        OffsetDateTime now = OffsetDateTime.now(clock);
        for (SeatRow seat : before) {
            if (!wanted.containsKey(seat.id())) {
                db.sql("update review_seat set withdrawn_at = ? where release_key = ? and seat = ?")
                        .params(now, releaseKey, seat.id())
                        .update();
            }
        }
        Set<String> known = Set.copyOf(db.sql("select seat from review_seat where release_key = ?")
                .param(releaseKey)
                .query(String.class)
                .list());
        Rows rows = new Rows("review_seat (release_key, seat, role, scope, group_, flag, alternate, authority, meeting,"
                + " because, rule_version, since)");
        for (SeatRow seat : wanted.values()) {
            if (known.contains(seat.id())) {
                update(releaseKey, seat, version);
            } else {
                rows.add(
                        releaseKey,
                        seat.id(),
                        seat.role(),
                        seat.scope(),
                        seat.group(),
                        seat.flag(),
                        seat.alternate(),
                        seat.authority(),
                        seat.meeting(),
                        seat.because(),
                        version,
                        now);
            }
        }
        rows.insert(db);
    }

    private void update(String releaseKey, SeatRow seat, String version) {
        db.sql("update review_seat set role = ?, scope = ?, group_ = ?, flag = ?, alternate = ?,"
                        + " authority = ?, meeting = ?, because = ?, rule_version = ?, withdrawn_at = null"
                        + " where release_key = ? and seat = ?")
                .params(java.util.Arrays.asList(
                        seat.role(),
                        seat.scope(),
                        seat.group(),
                        seat.flag(),
                        seat.alternate(),
                        seat.authority(),
                        seat.meeting(),
                        seat.because(),
                        version,
                        releaseKey,
                        seat.id()))
                .update();
    }
}
