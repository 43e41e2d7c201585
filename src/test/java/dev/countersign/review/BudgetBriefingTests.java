package dev.countersign.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.countersign.gate.budget.ErrorBudgets;
import dev.countersign.gate.budget.ErrorBudgets.Closure;
import dev.countersign.gate.budget.ErrorBudgets.Cost;
import dev.countersign.gate.budget.ErrorBudgets.Line;
import dev.countersign.gate.budget.ErrorBudgets.Standing;
import dev.countersign.observe.SloStates.SloState;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

/** What a voter is told of the error budget. */
@Tag("M5.3")
class BudgetBriefingTests {
    private static final String KEY = "checkout@2.4.0";

    private static ReviewBriefing briefing(Map<String, Object> budgets, Releases releases) {
        return new ReviewBriefing(
                releases,
                null,
                null,
                new StaticListableBeanFactory(budgets).getBeanProvider(ErrorBudgets.class),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static SloState state(String name, String state, Double left, String trouble) {
        return new SloState(
                name,
                "errors",
                0.99,
                Duration.ofDays(28),
                state,
                left,
                left,
                null,
                0,
                List.of(),
                null,
                null,
                null,
                trouble);
    }

    @Test
    void a_vote_sees_what_is_left_and_what_the_rollout_may_cost_of_it() {
        Release release = mock(Release.class);
        Releases releases = mock(Releases.class);
        when(releases.get(KEY)).thenReturn(release);
        ErrorBudgets budgets = mock(ErrorBudgets.class);
        when(budgets.of(release))
                .thenReturn(new Standing(
                        new Closure(
                                "checkout",
                                "left",
                                false,
                                "some is left",
                                "there is error budget left",
                                "error-budget 1.0"),
                        null,
                        List.of(
                                new Line(state("enough", "OK", 0.862, null), new Cost("enough", 0.05, 0.0141, 0.052)),
                                new Line(
                                        state("little", "TICKET", 0.01, null), new Cost("little", 0.05, 0.0141, 0.052)),
                                new Line(state("dark", "NO_DATA", null, "Nothing has ever been measured"), null))));
        Map<String, Object> shown =
                briefing(Map.of("budgets", budgets), releases).budget(KEY);
        assertThat(shown.get("budgetRule"))
                .isEqualTo("checkout is open for it: some is left; there is error budget left (error-budget 1.0)");
        assertThat(shown.get("budgets"))
                .isEqualTo(List.of(
                        Map.of(
                                "objective", "enough",
                                "state", "OK",
                                "left", "86.2 %",
                                "cost", "1.4 % as planned, 5.2 % at its longest",
                                "note", ""),
                        Map.of(
                                "objective", "little",
                                "state", "TICKET",
                                "left", "1.0 %",
                                "cost", "1.4 % as planned, 5.2 % at its longest",
                                "note", "may cost more than is left"),
                        Map.of(
                                "objective", "dark",
                                "state", "NO_DATA",
                                "left", "not known",
                                "cost", "cannot be forecast",
                                "note", "Nothing has ever been measured")));
    }

    @Test
    void without_budgets_there_is_nothing_to_show() {
        assertThat(briefing(Map.of(), mock(Releases.class)).budget(KEY))
                .containsEntry("budgets", List.of())
                .containsEntry("budgetRule", "");
    }
}
