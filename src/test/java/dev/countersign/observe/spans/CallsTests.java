package dev.countersign.observe.spans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.observe.correlation.Trace;
import dev.countersign.observe.correlation.Trace.Call;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M5.2")
class CallsTests {
    private static List<Call> read(String... spans) throws IOException {
        return new ZipkinSpans(new SpanWords(List.of("service.version", "version"), name -> name))
                .trace(new ObjectMapper().readTree("[" + String.join(",", spans) + "]"))
                .map(Trace::calls)
                .orElse(List.of());
    }

    private static String span(String id, String parent, String kind, String service, String more) {
        return """
                {"traceId": "1", "id": "%s", %s %s "timestamp": 1000000, "duration": 2500,
                 "localEndpoint": {"serviceName": "%s"}%s}"""
                .formatted(
                        id,
                        parent.isEmpty() ? "" : "\"parentId\": \"" + parent + "\",",
                        kind.isEmpty() ? "" : "\"kind\": \"" + kind + "\",",
                        service,
                        more);
    }

    /** As OpenTelemetry writes it: client, inner and server spans have ids of their own. */
    @Test
    void a_call_is_whoever_answers_below_clients_and_inner_spans() throws IOException {
        List<Call> calls = read(
                span("a", "", "SERVER", "shop", ""),
                span("b", "a", "", "shop", ""),
                span("c", "b", "CLIENT", "shop", ", \"tags\": {\"error\": \"\"}"),
                span("d", "c", "SERVER", "checkout", ", \"tags\": {\"version\": \"shop@sha256:12\", \"error\": \"\"}"));

        assertThat(calls).extracting(Call::service).containsExactly("shop", "checkout");
        assertThat(calls).extracting(Call::caller).containsExactly(Trace.NOBODY, 0);
        assertThat(calls).extracting(Call::error).containsExactly(false, true);
        assertThat(calls).extracting(Call::version).containsExactly(null, "sha256:12");
        assertThat(calls.get(1).milliseconds()).isEqualTo(2.5);
    }

    @Test
    void a_client_whose_server_reports_nothing_stands_for_it() throws IOException {
        List<Call> calls = read(
                span("a", "", "SERVER", "checkout", ""),
                span(
                        "b",
                        "a",
                        "CLIENT",
                        "checkout",
                        ", \"remoteEndpoint\": {\"serviceName\": \"postgres\"}, \"tags\": {\"error\": \"timeout\"}"));

        assertThat(calls).extracting(Call::service).containsExactly("checkout", "postgres");
        assertThat(calls.get(1).caller()).isZero();
        assertThat(calls.get(1).error()).isTrue();
        assertThat(calls.get(1).version()).isNull();
    }

    @Test
    void a_root_that_only_asks_is_where_the_request_came_in() throws IOException {
        List<Call> calls = read(
                span("a", "", "CLIENT", "job", ", \"remoteEndpoint\": {\"serviceName\": \"checkout\"}"),
                span("b", "a", "SERVER", "checkout", ""));
        assertThat(calls).extracting(Call::service).containsExactly("checkout", "job");
        assertThat(calls).extracting(Call::caller).containsExactly(1, Trace.NOBODY);
    }

    @Test
    void a_caller_that_is_missing_is_nobody_and_a_circle_ends() throws IOException {
        assertThat(read(span("b", "gone", "SERVER", "checkout", "")))
                .extracting(Call::caller)
                .containsExactly(Trace.NOBODY);
        assertThat(read(
                        span("b", "c", "SERVER", "checkout", ""),
                        span("c", "d", "CLIENT", "shop", ""),
                        span("d", "c", "CLIENT", "shop", "")))
                .extracting(Call::caller)
                .containsExactly(Trace.NOBODY);
    }

    @Test
    void a_span_without_time_is_left_out_and_error_false_is_no_error() throws IOException {
        assertThat(read("{\"id\": \"a\", \"kind\": \"SERVER\", \"localEndpoint\": {\"serviceName\": \"shop\"}}"))
                .isEmpty();
        assertThat(read(span("a", "", "SERVER", "shop", ", \"tags\": {\"error\": \"false\"}")))
                .extracting(Call::error)
                .containsExactly(false);
    }

    /** An exporter that got no answer sends again. */
    @Test
    void a_span_that_was_delivered_twice_is_one_call() throws IOException {
        String span = span("a", "", "SERVER", "shop", "");
        assertThat(read(span, span)).hasSize(1);
    }

    @Test
    void what_is_no_trace_is_refused() {
        assertThatThrownBy(() -> new ZipkinSpans(new SpanWords(List.of("version"), name -> name))
                        .trace(new ObjectMapper().readTree("{\"traceId\": \"1\"}")))
                .isInstanceOf(IOException.class);
    }
}
