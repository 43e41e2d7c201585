package dev.countersign.schedule;

import dev.countersign.catalog.ServiceFacts;
import dev.countersign.schedule.Rotas.Duty;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Who is on duty now, beside the catalog's facts of a service that names a rota. */
@Component
class DutyFacts implements ServiceFacts {
    private final Rotas rotas;
    private final Clock clock;

    DutyFacts(Rotas rotas, Clock clock) {
        this.rotas = rotas;
        this.clock = clock;
    }

    @Override
    public Map<String, Object> of(String service) {
        Duty duty = rotas.onDuty(service, clock.instant());
        if (duty.rota() == null) {
            return Map.of();
        }
        Map<String, Object> shown = new HashMap<>();
        shown.put("rota", duty.rota());
        shown.put("turns", duty.turns());
        shown.put("gap", duty.gap());
        return Map.of("onDuty", shown);
    }
}
