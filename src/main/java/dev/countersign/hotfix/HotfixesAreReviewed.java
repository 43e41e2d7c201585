package dev.countersign.hotfix;

import dev.countersign.release.ClearanceCondition;
import dev.countersign.release.Release;
import java.util.List;
import org.springframework.stereotype.Component;

/** No clearance while hotfixes of the service are not reviewed. Opening a release, its gates and its review go on meanwhile. */
@Component
class HotfixesAreReviewed implements ClearanceCondition {
    private final Hotfixes hotfixes;

    HotfixesAreReviewed(Hotfixes hotfixes) {
        this.hotfixes = hotfixes;
    }

    @Override
    public List<String> missing(Release release, String materialDigest) {
        return hotfixes.blocks(release).stream().toList();
    }
}
