package dev.countersign.evidence.reader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.evidence.reader.Stated.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What scans and bills of materials say themselves that they are about. */
@Tag("M4.2")
class ScanSubjectTests {
    @ParameterizedTest
    @ValueSource(strings = {"version-12.json", "version-9.xml"})
    void dependency_check_states_the_version_of_its_project(String file) throws Exception {
        Path sample = Path.of("src/test/resources/samples/sca_dependency_check", file);
        Reading reading = new DependencyCheckReader().read(() -> Files.newInputStream(sample));
        assertThat(reading.stated().versions()).containsExactly(new Version("checkout", "2.0.0"));
        assertThat(reading.findings())
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.id()).isEqualTo("CVE-2026-0001@pkg:maven/example/left-pad@1.3.0"));
    }
}
