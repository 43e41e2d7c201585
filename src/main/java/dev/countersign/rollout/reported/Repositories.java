package dev.countersign.rollout.reported;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Environment;
import dev.countersign.catalog.Service;
import dev.countersign.release.DeploymentReport;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.springframework.stereotype.Component;

/** Whose deployment it is, and into which environment: only by what the catalog declares. */
@Component
class Repositories {
    /** As Backstage knows them; the last one is our own, with spaces between several. */
    private static final Map<String, String> ANNOTATIONS = Map.of(
            "github", "github.com/project-slug",
            "gitlab", "gitlab.com/project-slug",
            "cdevents", "cdevents.dev/sources");

    private final Catalog catalog;

    Repositories(Catalog catalog) {
        this.catalog = catalog;
    }

    /** Services that are built from the repository; several share one. */
    List<String> services(DeploymentReport report) {
        String annotation = ANNOTATIONS.get(report.source());
        if (annotation == null || report.repository() == null) {
            return List.of();
        }
        return catalog.services().stream()
                .filter(service -> isOf(service.annotations().get(annotation), report))
                .map(Service::name)
                .toList();
    }

    private static boolean isOf(String declared, DeploymentReport report) {
        if (declared == null) {
            return false;
        }
        // A source of events is an address, and is compared as it is written; names of repositories know no capital
        // letters.
        return report.source().equals("cdevents")
                ? Arrays.asList(declared.strip().split("\\s+")).contains(report.repository())
                : declared.strip().equalsIgnoreCase(report.repository());
    }

    /** @param name as releases name it */
    record Place(String name, boolean production) {}

    /** Its own name goes before what others are called beside theirs. Empty where no file declares it; {@code production} needs no file. */
    Optional<Place> place(String reported) {
        if (reported == null) {
            return Optional.empty();
        }
        boolean standsForItself = Environment.PRODUCTION.equalsIgnoreCase(reported);
        return where(environment -> environment.name().equalsIgnoreCase(reported))
                // No other name of what is not production makes production anything else.
                .or(() -> where(environment ->
                        environment.isCalled(reported) && (environment.production() || !standsForItself)))
                .or(() -> Optional.of(new Place(Environment.PRODUCTION, true)).filter(place -> standsForItself));
    }

    /** Of several that are meant, one that is production. */
    private Optional<Place> where(Predicate<Environment> meant) {
        return catalog.environments().stream()
                .filter(meant)
                .max(Comparator.comparing(Environment::production))
                .map(environment -> new Place(environment.name(), environment.production()));
    }
}
