package dev.countersign.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A release whose pipeline sends every kind of document, and one for which systems are asked; each document has something that stands in the way. */
final class TracedReleases {
    static final String SENT = "shop@1.0.0";
    static final String ASKED = EvidenceSystems.SERVICE + "@" + EvidenceSystems.VERSION;
    private static final Path SAMPLE = Path.of("src", "main", "resources", "sample", "catalog");
    private static final String COMMIT = Story.COMMIT;

    /** @param source under which it is sent */
    private record Document(String type, String source, String text) {}

    private final Platform platform;

    TracedReleases(Platform platform) {
        this.platform = platform;
    }

    /** The folder of a catalog in which every gate applies to both services. */
    static Path catalog(Path data) throws IOException {
        Path folder = Files.createDirectories(data.resolve("catalog"));
        Files.copy(SAMPLE.resolve("organisation.yaml"), folder.resolve("organisation.yaml"));
        Files.writeString(
                folder.resolve("services.yaml"),
                """
                apiVersion: backstage.io/v1alpha1
                kind: API
                metadata: {name: shop-api, title: Shop API}
                spec: {type: openapi, lifecycle: production, owner: team-storefront, definition: "openapi: 3.0.3"}
                ---
                apiVersion: backstage.io/v1alpha1
                kind: Component
                metadata:
                  name: shop
                  annotations: {countersign.dev/tier: critical, countersign.dev/target: production, countersign.dev/data: "personal, health"}
                spec: {type: service, lifecycle: production, owner: team-storefront, providesApis: [shop-api]}
                ---
                apiVersion: backstage.io/v1alpha1
                kind: Component
                metadata:
                  name: app
                  annotations: {countersign.dev/tier: standard, countersign.dev/target: production}
                spec: {type: service, lifecycle: production, owner: team-payments, consumesApis: [shop-api]}
                ---
                apiVersion: backstage.io/v1alpha1
                kind: Component
                metadata:
                  name: asked
                  annotations:
                    countersign.dev/tier: critical
                    countersign.dev/target: production
                    github.com/project-slug: acme/asked
                spec: {type: service, lifecycle: production, owner: team-storefront}
                """);
        return folder;
    }

    void open() {
        open("shop", "1.0.0", COMMIT, null);
        documents().forEach(this::send);
        open(EvidenceSystems.SERVICE, EvidenceSystems.VERSION, EvidenceSystems.COMMIT, EvidenceSystems.RFC);
        for (String gate : List.of(
                "tests",
                "sast",
                "sca",
                "licences",
                "infrastructure-compliance",
                "api-contract",
                "change-record",
                "certificates")) {
            Api.Answer asked =
                    new Api(platform, "ci").post("/api/releases/" + ASKED + "/gates/" + gate + "/fetch", Map.of());
            assertThat(asked.status()).as("%s: %s", gate, asked.text()).isEqualTo(200);
        }
    }

    private void open(String service, String version, String commit, String rfc) {
        Map<String, Object> request = new HashMap<>();
        request.put("service", service);
        request.put("version", version);
        request.put("kind", "standard");
        request.put("summary", "Pay on one page");
        request.put("commit", commit);
        request.put("rfc", rfc);
        request.put("authors", List.of("developer"));
        request.put(
                "artifacts", List.of(Map.of("name", "registry.example/" + service, "digest", Story.digestOf(service))));
        Map<String, Boolean> changes = new HashMap<>();
        for (String fact : List.of(
                "externalEndpoints",
                "authentication",
                "personalData",
                "databaseMigration",
                "infrastructure",
                "apiContract")) {
            changes.put(fact, true);
        }
        request.put("changes", changes);
        Api.Answer opened = new Api(platform, "ci").post("/api/releases", request);
        assertThat(opened.status()).as(opened.text()).isEqualTo(201);
    }

    private void send(Document document) {
        Api.Answer answer = new Api(platform, "ci")
                .upload(
                        "/api/releases/" + SENT + "/evidence?type=" + document.type() + "&source=" + document.source()
                                + "&commit=" + COMMIT,
                        document.text()
                                .getBytes(
                                        document.source().equals("utf-16")
                                                ? StandardCharsets.UTF_16
                                                : StandardCharsets.UTF_8));
        assertThat(answer.status()).as("%s: %s", document, answer.text()).isEqualTo(201);
    }

    private static List<Document> documents() {
        List<Document> all = new ArrayList<>();
        all.add(
                new Document(
                        "junit",
                        "surefire",
                        """
                        <testsuites>
                          <testsuite name="CartTest" tests="2" failures="1">
                            <testcase classname="CartTest" name="adds up"/>
                            <testcase classname="CartTest" name="rounds to the cent">
                              <failure message="expected 1.01 but was 1.00"/>
                            </testcase>
                          </testsuite>
                        </testsuites>
                        """));
        all.add(
                new Document(
                        "cobertura",
                        "coverage",
                        """
                        <?xml version="1.0"?>
                        <coverage lines-valid="10" lines-covered="4" branches-valid="0" branches-covered="0">
                          <packages><package name="shop"><classes><class name="Cart" filename="Cart.java"><lines>
                            <line number="1" hits="1"/><line number="2" hits="1"/><line number="3" hits="1"/><line number="4" hits="1"/>
                            <line number="5" hits="0"/><line number="6" hits="0"/><line number="7" hits="0"/><line number="8" hits="0"/>
                            <line number="9" hits="0"/><line number="10" hits="0"/>
                          </lines></class></classes></package></packages>
                        </coverage>
                        """));
        all.add(
                new Document(
                        "sarif",
                        "utf-16",
                        """
                        {"version": "2.1.0", "runs": [{
                          "tool": {"driver": {"name": "codeql", "rules": [{"id": "java/xss"}]}},
                          "results": [
                            {"ruleId": "java/xss", "level": "error", "message": {"text": "<b>größe</b> is written as it came"},
                             "locations": [{"physicalLocation": {"artifactLocation": {"uri": "Page.java"}, "region": {"startLine": 7}}}]}
                          ]
                        }]}
                        """));
        all.add(
                new Document(
                        "trivy",
                        "trivy",
                        """
                        {"SchemaVersion": 2, "ArtifactName": "registry.example/shop", "ArtifactType": "container_image",
                         "Results": [
                           {"Target": "app.jar", "Class": "lang-pkgs", "Type": "jar", "Vulnerabilities": [
                             {"VulnerabilityID": "CVE-2026-2002", "PkgName": "org.example:codec", "InstalledVersion": "1.2", "Severity": "CRITICAL", "Title": "Runs what it reads"}
                           ]},
                           {"Target": "deploy/env.sh", "Class": "secret", "Secrets": [
                             {"RuleID": "private-key", "Category": "AsymmetricPrivateKey", "Severity": "HIGH", "Title": "Asymmetric Private Key", "StartLine": 3, "EndLine": 3, "Match": "KEY=*****"}
                           ]}
                         ]}
                        """));
        all.add(
                new Document(
                        "spdx",
                        "syft",
                        """
                        {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": "shop",
                         "documentNamespace": "https://example.org/shop", "creationInfo": {"creators": ["Tool: syft"]},
                         "packages": [
                           {"SPDXID": "SPDXRef-a", "name": "store", "versionInfo": "2.0", "downloadLocation": "NOASSERTION", "licenseDeclared": "SSPL-1.0", "licenseConcluded": "NOASSERTION"}
                         ]}
                        """));
        all.add(
                new Document(
                        "checkov",
                        "checkov",
                        """
                        {"check_type": "terraform", "results": {
                          "passed_checks": [{"check_id": "CKV_AWS_20", "check_name": "No READ for everyone", "resource": "aws_s3_bucket.orders"}],
                          "failed_checks": [
                            {"check_id": "CKV_AWS_19", "check_name": "Data in the bucket is encrypted at rest", "resource": "aws_s3_bucket.orders"}
                          ],
                          "skipped_checks": [], "parsing_errors": []
                        }}
                        """));
        all.add(new Document(
                "pentest",
                "testers",
                """
                        document: pentest
                        subject: {commit: %s}
                        critical: 0
                        high: 1
                        medium: 0
                        low: 0
                        validUntil: "2099-12-31"
                        signedOffBy: head-of-security
                        findings:
                        - {id: PT-7, severity: high, title: Sessions outlive the password, where: /login, status: open}
                        """
                        .formatted(COMMIT)));
        all.add(new Document(
                "dpia",
                "privacy",
                """
                        document: dpia
                        subject: {commit: %s}
                        decision: rejected
                        decidedBy: data-protection-officer
                        decidedOn: "2026-11-20"
                        risks:
                        - {id: R1, level: high, text: Profiles leave the union, mitigated: false}
                        """
                        .formatted(COMMIT)));
        all.add(new Document(
                "migration-check",
                "checks",
                """
                        document: migration-check
                        subject: {commit: %s}
                        database: orders
                        checks:
                        - {id: totals, kind: checksum, before: abc, after: abc, result: passed}
                        - {id: orders, kind: row-count, before: 1000, after: 900, tolerance: 0.01, result: failed}
                        """
                        .formatted(COMMIT)));
        all.add(new Document(
                "migration-rehearsal",
                "rehearsal",
                """
                        document: migration-rehearsal
                        subject: {commit: %s}
                        database: orders-scratch
                        scripts: sha256:%s
                        files:
                        - {name: V7__totals.sql, direction: up, sha256: %s}
                        - {name: U7__totals.sql, direction: down, sha256: %s}
                        schema: {before: v6, migrated: v7, restored: v6, changes: [orders.total added]}
                        steps:
                        - {id: up, result: passed}
                        - {id: V7__totals.sql, result: irreversible, message: there is no script back}
                        - {id: schema restored, result: failed, message: orders.total is still there}
                        """
                        .formatted(COMMIT, "a".repeat(64), "a".repeat(64), "b".repeat(64))));
        all.add(new Document(
                "rollback-drill",
                "drill",
                """
                        document: rollback-drill
                        subject: {commit: %s}
                        script: {path: rollback.sh, digest: "sha256:%s"}
                        environment: staging
                        owner: team-storefront
                        at: "2026-11-20T09:00:00Z"
                        budget: PT10M
                        took: PT10M1S
                        result: succeeded
                        rungs:
                        - {rung: traffic, outcome: done, tookMs: 900}
                        - {rung: database, outcome: done, tookMs: 2000}
                        - {rung: proof, outcome: done, tookMs: 3000}
                        """
                        .formatted(COMMIT, "c".repeat(64))));
        String contract =
                """
                openapi: 3.0.3
                info: {title: Shop, version: 1.0.0}
                paths:
                  /orders:
                    get:
                      responses:
                        '200': {description: all}
                    post:
                      parameters:
                        - {name: dry, in: query, schema: {type: string}}
                      responses:
                        '200': {description: made}
                  /users:
                    get:
                      responses:
                        '200': {description: every user}
                """;
        all.add(new Document("openapi", "base", contract));
        all.add(new Document(
                "openapi",
                "api",
                contract.replace("in: query,", "in: query, required: true,").replaceAll("(?s)  /users:.*", "")));
        all.add(new Document(
                "intoto",
                "builder",
                """
                        {
                         "_type": "https://in-toto.io/Statement/v1",
                         "subject": [{"name": "registry.example/shop", "digest": {"sha256": "%s"}}],
                         "predicateType": "https://slsa.dev/provenance/v1",
                         "predicate": {"runDetails": {"builder": {"id": "https://ci.example/builder"}}}
                        }
                        """
                        .formatted(Story.digestOf("shop").substring("sha256:".length()))));
        return all;
    }
}
