package dev.countersign.gate.budget;

import dev.countersign.release.ClearanceCondition;
import dev.countersign.release.Release;
import java.util.List;
import org.springframework.stereotype.Component;

/** No rollout begins that policy does not let begin with what is left of the error budget. Judged anew when the clearance is granted, right before it. */
@Component
class BudgetIsOpen implements ClearanceCondition {
    private final ErrorBudgets budgets;

    BudgetIsOpen(ErrorBudgets budgets) {
        this.budgets = budgets;
    }

    @Override
    public List<String> missing(Release release, String materialDigest) {
        String against = budgets.against(release);
        return against == null ? List.of() : List.of(against);
    }
}
