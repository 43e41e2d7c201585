package dev.countersign.criteria;

import dev.countersign.criteria.Criteria.CounterProposal;
import dev.countersign.criteria.Criteria.CriteriaSet;
import dev.countersign.criteria.Criteria.Criterion;
import dev.countersign.criteria.Criteria.Position;
import dev.countersign.identity.Actors;
import dev.countersign.release.Dossiers;
import dev.countersign.release.HotfixRules;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Timeline;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** How a set of criteria comes about, changes and is frozen. Every step may be repeated. */
@Service
@Transactional
class Negotiation {
    /** After so many sets that adopted counter-proposals, people who can decide are asked. */
    static final int ROUNDS = 3;

    private final CriteriaRepository repository;
    private final SloCriteria slos;
    private final MetricCriteria metrics;
    private final Releases releases;
    private final Dossiers dossiers;
    private final Timeline timeline;
    private final Actors actors;
    private final CriteriaNotices notices;
    private final HotfixRules hotfixes;
    private final Clock clock;

    Negotiation(
            CriteriaRepository repository,
            SloCriteria slos,
            MetricCriteria metrics,
            Releases releases,
            Dossiers dossiers,
            Timeline timeline,
            Actors actors,
            CriteriaNotices notices,
            HotfixRules hotfixes,
            Clock clock) {
        this.repository = repository;
        this.slos = slos;
        this.metrics = metrics;
        this.releases = releases;
        this.dossiers = dossiers;
        this.timeline = timeline;
        this.actors = actors;
        this.notices = notices;
        this.hotfixes = hotfixes;
        this.clock = clock;
    }

    /** The first proposal, from what is known already. Where a set is on the table or agreed, it stays. */
    void propose(String releaseKey) {
        Release release = releases.lock(releaseKey);
        if (repository.newest(releaseKey).isPresent()) {
            return;
        }
        var drafts = new ArrayList<>(slos.proposal(release));
        drafts.addAll(metrics.proposal(release));
        put(
                release,
                1,
                drafts,
                "Proposed from the service's objectives, the rollback triggers and the release's success metrics");
    }

    /** A new set by the release manager; whatever was agreed before is open again. */
    CriteriaSet change(String releaseKey, List<Draft> drafts, String reason) {
        Release release = releases.lock(releaseKey);
        switch (release.state()) {
            case CRITERIA, GATES, REVIEW, SCHEDULED -> {}
            default ->
                throw new StateConflict("The criteria of " + releaseKey + " cannot change any more: it is "
                        + release.state() + ". They can until the rollout begins.");
        }
        boolean wasAgreed = repository.agreed(releaseKey);
        put(release, 1, drafts, reason);
        if (wasAgreed) {
            dossiers.changed(releaseKey, "acceptance criteria changed: " + reason);
        }
        return repository.newest(releaseKey).orElseThrow();
    }

    Agreement weigh(String releaseKey) {
        releases.lock(releaseKey);
        CriteriaSet set = newest(releaseKey);
        if (missing(set).isEmpty()) {
            return Agreement.AGREED;
        }
        return set.round() < ROUNDS && conflicting(set.counterProposals()).isEmpty()
                ? Agreement.NEW_ROUND
                : Agreement.STUCK;
    }

    /** Parties that did not agree to the set as it stands. */
    List<String> missing(String releaseKey) {
        return missing(newest(releaseKey));
    }

    /** A hotfix goes by what is proposed, where the table says so: its review afterwards looks at it. */
    private boolean holdAsProposed(Release release) {
        return release.isHotfix() && hotfixes.of(release).criteriaAsProposed();
    }

    private List<String> missing(CriteriaSet set) {
        return set.isAgreed() || holdAsProposed(releases.get(set.releaseKey()))
                ? List.of()
                : Party.all().stream()
                        .filter(party -> !hasChosen(set, party, "AGREE"))
                        .toList();
    }

    boolean headsAccept(String releaseKey) {
        return headsAccept(newest(releaseKey));
    }

    private static boolean headsAccept(CriteriaSet set) {
        return Party.heads().stream().allMatch(head -> hasChosen(set, head, "ACCEPT"));
    }

    void remind(String releaseKey) {
        List<String> missing = missing(newest(releaseKey));
        if (!missing.isEmpty()) {
            notices.reminded(releases.get(releaseKey), missing);
        }
    }

    /** Tells the heads that it is theirs now. */
    void escalateToHeads(String releaseKey) {
        CriteriaSet set = newest(releaseKey);
        String text = "The parties did not agree on the acceptance criteria of " + releaseKey + ", version "
                + set.version() + ". Their heads decide jointly: " + String.join(", ", Party.heads());
        timeline.record(releaseKey, "criteria.escalated", actors.current(), text, Map.of("version", set.version()));
        notices.escalated(releases.get(releaseKey), Party.heads(), text);
    }

    /** Puts the counter-proposals of the round into a new set. Without any, the set as it stands is asked about again. */
    void adoptAll(String releaseKey) {
        CriteriaSet set = newest(releaseKey);
        if (set.isAgreed() || set.counterProposals().isEmpty()) {
            return;
        }
        adopt(set, set.counterProposals(), "Counter-proposals of " + partiesOf(set.counterProposals()) + " adopted");
    }

    /** @throws StateConflict when two of them speak of one criterion */
    void adopt(CriteriaSet set, List<CounterProposal> chosen, String reason) {
        if (chosen.isEmpty()) {
            return;
        }
        if (!conflicting(chosen).isEmpty()) {
            throw new StateConflict(
                    "Only one counter-proposal for a criterion can be adopted; there are several for criterion "
                            + conflicting(chosen).stream().map(String::valueOf).collect(Collectors.joining(", ")));
        }
        var drafts = new ArrayList<Draft>();
        for (Criterion criterion : set.criteria()) {
            CounterProposal counter = chosen.stream()
                    .filter(proposal -> Objects.equals(proposal.number(), criterion.number()))
                    .findFirst()
                    .orElse(null);
            if (counter == null) {
                drafts.add(Draft.of(criterion));
            } else if (!counter.dropped()) {
                drafts.add(
                        draft(counter, criterion.text() + " (" + criterion.limit() + ", " + criterion.binding() + ")"));
            }
        }
        chosen.stream()
                .filter(proposal -> proposal.number() == null)
                .forEach(proposal -> drafts.add(draft(proposal, "")));
        chosen.forEach(proposal -> repository.adopt(set, proposal.id()));
        put(releases.lock(set.releaseKey()), set.round() + 1, drafts, reason);
    }

    private static Draft draft(CounterProposal proposal, String before) {
        return new Draft(
                proposal.text(),
                proposal.binding(),
                proposal.limit(),
                "counter-proposal of " + proposal.party() + ": " + proposal.reason(),
                before);
    }

    /** Freezes the set, if those who may decide it did. */
    void freeze(String releaseKey) {
        releases.lock(releaseKey);
        CriteriaSet set = newest(releaseKey);
        if (set.isAgreed()) {
            return;
        }
        String by;
        if (holdAsProposed(releases.get(releaseKey))) {
            by = "as proposed: nobody negotiates the criteria of a hotfix";
        } else if (missing(set).isEmpty()) {
            by = "agreed by " + String.join(", ", Party.all());
        } else if (headsAccept(set)) {
            by = "accepted by " + String.join(", ", Party.heads());
        } else if (hasChosen(set, "executive", "ACCEPT")) {
            by = "accepted by the accountable executive";
        } else {
            throw new StateConflict(
                    "The criteria of " + releaseKey + " are not agreed: missing " + String.join(", ", missing(set)));
        }
        repository.settle(set, "AGREED", by, clock.instant());
        timeline.record(
                releaseKey,
                "criteria.agreed",
                actors.current(),
                "Acceptance criteria, version " + set.version() + ", are " + by,
                Map.of(
                        "version",
                        set.version(),
                        "digest",
                        set.digest(),
                        "criteria",
                        set.criteria().size()));
        dossiers.changed(releaseKey, "acceptance criteria agreed");
    }

    /** Nobody agreed in time, or somebody entitled said no. */
    void refuse(String releaseKey) {
        releases.lock(releaseKey);
        CriteriaSet set = newest(releaseKey);
        if (!"PROPOSED".equals(set.status())) {
            return;
        }
        String by = hasChosen(set, "executive", "REJECT")
                ? "refused by the accountable executive"
                : "not agreed at the last deadline";
        repository.settle(set, "REFUSED", by, clock.instant());
        timeline.record(
                releaseKey,
                "criteria.refused",
                actors.current(),
                "Acceptance criteria, version " + set.version() + ", are " + by,
                Map.of("version", set.version(), "digest", set.digest()));
    }

    CriteriaSet newest(String releaseKey) {
        return repository
                .newest(releaseKey)
                .orElseThrow(() -> new StateConflict("No acceptance criteria are proposed for " + releaseKey + " yet"));
    }

    private void put(Release release, int round, List<Draft> drafts, String reason) {
        int version = repository.newest(release.key()).map(CriteriaSet::version).orElse(0) + 1;
        String digest = CriteriaDigest.of(drafts);
        repository.insert(release.key(), version, round, digest, reason, actors.current(), clock.instant(), drafts);
        timeline.record(
                release.key(),
                "criteria.proposed",
                actors.current(),
                "Acceptance criteria, version " + version + ": " + reason,
                Map.of("version", version, "digest", digest, "criteria", drafts.size()));
        if (!holdAsProposed(release)) {
            notices.asked(release, version, reason);
        }
    }

    private static boolean hasChosen(CriteriaSet set, String party, String choice) {
        return set.positions().stream()
                .filter(position -> position.party().equals(party))
                .map(Position::choice)
                .anyMatch(choice::equals);
    }

    static List<Integer> conflicting(Collection<CounterProposal> proposals) {
        return proposals.stream()
                .map(CounterProposal::number)
                .filter(Objects::nonNull)
                .collect(Collectors.groupingBy(number -> number, Collectors.counting()))
                .entrySet()
                .stream()
                .filter(entry -> entry.getValue() > 1)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    private static String partiesOf(Collection<CounterProposal> proposals) {
        return proposals.stream()
                .map(CounterProposal::party)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }

    /** How a round ended. */
    enum Agreement {
        AGREED,
        /** Counter-proposals can be put into a new set and the parties be asked again. */
        NEW_ROUND,
        /** Counter-proposals contradict each other, or there were rounds enough. */
        STUCK
    }
}
