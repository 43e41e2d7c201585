package dev.countersign.observe.jaeger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.catalog.Catalog;
import dev.countersign.observe.CorrelationsOfTest;
import dev.countersign.observe.TraceSource.Traced;
import dev.countersign.observe.TracingOfTest;
import dev.countersign.observe.TracingOfTest.Answer;
import dev.countersign.observe.TracingOfTest.Asked;
import dev.countersign.observe.correlation.CallGraph.Edge;
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
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Against answers in the form of Jaeger's query service, which does not install here. */
@Tag("M5.2")
class JaegerTracesTests {
    private static final Catalog CATALOG = CorrelationsOfTest.catalog(
            Map.of("shop", List.of("checkout"), "checkout", List.of("Payments"), "Payments", List.of()));

    private static final Instant FROM = Instant.parse("2026-03-02T10:00:00Z");
    private static final String NOTHING = "{\"data\": [], \"total\": 0, \"limit\": 0, \"offset\": 0, \"errors\": null}";

    private TracingOfTest jaeger;

    @TempDir
    Path folder;

    @BeforeEach
    void start() {
        jaeger = new TracingOfTest(asked -> Answer.ok(NOTHING));
    }

    @AfterEach
    void stop() {
        jaeger.close();
    }

    private JaegerTraces source(String... more) {
        MapConfigurationPropertySource configured = new MapConfigurationPropertySource();
        configured.put("countersign.observe.jaeger.url", jaeger.url().toString());
        for (int i = 0; i < more.length; i += 2) {
            configured.put("countersign.observe.jaeger." + more[i], more[i + 1]);
        }
        return new JaegerTraces(
                new Binder(configured)
                        .bind("countersign.observe.jaeger", JaegerProperties.class)
                        .get(),
                CATALOG);
    }

    /** As its converter writes a trace: the version once, with the process; an error as a tag of its own. */
    private static String json(String id, Trace trace) {
        List<String> spans = new ArrayList<>();
        Map<String, String> processes = new java.util.TreeMap<>();
        for (int i = 0; i < trace.calls().size(); i++) {
            Call call = trace.calls().get(i);
            String process = "p%d".formatted(i);
            processes.put(
                    process,
                    "{\"serviceName\": \"%s\", \"tags\": [{\"key\": \"service.version\", \"type\": \"string\", \"value\": \"%s\"}]}"
                            .formatted(call.service(), call.version() == null ? "1.0.0" : call.version()));
            String references = call.caller() == Trace.NOBODY
                    ? ""
                    : "{\"refType\": \"CHILD_OF\", \"traceID\": \"%s\", \"spanID\": \"%016x\"}"
                            .formatted(id, call.caller() + 1);
            spans.add(
                    """
                    {"traceID": "%s", "spanID": "%016x", "operationName": "call", "references": [%s],
                     "startTime": %d, "duration": %d, "processID": "%s", "logs": [], "warnings": null,
                     "tags": [{"key": "span.kind", "type": "string", "value": "server"}%s]}"""
                            .formatted(
                                    id,
                                    i + 1,
                                    references,
                                    call.at().toEpochMilli() * 1000,
                                    Math.max(1, Math.round(call.milliseconds() * 1000)),
                                    process,
                                    call.error() ? ", {\"key\": \"error\", \"type\": \"bool\", \"value\": true}" : ""));
        }
        return "{\"traceID\": \"%s\", \"spans\": [%s], \"processes\": {%s}, \"warnings\": null}"
                .formatted(
                        id,
                        String.join(",", spans),
                        processes.entrySet().stream()
                                .map(process -> "\"%s\": %s".formatted(process.getKey(), process.getValue()))
                                .collect(Collectors.joining(",")));
    }

    private static String data(List<String> traces) {
        return "{\"data\": [%s], \"total\": 0, \"limit\": 0, \"offset\": 0, \"errors\": null}"
                .formatted(String.join(",", traces));
    }

    /** Its store gives the newest of the time asked for, no more than so many. */
    private static Answer search(Asked asked, List<Trace> all) {
        if (asked.path().equals("/api/dependencies")) {
            return Answer.ok(data(List.of("{\"parent\": \"shop\", \"child\": \"payments\", \"callCount\": 3}")));
        }
        long start = Long.parseLong(asked.query().get("start"));
        long end = Long.parseLong(asked.query().get("end"));
        List<String> found = new ArrayList<>();
        for (int i = all.size() - 1;
                i >= 0 && found.size() < Integer.parseInt(asked.query().get("limit"));
                i--) {
            Trace trace = all.get(i);
            long micros = trace.calls().get(0).at().toEpochMilli() * 1000;
            if (micros >= start
                    && micros < end
                    && trace.calls().stream().anyMatch(call -> call.service()
                            .equals(asked.query().get("service")))) {
                found.add(json("%016x".formatted(i + 1), trace));
            }
        }
        return Answer.ok(data(found));
    }

    @Test
    void what_a_dependent_fails_on_is_found_in_its_traces() throws Exception {
        SimulatedServices services = new SimulatedServices(Fault.DEPENDENT_FAILS_ON_ANSWER, 1, new SplittableRandom(2));
        List<Trace> all = services.evidence(true).traces();
        jaeger.answers(asked -> search(asked, all));

        Finding finding = CorrelationsOfTest.of(CATALOG, source()).of(services.question());

        assertThat(finding.outcome()).as(finding.sentence()).isEqualTo(Finding.Outcome.ROOT);
        assertThat(finding.sentence()).startsWith("The release of checkout is the root: errors in shop come to ");
        assertThat(finding.graph().calls()).contains(new Edge("shop", "Payments"), new Edge("shop", "checkout"));
        assertThat(finding.gaps()).isEmpty();
    }

    @Test
    void a_busy_service_is_sampled_over_the_whole_time_and_it_is_said() throws IOException {
        List<Trace> all = new SimulatedServices(Fault.DEPENDENCY_FAILS, 1, new SplittableRandom(3))
                .evidence(true)
                .traces();
        jaeger.answers(asked -> search(asked, all));
        Instant first = all.get(0).calls().get(0).at();

        Traced traced = source("limit", "10", "slice", "PT2M").traces("shop", first, first.plusSeconds(600));

        assertThat(traced.traces()).hasSize(50);
        assertThat(traced.traces())
                .anyMatch(trace -> trace.calls().get(0).at().isBefore(first.plusSeconds(130)))
                .anyMatch(trace -> trace.calls().get(0).at().isAfter(first.plusSeconds(480)));
        assertThat(traced.gaps())
                .containsExactly("Traces of shop are a sample: 5 of 5 pieces of 120 s had more than 10");
    }

    @Test
    void a_service_that_it_does_not_know_has_no_traces_and_no_calls() throws IOException {
        assertThat(source().traces("checkout", FROM, FROM.plusSeconds(60)).traces())
                .isEmpty();
        assertThat(source().graph(FROM, FROM.plusSeconds(60)).seen()).isFalse();
        assertThat(source().serves("checkout")).isTrue();
        assertThat(source().serves("nobody")).isFalse();
        assertThat(source("targets", "staging").serves("checkout")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "200 {\"data\": [], \"errors\": [{\"code\": 500, \"msg\": \"shard is gone\"}]}",
                "500 {\"data\": null, \"errors\": [{\"code\": 500, \"msg\": \"no store\"}]}",
                "200 {\"data\": null, \"errors\": null}",
                "200 {\"data\": [{\"traceID\": \"1\"}], \"errors\": null}",
                "200 {}",
                "200 <html>",
                "200 {\"data\": [",
                "302 moved",
                "429 slow down"
            })
    void no_whole_answer_is_never_no_traces(String answer) {
        jaeger.answers(asked -> new Answer(Integer.parseInt(answer.substring(0, 3)), answer.substring(4)));
        assertThatThrownBy(() -> source().traces("checkout", FROM, FROM.plusSeconds(60)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Jaeger");
        assertThat(jaeger.asked()).as("no redirect is followed").hasSize(1);
    }

    @Test
    void what_is_too_large_or_too_late_is_no_answer() {
        jaeger.answers(asked -> Answer.ok(data(List.of("\"" + "x".repeat(3000) + "\""))));
        assertThatThrownBy(() -> source("max-response", "2KB").traces("checkout", FROM, FROM.plusSeconds(60)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("larger than 2048 bytes");
        JaegerTraces gone = source();
        jaeger.close();
        assertThatThrownBy(() -> gone.traces("checkout", FROM, FROM.plusSeconds(60)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Jaeger does not answer");
    }

    @Test
    void a_failing_answer_is_a_gap_beside_the_finding_and_names_nobody() throws Exception {
        SimulatedServices services = new SimulatedServices(Fault.CANDIDATE_FAILS, 1, new SplittableRandom(2));
        jaeger.answers(asked -> new Answer(503, "busy"));

        Finding finding = CorrelationsOfTest.of(CATALOG, source()).of(services.question());

        assertThat(finding.outcome()).isEqualTo(Finding.Outcome.UNDETERMINED);
        assertThat(finding.gaps())
                .contains("There are no traces: Jaeger answered 503: busy")
                .anyMatch(gap -> gap.startsWith("The calls between services are not known: Jaeger answered 503"));
    }

    @Test
    void a_token_comes_from_its_file_anew_for_each_query_and_is_told_nowhere() throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "first\n");
        JaegerTraces source = source("bearer-token-file", token.toString());
        source.traces("checkout", FROM, FROM.plusSeconds(60));
        Files.writeString(token, "second");
        source.traces("checkout", FROM, FROM.plusSeconds(60));
        assertThat(jaeger.asked())
                .extracting(asked -> asked.headers().get("Authorization"))
                .containsExactly("Bearer first", "Bearer second");
        Files.writeString(token, "two\nlines-of-it");
        assertThatThrownBy(() -> source.traces("checkout", FROM, FROM.plusSeconds(60)))
                .isInstanceOf(IOException.class)
                .hasMessageNotContaining("lines-of-it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "url=ftp://jaeger.example",
                "url=http://user:secret@jaeger.example",
                "url=http://jaeger.example?x=1",
                "limit=0",
                "slice=PT0.5S",
                "version-tags="
            })
    void what_cannot_be_meant_is_refused_at_the_start(String setting) {
        String[] parts = setting.split("=", 2);
        assertThatThrownBy(() -> source(parts[0], parts[1]))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("countersign.observe.jaeger." + parts[0])
                .hasMessageNotContaining("secret@");
    }

    @Test
    void a_query_that_takes_too_long_is_said_to() {
        jaeger.answers(asked -> {
            java.util.concurrent.locks.LockSupport.parkNanos(
                    Duration.ofSeconds(2).toNanos());
            return Answer.ok(NOTHING);
        });
        assertThatThrownBy(() -> source("timeout", "PT0.2S").traces("checkout", FROM, FROM.plusSeconds(60)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Jaeger did not answer within 200 ms");
    }
}
