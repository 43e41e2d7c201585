package dev.countersign.gate;

import static dev.countersign.gate.GateFixture.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.catalog.Rotation;
import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.evidence.reader.Readers;
import dev.countersign.evidence.reader.Reading;
import dev.countersign.evidence.reader.Unreadable;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.release.Release;
import dev.countersign.release.Verdict;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gate certificates by its real tables and reader. The fixture's clock starts on 2026-11-24 at 09:00. */
@Tag("M4.4")
class CertificateGateTests {
    private static final Rotation DECLARED =
            new Rotation("checkout", "checkout", "sha256:d", null, List.of(), List.of());
    private static final String SHA256 = "ab12".repeat(16);
    private final GateFixture fixture = new GateFixture();

    @BeforeEach
    void inProduction() {
        fixture.target("production");
        fixture.release("standard", "standard", Map.of());
        fixture.declaring(DECLARED);
    }

    private Gate gate() {
        return fixture.gates.find(KEY, "certificates").orElseThrow();
    }

    private Verdict verdict() {
        return gate().verdict();
    }

    private static String certificate(String from, String until) {
        return """
                {"serial": "4f2a", "sha256": "%s", "subject": "CN=shop.example", "issuer": "CN=Issuer",
                 "notBefore": "%s", "notAfter": "%s", "key": "EC 256", "signature": "SHA256withECDSA"}"""
                .formatted(SHA256, from, until);
    }

    private static String endpoint(String certificates, String faults) {
        return """
                {"id": "edge", "at": "shop.example:443", "serverName": "shop.example", "protocol": null,
                 "certificates": [%s],
                 "faults": [%s]}"""
                .formatted(certificates, faults);
    }

    private static String fault(String code) {
        return "{\"code\": \"%s\", \"what\": \"it is so\"}".formatted(code);
    }

    private static String secret(String kind, String rotatedAt, String faults) {
        return """
                {"id": "key", "kind": "%s", "at": "vault-kv secret/checkout/key", "rotatedAt": %s,
                 "certificates": [], "faults": [%s]}"""
                .formatted(kind, rotatedAt == null ? null : '"' + rotatedAt + '"', faults);
    }

    private static String text(String endpoints, String secrets) {
        return text(endpoints, secrets, null);
    }

    private static String text(String endpoints, String secrets, String nothing) {
        return """
                {"document": "certificate-check", "subject": {"service": "checkout", "version": "2.0.0"},
                 "declarations": [{"name": "checkout", "sha256": "sha256:d", "nothing": %s}],
                 "endpoints": [%s],
                 "secrets": [%s]}"""
                .formatted(nothing == null ? null : '"' + nothing + '"', endpoints, secrets);
    }

    private void seen(String endpoints, String secrets) throws IOException, Unreadable {
        seen(text(endpoints, secrets));
    }

    private void seen(String text) throws IOException, Unreadable {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Reading reading = Readers.all().get(DocumentType.CERTIFICATE_CHECK).read(() -> new ByteArrayInputStream(bytes));
        fixture.receive(new Document(
                UUID.randomUUID().toString().replace("-", "").repeat(2),
                "certificate-check",
                "certificates: checkout",
                bytes.length,
                Map.of("version", "2.0.0"),
                "document",
                reading.summary(),
                reading.details(),
                reading.complete(),
                reading.gap(),
                reading.findings(),
                fixture.clock.instant(),
                "countersign",
                null));
    }

    private static final String GOOD = endpoint(certificate("2026-10-01T00:00:00Z", "2027-01-01T00:00:00Z"), "");

    @ParameterizedTest(name = "{0}, {1}, declared {2}: {3}")
    @CsvSource({
        "production, critical, true, required",
        "production, critical, false, required",
        "production, high, true, required",
        "production, high, false, advisory",
        "production, standard, true, required",
        "production, standard, false, advisory",
        "sandbox, critical, true, advisory",
        "sandbox, standard, false, advisory",
    })
    void it_is_required_for_critical_services_and_for_those_that_declare_something(
            String target, String tier, boolean declared, String required) {
        fixture.target(target);
        fixture.declaring(declared ? new Rotation[] {DECLARED} : new Rotation[0]);
        fixture.release(tier, "standard", Map.of());
        fixture.evaluation.determine(KEY);
        assertThat(gate().required()).isEqualTo(required);
        assertThat(gate().owner()).isEqualTo("operations");
    }

    @Test
    void without_a_document_it_is_no_pass() {
        fixture.evaluation.determine(KEY);
        fixture.evaluation.evaluate(KEY, "certificates");
        assertThat(verdict()).isEqualTo(Verdict.NO_DATA);
    }

    @Test
    void good_certificates_and_young_secrets_pass() throws Exception {
        seen(GOOD, secret("api-key", "2026-10-01T00:00:00Z", ""));
        assertThat(verdict()).isEqualTo(Verdict.PASS);
        assertThat(gate().sentence()).contains("rotation-limits 1.0");
        assertThat(gate().sample()).isEqualTo(2);
    }

    @Test
    void a_service_that_says_why_it_has_nothing_passes() throws Exception {
        seen(text("", "", "a batch job without endpoint and secret"));
        assertThat(verdict()).isEqualTo(Verdict.PASS);
    }

    /** The table asks standard services for 7 days, high ones for 14, critical ones for 21. */
    @ParameterizedTest(name = "{0}: from {1} to {2} is {3} ({4})")
    @CsvSource({
        "standard, 2026-10-01T00:00:00Z, 2026-12-01T09:00:00Z, PASS,",
        "standard, 2026-10-01T00:00:00Z, 2026-12-01T08:59:59Z, FAIL, expiring",
        "high, 2026-10-01T00:00:00Z, 2026-12-08T09:00:00Z, PASS,",
        "high, 2026-10-01T00:00:00Z, 2026-12-08T08:59:59Z, FAIL, expiring",
        "critical, 2026-10-01T00:00:00Z, 2026-12-15T09:00:00Z, PASS,",
        "critical, 2026-10-01T00:00:00Z, 2026-12-15T08:59:59Z, FAIL, expiring",
        "standard, 2026-10-01T00:00:00Z, 2026-11-24T08:59:59Z, FAIL, expired",
        "standard, 2026-10-01T00:00:00Z, 2026-11-24T09:00:01Z, FAIL, expiring",
        "standard, 2026-11-24T09:00:01Z, 2027-12-01T09:00:00Z, FAIL, notYetValid",
        "standard, 2026-11-24T09:00:00Z, 2027-12-01T09:00:00Z, PASS,",
    })
    void times_of_a_certificate(String tier, String from, String until, Verdict verdict, String count)
            throws Exception {
        fixture.release(tier, "standard", Map.of());
        seen(endpoint(certificate(from, until), ""), "");
        assertThat(verdict()).isEqualTo(verdict);
        if (count != null) {
            Finding finding = gate().findings().get(0);
            assertThat(gate().findings()).hasSize(1);
            assertThat(finding.counts()).containsExactly(count);
            assertThat(finding.id()).isEqualTo(count + "@shop.example:443 " + SHA256.substring(0, 16));
            assertThat(finding.title())
                    .contains("shop.example:443", "serial 4f2a", "SHA-256 " + SHA256, "issued by CN=Issuer")
                    .contains(count.equals("notYetValid") ? from : until);
            assertThat(finding.position().line()).as("the line in the document").isEqualTo(5);
        }
    }

    @Test
    void what_was_fine_expires_without_a_new_document() throws Exception {
        seen(endpoint(certificate("2026-10-01T00:00:00Z", "2026-12-01T10:00:00Z"), ""), "");
        assertThat(verdict()).isEqualTo(Verdict.PASS);
        fixture.clock.pass(Duration.ofHours(2));
        assertThat(fixture.evaluation.evaluate(KEY, "certificates")).isEqualTo(Verdict.FAIL);
    }

    /** A week is enough by the table, but the window ends in nine days. */
    @Test
    void a_certificate_outlives_the_window_and_the_plan_of_the_rollout() throws Exception {
        Release release = fixture.release("standard", "standard", Map.of());
        Instant now = fixture.clock.instant();
        Instant windowEnd = now.plus(Duration.ofDays(9));
        Instant end = fixture.rolloutEnd().of(windowed(release, windowEnd), now);
        assertThat(end).as("each step and the stabilisation take their time").isAfter(windowEnd.plusSeconds(3600));

        fixture.released(windowed(release, windowEnd));
        seen(endpoint(certificate("2026-10-01T00:00:00Z", end.toString()), ""), "");
        assertThat(verdict()).isEqualTo(Verdict.FAIL);
        assertThat(gate().findings().get(0).title()).contains("before the rollout must have ended");
        seen(endpoint(certificate("2026-10-01T00:00:00Z", end.plusSeconds(1).toString()), ""), "");
        assertThat(verdict()).isEqualTo(Verdict.PASS);
    }

    private static Release windowed(Release of, Instant windowEnd) {
        return new Release(
                of.key(),
                of.service(),
                of.version(),
                of.attempt(),
                of.kind(),
                of.state(),
                of.closed(),
                of.tier(),
                of.owner(),
                of.requestedBy(),
                of.summary(),
                of.environment(),
                of.commit(),
                of.committedAt(),
                of.authors(),
                of.artifacts(),
                of.changes(),
                windowEnd.minus(Duration.ofHours(4)),
                windowEnd,
                of.dependsOn(),
                of.rfc(),
                of.successMetrics(),
                of.policy(),
                of.materialDigest(),
                of.openedAt(),
                of.stateSince());
    }

    @ParameterizedTest(name = "an endpoint that is {0}: {1}, counted as {2}")
    @CsvSource({
        "wrong-host, FAIL, wrongHost",
        "untrusted, FAIL, untrusted",
        "incomplete-chain, FAIL, untrusted",
        "weak, FAIL, weak",
        "refused-address, ERROR, errors",
        "unreachable, ERROR, errors",
        "timed-out, ERROR, errors",
        "handshake-failed, ERROR, errors",
        "error, ERROR, errors",
    })
    void faults_of_an_endpoint(String code, Verdict verdict, String count) throws Exception {
        seen(
                endpoint(certificate("2026-10-01T00:00:00Z", "2027-01-01T00:00:00Z"), fault(code)),
                secret("api-key", "2026-10-01T00:00:00Z", ""));
        assertThat(verdict()).isEqualTo(verdict);
        assertThat(gate().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.counts()).containsExactly(count);
            assertThat(finding.rule()).isEqualTo(code);
            assertThat(finding.title()).contains("shop.example:443: it is so", "serial 4f2a", SHA256);
            assertThat(finding.position().line()).isEqualTo(6);
        });
    }

    @ParameterizedTest(name = "a secret that is {0}: {1}, counted as {2}")
    @CsvSource({"missing, NO_DATA, secretsMissing", "no-age, NO_DATA, secretsWithoutAge", "error, ERROR, errors"})
    void faults_of_a_secret(String code, Verdict verdict, String count) throws Exception {
        seen(GOOD, secret("api-key", null, fault(code)));
        assertThat(verdict()).isEqualTo(verdict);
        assertThat(gate().findings()).singleElement().satisfies(finding -> assertThat(finding.counts())
                .containsExactly(count));
    }

    /** The limits of the table: 90 days, 180, 180, 365, and 90 for whatever it does not name. */
    @ParameterizedTest(name = "{0} of a {1} service, {2} days old: {3}")
    @CsvSource({
        "database-password, critical, 90, PASS",
        "database-password, critical, 91, FAIL",
        "database-password, standard, 180, PASS",
        "database-password, standard, 181, FAIL",
        "api-key, critical, 180, PASS",
        "api-key, standard, 181, FAIL",
        "signing-key, high, 365, PASS",
        "signing-key, high, 366, FAIL",
        "pigeon-whistle, standard, 90, PASS",
        "pigeon-whistle, standard, 91, FAIL",
    })
    void ages_of_secrets_by_kind(String kind, String tier, int days, Verdict verdict) throws Exception {
        fixture.release(tier, "standard", Map.of());
        String at = fixture.clock.instant().minus(Duration.ofDays(days)).toString();
        seen(GOOD, secret(kind, at, ""));
        assertThat(verdict()).isEqualTo(verdict);
        if (verdict == Verdict.FAIL) {
            assertThat(gate().findings()).singleElement().satisfies(finding -> {
                assertThat(finding.counts()).containsExactly("secretsTooOld");
                assertThat(finding.title())
                        .contains("vault-kv secret/checkout/key: the " + kind + " was last rotated at " + at);
            });
        }
    }

    @Test
    void what_was_seen_counts_for_a_day() throws Exception {
        seen(GOOD, "");
        fixture.clock.pass(Duration.ofHours(24));
        assertThat(fixture.evaluation.evaluate(KEY, "certificates")).isEqualTo(Verdict.PASS);
        fixture.clock.pass(Duration.ofSeconds(1));
        assertThat(fixture.evaluation.evaluate(KEY, "certificates")).isEqualTo(Verdict.NO_DATA);
    }

    @Test
    void a_waiver_is_given_by_the_head_of_security_and_not_for_the_next_certificate() throws Exception {
        assertThat(fixture.policy
                        .authority(fixture.release("critical", "standard", Map.of()), "certificates")
                        .group())
                .isEqualTo("head-of-security");
        seen(endpoint(certificate("2026-10-01T00:00:00Z", "2026-12-01T00:00:00Z"), ""), "");
        String waived = gate().findings().get(0).id();
        seen(
                endpoint(
                        certificate("2026-10-01T00:00:00Z", "2026-12-01T00:00:00Z")
                                .replace(SHA256, "cd34".repeat(16)),
                        ""),
                "");
        assertThat(gate().findings()).singleElement().satisfies(finding -> assertThat(finding.id())
                .isNotEqualTo(waived));
    }

    @ParameterizedTest(name = "{0} as {1} is refused at {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "\"faults\": [] | \"faults\": [{\"code\": \"fine\", \"what\": \"\"}] | /endpoints/0",
                "2027-01-01T00:00:00Z | 2027-02-31T00:00:00Z | /endpoints/0",
                "\"declarations\": [ | \"declaration\": [ | line",
            })
    void what_contradicts_its_schema_is_refused(String right, String wrong, String place) {
        String good = text(GOOD, "");
        assertThat(good).contains(right);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> seen(good.replace(right, wrong)))
                .isInstanceOfSatisfying(
                        Unreadable.class, fault -> assertThat(fault.place()).startsWith(place));
    }

    @Test
    void a_document_that_says_nothing_of_an_endpoint_is_refused() {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> seen(endpoint("", ""), ""))
                .isInstanceOf(Unreadable.class)
                .hasMessage("it says nothing of shop.example:443");
    }
}
