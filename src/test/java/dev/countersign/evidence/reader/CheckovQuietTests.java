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

    private static final String WHOLE =
            """
            {"check_type": "terraform", "results": {"passed_checks": [{"check_id": "CKV_AWS_1", "resource": "a"}], %s "skipped_checks": []},
             "summary": {"passed": 1, "failed": %d, "skipped": 0, "parsing_errors": %d}}""";

    private static Reading whole(String lists, int failed, int broken) throws Exception {
        byte[] text = WHOLE.formatted(lists, failed, broken).getBytes(StandardCharsets.UTF_8);
        return new CheckovReader().read(() -> new ByteArrayInputStream(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"failed_checks\": null,", "\"failed_checks\": [],"})
    void a_report_whose_list_of_failures_is_missing_or_short_is_refused(String lists) {
        assertThatThrownBy(() -> whole(lists, 2, 0)).isInstanceOf(Unreadable.class);
    }

    @Test
    void files_that_could_not_be_parsed_and_are_not_listed_are_refused() {
        assertThatThrownBy(() -> whole("\"failed_checks\": [],", 0, 1))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining("parsing_errors");
    }

    @Test
    void a_summary_that_counts_less_than_is_listed_is_not_believed() throws Exception {
        assertThat(whole("\"failed_checks\": [{\"check_id\": \"CKV_AWS_20\", \"resource\": \"b\"}],", 0, 0)
                        .summary())
                .containsEntry("failed", 1L);
    }

    @Test
    void one_report_of_a_list_without_results_shows_nothing() throws Exception {
        byte[] text = ("[" + WHOLE.formatted("\"failed_checks\": [],", 0, 0) + ", {\"check_type\": \"helm\"}]")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(new CheckovReader()
                        .read(() -> new ByteArrayInputStream(text))
                        .gap())
                .contains("helm");
    }
}
