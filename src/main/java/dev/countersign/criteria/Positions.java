package dev.countersign.criteria;

import dev.countersign.criteria.Criteria.CounterProposal;
import dev.countersign.criteria.Criteria.CriteriaSet;
import dev.countersign.criteria.Criteria.Position;
import dev.countersign.identity.Actors;
import dev.countersign.identity.Role;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.TaskRefused;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** What the parties, their heads, the release manager and the executive say about a set. */
@Service
@Transactional
class Positions {
    private final CriteriaRepository repository;
    private final Negotiation negotiation;
    private final Bindings bindings;
    private final Releases releases;
    private final Timeline timeline;
    private final Actors actors;
    private final Clock clock;

    Positions(
            CriteriaRepository repository,
            Negotiation negotiation,
            Bindings bindings,
            Releases releases,
            Timeline timeline,
            Actors actors,
            Clock clock) {
        this.repository = repository;
        this.negotiation = negotiation;
        this.bindings = bindings;
        this.releases = releases;
        this.timeline = timeline;
        this.actors = actors;
        this.clock = clock;
    }

    void agree(String releaseKey, String party, String person, String seen, String comment) {
        CriteriaSet set = open(releaseKey, party, person, seen);
        take(set, party, person, "AGREE", comment, party + " agrees to acceptance criteria, version " + set.version());
    }

    void counter(String releaseKey, String party, String person, String seen, List<Counter> counters) {
        CriteriaSet set = open(releaseKey, party, person, seen);
        if (counters.isEmpty()) {
            throw TaskRefused.invalid("counterProposals", "A counter-proposal names at least one criterion");
        }
        check(releases.get(releaseKey), counters);
        counters.forEach(counter -> repository.counter(set, party, person, counter, clock.instant()));
        take(
                set,
                party,
                person,
                "COUNTER",
                null,
                party + " makes " + counters.size() + " counter-proposal" + (counters.size() == 1 ? "" : "s")
                        + " to acceptance criteria, version " + set.version());
    }

    /** A head or the executive, who speak of the set as a whole. */
    void decide(String releaseKey, String authority, String person, String seen, boolean accepted, String comment) {
        CriteriaSet set = open(releaseKey, authority, person, seen);
        take(
                set,
                authority,
                person,
                accepted ? "ACCEPT" : "REJECT",
                comment,
                authority + (accepted ? " accepts" : " rejects") + " acceptance criteria, version " + set.version());
    }

    /** The release manager states facts and may put chosen counter-proposals into the set, but decides nothing. */
    void settle(String releaseKey, String person, String statement, List<Long> chosen) {
        checkGroup(Role.RELEASE_MANAGER.id(), person);
        releases.lock(releaseKey);
        CriteriaSet set = negotiation.newest(releaseKey);
        List<CounterProposal> proposals = set.counterProposals().stream()
                .filter(proposal -> chosen.contains(proposal.id()))
                .toList();
        List<Integer> conflicting = Negotiation.conflicting(proposals);
        if (!conflicting.isEmpty()) {
            throw TaskRefused.invalid(
                    "proposals", "Choose one counter-proposal for a criterion; there are several for " + conflicting);
        }
        repository.state(set, person, statement, clock.instant());
        timeline.record(
                releaseKey,
                "criteria.statement",
                person,
                "Statement of facts on the acceptance criteria: " + statement,
                Map.of("version", set.version(), "adopted", chosen));
        negotiation.adopt(set, proposals, "Put together by the release manager: " + statement);
    }

    /** Whether the release manager already brought the parties together once in this negotiation. */
    boolean wasSettled(String releaseKey) {
        boolean settled = false;
        for (CriteriaSet set : repository.all(releaseKey)) {
            settled = (set.round() > 1 && settled) || !set.statements().isEmpty();
        }
        return settled;
    }

    /** The model says whom a task speaks for, and a model can be wrong: what counts are the groups of who is logged in. */
    private void checkGroup(String party, String person) {
        if (!actors.currentGroups().contains(party)) {
            throw TaskRefused.forbidden(person + " is not in the group " + party + " and cannot speak for it");
        }
    }

    private CriteriaSet open(String releaseKey, String party, String person, String seen) {
        checkGroup(party, person);
        Release release = releases.lock(releaseKey);
        if (release.isAuthorOrRequester(person)) {
            throw TaskRefused.forbidden(person + " wrote or requested " + releaseKey + " and cannot speak for " + party
                    + " on its criteria");
        }
        CriteriaSet set = negotiation.newest(releaseKey);
        if (!set.digest().equals(seen)) {
            throw TaskRefused.stale("The criteria have changed since you opened the form: they are version "
                    + set.version() + " now (" + set.reason() + "). Open the task again.");
        }
        if (!"PROPOSED".equals(set.status())) {
            throw TaskRefused.stale(
                    "The criteria, version " + set.version() + ", are settled already: " + set.settledBy());
        }
        for (Position position : set.positions()) {
            if (position.party().equals(party)) {
                throw TaskRefused.stale(position.person() + " has spoken for " + party + " already");
            }
            if (position.person().equals(person)) {
                throw TaskRefused.forbidden(
                        person + " has spoken for " + position.party() + " already: one person speaks for one party");
            }
        }
        return set;
    }

    private void check(Release release, List<Counter> counters) {
        var known = bindings.of(release);
        for (Counter counter : counters) {
            if (counter.reason() == null || counter.reason().isBlank()) {
                throw TaskRefused.invalid("counterProposals", "Every counter-proposal needs a reason");
            }
            if (!counter.dropped()) {
                bindings.fault(release, known, new Draft(counter.text(), counter.binding(), counter.limit(), "", null))
                        .ifPresent(fault -> {
                            throw TaskRefused.invalid("counterProposals", fault.message());
                        });
            }
        }
    }

    private void take(CriteriaSet set, String party, String person, String choice, String comment, String text) {
        repository.take(set, party, person, choice, comment, clock.instant());
        timeline.record(
                set.releaseKey(),
                "criteria." + choice.toLowerCase(java.util.Locale.ROOT),
                person,
                text,
                Map.of("party", party, "version", set.version(), "digest", set.digest()));
    }
}
