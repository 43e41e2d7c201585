package dev.countersign.preparation;

import dev.countersign.catalog.Checklist;
import dev.countersign.catalog.Checklist.Item;
import dev.countersign.preparation.Ticking.Standing;
import dev.countersign.release.ClearanceCondition;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Dossiers.Dossier;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Checklist and plan together: what is missing, and whether anybody can be asked for it. No clearance while anything is. */
@Service
class Preparedness implements ClearanceCondition {
    private final Ticking ticking;
    private final Planning planning;
    private final PreparationPolicy policy;
    private final Releases releases;
    private final Dossiers dossiers;

    Preparedness(Ticking ticking, Planning planning, PreparationPolicy policy, Releases releases, Dossiers dossiers) {
        this.ticking = ticking;
        this.planning = planning;
        this.policy = policy;
        this.releases = releases;
        this.dossiers = dossiers;
    }

    /** {@code complete}, {@code missing} or {@code impossible}: nobody can be asked for what is missing. */
    String outcome(String releaseKey) {
        Release release = releases.get(releaseKey);
        Dossier dossier = dossiers.of(releaseKey);
        Standing checklist = ticking.standing(release, dossier);
        if (isWithout(release, checklist)) {
            return "impossible";
        }
        return missing(release, dossier, checklist).isEmpty() ? "complete" : "missing";
    }

    private boolean isWithout(Release release, Standing checklist) {
        return checklist.checklist().isEmpty() && policy.of(release).checklist().required();
    }

    /** The roles whose items are asked for now, each once. */
    @Transactional
    List<String> rolesAsked(String releaseKey) {
        return ticking.standing(releases.lock(releaseKey), dossiers.of(releaseKey)).open().stream()
                .map(Item::role)
                .distinct()
                .toList();
    }

    /** Holds the release, as {@link #rolesAsked} does: the model asks both, and what it asks next, in one transaction. */
    @Transactional
    boolean planIsMissing(String releaseKey) {
        return planning.isMissing(releases.lock(releaseKey), dossiers.of(releaseKey));
    }

    List<String> missing(String releaseKey) {
        return missing(releases.get(releaseKey), dossiers.of(releaseKey));
    }

    List<String> missing(Release release, Dossier dossier) {
        return missing(release, dossier, ticking.standing(release, dossier));
    }

    List<String> missing(Release release, Dossier dossier, Standing checklist) {
        List<String> missing = new ArrayList<>();
        if (isWithout(release, checklist)) {
            missing.add("no checklist applies to " + release.service());
        }
        checklist
                .open()
                .forEach(item -> missing.add("%s has not ticked '%s' of the checklist '%s'"
                        .formatted(
                                item.role(),
                                item.id(),
                                checklist.checklist().map(Checklist::name).orElse(""))));
        if (planning.isMissing(release, dossier)) {
            missing.add("the communication plan is not final");
        }
        return missing;
    }

    @Override
    public List<String> missing(Release release, String materialDigest) {
        // A release that began under models without a preparation goes on as it began.
        return policy.knows(release) ? missing(release, dossiers.of(release.key())) : List.of();
    }
}
