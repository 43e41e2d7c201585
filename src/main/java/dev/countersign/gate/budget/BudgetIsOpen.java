package dev.countersign.gate.budget;

import dev.countersign.catalog.Catalog;
import dev.countersign.release.ClearanceCondition;
import dev.countersign.release.Release;
import dev.countersign.release.StartCondition;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** No rollout begins that policy does not let begin with what is left of the error budget. Judged anew when the clearance is granted, and when the rollout begins. */
@Component
class BudgetIsOpen implements ClearanceCondition, StartCondition {
    private final ErrorBudgets budgets;
    private final Catalog catalog;

    BudgetIsOpen(ErrorBudgets budgets, Catalog catalog) {
        this.budgets = budgets;
        this.catalog = catalog;
    }

    @Override
    public List<String> missing(Release release, String materialDigest) {
        String against = budgets.against(release);
        return against == null ? List.of() : List.of(against);
    }

    /** Where nothing is promised nothing was spent since: what the table says of that was asked with the clearance. */
    @Override
    public Optional<String> against(Release release) throws IOException {
        return catalog.slosOf(release.service()).isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(budgets.againstNow(release));
    }
}
