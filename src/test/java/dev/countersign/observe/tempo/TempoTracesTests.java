package dev.countersign.observe.tempo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.catalog.Catalog;
import dev.countersign.observe.CorrelationsOfTest;
import dev.countersign.observe.TraceSource.Traced;
import dev.countersign.observe.TracingOfTest;
import dev.countersign.observe.TracingOfTest.Answer;
import dev.countersign.observe.TracingOfTest.Asked;
import dev.countersign.observe.correlation.Finding;
import dev.countersign.observe.correlation.SimulatedServices;
import dev.countersign.observe.correlation.SimulatedServices.Fault;
import dev.countersign.observe.correlation.Trace;
import dev.countersign.observe.correlation.Trace.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Against answers in the form of Tempo's search and its traces by id, which does not install here. */
@Tag("M5.2")
class TempoTracesTests {
    private static final Catalog CATALOG = CorrelationsOfTest.catalog(
            Map.of("shop", List.of("checkout"), "checkout", List.of("payments"), "payments", List.of()));

    private static final Instant FROM = Instant.parse("2026-03-02T10:00:00Z");
    private static final String FOUND =
            "{\"traces\": [{\"traceID\": \"1\"}], \"metrics\": {\"completedJobs\": 1, \"totalJobs\": 1}}";

    private static final Pattern QUERY = Pattern.compile("\\{ resource\\.service\\.name = \"([a-z]+)\" }");
    private TracingOfTest tempo;

    @TempDir
    Path folder;

    @BeforeEach
    void start() {
        tempo = new TracingOfTest(asked -> Answer.ok("{\"traces\": [], \"metrics\": {}}"));
    }

    @AfterEach
    void stop() {
        tempo.close();
    }

    private TempoTraces source(String... more) {
        MapConfigurationPropertySource configured = new MapConfigurationPropertySource();
        configured.put("countersign.observe.tempo.url", tempo.url().toString());
        for (int i = 0; i < more.length; i += 2) {
            configured.put("countersign.observe.tempo." + more[i], more[i + 1]);
        }
        return new TempoTraces(
                new Binder(configured)
                        .bind("countersign.observe.tempo", TempoProperties.class)
                        .get(),
                CATALOG);
    }

    /** Ids in base64 and kinds as words, as what is made from the protocol's binary form. */
    private static String otlp(int number, Trace trace) {
        List<String> resources = new ArrayList<>();
        for (int i = 0; i < trace.calls().size(); i++) {
            Call call = trace.calls().get(i);
            long began = call.at().toEpochMilli() * 1_000_000;
            resources.add(
                    """
                    {"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "%s"}},
                       {"key": "service.version", "value": {"stringValue": "%s"}}]},
                     "scopeSpans": [{"scope": {}, "spans": [{"traceId": "%s", "spanId": "%s"%s, "name": "call",
                       "kind": "SPAN_KIND_SERVER", "startTimeUnixNano": "%d", "endTimeUnixNano": "%d", "status": {%s}}]}]}"""
                            .formatted(
                                    call.service(),
                                    call.version() == null ? "1.0.0" : call.version(),
                                    base64("%032x".formatted(number)),
                                    base64("%016x".formatted(i + 1)),
                                    call.caller() == Trace.NOBODY
                                            ? ""
                                            : ", \"parentSpanId\": \"%s\""
                                                    .formatted(base64("%016x".formatted(call.caller() + 1))),
                                    began,
                                    began + Math.round(call.milliseconds() * 1e6),
                                    call.error() ? "\"code\": \"STATUS_CODE_ERROR\"" : ""));
        }
        return "{\"trace\": {\"resourceSpans\": [%s]}, \"metrics\": {}}".formatted(String.join(",", resources));
    }

    private static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }

    /** Any of the time asked for, no more than so many; ids without the zeros before them. */
    private static Answer answer(Asked asked, List<Trace> all) {
        if (!asked.path().equals("/api/search")) {
            int number = Integer.parseInt(asked.path().replace("/api/v2/traces/", ""), 16);
            return Answer.ok(otlp(number, all.get(number - 1)));
        }
        Matcher query = QUERY.matcher(asked.query().get("q"));
        assertThat(query.matches()).isTrue();
        long start = Long.parseLong(asked.query().get("start"));
        long end = Long.parseLong(asked.query().get("end"));
        int limit = Integer.parseInt(asked.query().get("limit"));
        List<String> found = new ArrayList<>();
        for (int i = 0; i < all.size() && found.size() < limit; i++) {
            long second = all.get(i).calls().get(0).at().getEpochSecond();
            if (second >= start
                    && second < end
                    && all.get(i).calls().stream()
                            .anyMatch(call -> call.service().equals(query.group(1)))) {
                found.add("{\"traceID\": \"%x\", \"rootServiceName\": \"web\", \"durationMs\": 5}".formatted(i + 1));
            }
        }
        return Answer.ok("{\"traces\": [%s], \"metrics\": {\"totalBlocks\": 3, \"completedJobs\": 4, \"totalJobs\": 4}}"
                .formatted(String.join(",", found)));
    }

    @Test
    void what_a_dependent_fails_on_is_found_in_its_traces() throws Exception {
        SimulatedServices services = new SimulatedServices(Fault.DEPENDENT_FAILS_ON_ANSWER, 1, new SplittableRandom(2));
        List<Trace> all = services.evidence(true).traces();
        tempo.answers(asked -> answer(asked, all));

        Finding finding = CorrelationsOfTest.of(CATALOG, source("limit", "100")).of(services.question());

        assertThat(finding.outcome()).as(finding.sentence()).isEqualTo(Finding.Outcome.ROOT);
        assertThat(finding.sentence()).startsWith("The release of checkout is the root: errors in shop come to ");
        assertThat(finding.graph().seen()).isTrue();
        assertThat(finding.gaps()).isEmpty();
    }

    @Test
    void a_busy_service_is_sampled_over_the_whole_time_and_it_is_said() throws IOException {
        List<Trace> all = new SimulatedServices(Fault.DEPENDENCY_FAILS, 1, new SplittableRandom(3))
                .evidence(true)
                .traces();
        tempo.answers(asked -> answer(asked, all));
        Instant first = all.get(0).calls().get(0).at().truncatedTo(java.time.temporal.ChronoUnit.SECONDS);

        Traced traced = source("limit", "5", "slice", "PT2M").traces("shop", first, first.plusSeconds(600));

        assertThat(traced.traces()).hasSize(25);
        assertThat(traced.gaps())
                .containsExactly("Traces of shop are a sample: 5 of 5 pieces of 120 s had more than 5");
    }

    @Test
    void a_trace_of_which_a_part_is_missing_is_left_out_and_it_is_said() throws IOException {
        tempo.answers(asked -> Answer.ok(
                asked.path().equals("/api/search")
                        ? "{\"traces\": [{\"traceID\": \"1\"}, {\"traceID\": \"2\"}], \"metrics\": {}}"
                        : asked.path().endsWith("/1")
                                ? "{\"trace\": {\"resourceSpans\": []}, \"status\": \"PARTIAL\", \"message\": \"too large\"}"
                                : "{\"trace\": {}}"));
        Traced traced = source().traces("checkout", FROM, FROM.plusSeconds(60));
        assertThat(traced.traces()).isEmpty();
        assertThat(traced.gaps()).containsExactly("Traces of checkout are left out: 2 were not given whole");
    }

    @Test
    void a_service_that_it_does_not_know_has_no_traces() throws IOException {
        tempo.answers(asked -> Answer.ok("{\"metrics\": {\"completedJobs\": 2, \"totalJobs\": 2}}"));
        assertThat(source().traces("checkout", FROM, FROM.plusSeconds(60)).traces())
                .isEmpty();
        assertThat(source().graph(FROM, FROM.plusSeconds(60)).seen()).isFalse();
        assertThat(source().serves("nobody")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "200 {\"traces\": [], \"metrics\": {\"completedJobs\": 1, \"totalJobs\": 4}}",
                "200 {\"traces\": [{\"traceID\": \"../../admin\"}], \"metrics\": {}}",
                "200 {}",
                "200 []",
                "200 <html>",
                "301 moved",
                "400 invalid TraceQL query",
                "504 context deadline exceeded"
            })
    void a_search_without_a_whole_answer_is_never_no_traces(String answer) {
        tempo.answers(asked -> new Answer(Integer.parseInt(answer.substring(0, 3)), answer.substring(4)));
        assertThatThrownBy(() -> source().traces("checkout", FROM, FROM.plusSeconds(60)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Tempo");
        assertThat(tempo.asked()).as("nothing follows it").hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"404 ", "500 broken", "200 {\"trace\": {\"resourceSpans\": 1}}", "200 {\"trace\""})
    void a_trace_that_cannot_be_had_is_never_left_out_in_silence(String answer) {
        tempo.answers(asked -> asked.path().equals("/api/search")
                ? Answer.ok(FOUND)
                : new Answer(Integer.parseInt(answer.substring(0, 3)), answer.substring(4)));
        assertThatThrownBy(() -> source().traces("checkout", FROM, FROM.plusSeconds(60)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void traces_that_do_not_come_in_time_are_none() {
        CountDownLatch never = new CountDownLatch(1);
        tempo.answers(asked -> {
            if (!asked.path().equals("/api/search")) {
                try {
                    never.await();
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                }
            }
            return Answer.ok(FOUND);
        });
        assertThatThrownBy(() ->
                        source("timeout", "PT0.3S", "within", "PT0.3S").traces("checkout", FROM, FROM.plusSeconds(60)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("Tempo did not ");
        never.countDown();
    }

    @Test
    void its_tenant_and_who_asks_are_told_with_each_query() throws IOException {
        Path file = Files.writeString(folder.resolve("authorization"), "Basic dXNlcjprZXk=\n");
        tempo.answers(asked -> Answer.ok(asked.path().equals("/api/search") ? FOUND : otlp(1, trace())));
        assertThat(source("authorization-file", file.toString(), "tenant", "shops")
                        .traces("checkout", FROM, FROM.plusSeconds(60))
                        .traces())
                .singleElement()
                .satisfies(read -> {
                    assertThat(read.id()).isEqualTo("%032x".formatted(1));
                    assertThat(read.calls()).isEqualTo(trace().calls());
                });
        assertThat(tempo.asked()).hasSize(2).allSatisfy(asked -> assertThat(asked.headers())
                .containsEntry("Authorization", "Basic dXNlcjprZXk=")
                .containsEntry("X-Scope-OrgID", "shops"));
    }

    private static Trace trace() {
        return new Trace("1", List.of(new Call("checkout", "2.0.0", FROM, 5.25, true, Trace.NOBODY)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"url=file:///x", "limit=501", "within=PT1S", "slice=PT0.5S"})
    void what_cannot_be_meant_is_refused_at_the_start(String setting) {
        String[] parts = setting.split("=", 2);
        assertThatThrownBy(() -> source(
                        parts[0], parts[1], "timeout", Duration.ofSeconds(2).toString()))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("countersign.observe.tempo." + parts[0]);
    }
}
