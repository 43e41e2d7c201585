package dev.countersign.observe.zipkin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.countersign.catalog.Catalog;
import dev.countersign.observe.CorrelationsOfTest;
import dev.countersign.observe.ServerOfTest;
import dev.countersign.observe.TraceSource.Traced;
import dev.countersign.observe.correlation.CallGraph.Edge;
import dev.countersign.observe.correlation.Finding;
import dev.countersign.observe.correlation.SimulatedServices;
import dev.countersign.observe.correlation.SimulatedServices.Fault;
import dev.countersign.observe.correlation.Trace;
import dev.countersign.observe.correlation.Trace.Call;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Against the server itself, which comes from the Maven repository, with the spans of a simulated cascade. */
@Tag("M5.2")
@Tag("alone")
class RealZipkinTests {
    private static final Catalog CATALOG = CorrelationsOfTest.catalog(
            Map.of("shop", List.of("checkout"), "checkout", List.of("Payments"), "Payments", List.of()));

    private static final SimulatedServices SERVICES =
            new SimulatedServices(Fault.DEPENDENT_FAILS_ON_ANSWER, 1, new SplittableRandom(2));

    private static final Instant UNTIL = SERVICES.question().until().plusSeconds(60);

    private static ServerOfTest zipkin;
    private static List<Trace> sent;

    @TempDir
    static Path folder;

    @BeforeAll
    static void start() throws IOException {
        zipkin = ServerOfTest.zipkin(folder);
        sent = SERVICES.evidence(true).traces();
        List<String> spans = new ArrayList<>();
        for (int trace = 0; trace < sent.size(); trace++) {
            spans.addAll(spans(trace + 1, sent.get(trace)));
        }
        for (int from = 0; from < spans.size(); from += 5000) {
            String body = "[" + String.join(",", spans.subList(from, Math.min(spans.size(), from + 5000))) + "]";
            assertThat(zipkin.send("POST", "/api/v2/spans", body, "application/json")
                            .statusCode())
                    .isEqualTo(202);
        }
        // Spans are taken in after the answer.
        await().atMost(Duration.ofSeconds(30))
                .until(() -> source(Map.of())
                                .traces("web", SERVICES.question().from(), UNTIL)
                                .traces()
                                .size()
                        == sent.size());
    }

    @AfterAll
    static void stop() throws IOException {
        if (zipkin != null) {
            zipkin.close();
        }
    }

    /** As Brave writes it: client and server share the span's id. */
    private static List<String> spans(int number, Trace trace) {
        List<String> spans = new ArrayList<>();
        for (int i = 0; i < trace.calls().size(); i++) {
            Call call = trace.calls().get(i);
            String ids = "\"traceId\":\"%016x\",\"id\":\"%016x\"%s,\"timestamp\":%d,\"duration\":%d"
                    .formatted(
                            number,
                            number * 100L + i,
                            call.caller() == Trace.NOBODY
                                    ? ""
                                    : ",\"parentId\":\"%016x\"".formatted(number * 100L + call.caller()),
                            call.at().toEpochMilli() * 1000,
                            Math.max(1, Math.round(call.milliseconds() * 1000)));
            if (call.caller() != Trace.NOBODY) {
                spans.add("{%s,\"kind\":\"CLIENT\",\"localEndpoint\":{\"serviceName\":\"%s\"}}"
                        .formatted(ids, trace.calls().get(call.caller()).service()));
            }
            spans.add("{%s,\"kind\":\"SERVER\"%s,\"localEndpoint\":{\"serviceName\":\"%s\"},\"tags\":{%s%s}}"
                    .formatted(
                            ids,
                            call.caller() == Trace.NOBODY ? "" : ",\"shared\":true",
                            call.service(),
                            "\"service.version\":\"%s\"".formatted(call.version() == null ? "1.0.0" : call.version()),
                            call.error() ? ",\"error\":\"500\"" : ""));
        }
        return spans;
    }

    private static ZipkinTraces source(Map<String, String> more) {
        MapConfigurationPropertySource configured = new MapConfigurationPropertySource(more);
        configured.put("countersign.observe.zipkin.url", zipkin.url().toString());
        return new ZipkinTraces(
                new Binder(configured)
                        .bind("countersign.observe.zipkin", ZipkinProperties.class)
                        .get(),
                CATALOG);
    }

    @Test
    void traces_come_back_as_calls_with_versions_and_errors() throws IOException {
        Traced traced = source(Map.of()).traces("shop", SERVICES.question().from(), UNTIL);

        assertThat(traced.gaps()).isEmpty();
        assertThat(traced.traces()).hasSameSizeAs(sent);
        assertThat(errors(traced.traces(), "shop"))
                .isEqualTo(errors(sent, "shop"))
                .isPositive();
        assertThat(errors(traced.traces(), "stock")).isEqualTo(errors(sent, "stock"));
        assertThat(versions(traced.traces())).isEqualTo(versions(sent)).isPositive();
        assertThat(traced.traces())
                .filteredOn(trace -> trace.calls().size() > 5)
                .hasSize((int)
                        sent.stream().filter(trace -> trace.calls().size() > 5).count())
                .allSatisfy(trace -> assertThat(trace.calls())
                        .filteredOn(call -> call.service().equals("checkout"))
                        .singleElement()
                        .satisfies(call -> assertThat(
                                        trace.calls().get(call.caller()).service())
                                .isEqualTo("shop")));
    }

    private static long errors(List<Trace> traces, String service) {
        return traces.stream()
                .flatMap(trace -> trace.calls().stream())
                .filter(call -> call.service().equals(service) && call.error())
                .count();
    }

    private static long versions(List<Trace> traces) {
        return traces.stream()
                .flatMap(trace -> trace.calls().stream())
                .filter(call -> SimulatedServices.CANDIDATE.equals(call.version()))
                .count();
    }

    @Test
    void the_calls_between_services_come_from_all_spans_under_the_names_of_the_catalog() throws IOException {
        assertThat(source(Map.of()).graph(SERVICES.question().from(), UNTIL).calls())
                .contains(
                        new Edge("web", "shop"),
                        new Edge("shop", "checkout"),
                        new Edge("checkout", "Payments"),
                        new Edge("Payments", "ledger"))
                .doesNotContain(new Edge("checkout", "shop"));
    }

    @Test
    void a_busy_service_is_sampled_over_the_whole_time_and_it_is_said() throws IOException {
        Traced traced = source(Map.of(
                        "countersign.observe.zipkin.limit", "10",
                        "countersign.observe.zipkin.slice", "PT2M"))
                .traces("shop", SERVICES.question().from(), UNTIL);

        assertThat(traced.traces().size()).isLessThan(sent.size() / 2);
        Instant middle = SERVICES.question().from().plusSeconds(1200);
        assertThat(traced.traces())
                .anyMatch(trace -> trace.calls().get(0).at().isBefore(middle))
                .anyMatch(trace -> trace.calls().get(0).at().isAfter(middle));
        assertThat(traced.gaps())
                .singleElement()
                .asString()
                .startsWith("Traces of shop are a sample: ")
                .endsWith(" pieces of 120 s had more than 10");
    }

    @Test
    void an_answer_that_is_too_large_is_none() {
        assertThatThrownBy(() -> source(Map.of("countersign.observe.zipkin.max-response", "10KB"))
                        .traces("shop", SERVICES.question().from(), UNTIL))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Zipkin does not answer: The answer is larger than 10240 bytes");
    }

    @Test
    void a_service_of_which_there_are_no_traces_has_none() throws IOException {
        assertThat(source(Map.of())
                        .traces("nobody", SERVICES.question().from(), UNTIL)
                        .traces())
                .isEmpty();
    }

    @Test
    void what_a_dependent_fails_on_is_found_in_the_servers_traces() throws Exception {
        Finding finding = CorrelationsOfTest.of(CATALOG, source(Map.of())).of(SERVICES.question());

        assertThat(finding.outcome()).as(finding.sentence()).isEqualTo(Finding.Outcome.ROOT);
        assertThat(finding.service()).isEqualTo("shop");
        assertThat(finding.sentence()).startsWith("The release of checkout is the root: errors in shop come to ");
        assertThat(finding.gaps()).isEmpty();
    }
}
