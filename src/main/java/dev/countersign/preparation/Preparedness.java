package dev.countersign.preparation;

import dev.countersign.catalog.Checklist;
import dev.countersign.catalog.Checklist.Item;
import dev.countersign.release.ClearanceCondition;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Dossiers.Dossier;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Service;

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
        if (hasNoChecklist(release)) {
            return "impossible";
        }
        return missing(releaseKey).isEmpty() ? "complete" : "missing";
    }

    boolean hasNoChecklist(Release release) {
        return policy.of(release).checklist().required()
                && ticking.checklist(release).isEmpty();
    }

    /** The roles whose items are asked for now, each once. */
    List<String> rolesAsked(String releaseKey) {
        return ticking.open(releases.get(releaseKey), dossiers.of(releaseKey)).stream()
                .map(Item::role)
                .distinct()
                .toList();
    }

    boolean planIsMissing(String releaseKey) {
        return planning.isMissing(releases.get(releaseKey), dossiers.of(releaseKey));
    }

    List<String> missing(String releaseKey) {
        return missing(releases.get(releaseKey), dossiers.of(releaseKey));
    }

    List<String> missing(Release release, Dossier dossier) {
        List<String> missing = new ArrayList<>();
        Optional<Checklist> checklist = ticking.checklist(release);
        if (policy.of(release).checklist().required() && checklist.isEmpty()) {
            missing.add("no checklist applies to " + release.service());
        }
        ticking.open(release, dossier)
                .forEach(item -> missing.add("%s has not ticked '%s' of the checklist '%s'"
                        .formatted(
                                item.role(),
                                item.id(),
                                checklist.map(Checklist::name).orElse(""))));
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
