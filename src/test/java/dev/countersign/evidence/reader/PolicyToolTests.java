package dev.countersign.evidence.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.evidence.reader.Samples.Sample;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What KICS, tfsec, Kubescape, kube-bench and Trivy's operator write of infrastructure. */
@Tag("M4.2")
class PolicyToolTests {
    private static final Map<String, DocumentType> TYPES = Map.of(
            "kics", DocumentType.KICS,
            "tfsec", DocumentType.TFSEC,
            "kubescape", DocumentType.KUBESCAPE,
            "kubebench", DocumentType.KUBE_BENCH,
            "trivy_operator", DocumentType.TRIVY_OPERATOR);

    private static DocumentType typeOf(Sample sample) {
        return typeOf(sample.toString());
    }

    /** Null where it is a file of another tool. */
    static DocumentType typeOf(String file) {
        return TYPES.get(file.replaceFirst("__.*", ""));
    }

    static Stream<Sample> samples() {
        return Samples.in("policy_results").filter(sample -> typeOf(sample) != null);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void a_report_gives_the_counts_of_its_manifest(Sample sample) throws Exception {
        assertThat(new Detection().typeOf(sample.content())).contains(typeOf(sample));
        Reading reading = Readers.all().get(typeOf(sample)).read(sample.content());
        JsonNode said = sample.expected();
        Map<String, Object> summary = reading.summary();
        switch (typeOf(sample)) {
            case KICS -> {
                assertThat((long) summary.get("failed") + (long) summary.get("warnings"))
                        .isEqualTo(said.get("total").asLong());
                assertThat(summary)
                        .containsEntry("error", said.get("failed_to_scan").asLong())
                        .containsEntry("warnings", said.at("/severity/INFO").asLong());
                assertThat(severities(reading)).isEqualTo(grave(said.get("severity")));
            }
            case TFSEC -> {
                assertThat(summary)
                        .containsEntry("checks", said.get("results").asLong())
                        .containsEntry("failed", said.at("/status/failed").asLong())
                        .containsEntry("passed", said.at("/status/passed").asLong());
                if (said.at("/status/passed").isMissingNode()) {
                    assertThat(severities(reading)).isEqualTo(grave(said.get("severity")));
                    assertThat(reading.findings().stream()
                                    .map(Finding::rule)
                                    .distinct()
                                    .count())
                            .isLessThanOrEqualTo(said.get("distinct").asLong());
                }
            }
            case KUBESCAPE ->
                assertThat(summary)
                        .containsEntry("resources", said.get("resources").asLong())
                        .containsEntry("controls", said.get("controls").asLong())
                        .containsEntry(
                                "controlsPassed",
                                said.at("/control_status/passed").asLong())
                        .containsEntry(
                                "controlsFailed",
                                said.at("/control_status/failed").asLong())
                        .containsEntry(
                                "controlsSkipped",
                                said.at("/control_status/skipped").asLong());
            case KUBE_BENCH -> {
                assertThat(summary)
                        .containsEntry("passed", said.at("/status/PASS").asLong())
                        .containsEntry("failed", said.at("/status/FAIL").asLong())
                        .containsEntry("warnings", said.at("/status/WARN").asLong());
                assertThat((long) summary.get("checks") + (long) summary.get("warnings"))
                        .isEqualTo(said.get("results").asLong());
            }
            default -> {
                assertThat(summary)
                        .containsEntry("checks", said.get("checks").asLong())
                        .containsEntry("failed", said.get("failed").asLong());
                assertThat(reading.producer()).contains(said.get("kind").asText());
                assertThat(severities(reading)).isEqualTo(grave(said.get("severity_failed")));
            }
        }
        assertThat(reading.gap()).isNull();
    }

    private static Map<String, Long> severities(Reading reading) {
        Map<String, Long> found = new TreeMap<>();
        reading.findings().stream()
                .filter(finding -> finding.counts().contains("failed"))
                .forEach(finding -> found.merge(finding.severity().toUpperCase(Locale.ROOT), 1L, Long::sum));
        return found;
    }

    private static Map<String, Long> grave(JsonNode by) {
        Map<String, Long> grave = new TreeMap<>();
        by.properties().forEach(one -> grave.put(one.getKey(), one.getValue().asLong()));
        grave.remove("INFO");
        grave.values().removeIf(count -> count == 0);
        return grave;
    }

    private static Reading read(DocumentType type, String text) throws Exception {
        return Readers.all()
                .get(type)
                .read(() -> new ByteArrayInputStream(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void a_control_that_concerned_no_resource_or_is_left_out_shows_nothing() throws Exception {
        Sample sample = samples()
                .filter(one -> one.toString().equals("kubescape__failed.json"))
                .findFirst()
                .orElseThrow();
        Reading reading = new KubescapeReader().read(sample.content());
        assertThat(reading.details()).containsEntry("checks", Map.of("C-0013", 1L, "C-0057", 2L));
        assertThat(reading.summary()).containsEntry("skipped", 1L).containsEntry("failed", 1L);
        assertThat(reading.details()).containsEntry("at", "2026-11-24T08:00:00Z");
        assertThat(reading.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.id()).isEqualTo("C-0057@apps/v1/shop/Deployment/worker");
            assertThat(finding.severity()).isEqualTo("High");
            assertThat(finding.position().line()).isEqualTo(23);
        });
    }

    @Test
    void the_operators_short_names_are_those_of_trivy() throws Exception {
        Reading reading = read(
                DocumentType.TRIVY_OPERATOR,
                "{'kind':'ConfigAuditReport','metadata':{'name':'a'},'report':{'checks':[{'checkID':'KSV014','success':false,'severity':'LOW','title':'t'}],'summary':{'lowCount':1}}}");
        assertThat(reading.findings()).singleElement().extracting(Finding::rule).isEqualTo("AVD-KSV-0014");
        assertThat(reading.details()).containsEntry("tool", "trivy");
    }

    @Test
    void a_report_of_the_operator_among_manifests_is_refused_and_not_left_out() {
        assertThatThrownBy(
                        () -> read(
                                DocumentType.INFRASTRUCTURE,
                                "{'apiVersion':'v1','kind':'List','items':[{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'a'}},"
                                        + "{'apiVersion':'aquasecurity.github.io/v1alpha1','kind':'ConfigAuditReport','report':{'checks':[]}}]}"))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining("sent alone, as trivy-operator");
    }

    /** What says that nothing was looked at, or does not say it, passes nothing. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "KICS|{'files_scanned':0,'files_failed_to_scan':0,'queries_failed_to_execute':0,'queries_total':100,'queries':[]}|no file was scanned",
                "TFSEC|{'results':null}|it lists no check",
                "TFSEC|{'results':[]}|it lists no check",
                "KUBESCAPE|{'summaryDetails':{'controls':{}},'results':[]}|no check ran",
                "KUBE_BENCH|[]|it has no section",
                "KUBE_BENCH|{'Controls':[],'Totals':{}}|it has no section",
                "TRIVY_OPERATOR|{'kind':'ConfigAuditReport','report':{'summary':{}}}|a report has no checks",
                "TRIVY_OPERATOR|{'kind':'ConfigAuditReportList','items':[]}|no check ran"
            })
    void a_report_that_looked_at_nothing_has_a_gap(DocumentType type, String text, String gap) throws Exception {
        assertThat(read(type, text).gap()).startsWith(gap);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "KICS|{'queries':[],'files_scanned':3}|it needs queries, files_scanned, files_failed_to_scan",
                "KICS|{'files_scanned':1,'files_failed_to_scan':0,'queries_failed_to_execute':0,'total_counter':3,'queries':[]}|it counts 3 as total_counter, and 0 are listed",
                "KICS|{'files_scanned':1,'querie':[]}|'queries' would be right",
                "KICS|{'files_scanned':-1,'queries':[]}|files_scanned must be a whole number",
                "KICS|{'files_scanned':1,'queries':[{'query_id':'a','severity':'GRAVE','files':[{}]}]}|the severity is GRAVE",
                "KICS|{'files_scanned':1,'queries':[{'query_id':'a','severity':'HIGH','files':{}}]}|a query that found something has files",
                "TFSEC|{'version':1}|tfsec writes results and nothing else",
                "TFSEC|{}|it has no results",
                "KUBE_BENCH|{'Totals':{}}|it has no Controls",
                "KUBE_BENCH|{'Controls':[],'Totals':{'total_fail':7}}|it counts 7 as total_fail, and 0 are listed",
                "TFSEC|{'results':[{'rule_id':'a','status':'maybe'}]}|the status is maybe",
                "TFSEC|{'results':[{'status':'failed'}]}|no rule_id",
                "KUBESCAPE|{'results':[]}|no summaryDetails",
                "KUBESCAPE|{'summaryDetails':{'controls':{'C-1':{'status':'failed'}}},'results':[]}|the summary says that C-1 failed",
                "KUBESCAPE|{'summaryDetails':{},'results':[{'controls':[{'controlID':'C-1','status':{'status':'fine'}}]}]}|the status of a control is fine",
                "KUBE_BENCH|[{'tests':[],'total_fail':1}]|total_fail is 1, and 0 are listed",
                "KUBE_BENCH|[{'id':'4'}]|a section has no tests",
                "KUBE_BENCH|[{'tests':[{'results':[{'status':'OK'}]}]}]|the status is OK",
                "TRIVY_OPERATOR|{'kind':'VulnerabilityReport','report':{}}|the kind is VulnerabilityReport",
                "TRIVY_OPERATOR|{'kind':'ConfigAuditReport','report':{'checks':[{'checkID':'a'}]}}|success must be true or false",
                "TRIVY_OPERATOR|{'kind':'ConfigAuditReport','report':{'checks':[],'summary':{'highCount':1}}}|the summary counts 1 as highCount",
                "TRIVY_OPERATOR|{'kind':'ConfigAuditReport','items':[]}|a list of reports has the kind List"
            })
    void a_report_that_says_two_things_or_is_none_is_refused(DocumentType type, String text, String why) {
        assertThatThrownBy(() -> read(type, text))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining(why)
                .satisfies(fault -> assertThat(((Unreadable) fault).place()).isNotBlank());
    }
}
