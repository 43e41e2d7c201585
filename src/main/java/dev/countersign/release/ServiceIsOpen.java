package dev.countersign.release;

import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** No clearance while the service is closed, except for a hotfix: it is what opens the service again. */
@Component
class ServiceIsOpen implements ClearanceCondition {
    private final ObjectProvider<ServiceClosure> closures;

    ServiceIsOpen(ObjectProvider<ServiceClosure> closures) {
        this.closures = closures;
    }

    @Override
    public List<String> missing(Release release, String materialDigest) {
        return release.isHotfix()
                ? List.of()
                : closures.stream()
                        .map(closure -> closure.closedBecause(release))
                        .flatMap(Optional::stream)
                        .toList();
    }
}
