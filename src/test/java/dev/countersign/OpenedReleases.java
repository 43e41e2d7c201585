package dev.countersign;

import dev.countersign.Engine.Hands;
import dev.countersign.release.Dossiers;
import dev.countersign.release.OpenRelease;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseOpening;
import dev.countersign.release.Releases;
import dev.countersign.workflow.ModelDeployment;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Releases to begin a test with: each of a version, and with a digest, of its own. */
public final class OpenedReleases {
    public static final String COMMIT = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final ReleaseOpening opening;
    private final Releases releases;
    private final Dossiers dossiers;
    private final ModelDeployment models;
    private final JdbcClient db;
    private final Hands hands;

    OpenedReleases(
            ReleaseOpening opening,
            Releases releases,
            Dossiers dossiers,
            ModelDeployment models,
            JdbcClient db,
            Hands hands) {
        this.opening = opening;
        this.releases = releases;
        this.dossiers = dossiers;
        this.models = models;
        this.db = db;
        this.hands = hands;
    }

    /** Opened by a pipeline, as its service's people get to see it: the process has begun. */
    public Release byPipeline(String service) throws Exception {
        int number = NUMBER.incrementAndGet();
        return hands.as(
                "ci",
                () -> opening.open(new OpenRelease(
                        service,
                        "8.0." + number,
                        "standard",
                        "One-page checkout",
                        "production",
                        COMMIT,
                        null,
                        List.of("developer"),
                        List.of(new Release.Artifact("registry.example/" + service, digest(number))),
                        nothingTouched(),
                        null,
                        List.of(),
                        null,
                        List.of())));
    }

    /** In the tables only, at its gates: for a test that starts one model by itself. */
    public Release withoutProcess(String service, String kind, String tier, String author) {
        int number = NUMBER.incrementAndGet();
        String version = "7.0." + number;
        String key = service + "@" + version;
        var now = OffsetDateTime.now(ZoneOffset.UTC);
        db.sql("insert into release (key_, service, version, attempt, kind, state, state_since, closed, tier, owner,"
                        + " requested_by, summary, environment, commit_, authors, artifacts, changes, depends_on,"
                        + " success_metrics, policy, opened_at) values (?, ?, ?, 1, ?, 'GATES', ?,"
                        + " false, ?, 'team-storefront', 'release-manager', 'One-page checkout', 'production', ?,"
                        + " ?, ?, ?, '[]', '[]', ?, ?)")
                .params(
                        key,
                        service,
                        version,
                        kind,
                        now,
                        tier,
                        COMMIT,
                        "[\"" + author + "\"]",
                        "[{\"name\":\"%s\",\"digest\":\"%s\"}]".formatted(service, digest(number)),
                        "{\"externalEndpoints\":false,\"authentication\":false,\"personalData\":false,"
                                + "\"databaseMigration\":false,\"infrastructure\":false,\"apiContract\":false}",
                        models.current(),
                        now)
                .update();
        dossiers.changed(key, "opened");
        return releases.get(key);
    }

    private static String digest(int number) {
        return "sha256:%064x".formatted(0xd0000 + number);
    }

    private static Map<String, Boolean> nothingTouched() {
        Map<String, Boolean> changes = new TreeMap<>();
        for (String fact : List.of(
                "externalEndpoints",
                "authentication",
                "personalData",
                "databaseMigration",
                "infrastructure",
                "apiContract")) {
            changes.put(fact, false);
        }
        return changes;
    }
}
