package dev.countersign.evidence.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.catalog.CatalogSamples;
import dev.countersign.evidence.ci.CiSamples;
import dev.countersign.evidence.ci.DeploymentSamples;
import dev.countersign.evidence.migration.MigrationSamples;
import dev.countersign.evidence.reader.Samples.Sample;
import dev.countersign.incident.reported.PagerDutySamples;
import dev.countersign.learning.leadtime.LeadTimeSamples;
import dev.countersign.observe.ObserveSamples;
import dev.countersign.observe.ScoreSamples;
import dev.countersign.observe.prometheus.PrometheusSamples;
import dev.countersign.observe.spans.TraceSamples;
import dev.countersign.rollout.alertmanager.AlertmanagerSamples;
import dev.countersign.schedule.rota.CalendarSamples;
import dev.countersign.workflow.guardrail.ModelSamples;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every row of every manifest beside the project: the file gives the conclusion that stands there.
 */
@Tag("M4.1")
@Tag("M4.2")
@Tag("M4.3")
class EverySampleTests {
    private static final Path FOLDER = Path.of(System.getProperty("samples", "../shared/samples"));

    private interface Check {
        void check(Sample sample) throws Exception;
    }

    private static final SampleTests DOCUMENTS = new SampleTests();
    private static final Map<String, Check> CHECKS = new TreeMap<>(Map.ofEntries(
            Map.entry("test_reports", DOCUMENTS::test_report),
            Map.entry("sarif", DOCUMENTS::sarif_log),
            Map.entry("sbom_cyclonedx", DOCUMENTS::cyclonedx_document),
            Map.entry("sbom_spdx", DOCUMENTS::spdx_document),
            Map.entry("sca_trivy", DOCUMENTS::trivy_report),
            Map.entry("sca_grype", DOCUMENTS::grype_report),
            Map.entry("sca_dependency_check", DOCUMENTS::dependency_check_report),
            Map.entry("sca_other", sample -> ScannerSamples.check(sample.file(), sample.expected())),
            Map.entry("policy_results", EverySampleTests::policyReport),
            Map.entry("vex", EverySampleTests::vex),
            Map.entry("provenance", EverySampleTests::provenance),
            Map.entry("openapi_pairs", EverySampleTests::contract),
            Map.entry("ci_webhooks", EverySampleTests::webhook),
            Map.entry("cdevents", sample -> CiSamples.cdevents(sample.file(), sample.expected())),
            Map.entry("db_migrations", EverySampleTests::migration),
            Map.entry("backstage_catalog", sample -> CatalogSamples.backstage(sample.file(), sample.expected())),
            Map.entry("openslo", sample -> CatalogSamples.openSlo(sample.file(), sample.expected())),
            Map.entry("prometheus_query_range", sample -> PrometheusSamples.check(sample.file(), sample.expected())),
            Map.entry("alertmanager", sample -> AlertmanagerSamples.check(sample.file(), sample.expected())),
            Map.entry("canary_judge", EverySampleTests::judge),
            Map.entry("rum_beacons", sample -> ObserveSamples.beacon(sample.file(), sample.expected())),
            Map.entry("traces_logs", sample -> TraceSamples.check(sample.file(), sample.expected())),
            Map.entry("icalendar", sample -> CalendarSamples.check(sample.file(), sample.expected())),
            Map.entry("bpmn_miwg", sample -> ModelSamples.bpmn(sample.file(), sample.expected())),
            Map.entry("camunda_forms", sample -> ModelSamples.form(sample.file(), sample.expected())),
            Map.entry("dora", EverySampleTests::delivery),
            Map.entry("iac_compliance", sample -> InfrastructureSamples.check(sample.file(), sample.expected()))));

    @AfterAll
    static void stop() {
        ModelSamples.stop();
    }

    static Stream<Sample> rows() {
        File[] folders = FOLDER.toFile().listFiles(File::isDirectory);
        return folders == null
                ? Stream.of(new Sample(FOLDER, null))
                : Arrays.stream(folders).sorted().flatMap(folder -> Samples.beside(folder.getName()));
    }

    private static String kind(Sample sample) {
        return FOLDER.relativize(sample.file()).getName(0).toString();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void a_file_gives_the_conclusion_of_its_manifest(Sample sample) throws Exception {
        assumeTrue(
                Files.isDirectory(FOLDER),
                "The folder " + FOLDER + " is not there: -Dsamples=… names the folder of sample documents");
        assertThat(sample.file()).exists();
        assertThat(CHECKS).as("a kind that nothing reads: %s", kind(sample)).containsKey(kind(sample));
        CHECKS.get(kind(sample)).check(sample);
    }

    @Test
    void there_are_rows_of_every_kind() {
        assumeTrue(Files.isDirectory(FOLDER), "The folder " + FOLDER + " is not there");
        assertThat(rows().count()).isGreaterThan(200);
        assertThat(CHECKS.keySet())
                .allSatisfy(kind -> assertThat(Samples.beside(kind)).isNotEmpty());
    }

    private static void judge(Sample sample) throws Exception {
        switch (sample.toString()) {
            case "classifier_vectors.json" -> ObserveSamples.classifier(sample.file());
            case "mannwhitney_numbers.json" -> ObserveSamples.ranks(sample.file());
            default -> ScoreSamples.check(sample.file(), sample.expected());
        }
    }

    /** Tables of another tool, row by row: what it computes of them is computed here. */
    private static void delivery(Sample sample) throws Exception {
        switch (sample.file().getParent().getFileName().toString()) {
            case "change_lead_time" -> LeadTimeSamples.check(sample.file(), sample.expected());
            case "pagerduty_incidents" -> incidents(sample);
            default -> DeploymentSamples.check(sample.file(), sample.expected());
        }
    }

    /** The records, and what was made of them: both conclude the same. */
    private static void incidents(Sample sample) throws Exception {
        Sample concluded = Samples.beside("dora")
                .filter(one -> one.expected().isObject()
                        && one.file().getParent().equals(sample.file().getParent()))
                .findFirst()
                .orElseThrow();
        PagerDutySamples.check(concluded.file(), concluded.expected());
    }

    /** What no type covers can pass nothing. */
    private static void isRefused(Sample sample) throws Exception {
        Optional<DocumentType> type;
        try {
            type = new Detection().typeOf(sample.content());
        } catch (Unreadable refused) {
            return;
        }
        assertThat(type).isEmpty();
    }

    private static void policyReport(Sample sample) throws Exception {
        if (SampleTests.policyReports().anyMatch(sample::equals)) {
            DOCUMENTS.policy_report(sample);
        } else {
            new PolicyToolTests().a_report_gives_the_counts_of_its_manifest(sample);
        }
    }

    private static void vex(Sample sample) throws Exception {
        if (sample.expected().isObject()) {
            DOCUMENTS.vex_document(sample);
        } else if (sample.toString().startsWith("csaf")) {
            ScannerSamples.check(sample.file(), sample.expected());
        } else {
            // After VEX: 4 findings …
            JsonNode said = sample.expected();
            Map<String, Object> summary =
                    new TrivyReader().read(sample.content()).summary();
            long open = Stream.of("critical", "high", "medium", "low", "unknown")
                    .mapToLong(severity -> (Long) summary.get(severity))
                    .sum();
            assertThat(said.asText()).contains(open + " findings", summary.get("unknown") + " UNKNOWN");
        }
    }

    /** An artifact is what the statement beside it is about, and no other statement; as evidence it is refused. */
    private static void provenance(Sample sample) throws Exception {
        if (sample.expected().isObject()) {
            new IntotoTests().a_statement_names_what_its_manifest_says(sample);
            return;
        }
        isRefused(sample);
        byte[] artifact = Files.readAllBytes(sample.file());
        String digest = "sha256:"
                + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(artifact));
        String name = sample.toString();
        int about = 0;
        for (Sample other : Samples.beside("provenance")
                .filter(one -> one.expected().isObject())
                .toList()) {
            Stated stated = Readers.INTOTO.read(other.content()).stated();
            boolean beside = other.toString().equals(name + ".intoto.jsonl");
            // One build may make several artifacts, and state all of them beside each.
            boolean sameBuild = name.replaceFirst("-(first|second)$", "")
                    .equals(other.toString().replaceFirst("-(first|second)[.].*$", ""));
            assertThat(stated.digests().contains(digest)).isEqualTo(beside || sameBuild);
            if (other.toString().equals(name + ".json")) {
                // npm states SHA-512, which no release is known by here: the package's name and version are its
                // subject.
                assertThat(stated.digests()).isEmpty();
                assertThat(stated.versions()).hasToString("[gundam-visor 1.0.1]");
                about++;
            }
            about += beside ? 1 : 0;
        }
        assertThat(about).isEqualTo(1);
    }

    /** What a document refers to concludes nothing alone, and with it what the document does: bundled it is compared, sent apart it is a gap that is said. */
    private static void part(Sample sample) throws Exception {
        isRefused(sample);
        Path folder = sample.file().getParent();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.toList())
                    .anySatisfy(file -> assertThat(Files.readString(file)).contains(sample + "#/"));
        }
        var pair = OpenApiTests.pairs()
                .filter(one -> one.base().getParent().equals(folder)
                        || one.revision().getParent().equals(folder))
                .findFirst()
                .orElseThrow();
        new OpenApiTests().a_pair_breaks_what_its_manifest_says(pair);
    }

    private static void contract(Sample sample) throws Exception {
        if (!sample.expected().isObject()) {
            part(sample);
            return;
        }
        Set<Path> both = Set.of(sample.file());
        var pair = OpenApiTests.pairs()
                .filter(one -> both.contains(one.base()) || both.contains(one.revision()))
                .findFirst()
                .orElseThrow();
        assertThat(pair.expected().get("breaking")).isEqualTo(sample.expected().get("breaking"));
        new OpenApiTests().a_pair_breaks_what_its_manifest_says(pair);
    }

    private static void webhook(Sample sample) throws Exception {
        switch (sample.toString().replaceFirst("_.*", "")) {
            case "github" -> CiSamples.github(sample.file(), sample.expected());
            case "gitlab" -> CiSamples.gitlab(sample.file(), sample.expected());
            case "bitbucket" -> CiSamples.bitbucket(sample.file(), sample.expected());
            case "jenkins" -> {
                if (sample.expected().isObject()) {
                    CiSamples.jenkins(sample.file(), sample.expected());
                } else {
                    CiSamples.jenkinsTable(sample.file());
                }
            }
            default -> throw new AssertionError("a sender that nothing takes in: " + sample);
        }
    }

    private static void migration(Sample sample) throws Exception {
        if (sample.toString().startsWith("flyway")) {
            MigrationSamples.flyway(sample.file(), sample.expected());
        } else {
            MigrationSamples.liquibase(sample.file(), sample.expected());
        }
    }
}
