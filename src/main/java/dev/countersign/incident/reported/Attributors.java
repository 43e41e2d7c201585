package dev.countersign.incident.reported;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.identity.People;
import dev.countersign.identity.Role;
import dev.countersign.incident.ReportedIncidents.Reported;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Who says which release caused an incident: those who know the service, and those who answer for releases. */
@Component
class Attributors {
    private final Catalog catalog;
    private final People people;

    Attributors(Catalog catalog, People people) {
        this.catalog = catalog;
        this.people = people;
    }

    /** The group that is asked: the owners of the service; where there is nobody, release managers. */
    String askedFor(Reported incident) {
        return service(incident).map(Service::team).filter(people::hasMembers).orElse(Role.RELEASE_MANAGER.id());
    }

    boolean isOne(Reported incident, String person, Set<String> groups) {
        if (groups.contains(Role.RELEASE_MANAGER.id()) || groups.contains(Role.HEAD_OF_OPERATIONS.id())) {
            return true;
        }
        return service(incident)
                .filter(service -> groups.contains(service.team())
                        || service.onCall() != null
                                && (groups.contains(service.onCall())
                                        || service.onCall().equals(person)))
                .isPresent();
    }

    private Optional<Service> service(Reported incident) {
        return Optional.ofNullable(incident.service()).flatMap(catalog::service);
    }
}
