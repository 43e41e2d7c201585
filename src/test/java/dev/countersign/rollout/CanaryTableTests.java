package dev.countersign.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.countersign.catalog.CanaryConfiguration;
import dev.countersign.catalog.CanaryFiles;
import dev.countersign.catalog.Kpi;
import dev.countersign.observe.CanaryMetric;
import dev.countersign.observe.CanaryRule;
import dev.countersign.release.Release;
import dev.countersign.workflow.Decisions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.dmn.engine.DmnEngine;
import org.camunda.bpm.dmn.engine.DmnEngineConfiguration;
import org.camunda.bpm.engine.variable.Variables;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table as it stands, and what a broken one does. */
@Tag("M3.4")
class CanaryTableTests {
    private final DmnEngine engine =
            DmnEngineConfiguration.createDefaultDmnEngineConfiguration().buildEngine();
    private final Release release = mock(Release.class);

    @ParameterizedTest
    @CsvSource({"critical, 1.5", "high, 2", "standard, 2"})
    void in_production_errors_roll_back_and_latencies_hold(String tier, double tolerated) throws IOException {
        List<CanaryMetric> metrics = metrics(ask(tier, "production"));
        assertThat(metrics)
                .extracting(CanaryMetric::name, CanaryMetric::rule, CanaryMetric::critical)
                .containsExactly(
                        tuple("error ratio", "ratio", true),
                        tuple("latency p95", "ranks", false),
                        tuple("latency p50", "ranks", false));
        assertThat(metrics.get(0).tolerated()).isEqualTo(tolerated);
        assertThat(metrics).allSatisfy(metric -> {
            assertThat(metric.alpha()).isEqualTo(0.01);
            assertThat(metric.worse()).isEqualTo("more");
            assertThat(metric.ruleVersion()).isEqualTo("canary-metrics 1.0");
        });
    }

    @ParameterizedTest
    @CsvSource({"critical", "high", "standard"})
    void in_the_sandbox_errors_are_compared_and_a_row_says_that_latencies_are_not(String tier) throws IOException {
        assertThat(metrics(ask(tier, "sandbox")))
                .extracting(CanaryMetric::name, CanaryMetric::rule)
                .containsExactly(tuple("error ratio", "ratio"), tuple("latency p95", "not applied"));
    }

    @Test
    void a_table_without_metrics_stops_the_rollout() {
        assertThatIllegalStateException()
                .isThrownBy(() -> metrics(List.of()))
                .withMessageContaining("canary-metrics has no metric for");
    }

    @Test
    void a_table_whose_metrics_the_service_does_not_have_stops_the_rollout() throws IOException {
        List<Map<String, Object>> rows = ask("critical", "production").stream()
                .filter(row -> String.valueOf(row.get("metric")).matches("kpi|rum .*"))
                .toList();
        assertThat(rows).isNotEmpty();
        assertThatIllegalStateException()
                .isThrownBy(() -> metrics(rows))
                .withMessageContaining("no metric that the service has");
    }

    @Test
    void a_row_that_lacks_a_number_or_means_nothing_stops_the_rollout() throws IOException {
        Map<String, Object> row = new HashMap<>(ask("critical", "production").get(0));
        row.put("alpha", null);
        assertThatIllegalStateException()
                .isThrownBy(() -> metrics(List.of(row)))
                .withMessageContaining("no number in alpha");
        row.put("alpha", 0.01);
        row.put("critical", null);
        assertThatIllegalStateException()
                .isThrownBy(() -> metrics(List.of(row)))
                .withMessageContaining("neither true nor false in critical");
        row.put("critical", true);
        row.put("rule", "rations");
        assertThatIllegalArgumentException().isThrownBy(() -> metrics(List.of(row)));
    }

    @Test
    void a_release_that_began_before_there_was_the_table_goes_on_without() {
        Decisions decisions = mock(Decisions.class);
        when(decisions.knows("p", "canary-metrics")).thenReturn(false);
        when(release.policy()).thenReturn("p");
        assertThat(CanaryTable.metrics(decisions, release, Map.of(), false, List.of()))
                .isEmpty();
    }

    private List<CanaryMetric> metrics(List<Map<String, Object>> rows) {
        return metrics(rows, false, List.of());
    }

    private List<CanaryMetric> metrics(List<Map<String, Object>> rows, boolean pages, List<Kpi> kpis) {
        Decisions decisions = (policy, decision, facts) -> new Decisions.Answered(decision, decision + " 1.0", rows);
        return CanaryTable.metrics(decisions, release, Map.of("tier", "critical", "target", "production"), pages, kpis);
    }

    @Test
    @Tag("M5.6")
    void business_figures_are_compared_as_the_table_says_and_roll_back_where_the_catalog_calls_them_critical()
            throws IOException {
        List<Kpi> kpis = List.of(kpi("orders", true), kpi("refunds", false));
        assertThat(metrics(ask("high", "production"), false, kpis))
                .filteredOn(metric -> metric.kpi() != null)
                .extracting(CanaryMetric::name, CanaryMetric::rule, CanaryMetric::worse, CanaryMetric::critical)
                .containsExactly(
                        tuple("kpi orders", "events", "less", true), tuple("kpi refunds", "events", "less", false));
        assertThat(metrics(ask("high", "sandbox"), false, kpis))
                .filteredOn(metric -> metric.kpi() != null)
                .extracting(CanaryMetric::rule)
                .containsOnly("window");
        List<Map<String, Object>> without = ask("high", "production").subList(0, 3);
        assertThatIllegalStateException()
                .isThrownBy(() -> metrics(without, false, kpis))
                .withMessageContaining("no row kpi");
    }

    @Test
    @Tag("M3.3")
    void pages_of_real_users_are_compared_where_the_service_hears_them_and_never_roll_back() throws IOException {
        assertThat(metrics(ask("standard", "production"), true, List.of()))
                .filteredOn(metric -> metric.name().startsWith("rum "))
                .extracting(CanaryMetric::name, CanaryMetric::rule, CanaryMetric::critical)
                .containsExactly(
                        tuple("rum LCP", "p75", false),
                        tuple("rum INP", "p75", false),
                        tuple("rum CLS", "p75", false),
                        tuple("rum JS errors", "p75", false));
        Map<String, Object> row = new HashMap<>(ask("critical", "production").get(4));
        row.put("critical", true);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> metrics(List.of(row), true, List.of()))
                .withMessageContaining("anybody can send");
    }

    @Test
    void what_a_team_watches_itself_is_compared_by_ranks_and_rolls_back_where_the_team_calls_it_critical()
            throws IOException {
        CanaryConfiguration own = CanaryFiles.read(Path.of("src/test/resources/canary/checkout.json"));
        for (String target : List.of("production", "sandbox")) {
            assertThat(metrics(ask("high", target), own))
                    .filteredOn(metric -> metric.own() != null)
                    .extracting(CanaryMetric::name, CanaryMetric::rule, CanaryMetric::worse, CanaryMetric::critical)
                    .containsExactly(
                            tuple("canary cpu", "ranks", "more", false),
                            tuple("canary queue", "ranks", "either", false),
                            tuple("canary accepted orders", "ranks", "less", true),
                            tuple("canary heap", "ranks", "either", false));
        }
        assertThat(metrics(ask("high", "production"), own))
                .filteredOn(metric -> metric.own() != null)
                .allSatisfy(metric -> assertThat(metric.ruleVersion())
                        .startsWith("canary-metrics 1.0, checkout.json sha256:")
                        .hasSizeLessThan(120));
        CanaryRule rule = CanaryTable.rule(own, metrics(ask("high", "production"), own));
        assertThat(rule.weights()).isEqualTo(Map.of("system", 60.0));
        assertThat(rule.fault()).isNull();
        assertThat(CanaryTable.rule(null, List.of())).isNull();
    }

    @Test
    void a_policy_from_before_there_were_such_configurations_makes_them_wait_with_words() throws IOException {
        CanaryConfiguration own = CanaryFiles.read(Path.of("src/test/resources/canary/checkout.json"));
        List<CanaryMetric> without = metrics(ask("high", "production").subList(0, 3), own);
        assertThat(without).hasSize(3);
        for (List<CanaryMetric> metrics : List.of(without, List.<CanaryMetric>of())) {
            assertThat(CanaryTable.rule(own, metrics).fault()).contains("table canary-metrics has no row canary");
        }
    }

    private List<CanaryMetric> metrics(List<Map<String, Object>> rows, CanaryConfiguration own) {
        Decisions decisions = (policy, decision, facts) -> new Decisions.Answered(decision, decision + " 1.0", rows);
        return CanaryTable.metrics(
                decisions, release, Map.of("tier", "high", "target", "production"), false, List.of(), own);
    }

    private static Kpi kpi(String id, boolean critical) {
        return new Kpi(id, "checkout", "sha256:file", "events", "per", "less", 0.1, critical, true, false);
    }

    private List<Map<String, Object>> ask(String tier, String target) throws IOException {
        try (InputStream file = Files.newInputStream(Path.of("processes", "canary-metrics.dmn"))) {
            return engine.evaluateDecisionTable(
                            engine.parseDecision("canary-metrics", file),
                            Variables.putValue("tier", tier).putValue("target", target))
                    .getResultList();
        }
    }
}
