package dev.countersign.preparation;

import dev.countersign.catalog.Checklist;
import dev.countersign.catalog.Checklist.Item;
import dev.countersign.identity.Actors;
import dev.countersign.identity.NotEntitled;
import dev.countersign.identity.Role;
import dev.countersign.preparation.PreparationPolicy.Need;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Dossiers.Dossier;
import dev.countersign.release.Dossiers.MaterialDossierChanged;
import dev.countersign.release.PinnedChecklist;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The checklist of a release: who is asked for what, who confirmed what, and which of it still holds. */
@Service
class Ticking {
    private final TickRepository ticks;
    private final PreparationPolicy policy;
    private final PinnedChecklist pinned;
    private final Releases releases;
    private final Dossiers dossiers;
    private final Timeline timeline;
    private final Actors actors;
    private final Clock clock;

    Ticking(
            TickRepository ticks,
            PreparationPolicy policy,
            PinnedChecklist pinned,
            Releases releases,
            Dossiers dossiers,
            Timeline timeline,
            Actors actors,
            Clock clock) {
        this.ticks = ticks;
        this.policy = policy;
        this.pinned = pinned;
        this.releases = releases;
        this.dossiers = dossiers;
        this.timeline = timeline;
        this.actors = actors;
        this.clock = clock;
    }

    /** A release that began before its service had a checklist takes the one that is in force now. */
    @Transactional
    void hold(String releaseKey) {
        Release release = releases.lock(releaseKey);
        if (policy.of(release).checklist().required() && pinned.hold(release)) {
            dossiers.changed(releaseKey, "it holds a checklist now");
        }
    }

    /**
     * @param checklist empty where none applies to the service
     * @param valid the ticks that hold for what there is to see now, by item
     * @param open the items that somebody is asked for and nobody has confirmed
     */
    record Standing(Optional<Checklist> checklist, Map<String, Tick> valid, List<Item> open) {
        List<Item> openOf(String role) {
            return open.stream().filter(item -> item.role().equals(role)).toList();
        }

        String version() {
            return checklist.map(Checklist::digest).orElse("");
        }
    }

    /** How the checklist stands, read at once. */
    Standing standing(Release release, Dossier dossier) {
        Optional<Checklist> checklist = pinned.of(release);
        if (checklist.isEmpty()) {
            return new Standing(checklist, Map.of(), List.of());
        }
        Need need = policy.of(release).checklist();
        Map<String, Tick> valid = valid(release, dossier, checklist.get().digest());
        return new Standing(
                checklist,
                valid,
                checklist.get().items().stream()
                        .filter(item -> need.asks(item.role()) && !valid.containsKey(item.id()))
                        .toList());
    }

    private Map<String, Tick> valid(Release release, Dossier dossier, String version) {
        Map<String, Seen> now = new TreeMap<>();
        return ticks.of(release.key()).stream()
                .filter(tick -> tick.voidedAt() == null
                        && tick.checklist().equals(version)
                        && tick.seen().equals(now.computeIfAbsent(tick.role(), role -> Seen.by(role, dossier))))
                .collect(Collectors.toMap(Tick::item, tick -> tick, (earlier, later) -> later, LinkedHashMap::new));
    }

    /** Whoever is asked for a role is one of its people; whoever wrote the release answers for nobody but the developers. */
    void requireEntitled(Release release, String role) {
        String person = actors.current();
        if (!actors.currentGroups().contains(role)) {
            throw new NotEntitled("An item of %s is ticked by somebody of %s".formatted(role, role));
        }
        if (release.authors().contains(person) && !Role.DEVELOPER.id().equals(role)) {
            throw new NotEntitled("'%s' wrote %s and ticks no item of %s".formatted(person, release.key(), role));
        }
    }

    /** @param confirmed each item with its evidence; null where none was given */
    @Transactional
    void tick(Release release, Checklist checklist, String role, Seen seen, Map<Item, TickEvidence> confirmed) {
        String person = actors.current();
        Map<String, Object> proofs = new TreeMap<>();
        List<Tick> ticked = new ArrayList<>();
        confirmed.forEach((item, evidence) -> {
            String proof = evidence == null ? null : evidence.text();
            proofs.put(item.id(), Objects.requireNonNullElse(proof, ""));
            ticked.add(new Tick(0, checklist.digest(), item.id(), role, person, proof, seen, clock.instant(), null));
        });
        ticks.insert(release.key(), ticked);
        timeline.record(
                release.key(),
                "checklist.ticked",
                person,
                "%d item%s of %s on the checklist '%s' %s ticked"
                        .formatted(
                                confirmed.size(),
                                confirmed.size() == 1 ? "" : "s",
                                role,
                                checklist.name(),
                                confirmed.size() == 1 ? "was" : "were"),
                Map.of("checklist", checklist.name(), "version", checklist.digest(), "role", role, "items", proofs));
    }

    /** Voids the ticks, and only those, whose people would see something else now. */
    @EventListener
    void on(MaterialDossierChanged change) {
        List<Tick> standing = ticks.of(change.releaseKey()).stream()
                .filter(tick -> tick.voidedAt() == null)
                .toList();
        if (standing.isEmpty()) {
            return;
        }
        Dossier dossier = dossiers.of(change.releaseKey());
        standing.stream().collect(Collectors.groupingBy(Tick::role)).forEach((role, ofRole) -> {
            Seen now = Seen.by(role, dossier);
            List<Tick> stale =
                    ofRole.stream().filter(tick -> !tick.seen().equals(now)).toList();
            if (!stale.isEmpty()) {
                voidThem(change.releaseKey(), role, stale, stale.get(0).seen().differenceTo(now));
            }
        });
    }

    private void voidThem(String releaseKey, String role, List<Tick> stale, String because) {
        ticks.voidThem(releaseKey, stale.stream().map(Tick::id).toList(), clock.instant(), because);
        Set<String> items = stale.stream().map(Tick::item).collect(Collectors.toSet());
        timeline.record(
                releaseKey,
                "checklist.voided",
                Actors.PLATFORM,
                "What %s ticked is void; %s".formatted(role, because),
                Map.of("role", role, "items", items));
    }
}
