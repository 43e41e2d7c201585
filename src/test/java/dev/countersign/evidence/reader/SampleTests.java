package dev.countersign.evidence.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.reader.Samples.Sample;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every sample gives the conclusion that its manifest states. */
class SampleTests {
    static Stream<Sample> testReports() {
        return Samples.in("test_reports");
    }

    static Stream<Sample> sarif() {
        return Samples.in("sarif");
    }

    @ParameterizedTest
    @MethodSource("testReports")
    @Tag("M1.5")
    void test_report(Sample sample) throws Exception {
        Map<String, Object> summary =
                new TestReportReader().read(sample.content()).summary();
        JsonNode expected = sample.expected();
        if (expected.has("cases")) {
            JsonNode by = expected.get("by_outcome");
            assertThat(summary)
                    .containsEntry("tests", expected.get("cases").asLong())
                    .containsEntry("passed", count(by, "passed"))
                    .containsEntry("failures", count(by, "failure"))
                    .containsEntry("errors", count(by, "error"))
                    .containsEntry("skipped", count(by, "skipped"));
        }
        if (expected.has("reference")) {
            JsonNode reference = expected.get("reference");
            assertThat(summary)
                    .containsEntry("tests", count(reference, "runs"))
                    .containsEntry("passed", count(reference, "runs_succ"))
                    .containsEntry("skipped", count(reference, "runs_skip"))
                    .containsEntry("failures", count(reference, "runs_fail"))
                    .containsEntry("errors", count(reference, "runs_error"));
        }
        if (expected.has("methods")) {
            assertThat(summary)
                    .containsEntry("passed", count(expected.get("methods"), "PASS"))
                    .containsEntry("skipped", count(expected.get("methods"), "SKIP"))
                    .containsEntry("failures", count(expected.get("methods"), "FAIL"));
        }
    }

    @ParameterizedTest
    @MethodSource("sarif")
    @Tag("M4.1")
    void sarif_log(Sample sample) throws Exception {
        Reading reading = new SarifReader().read(sample.content());
        for (String level : new String[] {"error", "warning", "note", "none"}) {
            assertThat(reading.summary()).containsEntry(level, sum(sample, "/levels_unsuppressed/" + level));
        }
        assertThat(reading.summary())
                .containsEntry("results", sum(sample, "/results"))
                .containsEntry("suppressed", sum(sample, "/suppressed"));
        for (String band : new String[] {"critical", "high", "medium", "low"}) {
            if (Stream.of("/security_severity").anyMatch(at -> sum(sample, at + "/" + band) > 0)) {
                assertThat(reading.summary()).containsEntry(band, sum(sample, "/security_severity/" + band));
            }
        }
        for (String state : new String[] {"new", "unchanged", "updated", "absent"}) {
            assertThat(reading.summary()).containsEntry(state, sum(sample, "/baseline/" + state));
        }
        boolean anyWithoutResults =
                runs(sample).anyMatch(run -> run.get("results").isNull());
        assertThat(reading.gap() != null).isEqualTo(anyWithoutResults);
        boolean allSuccessful = runs(sample)
                .flatMap(run -> run.path("executionSuccessful").valueStream())
                .allMatch(JsonNode::asBoolean);
        assertThat(reading.complete()).isEqualTo(allSuccessful);
    }

    @Test
    void the_samples_beside_the_project_were_used() {
        assumeTrue(
                Samples.areThere("sarif") && Samples.areThere("test_reports"),
                "The folder ../shared/samples is not there: only the project's own files were read (-Dsamples=… names another place)");
        assertThat(testReports().count()).isGreaterThan(10);
        assertThat(sarif().count()).isGreaterThan(5);
    }

    private static Stream<JsonNode> runs(Sample sample) {
        return sample.expected().get("runs").valueStream();
    }

    private static long sum(Sample sample, String pointer) {
        return runs(sample).mapToLong(run -> run.at(pointer).asLong(0)).sum();
    }

    private static long count(JsonNode node, String name) {
        return node.path(name).asLong(0);
    }
}
