package dev.countersign.evidence.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files that the README's tour sends. */
class TourFilesTests {
    private static final String COMMIT = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
    private final Detection detection = new Detection();

    private static Content file(String name) {
        return () -> Files.newInputStream(Path.of("docs/tour", name));
    }

    @ParameterizedTest
    @CsvSource({
        "junit.xml, junit, passed, 23, failures, 0",
        "junit-failing.xml, junit, passed, 22, failures, 1",
        "results.sarif, sarif, warning, 1, error, 0",
        "results-failing.sarif, sarif, warning, 1, error, 1",
    })
    void they_say_what_the_tour_needs(String name, String type, String count, long value, String other, long otherValue)
            throws Exception {
        DocumentType detected = detection.typeOf(file(name)).orElseThrow();
        assertThat(detected.id()).isEqualTo(type);
        DocumentReader reader = detected == DocumentType.JUNIT ? new TestReportReader() : new SarifReader();
        Reading reading = reader.read(file(name));
        assertThat(reading.summary()).containsEntry(count, value).containsEntry(other, otherValue);
        assertThat(reading.commits()).containsExactly(COMMIT);
        assertThat(reading.complete()).isTrue();
        assertThat(reading.gap()).isNull();
    }

    @Test
    void a_finding_of_the_failing_analysis_can_be_traced_to_its_line() throws Exception {
        Reading reading = new SarifReader().read(file("results-failing.sarif"));
        var finding = reading.findings().get(0);
        assertThat(finding.counts()).containsExactly("error", "critical");
        assertThat(finding.place()).matches("line \\d+, src/main/java/dev/example/checkout/OrderSearch.java:53");
        int line = Integer.parseInt(finding.place().split("[ ,]")[1]);
        List<String> lines = Files.readAllLines(Path.of("docs/tour/results-failing.sarif"));
        assertThat(lines.get(line - 1).strip()).isEqualTo("{");
        assertThat(lines.get(line)).contains("java/sql-injection");
    }

    @Test
    void a_good_report_replaces_the_failing_one_of_the_same_suites() throws Exception {
        assertThat(new TestReportReader().read(file("junit.xml")).producer())
                .isEqualTo(
                        new TestReportReader().read(file("junit-failing.xml")).producer());
    }
}
