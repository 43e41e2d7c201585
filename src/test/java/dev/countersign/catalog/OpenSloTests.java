package dev.countersign.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.catalog.Catalog.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M1.1")
class OpenSloTests {
    private static final String RATIO =
            """
            apiVersion: openslo/v1
            kind: SLO
            metadata:
              name: answered
            spec:
              service: cart
              budgetingMethod: Occurrences
              timeWindow: [{duration: 28d, isRolling: true}]
              indicator:
                metadata: {name: i}
                spec:
                  ratioMetric:
                    good: {metricSource: {type: Prometheus, spec: {query: good_total}}}
                    total: {metricSource: {type: Prometheus, spec: {query: all_total}}}
              objectives: [{displayName: most, target: 0.995}]
            """;
    private static final String LATENCY = RATIO.replaceAll(
            "(?s)ratioMetric:.*objectives: .*\n",
            "thresholdMetric: {metricSource: {type: Prometheus, spec: {query: p95}}}\n  objectives: [{op: lte, value: 500, target: 0.95}]\n");

    private static Slo only(String text) {
        OpenSlo.Read read = Texts.slos(text);
        assertThat(read.problems()).isEmpty();
        return read.slos().get(0);
    }

    private static Problem refused(String text) {
        OpenSlo.Read read = Texts.slos(text);
        assertThat(read.usable()).isFalse();
        assertThat(read.slos()).isEmpty();
        return read.problems().get(0);
    }

    @Test
    void a_ratio_is_read_with_target_window_queries_and_digest() {
        Slo slo = only(RATIO);
        assertThat(slo.name()).isEqualTo("answered");
        assertThat(slo.service()).isEqualTo("cart");
        assertThat(slo.kind()).isEqualTo("availability");
        assertThat(slo.target()).isEqualTo(0.995);
        assertThat(slo.thresholdMs()).isNull();
        assertThat(slo.window()).isEqualTo(Duration.ofDays(28));
        assertThat(slo.queries()).containsEntry("good", "good_total").containsEntry("total", "all_total");
        assertThat(slo.digest()).isEqualTo(Texts.file("x", RATIO).digest()).startsWith("sha256:");
    }

    @Test
    void a_threshold_is_a_latency_only_where_it_says_so_and_its_bound_has_a_unit_only_where_it_is_told() {
        String latency =
                LATENCY.replace("name: answered", "name: answered\n  annotations: {countersign.dev/sli: latency%s}");
        Slo slo = only(latency.formatted(", countersign.dev/unit: ms"));
        assertThat(slo.kind()).isEqualTo("latency");
        assertThat(slo.thresholdMs()).isEqualTo(500);
        assertThat(slo.queries()).containsEntry("threshold", "p95");
        String seconds = latency.formatted(", countersign.dev/unit: s").replace("value: 500", "value: 0.5");
        assertThat(only(seconds).thresholdMs()).isEqualTo(500);
        Slo untold = only(latency.formatted(""));
        assertThat(untold.kind()).isEqualTo("latency");
        assertThat(untold.thresholdMs()).isNull();
        assertThat(untold.source().value()).isEqualTo(500);
    }

    /** A load of 80 % was once taken for 0.8 milliseconds. */
    @ParameterizedTest
    @CsvSource({"lt, 0.8", "lte, 500", "gt, 3", "gte, 0.99"})
    void a_threshold_that_does_not_say_what_it_speaks_of_is_no_latency(String op, String value) {
        Slo slo = only(LATENCY.replace("op: lte, value: 500", "op: " + op + ", value: " + value));
        assertThat(slo.kind()).isEqualTo("unspecified");
        assertThat(slo.thresholdMs()).isNull();
        assertThat(slo.unread()).isNull();
        assertThat(slo.source().op()).isEqualTo(op);
        assertThat(slo.source().value()).isEqualTo(Double.valueOf(value));
    }

    @Test
    void requests_in_a_bucket_of_a_histogram_are_no_availability() {
        assertThat(only(RATIO.replace("good_total", "'d_bucket{le=\"0.3\"}'")).kind())
                .isEqualTo("unspecified");
        assertThat(only(RATIO.replace("good:", "bad:").replace("good_total", "'x{ le =~ \"0.3|0.5\"}'"))
                        .kind())
                .isEqualTo("unspecified");
        assertThat(only(RATIO.replace("good_total", "'x{module=\"a\"}'")).kind())
                .isEqualTo("availability");
    }

    @Test
    void a_ratio_of_bad_to_total_speaks_of_errors() {
        assertThat(only(RATIO.replace("good:", "bad:")).kind()).isEqualTo("errors");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "labels: {countersign.dev/sli: errors}",
                "annotations: {countersign.dev/sli: errors}",
                "labels: {countersign.dev/sli: [errors]}"
            })
    void a_label_or_annotation_says_what_it_speaks_of(String said) {
        assertThat(only(RATIO.replace("name: answered", "name: answered\n  " + said))
                        .kind())
                .isEqualTo("errors");
        assertThat(only(RATIO.replace("metadata: {name: i}", "metadata: {name: i, " + said + "}"))
                        .kind())
                .isEqualTo("errors");
    }

    @Test
    void a_latency_told_as_a_ratio_needs_the_bound_of_a_fast_request() {
        String latency =
                RATIO.replace("name: answered", "name: answered\n  annotations: {countersign.dev/sli: latency%s}");
        assertThat(refused(latency.formatted("")).message()).contains("countersign.dev/threshold-ms");
        assertThat(only(latency.formatted(", countersign.dev/threshold-ms: 300"))
                        .thresholdMs())
                .isEqualTo(300);
    }

    @ParameterizedTest
    @CsvSource({
        "1m,PT1M",
        "12h,PT12H",
        "1d,PT24H",
        "2w,PT336H",
        "1M,PT720H",
        "1Q,PT2160H",
        "1Y,PT8760H",
        "525600m,PT8760H"
    })
    void windows_are_read_in_the_shorthand(String written, String window) {
        assertThat(only(RATIO.replace("28d", written)).window()).isEqualTo(Duration.parse(window));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0d", "-1d", "28", "28 d", "d", "1s", "999999d", "P1D"})
    void other_windows_are_refused_with_their_place(String written) {
        Problem problem = refused(RATIO.replace("28d", "'" + written + "'"));
        assertThat(problem.message()).contains("no duration");
        assertThat(problem.line()).isEqualTo(8);
        assertThat(problem.column()).isEqualTo(17);
    }

    @Test
    void a_window_follows_the_calendar_from_its_start_in_its_zone() {
        String calendar = RATIO.replace(
                "28d, isRolling: true",
                "1M, isRolling: false, calendar: {startTime: 2026-01-01 12:30:00, timeZone: America/New_York}");
        Slo slo = only(calendar);
        assertThat(slo.calendar())
                .isEqualTo(new CalendarWindow(
                        LocalDateTime.of(2026, 1, 1, 12, 30), ZoneId.of("America/New_York"), 1, "M"));
        assertThat(slo.windowStart(Instant.parse("2026-03-20T12:00:00Z")))
                .isEqualTo(Instant.parse("2026-03-01T17:30:00Z"));
        assertThat(only(RATIO).calendar()).isNull();
        assertThat(only(RATIO).windowStart(Instant.parse("2026-03-29T00:00:00Z")))
                .isEqualTo(Instant.parse("2026-03-01T00:00:00Z"));
        assertThat(refused(calendar.replace("America/New_York", "Mars/Olympus")).message())
                .contains("no time zone");
        assertThat(refused(calendar.replace("2026-01-01 12:30:00", "january")).message())
                .contains("no start time");
        assertThat(refused(calendar.replace("isRolling: false", "isRolling: true"))
                        .message())
                .contains("either rolls");
        assertThat(refused(RATIO.replace("isRolling: true", "isRolling: false")).message())
                .contains("calendar");
    }

    @Test
    void what_a_source_must_know_is_read_with_the_place_of_each_query() {
        Slo.Source source = only(RATIO.replace("ratioMetric:", "ratioMetric:\n        counter: true"))
                .source();
        assertThat(source.shape()).isEqualTo("ratio");
        assertThat(source.counter()).isTrue();
        assertThat(source.unread()).isNull();
        assertThat(source.places()).containsEntry("good", "slo.yaml, line 14, column 56");
        assertThat(only(RATIO).source().counter()).isNull();
        Slo.Source threshold = only(LATENCY).source();
        assertThat(threshold.shape()).isEqualTo("threshold");
        assertThat(threshold.op()).isEqualTo("lte");
        assertThat(threshold.value()).isEqualTo(500);
        Slo raw = only(RATIO.replaceAll(
                "(?s)good:.*objectives",
                "rawType: failure\n        raw: {metricSource: {spec: {query: r}}}\n  objectives"));
        assertThat(raw.source().shape()).isEqualTo("raw");
        assertThat(raw.source().rawType()).isEqualTo("failure");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "type: Prometheus, spec: {query: good_total | type: Datadog, spec: {query: good_total | line 13, column 31 | `Datadog` is not read",
                "type: Prometheus, spec: {query: good_total | metricSourceRef: nowhere, spec: {query: good_total | line 13, column 31 | No file describes the DataSource `nowhere`",
                "spec: {query: good_total} | spec: {other: good_total} | line 13, column 9 | metricSource.spec.query",
                "total: {metricSource | totals: {metricSource | line 12, column 7 | A ratio has a `total`"
            })
    void a_source_or_shape_that_nothing_reads_is_reported_with_its_place_and_not_measured(
            String part, String instead, String place, String message) {
        OpenSlo.Read read = Texts.slos(RATIO.replace(part, instead));
        assertThat(read.usable()).isTrue();
        assertThat(read.slos()).singleElement().satisfies(slo -> assertThat(slo.unread())
                .contains(message));
        assertThat(read.problems()).singleElement().satisfies(problem -> {
            assertThat("line %d, column %d".formatted(problem.line(), problem.column()))
                    .as(problem.message())
                    .isEqualTo(place);
            assertThat(problem.message()).contains(message).contains("not measured");
        });
    }

    @Test
    void a_source_may_be_named_and_its_address_is_not_used() {
        String named = RATIO.replace("type: Prometheus, spec", "metricSourceRef: ours, spec");
        String source =
                "---\napiVersion: openslo/v1\nkind: DataSource\nmetadata: {name: ours}\nspec: {type: %s, connectionDetails: {url: 'http://elsewhere'}}\n";
        assertThat(only(named + source.formatted("Prometheus")).unread()).isNull();
        assertThat(Texts.slos(named + source.formatted("Elastic")).slos().get(0).unread())
                .contains("`Elastic` is not read");
        assertThat(Texts.slos(RATIO.replace("type: Prometheus, spec", "type: Prometheus, metricSourceRef: ours, spec")
                                + source.formatted("Elastic"))
                        .slos()
                        .get(0)
                        .unread())
                .contains("not the type of its DataSource");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0.5,0.5", "0.99999,0.99999"})
    void a_target_from_zero_to_below_one_is_read(String written, double target) {
        assertThat(only(RATIO.replace("0.995", written)).target()).isEqualTo(target);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1.0", "99.5", "-0.1", "'0.9'", ".nan", "~"})
    void another_target_is_refused(String written) {
        assertThat(refused(RATIO.replace("0.995", written)).line()).isEqualTo(15);
    }

    @Test
    void a_target_may_be_told_in_percent_but_not_twice() {
        assertThat(only(RATIO.replace("target: 0.995", "targetPercent: 99.9")).target())
                .isEqualTo(0.999);
        assertThat(refused(RATIO.replace("target: 0.995", "target: 0.9, targetPercent: 90"))
                        .message())
                .contains("either");
    }

    @Test
    void every_objective_is_an_slo_of_its_own() {
        OpenSlo.Read read =
                Texts.slos(RATIO.replace("{displayName: most, target: 0.995}", "{target: 0.99}, {target: 0.999}"));
        assertThat(read.slos()).extracting(Slo::name).containsExactly("answered/1", "answered/2");
        assertThat(read.slos()).extracting(Slo::target).containsExactly(0.99, 0.999);
    }

    @Test
    void slices_need_their_length_and_timeslices_their_target() {
        String slices = RATIO.replace("Occurrences", "%s").replace("target: 0.995", "target: 0.995%s");
        Slo slo = only(slices.formatted("Timeslices", ", timeSliceTarget: 0.9, timeSliceWindow: 1m"));
        assertThat(slo.timeSliceTarget()).isEqualTo(0.9);
        assertThat(slo.timeSliceWindow()).isEqualTo(Duration.ofMinutes(1));
        assertThat(only(slices.formatted("RatioTimeslices", ", timeSliceWindow: 5m"))
                        .timeSliceTarget())
                .isNull();
        Slo minutes = only(slices.formatted("Timeslices", ", timeSliceTarget: 1.0, timeSliceWindow: 5"));
        assertThat(minutes.timeSliceTarget()).isEqualTo(1);
        assertThat(minutes.timeSliceWindow()).isEqualTo(Duration.ofMinutes(5));
        assertThat(refused(slices.formatted("Timeslices", ", timeSliceTarget: 1.1, timeSliceWindow: 5"))
                        .message())
                .contains("timeSliceTarget");
        assertThat(refused(slices.formatted("RatioTimeslices", ", timeSliceWindow: 0"))
                        .message())
                .contains("no duration");
        assertThat(refused(slices.formatted("Timeslices", ", timeSliceWindow: 1m"))
                        .message())
                .contains("timeSliceTarget");
        assertThat(refused(slices.formatted("RatioTimeslices", "")).message()).contains("timeSliceWindow");
        assertThat(refused(slices.formatted("Guesses", "")).message()).contains("budgeting method");
    }

    @Test
    void an_indicator_may_stand_in_a_document_of_its_own() {
        String reference = RATIO.replaceAll("(?s)indicator:.*objectives", "indicatorRef: fast\n  objectives");
        String sli =
                "---\napiVersion: openslo/v1\nkind: SLI\nmetadata: {name: fast, annotations: {countersign.dev/sli: errors}}\n"
                        + "spec: {ratioMetric: {bad: {metricSource: {spec: {query: b}}}, total: {metricSource: {spec: {query: t}}}}}\n";
        assertThat(only(reference + sli).kind()).isEqualTo("errors");
        assertThat(only(reference + sli).queries()).containsEntry("bad", "b");
        OpenSlo.Read dangling = Texts.slos(reference);
        assertThat(dangling.usable()).isTrue();
        assertThat(dangling.slos().get(0).kind()).isEqualTo("unspecified");
        assertThat(dangling.problems()).singleElement().satisfies(problem -> assertThat(problem.message())
                .contains("`fast`"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "service: cart | x: y | spec.service",
                "name: answered | x: y | metadata.name",
                "kind: SLO | x: y | kind",
                "openslo/v1 | openslo/v7 | openslo/v1",
                "isRolling: true} | isRolling: true}, {duration: 1d} | exactly one window",
                "[{displayName: most, target: 0.995}] | [] | objective",
                "[{displayName: most, target: 0.995}] | 7 | objective",
                "ratioMetric | otherMetric | either a `ratioMetric`",
                "indicator: | other: | indicatorRef"
            })
    void what_is_missing_is_named(String part, String instead, String message) {
        assertThat(refused(RATIO.replace(part, instead)).message()).contains(message);
    }

    @Test
    void a_file_in_json_that_cannot_be_read_says_whom_it_speaks_of() {
        Facts facts = Texts.facts(Texts.file(
                "slo.yaml",
                "{\"apiVersion\": \"openslo/v1\", \"kind\": \"SLO\", \"spec\": {\"service\": \"cart\", \"x\": ["));
        assertThat(facts.refused()).extracting(Slo::service).containsExactly("cart");
    }

    @Test
    void what_a_refused_file_promises_stands_there_with_its_fault_and_is_never_measured() {
        String other = RATIO.replace("name: answered", "name: other");
        for (String broken : List.of(
                RATIO.replace("openslo/v1", "openslo.com/v2alpha") + "---\n" + other,
                RATIO.replace("Occurrences", "Guesses") + "---\n" + other)) {
            Facts facts = Texts.facts(Texts.file("slo.yaml", broken));
            assertThat(facts.proposed()).isEmpty();
            assertThat(facts.refused()).extracting(Slo::name).containsExactly("answered (refused)", "other (refused)");
            assertThat(facts.refused()).allSatisfy(slo -> {
                assertThat(slo.service()).isEqualTo("cart");
                assertThat(slo.kind()).isEqualTo("unspecified");
                assertThat(slo.refused()).isTrue();
                assertThat(slo.unread()).startsWith("Its file is refused: slo.yaml, line ");
            });
        }
        assertThat(Texts.facts(Texts.file("slo.yaml", RATIO.replace("openslo/v1", "openslo.com/v2alpha")))
                        .refused()
                        .get(0)
                        .unread())
                .contains("slo.yaml, line 1, column 1: OpenSLO of version `openslo.com/v2alpha` is not read");
        Facts noYaml = Texts.facts(Texts.file("slo.yaml", RATIO + "  x: [\n"));
        assertThat(noYaml.refused()).singleElement().satisfies(slo -> {
            assertThat(slo.service()).isEqualTo("cart");
            assertThat(slo.unread()).contains("This is not YAML");
        });
        assertThat(Texts.facts(Texts.file("slo.yaml", RATIO)).refused()).isEmpty();
    }

    @Test
    void objectives_of_a_service_that_nobody_describes_are_a_problem() {
        Facts facts = Texts.facts(Texts.file("slo.yaml", RATIO));
        assertThat(facts.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.message()).contains("`cart`");
            assertThat(problem.line()).isEqualTo(6);
        });
    }

    @Test
    void two_objectives_of_a_service_with_one_name_are_a_problem() {
        Facts facts = Texts.facts(Texts.file("a.yaml", RATIO), Texts.file("b.yaml", RATIO));
        assertThat(facts.problems()).extracting(Problem::message).anyMatch(message -> message.contains("another SLO"));
    }

    @Test
    void objectives_do_not_stand_beside_entities() {
        String entity = "apiVersion: backstage.io/v1alpha1\nkind: System\nmetadata: {name: a}\nspec: {}\n---\n";
        Facts facts = Texts.facts(Texts.file("a.yaml", entity + RATIO));
        assertThat(facts.proposed()).isEmpty();
        assertThat(facts.problems())
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .contains("files of their own");
        assertThat(facts.broken()).isEqualTo(List.of("a.yaml"));
    }
}
