package dev.countersign.evidence.reader;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The readers for tests of other packages. */
public final class Readers {
    static final DocumentReader OPENAPI =
            new OpenApiReader(Clock.fixed(Instant.parse("2026-11-24T09:00:00Z"), ZoneOffset.UTC));

    static final DocumentReader INTOTO = new IntotoReader(new TrustedKeys(new TrustProperties(java.util.List.of())));

    private Readers() {}

    public static Map<DocumentType, DocumentReader> all() {
        return Stream.concat(Stream.of(new TestReportReader(), new SarifReader()), HostileDocumentTests.all())
                .collect(Collectors.toMap(DocumentReader::type, Function.identity()));
    }

    /** The project's own samples. */
    public static Stream<Path> samples() {
        return Stream.of(
                        "test_reports",
                        "sarif",
                        "sbom_cyclonedx",
                        "sca_trivy",
                        "sca_grype",
                        "sca_dependency_check",
                        "policy_results",
                        "vex",
                        "provenance",
                        "declared",
                        "coverage")
                .flatMap(Samples::in)
                .map(Samples.Sample::file)
                .filter(file -> file.startsWith("src"));
    }
}
