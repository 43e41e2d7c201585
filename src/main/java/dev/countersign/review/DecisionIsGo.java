package dev.countersign.review;

import dev.countersign.release.ClearanceCondition;
import dev.countersign.release.Release;
import java.util.List;
import org.springframework.stereotype.Component;

/** No clearance without a decision GO on exactly this dossier. */
@Component
class DecisionIsGo implements ClearanceCondition {
    private final Rulings rulings;

    DecisionIsGo(Rulings rulings) {
        this.rulings = rulings;
    }

    @Override
    public List<String> missing(Release release, String materialDigest) {
        var latest = rulings.latest(release.key());
        if (latest.isEmpty()) {
            return List.of("the readiness review has not decided");
        }
        var ruling = latest.get();
        if (!ruling.dossier().equals(materialDigest)) {
            return List.of("the readiness review decided on another dossier, " + ruling.dossier());
        }
        return Rulings.GO.equals(ruling.decision())
                ? List.of()
                : List.of("the readiness review says " + ruling.decision() + ": " + ruling.why());
    }
}
