package dev.countersign.gate.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.countersign.DatabaseTest;
import dev.countersign.OpenedReleases;
import dev.countersign.catalog.Catalog;
import dev.countersign.gate.budget.ErrorBudgets.Closure;
import dev.countersign.gate.budget.ErrorBudgets.Standing;
import dev.countersign.observe.SloStates;
import dev.countersign.observe.SloStates.SloState;
import dev.countersign.release.ClearanceCondition;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.workflow.Decisions;
import dev.countersign.workflow.ModelDeployment;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.MockMvc;

/** A service whose budget is spent, or of which nobody knows what is left. */
@DatabaseTest
@Tag("M1.1")
@Tag("M5.3")
class ErrorBudgetTests {
    private static final String SERVICE = "loyalty-points";

    @Autowired
    private MockMvc http;

    @Autowired
    private JdbcClient db;

    @Autowired
    private OpenedReleases opened;

    @Autowired
    private Catalog catalog;

    @Autowired
    private Decisions decisions;

    @Autowired
    private ModelDeployment models;

    @Autowired
    private RolloutExposure exposure;

    @Autowired
    private Releases releases;

    @Autowired
    private ErrorBudgets budgets;

    @Autowired
    private List<ClearanceCondition> conditions;

    private String key;

    @AfterEach
    void forget() {
        db.sql("delete from slo_count where service = ?").param(SERVICE).update();
        db.sql("delete from slo_progress where service = ?").param(SERVICE).update();
        if (key != null) {
            db.sql("update release set state = 'ABORTED' where key_ = ?")
                    .param(key)
                    .update();
        }
    }

    private static SloState state(String kind, String word, Double left, Instant seen, Instant counted) {
        Instant since = left == null ? null : Instant.now();
        return new SloState(
                SERVICE + "-" + kind,
                kind,
                0.99,
                Duration.ofDays(28),
                word,
                left,
                left,
                since,
                0,
                List.of(),
                null,
                seen,
                counted,
                left == null ? "Nothing has ever been measured" : null);
    }

    /** How three objectives stand, as a word each: a share that is left, or unknown. */
    private static List<SloState> states(String word) {
        Instant now = Instant.now();
        return switch (word) {
            case "left" ->
                List.of(
                        state("availability", "OK", 0.5, now, now),
                        state("latency", "TICKET", 0.01, now, now),
                        state("errors", "PAGE", 1.0, now, now));
            case "spent" ->
                List.of(
                        state("availability", "OK", 0.5, now, now),
                        state("latency", "NO_DATA", null, null, now),
                        state("errors", "PAGE", -0.12, now, now));
            case "unknown" ->
                List.of(
                        state("availability", "OK", 0.5, now, now),
                        state("latency", "NO_DATA", 0.5, now, now),
                        state("errors", "OK", 1.0, now, now));
            case "unpromised" ->
                List.of(state("availability", "OK", 0.5, now, now), state("errors", "OK", 0.5, now, now));
            case "unread" ->
                List.of(state("availability", "OK", 0.5, now, now), state("errors", "NO_DATA", 0.5, now, now));
            case "first" ->
                List.of(
                        state("availability", "NO_DATA", null, null, now),
                        state("latency", "NO_DATA", null, null, now),
                        state("errors", "NO_DATA", null, null, now));
            case "unanswered" ->
                List.of(
                        state("availability", "NO_DATA", null, null, now),
                        state("latency", "NO_DATA", null, null, now.minus(2, ChronoUnit.HOURS)),
                        state("errors", "NO_DATA", null, null, null));
            default -> List.of();
        };
    }

    /** Of a service of this target: the sample organisation runs in the sandbox, anything unknown in production. */
    private Closure closure(String service, String kind, String tier, String word) {
        Release release = opened.withoutProcess(service, kind, tier, "developer");
        key = release.key();
        return budgets(asked -> states(word)).of(release).closure();
    }

    private ErrorBudgets budgets(Function<String, List<SloState>> objectives) {
        return new StoredErrorBudgets(
                new SloStates() {
                    @Override
                    public List<SloState> of(String service) {
                        return objectives.apply(service);
                    }

                    @Override
                    public Map<String, List<SloState>> of(Collection<String> services) {
                        throw new IllegalStateException("not asked here");
                    }
                },
                catalog,
                decisions,
                models,
                exposure,
                releases,
                Clock.systemUTC());
    }

    @ParameterizedTest
    @CsvSource({
        "standard, critical, left, left, open",
        "standard, critical, spent, spent, closed",
        "standard, high, spent, spent, closed",
        "standard, standard, spent, spent, closed",
        "hotfix, critical, spent, spent, open",
        "hotfix, critical, unknown, unknown, open",
        "standard, critical, unknown, unknown, closed",
        "standard, high, unknown, unknown, closed",
        // no data is never a pass, whatever the tier
        "standard, standard, unknown, unknown, closed",
        "standard, critical, unpromised, partial, closed",
        "standard, high, unpromised, partial, closed",
        // what it promises is kept, and none at all would close nothing
        "standard, standard, unpromised, partial, open",
        "standard, standard, unread, unknown, closed",
        "standard, critical, nothing, none, closed",
        "standard, high, nothing, none, closed",
        "standard, standard, nothing, none, open",
        "hotfix, standard, unknown, unknown, open",
        "standard, critical, first, first, open",
        // a source that does not answer has not said that there is nothing
        "standard, critical, unanswered, unknown, closed"
    })
    void the_table_says_by_kind_and_tier_who_is_let_in(
            String kind, String tier, String word, String budget, String service) {
        Closure closure = closure("a-service-in-production", kind, tier, word);
        assertThat(closure.budget()).isEqualTo(budget);
        assertThat(closure.closed()).as(closure.sentence()).isEqualTo("closed".equals(service));
        assertThat(closure.ruleVersion()).isEqualTo("error-budget 1.0");
        assertThat(closure.sentence()).contains(service).contains("error-budget 1.0");
    }

    @Test
    void where_no_row_closes_it_nothing_is_counted() {
        ErrorBudgets uncounted = budgets(service -> {
            throw new IllegalStateException("counted");
        });
        Release sample = opened.withoutProcess(SERVICE, "standard", "critical", "developer");
        Release hotfix = opened.withoutProcess("a-service-in-production", "hotfix", "critical", "developer");
        Release other = opened.withoutProcess("a-service-in-production", "standard", "standard", "developer");
        assertThat(uncounted.against(sample)).isNull();
        assertThat(uncounted.against(hotfix)).isNull();
        assertThatThrownBy(() -> uncounted.against(other)).hasMessage("counted");
        db.sql("update release set state = 'ABORTED' where key_ in (?, ?, ?)")
                .params(sample.key(), hotfix.key(), other.key())
                .update();
    }

    @Test
    void at_the_start_of_a_rollout_it_is_asked_again_and_not_where_nothing_is_promised() throws IOException {
        Release release = opened.withoutProcess(SERVICE, "standard", "standard", "developer");
        key = release.key();
        ErrorBudgets spent = mock(ErrorBudgets.class);
        when(spent.againstNow(release)).thenReturn("closed: spent");
        assertThat(new BudgetIsOpen(spent, catalog).against(release)).contains("closed: spent");
        when(spent.againstNow(release)).thenReturn(null);
        assertThat(new BudgetIsOpen(spent, catalog).against(release)).isEmpty();
        ErrorBudgets unasked = mock(ErrorBudgets.class);
        assertThat(new BudgetIsOpen(unasked, mock(Catalog.class)).against(release))
                .isEmpty();
        verifyNoInteractions(unasked);
    }

    /** A source that does not answer for a moment, when a rollout begins, is asked again. What was spent, or never promised, stands. */
    @Test
    void what_is_not_known_when_a_rollout_begins_is_no_last_word() throws IOException {
        Release release = opened.withoutProcess("a-service-in-production", "standard", "critical", "developer");
        key = release.key();
        for (String word : List.of("unknown", "unanswered")) {
            assertThatThrownBy(() -> budgets(asked -> states(word)).againstNow(release))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is closed for it");
        }
        for (String word : List.of("spent", "unpromised", "nothing")) {
            assertThat(budgets(asked -> states(word)).againstNow(release)).contains("is closed for it");
        }
        assertThat(budgets(asked -> states("left")).againstNow(release)).isNull();
    }

    @Test
    void a_sample_target_is_shown_and_closed_by_nothing() {
        assertThat(closure(SERVICE, "standard", "critical", "spent").closed()).isFalse();
        assertThat(closure(SERVICE, "standard", "critical", "spent").because())
                .isEqualTo("loyalty-points-errors has -12.0 % of its error budget left");
    }

    /** Half of what happened in the last hours was bad. */
    private void spend() {
        OffsetDateTime hour = OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.HOURS);
        for (String slo : List.of("availability", "latency", "errors")) {
            for (int ago = 0; ago < 5; ago++) {
                db.sql(
                                "insert into slo_count (service, slo, hourly, at_, good, total) values (?, ?, true, ?, 500, 1000)")
                        .params(SERVICE, SERVICE + "-" + slo, hour.minusHours(ago))
                        .update();
            }
        }
    }

    @Test
    void what_is_counted_is_shown_of_the_service_and_of_its_release_with_what_the_rollout_may_cost() throws Exception {
        spend();
        http.perform(get("/api/services/{name}", SERVICE).with(httpBasic("developer", "developer")))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.standardReleases.budget").value("spent"))
                .andExpect(jsonPath("$.standardReleases.closed").value(false))
                .andExpect(jsonPath("$.standardReleases.ruleVersion").value("error-budget 1.0"))
                .andExpect(jsonPath("$.sloStates[0].budgetRemaining").isNumber())
                .andExpect(jsonPath("$.sloStates[0].burns.length()").value(4));
        Release release = opened.withoutProcess(SERVICE, "standard", "standard", "developer");
        key = release.key();
        http.perform(get("/api/releases/{key}", key).with(httpBasic("developer", "developer")))
                .andExpect(jsonPath("$.errorBudget.closure.budget").value("spent"))
                .andExpect(jsonPath("$.errorBudget.lines[0].tooDear").value(true))
                .andExpect(jsonPath("$.errorBudget.forecast.parts.length()").isNumber());
        http.perform(get("/releases/{key}", key).with(user("developer")))
                .andExpect(content().string(containsString("may cost more than is left")))
                .andExpect(content().string(containsString("error-budget 1.0")));
        http.perform(get("/services/{name}", SERVICE).with(user("developer")))
                .andExpect(content().string(containsString("A standard release now: loyalty-points is open")))
                .andExpect(content().string(containsString("page over 14.4")));
        Standing standing = budgets.of(release);
        assertThat(standing.lines()).hasSize(3).allSatisfy(line -> assertThat(line.cost())
                .isNotNull());
        // Of the tables that the rollout will be planned by: steps and the time to settle.
        double exposed = standing.forecast().parts().stream()
                .mapToDouble(part -> part.share() * part.planned().toMillis())
                .sum();
        var cost = standing.lines().get(0).cost();
        var state = standing.lines().get(0).state();
        assertThat(cost.planned())
                .isCloseTo(
                        cost.worst()
                                * exposed
                                / ((1 - state.objective()) * state.window().toMillis()),
                        within(1e-9));
    }

    @Test
    void a_clearance_and_a_pipeline_are_told_why_the_service_is_closed_and_a_hotfix_goes_on() throws Exception {
        // Nobody describes this service: it counts as production, and nothing of it is known.
        Release release = opened.withoutProcess("unmeasured", "standard", "critical", "developer");
        key = release.key();
        assertThat(missing(release)).anySatisfy(why -> assertThat(why)
                .contains("unmeasured is closed for it: nothing is promised for availability and latency and errors"));
        db.sql("update release set state = 'SCHEDULED' where key_ = ?")
                .param(key)
                .update();
        http.perform(get("/api/deployments/allowed")
                        .queryParam("service", "unmeasured")
                        .queryParam("digest", release.artifacts().get(0).digest())
                        .queryParam("environment", "production")
                        .with(httpBasic("ci", "ci")))
                .andExpect(jsonPath("$.allowed").value(false))
                .andExpect(jsonPath("$.reasons").value(hasItem(containsString("unmeasured is closed for it"))));
        db.sql("update release set state = 'ABORTED' where key_ = ?").param(key).update();
        Release hotfix = opened.withoutProcess("unmeasured", "hotfix", "critical", "developer");
        key = hotfix.key();
        assertThat(missing(hotfix)).noneMatch(why -> why.contains("is closed for it"));
    }

    private List<String> missing(Release release) {
        return conditions.stream()
                .filter(BudgetIsOpen.class::isInstance)
                .flatMap(condition -> condition.missing(release, "d").stream())
                .toList();
    }
}
