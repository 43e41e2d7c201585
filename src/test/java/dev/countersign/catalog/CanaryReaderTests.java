package dev.countersign.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.catalog.CanaryConfiguration.Effect;
import dev.countersign.catalog.CanaryConfiguration.Metric;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M3.4")
class CanaryReaderTests {
    private static final Path FILE = Path.of("src/test/resources/canary/checkout.json");

    private static String text() throws IOException {
        return Files.readString(FILE);
    }

    private static Declaration.Read<CanaryConfiguration> read(String text) {
        return CanaryReader.read(new SourceFile("shop/checkout.json", text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void the_service_is_the_files_name_and_the_version_its_digest() throws IOException {
        CanaryConfiguration read = read(text()).said().orElseThrow();
        assertThat(read.service()).isEqualTo("checkout");
        assertThat(read.digest()).isEqualTo(new SourceFile("checkout.json", Files.readAllBytes(FILE)).digest());
        assertThat(read.fault()).isNull();
        assertThat(read.weights()).isEqualTo(Map.of("system", 60.0));
        assertThat(read.pass()).isEqualTo(95);
        assertThat(read.marginal()).isEqualTo(75);
    }

    @Test
    void each_metric_becomes_a_query_of_one_versions_value() throws IOException {
        assertThat(read(text()).said().orElseThrow().metrics())
                .extracting(Metric::query)
                .containsExactly(
                        "avg(sum by (mode) (avg_over_time(container_cpu{${version}=~\"${digest}\",mode=~\"user|system\",job=\"node\"}[60s])))",
                        "avg by (zone) (queue_depth{pod_version=~\"${digest}\",container=\"app\"})",
                        "sum(rate(orders_total{release=~\"${digest}\",status!=\"refused\"}[1m])) / sum(rate(sessions_total{release=~\"${digest}\",bot=\"no\"}[1m]))",
                        "avg(jvm:heap_used{image=~\"${digest}\"})");
    }

    @Test
    void directions_effects_and_what_is_left_out_are_read_as_documented() throws IOException {
        List<Metric> metrics = read(text()).said().orElseThrow().metrics();
        assertThat(metrics).extracting(Metric::direction).containsExactly("more", "either", "less", "either");
        assertThat(metrics.get(0).effect()).isEqualTo(new Effect(1.1, 1, 1, 1));
        assertThat(metrics.get(1).replaces() && metrics.get(1).mustHaveData()).isTrue();
        assertThat(metrics.get(1).groups()).containsExactly("system", "work");
        assertThat(metrics.get(1).groupLabels()).containsExactly("zone");
        assertThat(metrics.get(2).critical()).isTrue();
        assertThat(metrics.get(2).effect()).isEqualTo(new Effect(1, 0.9, 1, 0.5));
        assertThat(metrics.get(3).muted()).isTrue();
        assertThat(metrics.get(3).effect()).isEqualTo(new Effect(1, 1, 1, 1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "\"type\": \"prometheus\", \"metricName\": \"queue_depth\" | \"type\": \"datadog\", \"metricName\": \"queue\" | 30 | Queries of `datadog` are not read",
                "\"scopeLabel\": \"image\" | \"resourceType\": \"gce_instance\" | 52 | resourceType",
                "\"name\": \"NetflixACAJudge-v1.0\" | \"name\": \"StaticBaselineJudge-v1.0\" | 8 | /judge/name",
                "\"judgeConfigurations\": {} | \"judgeConfigurations\": {\"tolerance\": 1} | 8 | /judge/judgeConfigurations",
                "\"direction\": \"increase\" | \"direction\": \"up\" | 25 | /direction",
                "\"nanStrategy\": \"remove\" | \"outliers\": {\"strategy\": \"remove\"} | 25 | outliers",
                "\"allowedIncrease\": 1.1 | \"allowedIncrease\": 0.9 | 25 | allowedIncrease",
                "\"measure\": \"meanRatio\" | \"measure\": \"cles\" | 46 | measure",
                "\"muted\": true | \"muted\": true, \"critical\": true | 54 | cannot be muted",
                "\"name\": \"heap\" | \"name\": \"cpu\" | 51 | Two metrics",
                "\"pass\": 95 | \"pass\": 70 | 59 | must not be over",
                "\"system\": 60} | \"system\": 100} | 58 | Nothing is left of 100",
                "\"system\": 60} | \"system\": 60, \"other\": 10} | 58 | No metric that counts is in the group `other`",
                "\"system\": 60} | \"system\": 60, \"work\": 30} | 58 | and not 100",
                "\"customFilterTemplate\": \"ofPod\" | \"customFilterTemplate\": \"gone\" | 30 | There is no template `gone`",
                "pod_version=\\\"${scope}\\\" | zone=\\\"${location}\\\" | 10 | `${location}` is not known here",
                "pod_version=\\\"${scope}\\\" | pod=~\\\"${scope}-.*\\\" | 10 | `${scope}` is not known here",
                "container=\\\"app\\\" | container | 10 | is no list of matchers",
                "release=\\\"${scope}\\\", | '' | 39 | whose value it is",
                "release=\\\"${scope}\\\", | release=\\\"${scope}\\\",<#if x>, | 39 | `<#` is not known here",
                "\"job=\\\"node\\\"\" | \"job=\\\"node\\\"} or up{\" | 18 | is no list of matchers",
                "\"scoreThresholds\": | \"thresholds\": | 57 | scoreThresholds",
                "\"sumByFields\": [\"mode\"] | \"sumByFields\": [\"mode) or vector(1\"] | 19 | sumByFields",
                "\"metricName\": \"container_cpu\" | \"metricName\": \"up or cpu\" | 17 | metricName",
                "\"metricName\": \"container_cpu\" | \"metricName\": \"cpu_seconds_total\" | 17 | counts up",
                "\"metricName\": \"jvm:heap_used\" | \"metricName\": \"latency_bucket\" | 52 | counts up",
                "\"aggregationPeriod\": \"60s\" | \"aggregationPeriod\": \"61m\" | 20 | An hour is the longest",
                "\"groupByFields\": [\"zone\"] | \"groupByFields\": [\"zone\", \"pod_version\"] | 30 | `pod_version` names the version",
                "\"scopeLabel\": \"image\" | \"scopeLabel\": \"image\", \"groupByFields\": [\"image\"] | 52 | `image` names the version",
                "PromQL:sum(rate | PromQL:sum(up) # sum(rate | 39 | `#` outside of double quotes",
                "PromQL:sum(rate | PromQL:sum(up{a=`}`}) + sum(rate | 39 | outside of double quotes"
            })
    void what_would_change_a_verdict_is_refused_with_its_place(String there, String other, int line, String why)
            throws IOException {
        assertThat(text()).contains(there);
        Declaration.Read<CanaryConfiguration> read = read(text().replace(there, other));
        assertThat(read.said()).isEmpty();
        assertThat(read.problems()).anySatisfy(problem -> {
            assertThat(problem.message()).contains(why);
            assertThat(problem.line()).isEqualTo(line);
            assertThat(problem.file()).isEqualTo("shop/checkout.json");
        });
    }

    @Test
    void weights_are_added_as_they_are_written() throws IOException {
        String three = text().replace("[\"system\", \"work\"]", "[\"system\", \"queue\"]")
                .replace("\"system\": 60}", "\"system\": 33.4, \"work\": 33.3, \"queue\": 33.3}");
        assertThat(read(three).problems()).isEmpty();
    }

    @Test
    void a_sign_in_a_string_is_no_comment_and_an_hour_is_a_period() throws IOException {
        assertThat(read(text().replace("bot=\\\"no\\\"", "bot=\\\"#'`\\\"").replace("60s", "1h"))
                        .problems())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "[]",
                "\"checkout\"",
                "{} {}",
                "{\"name\": \"a\", \"name\": \"b\"}",
                "{\"name\": NaN}",
                "{\"name\": 1e999999}",
                "{\"createdTimestamp\": 99999999999999999999999999999999999999999999999999999999999999999999}",
                "{\"name\": \"a\", // a comment\n \"metrics\": []}",
                "name: a\nmetrics: []"
            })
    void what_is_no_such_document_is_refused(String hostile) {
        Declaration.Read<CanaryConfiguration> read = read(hostile);
        assertThat(read.said()).isEmpty();
        assertThat(read.problems()).isNotEmpty();
    }

    @Test
    void what_is_too_deep_too_long_or_too_much_is_refused() throws IOException {
        assertThat(read("[".repeat(100_000)).problems()).hasSize(1);
        assertThat(read("[" + "0,".repeat(100_000) + "0]").problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("More than"));
        assertThat(read(" ".repeat(YamlReader.MAX_BYTES + 1)).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("at most"));
        String many = text().replace(
                        "\"metrics\": [",
                        "\"metrics\": ["
                                + "{\"name\": \"x\", \"query\": {\"type\": \"prometheus\", \"metricName\": \"up\"}},"
                                        .repeat(40));
        assertThat(read(many).said()).isEmpty();
        String quoted = text().replace("mode=~\\\"user|system\\\"", "a=\\\"" + "\\\\\\\\".repeat(240));
        assertThat(read(quoted).said()).isEmpty();
    }

    @Test
    void bytes_that_are_no_text_are_refused() {
        byte[] broken = {'{', '"', 'n', '"', ':', '"', (byte) 0xC3, (byte) 0x28, '"', '}'};
        assertThat(CanaryReader.read(new SourceFile("checkout.json", broken)).said())
                .isEmpty();
    }
}
