package dev.countersign.story;

import dev.countersign.evidence.VendorServer;
import dev.countersign.evidence.rotation.ShopServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

/**
 * Systems that hold evidence of a release, each with something that stands in its way: GitHub Actions, SonarQube, Dependency-Track, Open Policy Agent, a Pact broker, ServiceNow and Vault
 * in the vendors' documented formats, and an endpoint that shakes hands with a certificate that has expired.
 */
final class EvidenceSystems implements AutoCloseable {
    /** The service of the catalog that they know. */
    static final String SERVICE = "asked";

    static final String VERSION = "2.0.0";
    static final String COMMIT = "1f2e3d4c5b6a79881f2e3d4c5b6a79881f2e3d4c";
    static final String RFC = "CHG0030001";
    private static final String PROJECT = "550e8400-e29b-41d4-a716-446655440000";
    private final VendorServer server = new VendorServer();
    private final ShopServer endpoint = new ShopServer();
    private final Path folder;

    EvidenceSystems(Path data) throws IOException {
        folder = Files.createDirectories(data.resolve("rotation"));
        Files.writeString(
                folder.resolve("asked.yaml"),
                """
                rotation: asked
                service: asked
                endpoints: [{id: edge, host: localhost, port: %d, serverName: shop.example}]
                secrets: [{id: pay, kind: api-key, in: vault-kv, mount: secret, path: shop/pay}]
                """
                        .formatted(endpoint.port()));
        endpoint.shows(Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2024-01-01T00:00:00Z"));
        pipeline();
        analysis();
        vulnerabilities();
        policy();
        contracts();
        change();
        secret();
    }

    /** What tells the platform of them. */
    List<String> arguments() {
        String evidence = "--countersign.evidence.";
        return List.of(
                "--countersign.catalog.rotation=" + folder,
                evidence + "github.url=" + server.url(),
                evidence + "github.token=token",
                evidence + "sonarqube.url=" + server.url(),
                evidence + "sonarqube.token=token",
                evidence + "dependency-track.url=" + server.url(),
                evidence + "dependency-track.api-key=key",
                evidence + "opa.url=" + server.url(),
                evidence + "pact-broker.url=" + server.url(),
                evidence + "pact-broker.secret=token",
                evidence + "servicenow.url=" + server.url(),
                evidence + "servicenow.secret=token",
                evidence + "certificates.allow=localhost:" + endpoint.port(),
                evidence + "certificates.networks=127.0.0.0/8,::1/128",
                evidence + "certificates.trust-file=" + endpoint.root(folder),
                evidence + "certificates.vault.url=" + server.url(),
                evidence + "certificates.vault.token=token");
    }

    private void pipeline() {
        String runs = "/repos/acme/asked/actions/runs";
        server.json(
                runs,
                """
                {"total_count": 1, "workflow_runs": [{"id": 11, "name": "build", "workflow_id": 7, "run_number": 5,
                  "head_sha": "%s", "status": "completed", "conclusion": "failure"}]}"""
                        .formatted(COMMIT));
        server.json(
                runs + "/11/artifacts",
                """
                {"total_count": 1, "artifacts": [{"id": 1, "name": "test-reports", "expired": false}]}""");
        server.reply(
                "/repos/acme/asked/actions/artifacts/1/zip",
                200,
                Map.of(),
                VendorServer.zip(Map.of(
                        "TEST-Pay.xml",
                        """
                        <testsuite name="PayTest" tests="2" failures="1">
                          <testcase classname="PayTest" name="pays"/>
                          <testcase classname="PayTest" name="pays once">
                            <failure message="paid twice"/>
                          </testcase>
                        </testsuite>
                        """
                                .getBytes(StandardCharsets.UTF_8))));
    }

    private void analysis() {
        server.json(
                "/api/project_analyses/search",
                """
                {"paging": {"pageIndex": 1, "pageSize": 100, "total": 1}, "analyses": [{"key": "A2", "date": "2026-11-20T09:00:00+0000",
                  "projectVersion": "2.0.0", "revision": "%s", "events": []}]}"""
                        .formatted(COMMIT));
        server.json("/api/ce/component", "{\"queue\": []}");
        server.json(
                "/api/qualitygates/project_status",
                """
                {"projectStatus": {"status": "ERROR", "conditions": [{"status": "ERROR", "metricKey": "new_coverage", "comparator": "LT",
                  "errorThreshold": "80", "actualValue": "61.5"}], "ignoredConditions": false}}""");
        server.json(
                "/api/issues/search",
                """
                {"paging": {"pageIndex": 1, "pageSize": 500, "total": 1}, "issues": [{"key": "AX-1", "rule": "java:S2077", "project": "asked",
                  "component": "asked:src/Orders.java", "line": 31, "message": "Bind this parameter", "severity": "CRITICAL", "type": "VULNERABILITY",
                  "status": "OPEN"}]}""");
    }

    private void vulnerabilities() {
        long now = System.currentTimeMillis();
        server.json(
                "/api/v1/project/lookup",
                """
                {"uuid": "%s", "name": "asked", "version": "2.0.0", "active": true, "lastBomImport": %d, "lastVulnerabilityAnalysis": %d}"""
                        .formatted(PROJECT, now - 60_000, now - 30_000));
        String export = "/api/v1/bom/cyclonedx/project/" + PROJECT + "?format=json&variant=";
        server.json(export + "inventory", bom(""));
        server.json(
                export + "vdr",
                bom(
                        """
                        , "vulnerabilities": [{"id": "CVE-2026-1001", "source": {"name": "NVD"}, "ratings": [{"severity": "critical"}],
                          "affects": [{"ref": "parser"}]}]"""));
    }

    private static String bom(String vulnerabilities) {
        return """
                {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
                 "metadata": {"component": {"type": "application", "bom-ref": "%s", "name": "asked", "version": "2.0.0"}},
                 "components": [{"type": "library", "bom-ref": "parser", "name": "parser", "version": "1.0", "purl": "pkg:maven/org/parser@1.0",
                   "licenses": [{"license": {"id": "SSPL-1.0"}}]}]%s}"""
                .formatted(PROJECT, vulnerabilities);
    }

    private void policy() {
        server.json(
                "/v1/data/countersign/release",
                """
                {"decision_id": "d-7", "result": {"deny": [{"msg": "the bucket is open to all"}], "violation": []}}""");
    }

    private void contracts() {
        server.json("/pacticipants/asked/versions/" + COMMIT, "{\"number\": \"%s\"}".formatted(COMMIT));
        server.json(
                "/matrix",
                """
                {"summary": {"deployable": false, "reason": "The verification failed", "success": 0, "failed": 1, "unknown": 0},
                 "notices": [],
                 "matrix": [{"consumer": {"name": "storefront", "version": {"number": "%s"}},
                   "provider": {"name": "asked", "version": {"number": "%s"}}, "pact": {}, "verificationResult": {"success": false}}]}"""
                        .formatted("2".repeat(40), COMMIT));
    }

    /** As ServiceNow writes them: a value for machines and one for people. */
    private void change() {
        DateTimeFormatter time =
                DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
        Instant now = Instant.now();
        server.json(
                "/api/now/table/change_request",
                "{\"result\": [{" + field("sys_id", "c1") + "," + field("number", RFC) + ","
                        + field("short_description", "Pay on one page") + "," + field("state", "-2") + ","
                        + field("start_date", time.format(now.minusSeconds(3600))) + ","
                        + field("end_date", time.format(now.plusSeconds(900_000))) + ","
                        + field("requested_by", "Mia") + "," + field("requested_by.user_name", "mia") + ","
                        + field("cmdb_ci", SERVICE) + "," + field("u_version", VERSION) + "}]}");
        server.json(
                "/api/now/table/sysapproval_approver",
                "{\"result\": [{" + field("state", "rejected") + "," + field("approver", "Board") + ","
                        + field("approver.user_name", "board") + "," + field("sys_updated_on", "2026-11-20 09:00:00")
                        + "}]}");
    }

    private static String field(String name, String value) {
        return "\"%s\": {\"display_value\": \"%s\", \"value\": \"%s\"}".formatted(name, value, value);
    }

    private void secret() {
        server.json(
                "/v1/secret/metadata/shop/pay",
                """
                {"request_id": "7f", "lease_id": "", "renewable": false, "lease_duration": 0,
                 "data": {"cas_required": false, "created_time": "2020-01-22T02:24:06.9Z", "current_version": 1,
                   "custom_metadata": null, "delete_version_after": "0s", "max_versions": 0, "oldest_version": 0,
                   "updated_time": "2020-01-22T02:24:06.9Z",
                   "versions": {"1": {"created_time": "2020-01-22T02:24:06.9Z", "deletion_time": "", "destroyed": false}}}}""");
    }

    @Override
    public void close() {
        server.close();
    }
}
