package dev.countersign.evidence.reader;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.countersign.evidence.reader.Samples.Sample;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real infrastructure files, where their folder lies beside the project. */
@Tag("M4.2")
class InfrastructureSampleTests {
    static Stream<Sample> samples() {
        return Samples.areThere("iac_compliance")
                ? Samples.beside("iac_compliance")
                : Stream.of(new Sample(java.nio.file.Path.of("iac_compliance"), null));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void a_file_gives_the_verdicts_of_its_manifest(Sample sample) throws Exception {
        assumeTrue(Files.exists(sample.file()), "The folder of sample documents is not there");
        InfrastructureSamples.check(sample.file(), sample.expected());
    }
}
