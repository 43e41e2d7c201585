package dev.countersign.rollout;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.identity.Role;
import dev.countersign.release.Releases;
import dev.countersign.schedule.Rotas;
import dev.countersign.schedule.Rotas.Duty;
import dev.countersign.schedule.Rotas.Turn;
import dev.countersign.workflow.ModelBean;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Who watches a rollout, and until when its waits last. */
@ModelBean
@Component("rolloutPeople")
public class RolloutPeople {
    /** The observation ends by itself at its maximum; the model's timer stands a little later, for the case that it did not. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final Releases releases;
    private final Catalog catalog;
    private final Rotas rotas;
    private final RolloutSteps steps;
    private final Clock clock;

    RolloutPeople(Releases releases, Catalog catalog, Rotas rotas, RolloutSteps steps, Clock clock) {
        this.releases = releases;
        this.catalog = catalog;
        this.rotas = rotas;
        this.steps = steps;
        this.clock = clock;
    }

    /** The persons on duty by the service's rota, who are called first; empty where the service has none or it names nobody. */
    public List<String> onDuty(DelegateExecution execution) {
        return onDuty(execution.getProcessBusinessKey()).first().stream()
                .map(Turn::person)
                .toList();
    }

    /** The group on call: whoever of it steps in for a colleague may confirm. A rota says who is called, and takes nobody's right. */
    public String onCall(DelegateExecution execution) {
        return group(execution.getProcessBusinessKey());
    }

    Duty onDuty(String releaseKey) {
        return rotas.onDuty(releases.get(releaseKey).service(), clock.instant());
    }

    String group(String releaseKey) {
        return catalog.service(releases.get(releaseKey).service())
                .map(Service::onCall)
                .orElse(Role.ON_CALL.id());
    }

    public Date stepEndsAt(DelegateExecution execution) {
        return Date.from(steps.currentEnd(execution.getProcessBusinessKey()).plus(GRACE));
    }

    public Date stabilisationEndsAt(DelegateExecution execution) {
        Duration maximum = steps.stabilisationMaximum(execution.getProcessBusinessKey());
        return Date.from(clock.instant().plus(maximum).plus(GRACE));
    }
}
