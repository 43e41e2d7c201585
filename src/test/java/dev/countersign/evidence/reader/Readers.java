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
                        "sbom_spdx",
                        "sca_trivy",
                        "sca_grype",
                        "sca_dependency_check",
                        "policy_results",
                        "vex",
                        "provenance",
                        "declared",
                        "coverage",
                        "scanners",
                        "infrastructure")
                .flatMap(Samples::in)
                .map(Samples.Sample::file)
                .filter(file -> file.startsWith("src"));
    }

    /** The project's own documents that no manifest describes: what the platform writes itself, licences and controls. */
    public static Stream<Path> others() {
        return Stream.of("own", "licences", "controls")
                .map(Path.of("src/test/resources/samples")::resolve)
                .flatMap(folder -> Stream.of(
                        java.util.Objects.requireNonNull(folder.toFile().listFiles())))
                .map(java.io.File::toPath)
                .sorted();
    }

    /** A contract, and the one before it. */
    public record Pair(Path before, Path after) {
        @Override
        public String toString() {
            return after.getFileName().toString();
        }
    }

    public static Stream<Pair> contracts() {
        return Samples.in("contracts")
                .map(sample -> new Pair(
                        sample.file()
                                .resolveSibling(sample.expected().get("base").asText()),
                        sample.file()));
    }

    public static Base before(byte[] document) {
        return producer ->
                new Base.Earlier(() -> new java.io.ByteArrayInputStream(document), "before", "b".repeat(64), false);
    }

    /** The project's own samples, and those that come beside its folder. */
    public static Stream<Path> everySample() {
        return Stream.of(
                        "test_reports",
                        "sarif",
                        "sbom_cyclonedx",
                        "sbom_spdx",
                        "sca_trivy",
                        "sca_grype",
                        "sca_dependency_check",
                        "policy_results",
                        "vex",
                        "provenance",
                        "declared",
                        "scanners",
                        "sca_other",
                        "infrastructure",
                        "iac_compliance")
                .flatMap(Samples::in)
                .map(Samples.Sample::file);
    }

    /** A contract held against the one before it, both as text. */
    public static Reading compared(DocumentType type, byte[] before, byte[] after) throws Exception {
        return all().get(type)
                .read(
                        () -> new java.io.ByteArrayInputStream(after),
                        producer -> new Base.Earlier(
                                () -> new java.io.ByteArrayInputStream(before), "before", "b".repeat(64), false));
    }
}
