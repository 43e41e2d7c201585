package dev.countersign.observe.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.mockito.Mockito.mock;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.OpenSloFiles;
import dev.countersign.catalog.Slo;
import dev.countersign.observe.MetricsSource.Tally;
import dev.countersign.observe.ObjectiveFixture;
import dev.countersign.observe.ObjectiveStanding;
import dev.countersign.observe.SloStates.Burn;
import dev.countersign.observe.SloStates.SloState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Budgets over four weeks that a real server has scraped, against what they are by hand. */
@Tag("M1.1")
@Tag("M5.3")
class RealObjectivesTests {
    private static final Instant NOW = Instant.parse("2026-03-20T12:00:00Z");
    private static final Duration SCRAPED = Duration.ofDays(29);
    private static final int EVERY = 120;
    /** Six hours, five days ago: four requests a second instead of ten, half of them bad. */
    private static final Instant OUTAGE = NOW.minus(Duration.ofDays(5));

    private static final Instant RECOVERED = OUTAGE.plus(Duration.ofHours(6));

    private static final String SLO =
            """
            ---
            apiVersion: openslo/v1
            kind: SLO
            metadata: {name: %s, annotations: {countersign.dev/sli: availability}}
            spec:
              service: %s
              budgetingMethod: %s
              timeWindow: [%s]
              indicator: {metadata: {name: i}, spec: {%s}}
              objectives: [{target: %s}]
            """;
    private static final String ROLLING = "{duration: 28d, isRolling: true}";
    private static final String GOOD = "ratioMetric: {counter: true, good: %s, total: %s}"
            .formatted(
                    query("http_requests_total{service=\"shop\",code!~\"5..\"}"),
                    query("http_requests_total{service=\"shop\"}"));

    private static final String STABLE = "sha256:" + "a".repeat(64);
    private static final String CANARY = "sha256:" + "b".repeat(64);

    @TempDir
    static Path folder;

    private static RealPrometheus prometheus;

    private static String query(String promql) {
        return "{metricSource: {type: Prometheus, spec: {query: '%s'}}}".formatted(promql);
    }

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(
                RealPrometheus.isInstalled(),
                "prometheus and promtool are not on the path: apt-get install prometheus");
        prometheus = new RealPrometheus(folder);
        prometheus.backfill(scrapes());
        prometheus.start();
    }

    @AfterAll
    static void stop() throws IOException {
        if (prometheus != null) {
            prometheus.close();
        }
    }

    private static boolean out(Instant at) {
        return at.isAfter(OUTAGE) && !at.isAfter(RECOVERED);
    }

    private static String scrapes() {
        StringBuilder text = new StringBuilder("# TYPE http_requests counter\n");
        Instant restart = NOW.minus(Duration.ofDays(3));
        counter(text, "service=\"shop\",code=\"200\"", at -> out(at) ? 2 : 10, restart, NOW);
        counter(text, "service=\"shop\",code=\"500\"", at -> out(at) ? 2 : 0, restart, NOW);
        Instant lately = NOW.minus(Duration.ofHours(2));
        counter(text, "service=\"burning\",code=\"200\"", at -> at.isAfter(lately) ? 8 : 10, null, NOW);
        counter(text, "service=\"burning\",code=\"500\"", at -> at.isAfter(lately) ? 2 : 0, null, NOW);
        counter(text, "service=\"stopped\",code=\"200\"", at -> 10, null, NOW.minus(Duration.ofHours(3)));
        counter(text, "service=\"quiet\",code=\"200\"", at -> 0, null, NOW);
        for (int at = 7200, seen = 0; at >= 0; at -= EVERY, seen += EVERY) {
            Instant then = NOW.minusSeconds(at);
            line(
                    text,
                    "http_requests_total{service=\"two\",code=\"200\",version=\"%s\"}".formatted(STABLE),
                    30.0 * seen,
                    then);
        }
        for (int at = 7200, seen = 0; at >= 0; at -= EVERY, seen += EVERY) {
            Instant then = NOW.minusSeconds(at);
            line(
                    text,
                    "http_requests_total{service=\"two\",code=\"200\",version=\"%s\"}".formatted(CANARY),
                    5.0 * seen,
                    then);
        }
        for (int at = 7200, seen = 0; at >= 0; at -= EVERY, seen += EVERY) {
            Instant then = NOW.minusSeconds(at);
            line(
                    text,
                    "http_requests_total{service=\"two\",code=\"500\",version=\"%s\"}".formatted(CANARY),
                    5.0 * seen,
                    then);
        }
        text.append("# TYPE shop_p95_seconds gauge\n");
        gauge(text, "shop_p95_seconds", at -> night(at) ? Double.NaN : out(at) ? 0.9 : 0.2);
        text.append("# TYPE shop_success_ratio gauge\n");
        gauge(text, "shop_success_ratio", at -> out(at) ? 0.5 : 0.98);
        return text.append("# EOF\n").toString();
    }

    /** Ten hours without a request, ten days ago: a quantile of nothing is no number. */
    private static boolean night(Instant at) {
        Instant begin = NOW.minus(Duration.ofDays(10));
        return at.isAfter(begin) && !at.isAfter(begin.plus(Duration.ofHours(10)));
    }

    private interface OfTime {
        double at(Instant time);
    }

    private static void counter(StringBuilder text, String labels, OfTime perSecond, Instant restart, Instant end) {
        double value = 0;
        for (Instant at = NOW.minus(SCRAPED); !at.isAfter(end); at = at.plusSeconds(EVERY)) {
            value = at.equals(restart) ? 0 : value + EVERY * perSecond.at(at);
            line(text, "http_requests_total{" + labels + "}", value, at);
        }
    }

    private static void gauge(StringBuilder text, String name, OfTime value) {
        for (Instant at = NOW.minus(SCRAPED); !at.isAfter(NOW); at = at.plusSeconds(EVERY)) {
            line(text, name, value.at(at), at);
        }
    }

    private static void line(StringBuilder text, String series, double value, Instant at) {
        text.append(series)
                .append(' ')
                .append(value)
                .append(' ')
                .append(at.getEpochSecond())
                .append('\n');
    }

    private static PrometheusProperties properties() {
        return new Binder(new MapConfigurationPropertySource(Map.of(
                        "countersign.observe.prometheus.url",
                        prometheus.url().toString(),
                        "countersign.observe.prometheus.timeout",
                        "PT30S",
                        "countersign.observe.prometheus.objectives-interval",
                        "PT10M")))
                .bind("countersign.observe.prometheus", PrometheusProperties.class)
                .get();
    }

    private static ObjectiveFixture fixture(String service, String yaml) {
        List<Slo> slos = OpenSloFiles.read(yaml);
        return new ObjectiveFixture(
                service,
                slos,
                NOW.plusSeconds(30),
                (catalog, clock) -> new PrometheusSource(properties(), catalog, clock));
    }

    private static Map<String, SloState> counted(String service, String yaml) throws InterruptedException {
        return fixture(service, yaml).catchUp().states();
    }

    private static String slo(String name, String service, String method, String window, String sli, String target) {
        return SLO.formatted(name, service, method, window, sli, target);
    }

    @Test
    void four_weeks_cost_what_they_cost_by_hand() throws InterruptedException, IOException {
        String bad = GOOD.replace("good: ", "bad: ").replace("code!~", "code=~");
        String threshold = "thresholdMetric: " + query("shop_p95_seconds");
        String raw = "ratioMetric: {rawType: success, raw: " + query("shop_success_ratio") + "}";
        String slices = "0.99, timeSliceWindow: 10m";
        String calendar =
                "{duration: 1M, isRolling: false, calendar: {startTime: 2026-01-01 00:00:00, timeZone: America/New_York}}";
        Map<String, SloState> states = counted(
                "shop",
                slo("good", "shop", "Occurrences", ROLLING, GOOD, "0.99")
                        + slo("bad", "shop", "Occurrences", ROLLING, bad, "0.99")
                        + slo("slices", "shop", "Timeslices", ROLLING, GOOD, slices + ", timeSliceTarget: 0.95")
                        + slo("ratios", "shop", "RatioTimeslices", ROLLING, GOOD, slices)
                        + slo("calendar", "shop", "Occurrences", calendar, GOOD, "0.99")
                        + slo("raw", "shop", "Occurrences", ROLLING, raw, "0.95")
                        + slo("threshold", "shop", "Occurrences", ROLLING, threshold, "0.98, op: lt, value: 0.5"));

        double seconds = 28 * 86_400;
        double outage = 6 * 3_600;
        double all = 10 * (seconds - outage) + 4 * outage;
        spent(states.get("good"), 2 * outage / all / 0.01);
        spent(states.get("bad"), 2 * outage / all / 0.01);
        assertThat(states.get("good").requests()).isCloseTo(Math.round(all), within(Math.round(all / 200)));
        // 36 of 4032 slices of ten minutes were bad, whatever happened in them.
        spent(states.get("slices"), 36 / 4_032.0 / 0.01);
        // and half bad, though there were fewer requests.
        spent(states.get("ratios"), 18 / 4_032.0 / 0.01);
        // Since midnight of the first of March in New York.
        double month =
                Duration.between(Instant.parse("2026-03-01T05:00:00Z"), NOW).toSeconds();
        spent(states.get("calendar"), 2 * outage / (10 * (month - outage) + 4 * outage) / 0.01);
        assertThat(states.get("calendar").windowStart()).isEqualTo(Instant.parse("2026-03-01T05:00:00Z"));
        spent(states.get("raw"), (3_996 * 0.02 + 36 * 0.5) / 4_032 / 0.05);
        // 60 points of a night without requests count nothing.
        spent(states.get("threshold"), 36 / (4_032.0 - 60) / 0.02);
        assertThat(states.values()).allSatisfy(state -> {
            assertThat(state.state()).as(state.name()).isEqualTo("OK");
            assertThat(state.trouble()).as(state.name()).isNull();
        });
        // The server itself, asked once over the whole window, says the same.
        Query whole = Query.instant(
                "1 - sum(increase(http_requests_total{service=\"shop\",code!~\"5..\"}[28d])) / sum(increase(http_requests_total{service=\"shop\"}[28d]))",
                NOW,
                Query.Kind.VALUE);
        double ratio = new PrometheusApi(properties())
                .ask(List.of(whole))
                .get(whole)
                .get()
                .series()
                .get(0)
                .points()
                .get(NOW);
        assertThat(1 - states.get("good").compliance()).isCloseTo(ratio, within(2e-5));
    }

    private static void spent(SloState state, double byHand) {
        assertThat(1 - state.budgetRemaining()).as(state.name()).isCloseTo(byHand, within(0.01));
    }

    @Test
    void a_threshold_that_says_not_what_it_speaks_of_is_counted_all_the_same() throws InterruptedException {
        String raw = "thresholdMetric: " + query("shop_success_ratio");
        SloState ratio = counted(
                        "shop",
                        slo("ratio", "shop", "Occurrences", ROLLING, raw, "0.98, op: gte, value: 0.9")
                                .replace(", annotations: {countersign.dev/sli: availability}", ""))
                .get("ratio");
        assertThat(ratio.kind()).isEqualTo("unspecified");
        assertThat(ratio.trouble()).isNull();
        spent(ratio, 36 / 4_032.0 / 0.02);
    }

    @Test
    @Tag("M6.3")
    void over_a_stretch_of_time_it_is_told_once_and_by_version_where_the_query_keeps_the_label() throws IOException {
        PrometheusSource source = new PrometheusSource(
                properties(), mock(Catalog.class), Clock.fixed(NOW.plusSeconds(30), ZoneOffset.UTC));
        String summed = "ratioMetric: {good: %s, total: %s}"
                .formatted(
                        query("sum(increase(http_requests_total{service=\"two\",code=\"200\"}[{{window}}]))"),
                        query("sum(increase(http_requests_total{service=\"two\"}[{{window}}]))"));
        List<Slo> slos =
                OpenSloFiles.read(slo("bare", "two", "Occurrences", ROLLING, GOOD.replace("shop", "two"), "0.99")
                        + slo("summed", "two", "Occurrences", ROLLING, summed, "0.85")
                        + slo(
                                "slice",
                                "two",
                                "Timeslices",
                                ROLLING,
                                summed,
                                "0.85, timeSliceTarget: 0.95, timeSliceWindow: 10m"));
        List<Tally> tallies = source.objectivesOver("two", slos, NOW.minusSeconds(3600), NOW);
        assertThat(tallies).extracting(Tally::slo).containsExactly("bare", "summed", "slice");
        assertThat(tallies.get(0).byVersion()).containsOnlyKeys(STABLE, CANARY);
        ObjectiveStanding stable = ObjectiveStanding.of(slos.get(0), tallies.get(0), STABLE);
        assertThat(stable.holds()).isTrue();
        assertThat(stable.whole()).isFalse();
        ObjectiveStanding canary = ObjectiveStanding.of(slos.get(0), tallies.get(0), CANARY);
        assertThat(canary.value()).isCloseTo(0.5, within(0.01));
        assertThat(canary.holds()).isFalse();
        ObjectiveStanding whole = ObjectiveStanding.of(slos.get(1), tallies.get(1), STABLE);
        assertThat(whole.whole()).isTrue();
        assertThat(whole.value()).isCloseTo(35 / 40.0, within(0.01));
        assertThat(whole.sentence()).isEqualTo("availability 87.5 % (objective 85 %) of the service as a whole");
        assertThat(ObjectiveStanding.of(slos.get(2), tallies.get(2), STABLE).value())
                .as("a slice of which 87.5 % were good is a bad one")
                .isZero();
        assertThatThrownBy(() -> source.objectivesOver("two", slos, NOW.plusSeconds(20), NOW.plusSeconds(30)))
                .hasMessageContaining("Too little has been measured");
    }

    @Test
    @Tag("M6.3")
    void events_without_any_series_of_bad_ones_are_told_apart_from_a_query_that_finds_nothing() throws IOException {
        PrometheusSource source = new PrometheusSource(
                properties(), mock(Catalog.class), Clock.fixed(NOW.plusSeconds(30), ZoneOffset.UTC));
        String sli = "ratioMetric: {counter: true, bad: %s, total: %s}"
                .formatted(
                        query("http_requests_total{service=\"two\",code=\"599\"}"),
                        query("http_requests_total{service=\"two\"}"));
        List<Slo> slos = OpenSloFiles.read(slo("faultless", "two", "Occurrences", ROLLING, sli, "0.99")
                + slo("nothing", "two", "Occurrences", ROLLING, sli.replace("two", "nobody"), "0.99")
                + slo("good", "two", "Occurrences", ROLLING, GOOD.replace("shop", "two"), "0.99"));
        List<Tally> tallies = source.objectivesOver("two", slos, NOW.minusSeconds(3600), NOW);
        assertThat(tallies.get(0).trouble()).isEqualTo("The query for `bad` finds no series");
        assertThat(tallies.get(0).quietOf(STABLE)).isEqualTo(NOW);
        assertThat(tallies.get(1).quietOf(STABLE)).isNull();
        assertThat(tallies.get(2).quietOf(STABLE)).isNull();
    }

    @Test
    void it_pages_when_both_windows_burn_and_the_budget_is_spent_when_nothing_is_left() throws InterruptedException {
        String sli = GOOD.replace("shop", "burning");
        Map<String, SloState> states = counted(
                "burning",
                slo("strict", "burning", "Occurrences", ROLLING, sli, "0.99")
                        + slo("stricter", "burning", "Occurrences", ROLLING, sli, "0.9999"));
        assertThat(states.get("strict").state()).isEqualTo("PAGE");
        Burn page = states.get("strict").burns().get(0);
        assertThat(page.longBurn()).isCloseTo(20, within(0.5));
        assertThat(page.shortBurn()).isCloseTo(20, within(0.5));
        Burn ticket = states.get("strict").burns().get(3);
        assertThat(ticket.longBurn()).isCloseTo(20 * 2 / 72.0, within(0.02));
        assertThat(ticket.exceeded()).isFalse();
        assertThat(states.get("strict").isSpent()).isFalse();
        assertThat(states.get("stricter").isSpent()).isTrue();
    }

    @Test
    void a_series_that_ended_is_told_from_one_without_requests_and_from_one_that_never_was()
            throws InterruptedException {
        Map<String, SloState> stopped = counted(
                "stopped", slo("stopped", "stopped", "Occurrences", ROLLING, GOOD.replace("shop", "stopped"), "0.99"));
        assertThat(stopped.get("stopped").state()).isEqualTo("NO_DATA");
        assertThat(stopped.get("stopped").trouble()).contains("Nothing has been measured since 2026-03-20T09:");
        assertThat(stopped.get("stopped").budgetRemaining()).isEqualTo(1);

        Map<String, SloState> quiet = counted(
                "quiet",
                slo("quiet", "quiet", "Occurrences", ROLLING, GOOD.replace("shop", "quiet"), "0.99")
                        + slo("never", "quiet", "Occurrences", ROLLING, GOOD.replace("shop", "nobody"), "0.99")
                        + slo(
                                "misspelt",
                                "quiet",
                                "Occurrences",
                                ROLLING,
                                GOOD.replace("good: ", "bad: ").replace("code!~", "cod=~"),
                                "0.99"));
        assertThat(quiet.get("quiet").state()).isEqualTo("NO_DATA");
        assertThat(quiet.get("quiet").trouble()).isEqualTo("Nothing has been counted in this window yet");
        assertThat(quiet.get("quiet").measuredUntil()).isAfter(NOW.minus(Duration.ofMinutes(20)));
        assertThat(quiet.get("never").trouble()).isEqualTo("Nothing has ever been measured");
        assertThat(quiet.get("misspelt").state()).isEqualTo("NO_DATA");
        assertThat(quiet.get("misspelt").trouble()).isEqualTo("The query for `bad` finds no series");
    }

    @Test
    void an_objective_that_cannot_be_counted_says_why_and_does_not_hide_the_others() throws InterruptedException {
        String sli =
                "ratioMetric: {counter: true, good: %s, total: " + query("http_requests_total{service=\"shop\"}") + "}";
        Map<String, SloState> states = counted(
                "shop",
                slo("sound", "shop", "Occurrences", ROLLING, GOOD, "0.99")
                        + slo(
                                "shape",
                                "shop",
                                "Occurrences",
                                ROLLING,
                                sli.formatted(query("a_total + b_total")),
                                "0.99")
                        + slo(
                                "broken",
                                "shop",
                                "Occurrences",
                                ROLLING,
                                sli.formatted(query("sum(a[{{window}}]) oops")),
                                "0.99")
                        + slo(
                                "more",
                                "shop",
                                "Occurrences",
                                ROLLING,
                                sli.formatted(
                                        query("2 * sum(increase(http_requests_total{service=\"shop\"}[{{window}}]))")),
                                "0.99")
                        + slo("datadog", "shop", "Occurrences", ROLLING, GOOD.replace("Prometheus", "Datadog"), "0.99")
                        + slo(
                                "ratios",
                                "shop",
                                "Timeslices",
                                ROLLING,
                                GOOD,
                                "0.9, timeSliceTarget: 0.9, timeSliceWindow: 7m"));
        assertThat(states.get("sound").state()).isEqualTo("OK");
        assertThat(states).allSatisfy((name, state) -> {
            if (!name.equals("sound")) {
                assertThat(state.state()).as(name).isEqualTo("NO_DATA");
                assertThat(state.budgetRemaining()).as(name).isNull();
            }
        });
        assertThat(states.get("shape").trouble()).contains("slo.yaml, line ").contains("more than a selector");
        assertThat(states.get("broken").trouble()).contains("400").contains("bad_data");
        assertThat(states.get("more").trouble()).contains("the query for `good` counts");
        assertThat(states.get("datadog").trouble()).contains("slo.yaml, line ").contains("`Datadog` is not read");
        assertThat(states.get("ratios").trouble()).contains("no multiple");
    }

    @Test
    void a_server_that_stops_is_said_and_nothing_is_lost_when_it_is_back() throws Exception {
        ObjectiveFixture fixture = fixture("shop", slo("good", "shop", "Occurrences", ROLLING, GOOD, "0.99"))
                .at(NOW.minusSeconds(7_170));
        SloState before = fixture.catchUp().states().get("good");
        assertThat(before.state()).isEqualTo("OK");
        prometheus.stop();
        try {
            SloState during =
                    fixture.at(NOW.minusSeconds(3_000)).count().states().get("good");
            assertThat(during.trouble()).contains("Prometheus does not answer");
            SloState later = fixture.at(NOW.plusSeconds(30)).count().states().get("good");
            assertThat(later.state()).isEqualTo("NO_DATA");
            assertThat(later.budgetRemaining()).isNotNull();
        } finally {
            prometheus.start();
        }
        SloState after = fixture.catchUp().states().get("good");
        assertThat(after.state()).isEqualTo("OK");
        assertThat(after.trouble()).isNull();
        assertThat(after.measuredUntil()).isEqualTo(NOW);
        double seconds = 28 * 86_400;
        assertThat(after.requests())
                .isCloseTo(Math.round(10 * seconds - 6 * 6 * 3_600), within(Math.round(seconds / 20)));
    }
}
