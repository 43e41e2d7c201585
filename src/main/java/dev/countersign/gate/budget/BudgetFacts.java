package dev.countersign.gate.budget;

import dev.countersign.catalog.ServiceFacts;
import java.util.Collection;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Whether a service is open for standard releases, beside the catalog's facts. */
@Component
class BudgetFacts implements ServiceFacts {
    private final ErrorBudgets budgets;

    BudgetFacts(ErrorBudgets budgets) {
        this.budgets = budgets;
    }

    @Override
    public Map<String, Object> of(String service) {
        return Map.of("standardReleases", budgets.ofService(service));
    }

    @Override
    public Map<String, Map<String, Object>> inShort(Collection<String> services) {
        return Map.of();
    }
}
