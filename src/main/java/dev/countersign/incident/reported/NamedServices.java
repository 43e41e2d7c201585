package dev.countersign.incident.reported;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.springframework.stereotype.Component;

/**
 * Which service of the catalog an incident is about: by what its annotations say that the system calls it, else by an equal name. Where several services say so, nobody
 * knows which.
 */
@Component
class NamedServices {
    /** Names or ids in whatever system, separated by commas. */
    static final String ANY = "countersign.dev/incident-services";

    static final String PAGERDUTY = "pagerduty.com/service-id";
    static final String SERVICENOW = "servicenow.com/entity-id";
    static final String JIRA_PROJECT = "jira/project-key";
    static final String JIRA_COMPONENT = "jira/component";

    private final Catalog catalog;

    NamedServices(Catalog catalog) {
        this.catalog = catalog;
    }

    /** Null where the catalog knows none, or several. */
    String of(Report report) {
        return among(catalog.services(), report);
    }

    static String among(List<Service> services, Report report) {
        List<Predicate<Service>> ways = List.of(
                service -> isAnnotated(service, report),
                service -> isProject(service, report),
                service -> isCalled(report, service.name()),
                service -> isCalled(report, service.title()));
        for (Predicate<Service> way : ways) {
            List<String> found =
                    services.stream().filter(way).map(Service::name).toList();
            if (!found.isEmpty()) {
                return found.size() == 1 ? found.get(0) : null;
            }
        }
        return null;
    }

    private static boolean isAnnotated(Service service, Report report) {
        String ids = service.annotations().get(report.source() == Source.PAGERDUTY ? PAGERDUTY : SERVICENOW);
        boolean hasIds = report.serviceId() != null
                && (report.source() == Source.PAGERDUTY || report.source() == Source.SERVICENOW);
        return hasIds && listed(ids).contains(report.serviceId())
                || listed(service.annotations().get(ANY)).stream()
                        .anyMatch(name -> name.equals(report.serviceId()) || isCalled(report, name));
    }

    /** A project may hold the issues of many services: then a component says which. */
    private static boolean isProject(Service service, Report report) {
        String component = service.annotations().get(JIRA_COMPONENT);
        return report.source() == Source.JIRA
                && report.serviceId() != null
                && report.serviceId().equals(service.annotations().get(JIRA_PROJECT))
                && (component == null || isCalled(report, component));
    }

    private static boolean isCalled(Report report, String name) {
        return name != null && report.serviceNames().stream().anyMatch(name.strip()::equalsIgnoreCase);
    }

    private static List<String> listed(String names) {
        return names == null
                ? List.of()
                : Arrays.stream(names.split(","))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .toList();
    }
}
