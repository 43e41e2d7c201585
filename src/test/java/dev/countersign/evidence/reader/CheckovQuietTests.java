package dev.countersign.evidence.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code checkov --quiet} leaves out of its lists is still counted. */
@Tag("M4.2")
class CheckovQuietTests {
    private static Content report(String summary) {
        String text =
                """
                {"check_type": "terraform", "results": {"failed_checks": [
                  {"check_id": "CKV_AWS_20", "resource": "aws_s3_bucket.a", "check_name": "no public bucket"}]}%s}"""
                        .formatted(summary);
        return () -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void files_that_could_not_be_parsed_are_errors_though_none_is_named() throws Exception {
        var summary = new CheckovReader()
                .read(report(", \"summary\": {\"passed\": 5, \"failed\": 1, \"skipped\": 2, \"parsing_errors\": 3}"))
                .summary();
        assertThat(summary)
                .containsEntry("passed", 5L)
                .containsEntry("failed", 1L)
                .containsEntry("skipped", 2L)
                .containsEntry("error", 3L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ", \"summary\": {\"passed\": 5, \"failed\": 1, \"skipped\": 2}",
                ", \"summary\": {\"passed\": 5, \"failed\": 1, \"skipped\": 2, \"parsing_errors\": -1}",
                ", \"summary\": {\"passed\": 5, \"failed\": 0, \"skipped\": 2, \"parsing_errors\": 0}",
                ", \"summary\": {\"passed\": \"5\", \"failed\": 1, \"skipped\": 2, \"parsing_errors\": 0}"
            })
    void a_summary_that_cannot_stand_for_what_is_left_out_is_refused_with_its_place(String summary) {
        assertThatThrownBy(() -> new CheckovReader().read(report(summary)))
                .isInstanceOf(Unreadable.class)
                .satisfies(refused -> assertThat(((Unreadable) refused).place()).contains("/summary"));
    }
}
