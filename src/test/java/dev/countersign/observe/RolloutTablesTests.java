package dev.countersign.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.dmn.engine.DmnEngine;
import org.camunda.bpm.dmn.engine.DmnEngineConfiguration;
import org.camunda.bpm.engine.variable.Variables;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolloutTablesTests {
    private final DmnEngine engine =
            DmnEngineConfiguration.createDefaultDmnEngineConfiguration().buildEngine();

    @Test
    @Tag("M3.1")
    @Tag("M3.4")
    void critical_services_are_watched_for_half_an_hour_at_5_and_at_10_percent() throws IOException {
        List<Map<String, Object>> steps = ask("rollout-plan", "critical", "production");
        assertThat(steps).extracting(step -> step.get("step")).containsExactly(1, 2, 3, 4, 5);
        assertThat(steps).extracting(step -> step.get("share")).containsExactly(0.05, 0.10, 0.25, 0.50, 1.0);
        assertThat(steps)
                .extracting(step -> step.get("window"))
                .startsWith("PT30M", "PT30M")
                .hasSize(5);
    }

    @ParameterizedTest
    @Tag("M3.1")
    @CsvSource({
        "critical, production",
        "high, production",
        "standard, production",
        "critical, sandbox",
        "high, sandbox",
        "standard, sandbox"
    })
    void every_plan_starts_between_5_and_10_percent_rises_to_all_and_can_be_judged(String tier, String target)
            throws IOException {
        List<Map<String, Object>> steps = ask("rollout-plan", tier, target);
        List<Double> shares =
                steps.stream().map(step -> (Double) step.get("share")).toList();
        assertThat(shares.get(0)).isBetween(0.05, 0.10);
        assertThat(shares).isSorted().doesNotHaveDuplicates().endsWith(1.0);
        Map<String, Object> triggers = ask("rollback-triggers", tier, target).get(0);
        Duration judged = Duration.parse((String) triggers.get("latencyWindow"))
                .multipliedBy((Integer) triggers.get("latencyWindows"));
        assertThat(steps).allSatisfy(step -> {
            Duration window = Duration.parse((String) step.get("window"));
            assertThat(window).isGreaterThanOrEqualTo(judged).isLessThan(Duration.parse((String) step.get("maximum")));
        });
    }

    @ParameterizedTest
    @Tag("M1.2")
    @CsvSource({"critical", "high", "standard"})
    void the_defaults_are_5_percent_errors_and_200_ms_over_baseline(String tier) throws IOException {
        assertThat(ask("rollback-triggers", tier, "production"))
                .containsExactly(Map.of(
                        "maxErrorRate",
                        0.05,
                        "errorWindow",
                        "PT5M",
                        "minRequests",
                        100,
                        "maxLatencyIncreaseMs",
                        200.0,
                        "latencyWindow",
                        "PT1M",
                        "latencyBreaches",
                        2,
                        "latencyWindows",
                        3));
        assertThat(ask("rollback-triggers", tier, "sandbox")).singleElement().satisfies(triggers -> {
            assertThat(triggers).containsEntry("maxErrorRate", 0.05).containsEntry("maxLatencyIncreaseMs", 200.0);
        });
    }

    @Test
    @Tag("M1.1")
    void a_sandbox_service_is_stable_after_10_seconds() throws IOException {
        assertThat(ask("stabilisation", "critical", "sandbox"))
                .containsExactly(Map.of("window", "PT10S", "maximum", "PT60S"));
    }

    @Test
    @Tag("M3.4")
    void an_unknown_tier_has_no_plan() throws IOException {
        assertThat(ask("rollout-plan", "none", "production")).isEmpty();
        assertThat(ask("rollback-triggers", "none", "production")).isEmpty();
        assertThat(ask("stabilisation", "none", "production")).isEmpty();
    }

    @ParameterizedTest
    @Tag("M3.2")
    @CsvSource({"critical", "high", "standard"})
    void a_flag_is_ramped_from_5_percent_on_traffic_that_was_moved_with_the_flag_off(String tier) throws IOException {
        List<Map<String, Object>> steps = ask("rollout-plan", tier, "production", true);
        assertThat(steps)
                .extracting(step -> step.get("exposure"))
                .containsExactly("traffic", "traffic", "flag", "flag", "flag");
        assertThat(steps).extracting(step -> step.get("share")).containsExactly(0.1, 1.0, 0.05, 0.25, 1.0);
        assertThat(ask("rollout-plan", tier, "production"))
                .extracting(step -> step.get("exposure"))
                .containsOnly("traffic");
        assertThat(ask("rollout-plan", tier, "sandbox", true))
                .extracting(step -> step.get("exposure"))
                .containsExactly("flag", "flag", "flag");
    }

    @ParameterizedTest
    @Tag("M3.6")
    @CsvSource({
        "critical, production, required",
        "high, production, required",
        "standard, production, where declared",
        "critical, sandbox, where declared"
    })
    void over_80_percent_at_any_step_is_too_much_and_the_tier_says_who_is_asked(
            String tier, String target, String confirmation) throws IOException {
        assertThat(ask("capacity-limits", tier, target))
                .containsExactly(Map.of(
                        "confirmation",
                        confirmation,
                        "maximum",
                        0.8,
                        "peak",
                        "P7D",
                        "measured",
                        0.9,
                        "validity",
                        "PT4H"));
    }

    private List<Map<String, Object>> ask(String table, String tier, String target) throws IOException {
        return ask(table, tier, target, false);
    }

    private List<Map<String, Object>> ask(String table, String tier, String target, boolean flagged)
            throws IOException {
        try (InputStream file = Files.newInputStream(Path.of("processes", table + ".dmn"))) {
            return engine.evaluateDecisionTable(
                            engine.parseDecision(table, file),
                            Variables.putValue("tier", tier)
                                    .putValue("target", target)
                                    .putValue("flagged", flagged))
                    .getResultList();
        }
    }
}
