package dev.countersign.learning;

import dev.countersign.identity.Actors;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Opens a retrospective, takes what the teams say, keeps the summary. */
@Service
class StoredRetrospectives implements Retrospectives {
    private static final List<String> ALWAYS = List.of("developer", "qa", "security", "operations", "product");

    private final RetrospectiveStore store;
    private final Releases releases;
    private final Timeline timeline;
    private final Checks checks;
    private final Outcomes outcomes;
    private final RetrospectiveNotices notices;
    private final Clock clock;

    StoredRetrospectives(
            RetrospectiveStore store,
            Releases releases,
            Timeline timeline,
            Checks checks,
            Outcomes outcomes,
            RetrospectiveNotices notices,
            Clock clock) {
        this.store = store;
        this.releases = releases;
        this.timeline = timeline;
        this.checks = checks;
        this.outcomes = outcomes;
        this.notices = notices;
        this.clock = clock;
    }

    @Override
    public Optional<Retrospective> of(String releaseKey) {
        return store.find(releaseKey);
    }

    /** The five teams that work on every release, and every role that voted on this one. */
    private Set<String> teamsOf(String releaseKey) {
        var teams = new LinkedHashSet<>(ALWAYS);
        teams.addAll(checks.rolesThatVoted(releaseKey));
        return teams;
    }

    List<String> silentTeamsOf(String releaseKey) {
        Set<String> heard = store.inputsOf(releaseKey).stream().map(Input::team).collect(Collectors.toSet());
        return teamsOf(releaseKey).stream()
                .filter(team -> !heard.contains(team))
                .toList();
    }

    /** Harmless when repeated. */
    @Transactional
    void open(String releaseKey) {
        Release release = releases.lock(releaseKey);
        if (store.isOpened(releaseKey)) {
            return;
        }
        store.open(releaseKey, clock.instant());
        Set<String> teams = teamsOf(releaseKey);
        timeline.record(
                releaseKey,
                "retrospective.opened",
                Actors.PLATFORM,
                "Retrospective opened; asked are " + String.join(", ", teams),
                Map.of("teams", List.copyOf(teams)));
        notices.opened(release, teams);
    }

    @Transactional
    void hear(String releaseKey, Input input) {
        store.add(releaseKey, input);
        timeline.record(
                releaseKey,
                "retrospective.input-given",
                input.person(),
                "%s gave its view on the release".formatted(input.team()),
                Map.of("team", input.team()));
    }

    /** Harmless when repeated: a team is silent once. */
    @Transactional
    void recordSilence(String releaseKey) {
        List<String> silent = silentTeamsOf(releaseKey);
        for (String team : silent) {
            store.add(releaseKey, new Input(team, null, null, null, null, clock.instant()));
        }
        if (!silent.isEmpty()) {
            timeline.record(
                    releaseKey,
                    "retrospective.silent",
                    Actors.PLATFORM,
                    "No input until the deadline from " + String.join(", ", silent),
                    Map.of("teams", silent));
        }
    }

    List<Outcome> outcomesOf(String releaseKey) {
        return outcomes.of(releases.get(releaseKey));
    }

    @Transactional
    void summarise(String releaseKey, String person, String summary, String improvements, List<Rating> ratings) {
        releases.lock(releaseKey);
        store.summarise(releaseKey, summary, improvements, person, outcomesOf(releaseKey), clock.instant());
        store.add(releaseKey, ratings, clock.instant());
        timeline.record(
                releaseKey,
                "retrospective.summarised",
                person,
                "Retrospective summarised, %d gates and approvals rated".formatted(ratings.size()),
                Map.of("ratings", ratings.size()));
    }

    void remindTeams(String releaseKey) {
        List<String> silent = silentTeamsOf(releaseKey);
        if (!silent.isEmpty()) {
            notices.teamReminder(releases.get(releaseKey), Set.copyOf(silent));
        }
    }

    void remindFacilitator(String releaseKey) {
        notices.facilitatorReminder(releases.get(releaseKey));
    }

    @Transactional
    void escalateSummary(String releaseKey) {
        notices.summaryOverdue(releases.get(releaseKey));
        timeline.record(
                releaseKey,
                "retrospective.overdue",
                Actors.PLATFORM,
                "The summary of the retrospective is overdue: told the heads of product and operations",
                Map.of());
    }
}
