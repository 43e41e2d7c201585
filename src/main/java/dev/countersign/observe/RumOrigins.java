package dev.countersign.observe;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Where pages of services are, as the catalog says. */
@Component
class RumOrigins {
    private final Catalog catalog;

    RumOrigins(Catalog catalog) {
        this.catalog = catalog;
    }

    /** The one service whose pages are there; null where there is none, or more than one. */
    String serviceAt(String origin) {
        List<String> there = catalog.services().stream()
                .filter(each -> RealUsers.originsOf(each).contains(origin))
                .map(Service::name)
                .toList();
        return there.size() == 1 ? there.get(0) : null;
    }

    /** Named origins only: {@code *} is none. Empty for a service that is not known, or takes nothing in. */
    List<String> of(String service) {
        return service == null
                ? List.of()
                : catalog.service(service).map(RealUsers::originsOf).orElse(List.of()).stream()
                        .filter(origin -> !origin.equals("*"))
                        .toList();
    }

    /** The origin as the catalog has it. One answer for a service that is not known, one that takes nothing in and one whose pages are elsewhere: empty. */
    Optional<String> heard(String service, String origin) {
        return of(service).stream().filter(known -> known.equals(origin)).findFirst();
    }
}
