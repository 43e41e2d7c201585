package dev.countersign.gate;

import dev.countersign.api.Problem;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.gate.GatePolicy.Authority;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.gate.Gates.Waiver;
import dev.countersign.identity.Actors;
import dev.countersign.identity.NotEntitled;
import dev.countersign.identity.Role;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Timeline;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Waivers: asked for by one person, decided by another of the group that the table {@code waiver-authority} names. A waiver covers the
 * findings it names until it expires, not the gate for ever.
 */
@Service
class WaiverDesk {
    private static final int SHORTEST_REASON = 10;
    private final Releases releases;
    private final Gates gates;
    private final GateEvaluation evaluation;
    private final GatePolicy policy;
    private final WaiverRepository waivers;
    private final Dossiers dossiers;
    private final Timeline timeline;
    private final Actors actors;
    private final Clock clock;

    WaiverDesk(
            Releases releases,
            Gates gates,
            GateEvaluation evaluation,
            GatePolicy policy,
            WaiverRepository waivers,
            Dossiers dossiers,
            Timeline timeline,
            Actors actors,
            Clock clock) {
        this.releases = releases;
        this.gates = gates;
        this.evaluation = evaluation;
        this.policy = policy;
        this.waivers = waivers;
        this.dossiers = dossiers;
        this.timeline = timeline;
        this.actors = actors;
        this.clock = clock;
    }

    /** What is asked for: the ids of findings, why, and until when. */
    record Wish(List<String> findings, String reason, Instant expires) {}

    /** By the API: whoever owns the gate, writes the code or runs the release may ask. The gate's process opens the task to decide. */
    @Transactional
    Waiver requestByApi(String releaseKey, String gateName, Wish wish) {
        Release release = releases.lock(releaseKey);
        Gate gate = gate(releaseKey, gateName);
        try {
            mayAsk(gate);
            Waiver waiver = request(release, gateName, wish);
            evaluation.tellProcess(release, "waiverRequested-" + gateName);
            return waiver;
        } catch (NotEntitled | StateConflict refusal) {
            timeline.refused(
                    releaseKey,
                    "waiver.request-refused",
                    actors.current(),
                    "Refused to ask for a waiver of gate %s: %s".formatted(gateName, refusal.getMessage()),
                    Map.of("gate", gateName));
            throw refusal;
        }
    }

    private void mayAsk(Gate gate) {
        if (!actors.has(Role.DEVELOPER)
                && !actors.has(Role.RELEASE_MANAGER)
                && !actors.currentGroups().contains(gate.owner())) {
            throw new NotEntitled(
                    "A waiver of the gate %s is asked for by its owner %s, a developer or a release manager"
                            .formatted(gate.name(), gate.owner()));
        }
    }

    @Transactional
    Waiver request(Release release, String gateName, Wish wish) {
        evaluation.evaluate(release.key(), gateName);
        Gate gate = gate(release.key(), gateName);
        if (release.state().isFinal()) {
            throw new StateConflict("%s is %s".formatted(release.key(), release.state()));
        }
        if (gate.isClear()) {
            throw new StateConflict("The gate %s is clear: there is nothing to waive".formatted(gateName));
        }
        if (waivers.requested(release.key(), gateName).isPresent()) {
            throw new StateConflict("A waiver of the gate %s waits for its decision already".formatted(gateName));
        }
        Authority authority = policy.authority(release, gateName);
        check(gate, authority, wish);
        FindingNames names = evaluation.names(release, gateName);
        waivers.insert(
                release.key(),
                names::reference,
                new Waiver(
                        0,
                        gateName,
                        List.copyOf(wish.findings()),
                        wish.reason().strip(),
                        wish.expires(),
                        authority.group(),
                        actors.current(),
                        clock.instant(),
                        null,
                        null,
                        null,
                        "REQUESTED"));
        Waiver stored = waivers.requested(release.key(), gateName).orElseThrow();
        timeline.record(
                release.key(),
                "waiver.requested",
                actors.current(),
                "A waiver of gate %s is asked for, for %d findings until %s: %s"
                        .formatted(gateName, stored.findings().size(), stored.expires(), stored.reason()),
                Map.of(
                        "gate",
                        gateName,
                        "waiver",
                        stored.id(),
                        "findings",
                        stored.findings(),
                        "authority",
                        authority.group()));
        return stored;
    }

    private void check(Gate gate, Authority authority, Wish wish) {
        List<Problem.FieldError> errors = new ArrayList<>();
        Set<String> open = gate.findings().stream().map(Finding::id).collect(Collectors.toSet());
        if (wish.findings() == null || wish.findings().isEmpty()) {
            errors.add(new Problem.FieldError("/findings", "Name the findings to be waived; in the way are " + open));
        } else {
            wish.findings().stream()
                    .filter(id -> id == null || !open.contains(id))
                    .limit(5)
                    .forEach(id -> errors.add(
                            new Problem.FieldError("/findings", "'" + id + "' does not stand in the way of the gate")));
        }
        if (wish.reason() == null || wish.reason().strip().length() < SHORTEST_REASON) {
            errors.add(new Problem.FieldError(
                    "/reason", "Say why it can be accepted, in at least " + SHORTEST_REASON + " characters"));
        } else if (wish.reason().length() > 4000) {
            errors.add(new Problem.FieldError("/reason", "at most 4000 characters"));
        }
        Instant now = clock.instant();
        Instant latest = now.plus(authority.longest());
        if (wish.expires() == null
                || !wish.expires().isAfter(now)
                || wish.expires().isAfter(latest)) {
            errors.add(new Problem.FieldError(
                    "/expires",
                    "A waiver of this gate ends at the latest after %d days: %s"
                            .formatted(authority.longest().toDays(), latest)));
        }
        if (!errors.isEmpty()) {
            throw Problem.invalid(
                    "The waiver cannot be asked for: " + errors.get(0).message(), errors);
        }
    }

    /** Decides on the waiver that waits. */
    @Transactional
    void decide(String releaseKey, String gateName, boolean approved, String reason) {
        Release release = releases.lock(releaseKey);
        Waiver waiver = waivers.requested(releaseKey, gateName)
                .orElseThrow(() -> new StateConflict("No waiver of the gate " + gateName + " waits for a decision"));
        String person = actors.current();
        if (person.equals(waiver.requestedBy())) {
            throw new NotEntitled("'%s' asked for this waiver: somebody else decides".formatted(person));
        }
        if (release.isAuthorOrRequester(person)) {
            throw new NotEntitled(
                    "'%s' wrote or requested %s and cannot decide on its waivers".formatted(person, releaseKey));
        }
        if (!actors.currentGroups().contains(waiver.authority())) {
            throw new NotEntitled("A waiver of the gate %s is decided by %s".formatted(gateName, waiver.authority()));
        }
        if (approved && !waiver.expires().isAfter(clock.instant())) {
            throw new StateConflict("The time that the waiver was asked for is over");
        }
        end(release, waiver, approved ? "APPROVED" : "REFUSED", person, reason);
    }

    /** Nobody decided in time. */
    @Transactional
    void lapse(String releaseKey, String gateName) {
        Release release = releases.lock(releaseKey);
        waivers.requested(releaseKey, gateName)
                .ifPresent(waiver -> end(release, waiver, "LAPSED", Actors.PLATFORM, "nobody decided in time"));
    }

    private void end(Release release, Waiver waiver, String status, String person, String reason) {
        waivers.decide(waiver.id(), status, person, clock.instant(), reason);
        timeline.record(
                release.key(),
                "waiver." + status.toLowerCase(java.util.Locale.ROOT),
                person,
                "The waiver of gate %s was %s: %s"
                        .formatted(waiver.gate(), status.toLowerCase(java.util.Locale.ROOT), reason),
                Map.of(
                        "gate",
                        waiver.gate(),
                        "waiver",
                        waiver.id(),
                        "findings",
                        waiver.findings(),
                        "expires",
                        waiver.expires().toString(),
                        "requestedBy",
                        waiver.requestedBy()));
        if (status.equals("APPROVED")) {
            evaluation.evaluate(release.key(), waiver.gate());
            dossiers.changed(release.key(), "a waiver of gate " + waiver.gate() + " was approved");
        }
    }

    private Gate gate(String releaseKey, String gateName) {
        return gates.find(releaseKey, gateName)
                .filter(gate -> !"not-applicable".equals(gate.required()))
                .orElseThrow(() -> Problem.notFound(releaseKey + " has no gate " + gateName));
    }
}
