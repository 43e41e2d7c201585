package dev.countersign.schedule.rota;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.identity.People;
import dev.countersign.identity.Person;
import dev.countersign.schedule.Rotas;
import dev.countersign.schedule.rota.Rota.Shift;
import dev.countersign.schedule.rota.RotaProperties.Kept;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/** Finds a service's rota, and the platform's people behind the names that it uses. */
@Component
@EnableConfigurationProperties(RotaProperties.class)
class ConfiguredRotas implements Rotas {
    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredRotas.class);
    private final Map<String, Rota> rotas = new HashMap<>();
    private final Catalog catalog;
    private final People people;

    ConfiguredRotas(RotaProperties properties, Catalog catalog, People people, ObjectMapper json) {
        this.catalog = catalog;
        this.people = people;
        properties.rotas().forEach((name, kept) -> rotas.put(name, kept(kept, properties, json)));
    }

    private static Rota kept(Kept kept, RotaProperties properties, ObjectMapper json) {
        return kept.escalationPolicy() == null
                ? new CalendarRota(kept.calendars(), kept.zone())
                : new PagerDutyRota(properties.pagerduty(), kept.escalationPolicy(), json);
    }

    @Override
    public Duty onDuty(String service, Instant at) {
        Service asked = catalog.service(service).orElse(null);
        String name = asked == null ? null : asked.annotations().get(ANNOTATION);
        if (name == null) {
            return Duty.NONE;
        }
        Rota rota = rotas.get(name);
        if (rota == null) {
            return new Duty(name, List.of(), "No rota of the name " + name + " is configured");
        }
        List<Shift> shifts;
        try {
            shifts = rota.at(at);
        } catch (IOException unread) {
            LOG.warn("The rota {} of {} cannot be read: {}", name, service, unread.getMessage());
            return unread(name, unread);
        } catch (RuntimeException broken) {
            // Whoever asks may be the engine in the middle of a release: whatever strangers keep, it goes on, and calls
            // the group.
            LOG.warn("The rota {} of {} cannot be read", name, service, broken);
            return unread(name, broken);
        }
        return duty(name, asked.onCall(), shifts);
    }

    private static Duty unread(String name, Exception because) {
        return new Duty(name, List.of(), "The rota " + name + " cannot be read: " + because.getMessage());
    }

    /** A calendar gives nobody a right: whoever is on duty must be in the group that is on call for the service. */
    private Duty duty(String name, String group, List<Shift> shifts) {
        if (shifts.isEmpty()) {
            return new Duty(name, List.of(), "The rota " + name + " names nobody for this time");
        }
        List<Turn> turns = new ArrayList<>();
        List<String> strangers = new ArrayList<>();
        for (Shift shift : shifts) {
            Optional<Person> known =
                    person(shift).filter(person -> person.groups().contains(group));
            if (known.isPresent()) {
                turns.add(new Turn(known.get().id(), known.get().name(), shift.level(), shift.until()));
            } else {
                strangers.add(
                        shift.who().isEmpty()
                                ? "an event without a name"
                                : shift.who().get(0));
            }
        }
        return new Duty(
                name,
                turns,
                strangers.isEmpty()
                        ? null
                        : "The rota " + name + " names whom the platform does not know in the group " + group + ": "
                                + String.join(", ", strangers));
    }

    private Optional<Person> person(Shift shift) {
        return shift.who().stream().flatMap(who -> people.known(who).stream()).findFirst();
    }
}
