package dev.countersign.gate.signoff;

import dev.countersign.gate.ConfirmedGates;
import dev.countersign.gate.signoff.SignoffPolicy.Required;
import dev.countersign.identity.Actors;
import dev.countersign.identity.NotEntitled;
import dev.countersign.release.ClearanceCondition;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Dossiers.Dossier;
import dev.countersign.release.Dossiers.MaterialDossierChanged;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Timeline;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The sign-offs of a release: who is asked, who signed what, and which of them still hold. */
@Service
class Signoffs implements ClearanceCondition {
    private final SignoffRepository repository;
    private final SignoffPolicy policy;
    private final Releases releases;
    private final Dossiers dossiers;
    private final ConfirmedGates gates;
    private final Timeline timeline;
    private final Actors actors;
    private final Clock clock;

    Signoffs(
            SignoffRepository repository,
            SignoffPolicy policy,
            Releases releases,
            Dossiers dossiers,
            ConfirmedGates gates,
            Timeline timeline,
            Actors actors,
            Clock clock) {
        this.repository = repository;
        this.policy = policy;
        this.releases = releases;
        this.dossiers = dossiers;
        this.gates = gates;
        this.timeline = timeline;
        this.actors = actors;
        this.clock = clock;
    }

    /** Writes down whose sign-off is asked for now. */
    @Transactional
    void determine(String releaseKey) {
        Release release = releases.lock(releaseKey);
        List<String> names = missing(releaseKey).stream().map(Required::name).toList();
        if (!names.isEmpty() && !isRefused(releaseKey)) {
            timeline.record(
                    releaseKey,
                    "signoff.asked",
                    Actors.PLATFORM,
                    "Asked for the sign-off of " + String.join(", ", names),
                    Map.of("missing", names, "dossier", String.valueOf(release.materialDigest())));
        }
    }

    /** {@code given}, {@code refused} or {@code missing}. */
    @Transactional
    String outcome(String releaseKey) {
        releases.lock(releaseKey);
        if (isRefused(releaseKey)) {
            return "refused";
        }
        return missing(releaseKey).isEmpty() ? "given" : "missing";
    }

    /** The required sign-offs that nobody has given or refused for what there is to see now. */
    List<Required> missing(String releaseKey) {
        Release release = releases.get(releaseKey);
        Dossier dossier = dossiers.of(releaseKey);
        return policy.required(release).stream()
                .filter(required -> valid(dossier, required.name()).isEmpty())
                .toList();
    }

    /** For the model: what it asks next in the same transaction is read once. */
    @Transactional
    boolean holdAndSeeRefusal(String releaseKey) {
        releases.lock(releaseKey);
        return isRefused(releaseKey);
    }

    boolean isRefused(String releaseKey) {
        Release release = releases.get(releaseKey);
        Dossier dossier = dossiers.of(releaseKey);
        return policy.required(release).stream().anyMatch(required -> valid(dossier, required.name())
                .filter(Signoff::isRefusal)
                .isPresent());
    }

    private Optional<Signoff> valid(Dossier dossier, String name) {
        return repository.of(dossier.releaseKey()).stream()
                .filter(signoff -> signoff.name().equals(name)
                        && signoff.isValid()
                        && signoff.seen().equals(dossier.seenBy(name)))
                .reduce((earlier, later) -> later);
    }

    /** @param seenDigest the material digest on the form */
    @Transactional
    void sign(String releaseKey, String name, boolean approved, String reason, String seenDigest) {
        Release release = releases.lock(releaseKey);
        Required required = policy.required(release).stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new StateConflict(releaseKey + " needs no sign-off '" + name + "'"));
        Dossier dossier = dossiers.of(releaseKey);
        requireEntitled(release, required);
        if (!dossier.digest().equals(seenDigest)) {
            throw new StateConflict("The dossier has changed since you opened the task: you saw %s, now it is %s"
                    .formatted(seenDigest, dossier.digest()));
        }
        if (valid(dossier, name).isPresent()) {
            throw new StateConflict("The sign-off '%s' of %s is given already".formatted(name, releaseKey));
        }
        repository.insert(
                releaseKey,
                new Signoff(
                        0,
                        name,
                        approved ? "APPROVED" : "REFUSED",
                        actors.current(),
                        reason,
                        dossier.digest(),
                        dossier.seenBy(name),
                        clock.instant(),
                        null,
                        null));
        timeline.record(
                releaseKey,
                approved ? "signoff.given" : "signoff.refused",
                actors.current(),
                "Sign-off '%s' was %s%s"
                        .formatted(name, approved ? "given" : "refused", reason == null ? "" : ": " + reason),
                Map.of("signoff", name, "dossier", dossier.digest(), "seen", dossier.seenBy(name)));
    }

    private void requireEntitled(Release release, Required required) {
        String person = actors.current();
        if (!actors.currentGroups().contains(required.group())) {
            throw new NotEntitled(
                    "The sign-off '%s' is given by the group %s".formatted(required.name(), required.group()));
        }
        if (release.isAuthorOrRequester(person)) {
            throw new NotEntitled("'%s' wrote or requested %s and cannot sign it off".formatted(person, release.key()));
        }
        repository.of(release.key()).stream()
                .filter(signoff -> signoff.isValid()
                        && signoff.person().equals(person)
                        && !signoff.name().equals(required.name()))
                .findFirst()
                .ifPresent(other -> {
                    throw new NotEntitled("'%s' has given the sign-off '%s' already: one person, one sign-off"
                            .formatted(person, other.name()));
                });
    }

    /** Voids the sign-offs, and only those, whose people would see something else now, and has them asked again. */
    @EventListener
    void on(MaterialDossierChanged change) {
        List<Signoff> all = repository.of(change.releaseKey());
        if (all.isEmpty()) {
            return;
        }
        Dossier dossier = dossiers.of(change.releaseKey());
        List<Signoff> stale = all.stream()
                .filter(signoff -> signoff.isValid() && !signoff.seen().equals(dossier.seenBy(signoff.name())))
                .toList();
        stale.forEach(signoff -> voidIt(change.releaseKey(), signoff, dossier.seenBy(signoff.name())));
        if (!stale.isEmpty()) {
            gates.leadBack(change);
        }
    }

    private void voidIt(String releaseKey, Signoff signoff, Map<String, String> now) {
        TreeSet<String> changed = new TreeSet<>(signoff.seen().keySet());
        changed.addAll(now.keySet());
        changed.removeIf(part -> Objects.equals(signoff.seen().get(part), now.get(part)));
        String because = "changed since it was given: " + String.join(", ", changed);
        repository.voidIt(releaseKey, signoff.id(), clock.instant(), because);
        timeline.record(
                releaseKey,
                "signoff.voided",
                Actors.PLATFORM,
                "The sign-off '%s' of %s is void; %s".formatted(signoff.name(), signoff.person(), because),
                Map.of("signoff", signoff.name(), "person", signoff.person(), "parts", changed));
    }

    @Transactional
    void missed(String releaseKey) {
        List<String> names = missing(releaseKey).stream().map(Required::name).toList();
        timeline.record(
                releaseKey,
                "signoff.missed",
                Actors.PLATFORM,
                "The time for sign-off is over; missing: " + String.join(", ", names),
                Map.of("missing", names));
    }

    @Transactional
    void extended(String releaseKey, boolean moreTime, String reason) {
        releases.lock(releaseKey);
        timeline.record(
                releaseKey,
                moreTime ? "signoff.extended" : "signoff.ended",
                actors.current(),
                (moreTime ? "One more day for the missing sign-offs: " : "The missing sign-offs are not waited for: ")
                        + reason,
                Map.of(
                        "missing",
                        missing(releaseKey).stream().map(Required::name).toList()));
    }

    @Override
    public List<String> missing(Release release, String materialDigest) {
        Dossier dossier = dossiers.of(release.key());
        return policy.required(release).stream()
                .filter(required -> valid(dossier, required.name())
                        .filter(Signoff::isApproval)
                        .isEmpty())
                .map(required ->
                        "the sign-off '%s' of the group %s is missing".formatted(required.name(), required.group()))
                .toList();
    }
}
