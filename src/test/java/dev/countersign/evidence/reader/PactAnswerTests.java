package dev.countersign.evidence.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("M8.6")
class PactAnswerTests {
    @Test
    void a_yes_beside_a_row_that_nobody_verified_shows_nothing() throws Exception {
        String answer =
                """
                {"summary": {"deployable": true, "success": 1, "failed": 0, "unknown": 0},
                 "matrix": [
                  {"consumer": {"name": "shop", "version": {"number": "1"}}, "provider": {"name": "stock", "version": {"number": "2"}},
                   "verificationResult": {"success": true}},
                  {"consumer": {"name": "shop", "version": {"number": "1"}}, "provider": {"name": "mail", "version": {"number": "3"}},
                   "verificationResult": null}]}""";
        Reading reading =
                new PactReader().read(() -> new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)));
        assertThat(reading.gap()).contains("not everything was verified");
        assertThat(reading.summary()).containsEntry("notDeployable", 0L);
    }

    private static Reading read(String rows) throws Exception {
        String answer =
                "{\"summary\": {\"deployable\": true, \"success\": 1, \"failed\": 0, \"ignored\": 1, \"unknown\": 0}, \"matrix\": [%s]}"
                        .formatted(rows);
        return new PactReader().read(() -> new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)));
    }

    private static String row(String provider, String result, boolean ignored) {
        return """
                {"consumer": {"name": "shop", "version": {"number": "1"}}, "provider": {"name": "%s", "version": {"number": "2"}},
                 "verificationResult": %s, "ignored": %s}"""
                .formatted(provider, result, ignored);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"success\": false}", "null"})
    void a_row_that_the_broker_was_told_to_ignore_is_said_and_not_judged(String result) throws Exception {
        Reading reading = read(row("stock", "{\"success\": true}", false) + "," + row("mail", result, true));
        assertThat(reading.summary()).containsEntry("deployable", 1L).containsEntry("notDeployable", 0L);
        assertThat(reading.gap()).isNull();
        assertThat(reading.findings()).isEmpty();
        assertThat(reading.details())
                .extractingByKey("excused")
                .hasToString("[shop and mail, which the broker was told to ignore]");
    }

    @Test
    void an_answer_of_which_everything_was_ignored_shows_nothing() throws Exception {
        assertThat(read(row("mail", "{\"success\": true}", true)).gap()).contains("told to ignore everything");
    }
}
