package dev.countersign.evidence.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

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
}
