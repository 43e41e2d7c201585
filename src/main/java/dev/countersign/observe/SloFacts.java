package dev.countersign.observe;

import dev.countersign.catalog.ServiceFacts;
import dev.countersign.observe.SloStates.SloState;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;

/** How a service stands against its objectives, beside the catalog's facts. */
@Component
class SloFacts implements ServiceFacts {
    /** The worst first. What was not measured is worse than what was and holds. */
    private static final List<String> WORST_FIRST = List.of("PAGE", "EXHAUSTED", "TICKET", "NO_DATA", "OK");

    private final SloStates objectives;

    SloFacts(SloStates objectives) {
        this.objectives = objectives;
    }

    @Override
    public Map<String, Object> of(String service) {
        List<SloState> states = objectives.of(service);
        Map<String, Object> facts = inShort(states);
        facts.put("sloStates", states);
        return facts;
    }

    @Override
    public Map<String, Map<String, Object>> inShort(Collection<String> services) {
        Map<String, Map<String, Object>> facts = new HashMap<>();
        objectives.of(services).forEach((service, states) -> facts.put(service, inShort(states)));
        return facts;
    }

    /** The worst state of all objectives, null where there is none; and what the poorest has left of its budget, 1 is untouched. */
    private static Map<String, Object> inShort(List<SloState> states) {
        Map<String, Object> facts = new HashMap<>();
        facts.put(
                "sloState",
                states.stream()
                        .map(SloState::state)
                        .min(Comparator.comparingInt(WORST_FIRST::indexOf))
                        .orElse(null));
        facts.put(
                "errorBudget",
                states.stream()
                        .map(SloState::budgetRemaining)
                        .filter(Objects::nonNull)
                        .min(Comparator.naturalOrder())
                        .orElse(null));
        return facts;
    }
}
