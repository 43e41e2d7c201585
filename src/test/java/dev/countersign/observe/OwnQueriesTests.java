package dev.countersign.observe;

import static dev.countersign.observe.Series.CANDIDATE;
import static dev.countersign.observe.Series.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.catalog.Slo;
import dev.countersign.observe.MetricsSource.Ask;
import dev.countersign.observe.MetricsSource.Events;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.MetricsSource.Tally;
import dev.countersign.observe.Observations.Judgement;
import dev.countersign.observe.Observations.Order;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stabilisation whose source asks objectives by their own queries. Requests are well in all of them. */
@Tag("M1.1")
class OwnQueriesTests {
    private static final Duration WINDOW = Duration.ofMinutes(30);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Slo LOAD = slo("load", "unspecified", 0.9, "Occurrences", null, null);

    private static final double[] FAST =
            DoubleStream.generate(() -> 20).limit(300).toArray();

    private final Source source = new Source();
    private Double bound;
    private final ObservationFixture fixture = new ObservationFixture(START, time -> source);

    private static Slo slo(String name, String kind, double target, String budgeting, Double slice, Duration length) {
        return new Slo(
                name,
                "checkout",
                kind,
                target,
                null,
                Duration.ofDays(28),
                "d",
                null,
                budgeting,
                slice,
                length,
                Map.of("threshold", "cpu"),
                "slo.yaml",
                new Slo.Source("threshold", null, null, "lt", 0.8, Map.of(), null),
                null);
    }

    private static Slo within(Slo slo, Double thresholdMs) {
        return new Slo(
                slo.name(),
                slo.service(),
                slo.kind(),
                slo.target(),
                thresholdMs,
                slo.window(),
                slo.digest(),
                null,
                slo.budgeting(),
                null,
                null,
                slo.queries(),
                "slo.yaml",
                slo.source(),
                null);
    }

    /** What one objective answers: the share that was good in the minute that begins then; below zero where nothing is known. */
    private final class Source implements MetricsSource {
        private final Map<String, ToDoubleFunction<Instant>> whole = new TreeMap<>();
        private final Map<String, ToDoubleFunction<Instant>> candidate = new TreeMap<>();
        private double events = 1;
        private String trouble;
        private boolean down;
        private Instant badSince = Instant.MIN;
        private int batches;

        @Override
        public boolean asksObjectives() {
            return true;
        }

        @Override
        public Pace pace() {
            return new Pace(Duration.ofSeconds(15), Duration.ofSeconds(5));
        }

        @Override
        public List<Sample> requests(String service, Instant from, Instant to) {
            List<Sample> samples = new ArrayList<>();
            for (Instant at = START; at.plusSeconds(20).isBefore(to); at = at.plusSeconds(15)) {
                if (!at.isBefore(from)) {
                    samples.add(new Sample(
                            at, Duration.ofSeconds(15), CANDIDATE, 300, 0, 20.0, 20.0, 20.0, Latencies.of(FAST)));
                }
            }
            return samples;
        }

        @Override
        public List<Tally> objectives(String service, List<Ask> asked, Instant to) throws IOException {
            batches++;
            if (down) {
                throw new IOException("Prometheus does not answer");
            }
            return asked.stream().map(ask -> tally(ask, to)).toList();
        }

        private Tally tally(Ask ask, Instant to) {
            String name = ask.slo().name();
            Duration step =
                    ask.slo().timeSliceWindow() == null ? MINUTE : ask.slo().timeSliceWindow();
            Instant until =
                    Instant.ofEpochSecond(Math.floorDiv(to.getEpochSecond(), step.toSeconds()) * step.toSeconds());
            List<Events> own = candidate.containsKey(name) ? events(candidate.get(name), ask.from(), until) : List.of();
            if (badSince.isAfter(ask.from())) {
                // As a source answers that finds no series of bad events, and later some.
                Instant quiet = until.isBefore(badSince) ? until : badSince;
                return new Tally(
                        name,
                        events(at -> at.isBefore(badSince) ? -1 : 1, ask.from(), until),
                        until,
                        until.isAfter(badSince) ? null : "The query for `bad` finds no series",
                        Map.of(),
                        Map.of(Tally.WHOLE, quiet));
            }
            return new Tally(
                    name,
                    events(whole.getOrDefault(name, at -> 1), ask.from(), until),
                    trouble == null ? until : null,
                    trouble,
                    own.isEmpty() ? Map.of() : Map.of(CANDIDATE, own));
        }

        private List<Events> events(ToDoubleFunction<Instant> good, Instant from, Instant until) {
            List<Events> counted = new ArrayList<>();
            for (Instant at = from; at.isBefore(until); at = at.plus(MINUTE)) {
                double share = good.applyAsDouble(at);
                if (share >= 0) {
                    counted.add(new Events(at, share * events, events));
                }
            }
            return counted;
        }
    }

    private Judgement after(Duration time, Slo... more) throws InterruptedException {
        List<Slo> objectives = new ArrayList<>();
        for (String kind : Objective.REQUIRED) {
            Slo slo = slo(kind, kind, 0.99, "Occurrences", null, null);
            objectives.add(kind.equals("latency") ? within(slo, bound) : slo);
        }
        objectives.addAll(List.of(more));
        Order order = new Order(
                "checkout@2.0.0/stabilisation#1",
                "checkout@2.0.0",
                "checkout",
                "stabilisation",
                CANDIDATE,
                null,
                1,
                WINDOW,
                Duration.ofHours(2),
                Series.minutes());
        fixture.observations().begin(order, objectives);
        fixture.watch(time, MINUTE);
        Judgement latest = fixture.observations().find(order.id()).orElseThrow().latest();
        assertThat(fixture.observations().judgeAgain(order.id()).orElseThrow().verdict())
                .as("what was recorded gives the same verdict again")
                .isEqualTo(latest.verdict());
        return latest;
    }

    @Test
    void an_objective_that_only_its_own_query_tells_keeps_a_release_from_becoming_stable_though_requests_are_well()
            throws InterruptedException {
        source.candidate.put("load", at -> at.isBefore(START.plusSeconds(600)) ? 0.5 : 1);
        Judgement judgement = after(Duration.ofMinutes(33), LOAD);
        assertThat(judgement.sentence())
                .startsWith("Objective load was missed: ")
                .contains("counts of its own queries");
        assertThat(judgement.verdict()).isEqualTo("FAIL");
    }

    @Test
    void a_load_below_its_bound_of_80_percent_is_no_latency_and_passes() throws InterruptedException {
        source.candidate.put("load", at -> 1);
        Judgement judgement = after(Duration.ofMinutes(33), LOAD);
        assertThat(judgement.sentence())
                .contains("All 4 objectives held for 30 min", "load 100.0 % (objective 90 %)")
                .contains("availability 100.0 % (objective 99 %) of the service as a whole")
                .doesNotContain("load 100.0 % (objective 90 %) of the service");
        assertThat(judgement.verdict()).isEqualTo("PASS");
        assertThat(source.batches).as("one batch of a service for each minute").isLessThanOrEqualTo(33);
    }

    @Test
    void the_candidates_own_counts_are_held_and_not_those_of_the_whole_service() throws InterruptedException {
        source.whole.put("errors", at -> 0.5);
        source.candidate.put("errors", at -> 1);
        assertThat(after(Duration.ofMinutes(33)).verdict()).isEqualTo("PASS");
    }

    @Test
    void slices_of_time_are_good_or_bad_as_a_whole() throws InterruptedException {
        Slo slices = slo("slices", "unspecified", 0.9, "Timeslices", 0.95, Duration.ofMinutes(5));
        source.events = 1000;
        source.whole.put("slices", at -> at.getEpochSecond() % 300 == 0 ? 0.7 : 1);
        Judgement judgement = after(Duration.ofMinutes(36), slices);
        // 94 % of each slice were good: no occurrence is far from 0.9, and not one slice is good.
        assertThat(judgement.verdict()).isEqualTo("FAIL");
        assertThat(judgement.sentence()).contains("Objective slices was missed: ");
    }

    @Test
    void a_budget_that_burns_at_once_is_not_waited_for() throws InterruptedException {
        source.events = 100;
        source.whole.put("availability", at -> 0.5);
        Judgement judgement = after(Duration.ofMinutes(8));
        assertThat(judgement.verdict()).isEqualTo("FAIL");
        assertThat(judgement.sentence())
                .contains("burns its error budget 50.0 times too fast")
                .contains("of the service as a whole");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gap", "nothing", "trouble", "down", "no events"})
    void what_its_queries_do_not_tell_is_no_pass(String what) throws InterruptedException {
        switch (what) {
            case "gap" -> source.whole.put("latency", at -> at.equals(START.plusSeconds(900)) ? -1 : 1);
            case "nothing" -> source.whole.put("latency", at -> -1);
            case "trouble" -> source.trouble = "The query for `total` answers with 3 series; aggregate them to one";
            case "down" -> source.down = true;
            default -> source.events = 0;
        }
        Judgement judgement = after(Duration.ofMinutes(34));
        assertThat(judgement.verdict()).as(judgement.sentence()).isEqualTo("NO_DATA");
        assertThat(judgement.sentence()).contains("cannot be measured: ");
    }

    @Test
    void while_no_series_of_bad_events_exists_requests_tell_it_and_the_sentence_says_so() throws InterruptedException {
        bound = 300.0;
        source.badSince = START.plus(Duration.ofMinutes(10));
        Judgement judgement = after(Duration.ofMinutes(33));
        assertThat(judgement.verdict()).as(judgement.sentence()).isEqualTo("PASS");
        assertThat(judgement.sentence())
                .contains(
                        "availability 100.0 % (objective 99 %) by requests, as its own queries found no series of bad");

        // Drawn is what was judged: 30 minutes of a window with the requests in it, and no hole.
        MetricPlot drawn = fixture.observations().plotted("checkout@2.0.0").metrics().stream()
                .filter(plot -> plot.metric().equals(MetricLook.ofObjective("availability")))
                .findFirst()
                .orElseThrow();
        assertThat(drawn.candidate()).hasSizeGreaterThan(100).doesNotContainNull();
    }

    @Test
    void what_requests_do_not_tell_stays_unmeasured_while_no_series_of_bad_events_exists() throws InterruptedException {
        source.badSince = START.plus(Duration.ofHours(9));
        Judgement judgement = after(Duration.ofMinutes(33));
        assertThat(judgement.verdict()).as(judgement.sentence()).isEqualTo("NO_DATA");
        assertThat(judgement.sentence())
                .contains("Objective latency (latency) cannot be measured: The query for `bad` finds no series");
    }

    @Test
    void a_gap_that_the_window_has_left_behind_is_forgiven() throws InterruptedException {
        source.whole.put("latency", at -> at.equals(START.plusSeconds(60)) ? -1 : 1);
        assertThat(after(Duration.ofMinutes(36)).verdict()).isEqualTo("PASS");
    }

    @Test
    void the_objectives_of_a_refused_file_are_told_with_the_fault_before_what_is_missing() throws InterruptedException {
        Slo refused = new Slo(
                "fast (refused)",
                "checkout",
                "unspecified",
                0,
                null,
                Duration.ofDays(28),
                "d",
                null,
                "Occurrences",
                null,
                null,
                Map.of(),
                "more.yaml",
                new Slo.Source(
                        "refused",
                        null,
                        null,
                        null,
                        null,
                        Map.of(),
                        "Its file is refused: more.yaml, line 9: `target`"),
                null);
        Judgement judgement = after(Duration.ofMinutes(33), refused);
        assertThat(judgement.verdict()).isEqualTo("NO_DATA");
        assertThat(judgement.sentence()).contains("fast (refused)", "more.yaml, line 9");
    }

    @Test
    void the_hour_before_the_last_is_kept_in_pieces_of_two_intervals_at_least() {
        Duration window = Duration.ofHours(2);
        OwnCount count = counted(Duration.ofMinutes(150), window);
        // 60 fine ones, and the 62 minutes before them two by two.
        assertThat(count.stretches()).hasSizeLessThanOrEqualTo(93);
        assertThat(count.between(START.plus(Duration.ofMinutes(150)).minus(window), START.plus(Duration.ofMinutes(150)))
                        .total())
                .isBetween(240.0, 244.0);
        assertThat(count.gap(
                        START.plus(Duration.ofMinutes(150)).minus(window), START.plus(Duration.ofMinutes(150)), MINUTE))
                .isNull();
    }

    @Test
    void months_of_counts_are_kept_in_few_pieces() {
        Duration window = Duration.ofDays(2);
        Instant at = START.plus(Duration.ofDays(4));
        OwnCount count = counted(Duration.ofDays(4), window);
        assertThat(count.stretches()).hasSizeLessThan(200);
        assertThat(count.between(at.minus(window), at).total()).isBetween(2.0 * 2880, 2.0 * 2880 * 1.02);
        assertThat(count.between(at.minus(window), at).value()).isEqualTo(0.5);
        assertThat(count.gap(at.minus(window), at, MINUTE)).isNull();
    }

    /** Each look reads every row, and another node may have written one since. */
    @Test
    void what_a_row_says_is_understood_once_and_anew_when_it_says_something_else() {
        List<OwnCount> first = List.of(counted(MINUTE, WINDOW));
        List<OwnCount> second = List.of(counted(MINUTE.multipliedBy(2), WINDOW));
        OwnCountMemory memory = new OwnCountMemory();
        List<String> read = new ArrayList<>();
        Function<String, List<OwnCount>> reading = text -> {
            read.add(text);
            return text.equals("one") ? first : second;
        };
        assertThat(memory.of(1, "one", reading)).isEqualTo(first);
        assertThat(memory.of(1, new String("one"), reading)).isEqualTo(first);
        assertThat(memory.of(1, "two", reading)).isEqualTo(second);
        assertThat(memory.of(2, "one", reading)).isEqualTo(first);
        assertThat(read).containsExactly("one", "two", "one");
        memory.follow(List.of(2L));
        memory.of(1, "two", reading);
        memory.of(2, "one", reading);
        assertThat(read).as("what ended is forgotten").containsExactly("one", "two", "one", "two");
    }

    /** Two in each minute, one of them good. */
    private static OwnCount counted(Duration time, Duration window) {
        OwnCount count = OwnCount.begin(Objective.of(LOAD), MINUTE);
        for (Instant from = START; from.isBefore(START.plus(time)); from = from.plus(MINUTE)) {
            Instant to = from.plus(MINUTE);
            count = count.and(
                    new Tally("load", List.of(new Events(from, 1, 2)), to, null),
                    LOAD,
                    from,
                    to,
                    CANDIDATE,
                    MINUTE,
                    window);
        }
        return count;
    }
}
