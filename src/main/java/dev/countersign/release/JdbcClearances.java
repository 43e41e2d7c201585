package dev.countersign.release;

import dev.countersign.identity.Actors;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

@Component
class JdbcClearances implements Clearances {
    /** Of the column; the timeline keeps the whole reason. */
    private static final int LONGEST = 1000;

    private static final String GIVEN =
            "select count(*) from release_clearance where release_key = ? and material_digest = ? and revoked_at is null";

    private final JdbcClient jdbc;
    private final Releases releases;
    private final Dossiers dossiers;
    private final ObjectProvider<ClearanceCondition> conditions;
    private final ObjectProvider<ClearanceLimit> limits;
    private final Timeline timeline;
    private final Actors actors;
    private final Clock clock;

    JdbcClearances(
            JdbcClient jdbc,
            Releases releases,
            Dossiers dossiers,
            ObjectProvider<ClearanceCondition> conditions,
            ObjectProvider<ClearanceLimit> limits,
            Timeline timeline,
            Actors actors,
            Clock clock) {
        this.jdbc = jdbc;
        this.releases = releases;
        this.dossiers = dossiers;
        this.conditions = conditions;
        this.limits = limits;
        this.timeline = timeline;
        this.actors = actors;
        this.clock = clock;
    }

    @Override
    @Transactional
    public void grant(String releaseKey) {
        Release asked = releases.get(releaseKey);
        conditions.forEach(condition -> condition.look(asked));
        Release release = releases.lock(releaseKey);
        String digest = dossiers.anew(releaseKey).digest();
        List<String> missing = conditions.stream()
                .flatMap(condition -> condition.missing(release, digest).stream())
                .toList();
        if (!missing.isEmpty()) {
            throw new StateConflict("%s cannot be cleared: %s".formatted(releaseKey, String.join("; ", missing)));
        }
        if (isCurrent(releaseKey, digest)) {
            return;
        }
        Optional<Instant> until = limits.stream()
                .map(limit -> limit.endsAt(release))
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
        jdbc.sql("insert into release_clearance (release_key, material_digest, granted_at, valid_until)"
                        + " values (:key, :digest, :now, :until)")
                .param("key", releaseKey)
                .param("digest", digest)
                .param("now", now())
                .param(
                        "until",
                        until.map(end -> end.atOffset(ZoneOffset.UTC)).orElse(null),
                        Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
        timeline.record(
                releaseKey,
                "clearance.granted",
                actors.current(),
                "Cleared for rollout with the dossier " + digest
                        + until.map(end -> ", until " + end).orElse(""),
                Map.of("dossier", digest));
    }

    @Override
    @Transactional
    public void revoke(String releaseKey, String reason) {
        int revoked = jdbc.sql(
                        "update release_clearance set revoked_at = ?, revoked_because = ? where release_key = ? and revoked_at is null")
                .params(now(), reason.length() > LONGEST ? reason.substring(0, LONGEST) : reason, releaseKey)
                .update();
        if (revoked > 0) {
            timeline.record(
                    releaseKey,
                    "clearance.revoked",
                    actors.current(),
                    "The clearance was revoked: " + reason,
                    Map.of());
        }
    }

    @Override
    public void require(String releaseKey) {
        String digest = dossiers.anew(releaseKey).digest();
        if (!isCurrent(releaseKey, digest)) {
            throw isGiven(releaseKey, digest)
                    ? new ClearanceMissing("The clearance of %s has ended by its time: traffic does not move forward"
                            .formatted(releaseKey))
                    : missing(releaseKey, digest);
        }
    }

    @Override
    public void requireGiven(String releaseKey) {
        String digest = dossiers.anew(releaseKey).digest();
        if (!isGiven(releaseKey, digest)) {
            throw missing(releaseKey, digest);
        }
    }

    private static ClearanceMissing missing(String releaseKey, String digest) {
        return new ClearanceMissing(
                "%s has no clearance for its dossier %s: traffic does not move forward".formatted(releaseKey, digest));
    }

    /** A changed dossier ends the clearance at once, not only when somebody asks for it. */
    @EventListener
    void on(Dossiers.MaterialDossierChanged change) {
        revoke(change.releaseKey(), "the dossier changed in " + String.join(", ", change.changedParts()));
    }

    private boolean isCurrent(String releaseKey, String digest) {
        return jdbc.sql(GIVEN + " and (valid_until is null or valid_until > ?)")
                        .params(releaseKey, digest, now())
                        .query(Integer.class)
                        .single()
                > 0;
    }

    /** Granted and not revoked, whether its time is over or not. */
    private boolean isGiven(String releaseKey, String digest) {
        return jdbc.sql(GIVEN).params(releaseKey, digest).query(Integer.class).single() > 0;
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }
}
