package dev.countersign.review;

import dev.countersign.identity.Actors;
import dev.countersign.incident.AttributedIncidents.AttributedIncident;
import dev.countersign.incident.Incidents;
import dev.countersign.incident.Incidents.Incident;
import dev.countersign.incident.ReportedIncidents;
import dev.countersign.release.HotfixRules;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseFilter;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.RiskFacts;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.TaskRefused;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** What happened to earlier releases of the service, and whether that asks for mitigations now. */
@Component
class HistoryReviewing {
    static final Duration LOOKING_BACK = Duration.ofDays(90);
    private static final Duration TIME_TO_CATCH_UP = Duration.ofHours(8);
    private static final String CATCH_UP =
            "Review the incident history of the service and say whether mitigations are needed";
    private static final int SIMILAR = 10;
    private static final Set<ReleaseState> DEPLOYED =
            EnumSet.of(ReleaseState.STABLE, ReleaseState.ROLLED_BACK, ReleaseState.ROLLBACK_FAILED);

    private final Releases releases;
    private final Incidents incidents;
    private final ReportedIncidents reported;
    private final ObjectProvider<RiskFacts> risks;
    private final HistoryReviews reviews;
    private final Conditions conditions;
    private final Votes votes;
    private final HotfixRules hotfixes;
    private final Timeline timeline;
    private final Clock clock;

    HistoryReviewing(
            Releases releases,
            Incidents incidents,
            ReportedIncidents reported,
            ObjectProvider<RiskFacts> risks,
            HistoryReviews reviews,
            Conditions conditions,
            Votes votes,
            HotfixRules hotfixes,
            Timeline timeline,
            Clock clock) {
        this.releases = releases;
        this.incidents = incidents;
        this.reported = reported;
        this.risks = risks;
        this.reviews = reviews;
        this.conditions = conditions;
        this.votes = votes;
        this.hotfixes = hotfixes;
        this.timeline = timeline;
        this.clock = clock;
    }

    /**
     * @param attributed incidents of other systems that persons attributed to releases of the service
     * @param deployed releases of the service that reached production in the last 90 days
     * @param failed of these, those that were rolled back or have an incident
     * @param risk inputs of the table {@code risk-tier}
     */
    record Figures(
            List<Incident> incidents,
            List<AttributedIncident> attributed,
            List<Release> similar,
            int deployed,
            int failed,
            Map<String, Object> risk) {
        String changeFailRate() {
            return deployed == 0
                    ? "no release in 90 days"
                    : "%.1f %% (%d of %d)".formatted(100.0 * failed / deployed, failed, deployed);
        }
    }

    Figures figures(Release release) {
        var since = clock.instant().minus(LOOKING_BACK);
        var past = incidents.ofService(release.service(), since);
        var risk = new TreeMap<String, Object>();
        risks.forEach(known -> risk.putAll(known.factsOf(release.service())));
        // Few services have any: the others need no statement.
        List<AttributedIncident> attributed = Integer.valueOf(0).equals(risk.get("attributedIncidents90d"))
                ? List.of()
                : reported.attributedTo(release.service(), since);
        var deployed =
                releases.list(new ReleaseFilter(Set.of(release.service()), DEPLOYED, since, null, 0, 500)).stream()
                        .filter(other -> !other.key().equals(release.key()))
                        .filter(other -> past.stream()
                                .noneMatch(incident ->
                                        !incident.exposed() && other.key().equals(incident.releaseKey())))
                        .toList();
        long failed = deployed.stream()
                .filter(other -> other.state() != ReleaseState.STABLE
                        || past.stream().anyMatch(incident -> other.key().equals(incident.releaseKey()))
                        || attributed.stream().anyMatch(incident -> other.key().equals(incident.releaseKey())))
                .count();
        return new Figures(past, attributed, similar(release, deployed), deployed.size(), (int) failed, risk);
    }

    /** Those that changed most of the same things come first. */
    private static List<Release> similar(Release release, List<Release> others) {
        return others.stream()
                .sorted(java.util.Comparator.comparingLong((Release other) -> -sameChanges(release, other)))
                .limit(SIMILAR)
                .toList();
    }

    static long sameChanges(Release release, Release other) {
        return release.changes().entrySet().stream()
                .filter(fact -> fact.getValue() && other.changes(fact.getKey()))
                .count();
    }

    void review(
            String releaseKey,
            String person,
            boolean mitigationNeeded,
            String reason,
            List<Conditions.Stated> mitigations) {
        if (mitigationNeeded && mitigations.isEmpty()) {
            throw TaskRefused.invalid("conditions", "Name the mitigations that are needed");
        }
        if (!mitigationNeeded && !mitigations.isEmpty()) {
            throw TaskRefused.invalid("conditions", "No mitigation is needed, yet some are named");
        }
        votes.check(mitigations);
        Release release = releases.lock(releaseKey);
        Figures figures = figures(release);
        reviews.add(
                releaseKey,
                mitigationNeeded,
                reason,
                Map.of(
                        "incidents",
                                Stream.concat(
                                                figures.incidents().stream().map(Incident::key),
                                                figures.attributed().stream().map(AttributedIncident::id))
                                        .toList(),
                        "changeFailRate", figures.changeFailRate(),
                        "risk", figures.risk(),
                        "tier", release.tier()),
                person);
        mitigations.forEach(mitigation -> conditions.add(releaseKey, null, null, person, mitigation));
        timeline.record(
                releaseKey,
                "history.reviewed",
                person,
                (mitigationNeeded ? mitigations.size() + " mitigation(s) demanded: " : "No mitigation needed: ")
                        + reason,
                Map.of(
                        "mitigationNeeded",
                        mitigationNeeded,
                        "incidents",
                        figures.incidents().size() + figures.attributed().size(),
                        "changeFailRate",
                        figures.changeFailRate()));
    }

    /** The review of a hotfix afterwards looks at the history, where the table says so. */
    boolean isPutOff(String releaseKey) {
        Release release = releases.get(releaseKey);
        return release.isHotfix() && hotfixes.of(release).historyAfterwards();
    }

    /** Somebody reviewed it in time, or the condition that took its place is met. */
    boolean isDone(String releaseKey) {
        return reviews.latest(releaseKey).isPresent()
                || conditions.of(releaseKey).stream()
                        .anyMatch(condition -> condition.voteId() == null
                                && condition.statedBy().equals(Actors.PLATFORM)
                                && condition.text().equals(CATCH_UP)
                                && !condition.isOpen());
    }

    /** Nobody reviewed the history in time: that becomes a condition, which holds the decision and escalates. */
    void demand(String releaseKey) {
        conditions.add(
                releaseKey,
                null,
                null,
                Actors.PLATFORM,
                new Conditions.Stated(
                        CATCH_UP,
                        "head-of-operations",
                        OffsetDateTime.now(clock.withZone(ZoneOffset.UTC)).plus(TIME_TO_CATCH_UP),
                        true,
                        "A reasoned yes or no is recorded"));
        timeline.record(
                releaseKey,
                "history.not-reviewed",
                Actors.PLATFORM,
                "Nobody reviewed the history in time; it is a condition before rollout now.",
                Map.of());
    }
}
