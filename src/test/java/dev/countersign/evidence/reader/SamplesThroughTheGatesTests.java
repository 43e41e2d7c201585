package dev.countersign.evidence.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.DatabaseTest;
import dev.countersign.evidence.reader.Samples.Sample;
import dev.countersign.release.Dossiers;
import dev.countersign.workflow.ModelDeployment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;

/**
 * Every sample goes its whole way: sent to a release of a critical service in production, detected, read, stored and judged. The counts
 * and the verdict are derived here from what the manifest says, by the limits as they are written for people.
 */
@DatabaseTest
@Tag("M4.1")
@Tag("M4.2")
@Tag("M4.3")
class SamplesThroughTheGatesTests {
    private static final String COMMIT = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Pattern OWN_TIME = Pattern.compile(
            "((?:CreatedAt|end_time|timestamp|created|reportDate|endTimeUtc|built|start-time|started-at|start|run-date|date)\"?\\s*[:=]\\s*\"|<(?:timestamp|reportDate)>)"
                    + "(?:(\\d{4}-\\d{2}-\\d{2})|\\w{3}, \\d{2} \\w{3} \\d{4})");

    /** Folders of samples that are no evidence of a gate by upload, with what reads them. */
    private static final Map<String, String> OTHER_KINDS = Map.ofEntries(
            Map.entry("alertmanager", "webhook"),
            Map.entry("backstage_catalog", "catalog"),
            Map.entry("bpmn_miwg", "models"),
            Map.entry("camunda_forms", "forms"),
            Map.entry("canary_judge", "rollout"),
            Map.entry("cdevents", "webhook"),
            Map.entry("ci_webhooks", "webhook"),
            Map.entry("db_migrations", "scripts, not their checks"),
            Map.entry("dora", "delivery figures"),
            Map.entry("icalendar", "calendar"),
            Map.entry("openslo", "catalog"),
            Map.entry("prometheus_query_range", "observation"),
            Map.entry("rum_beacons", "observation"),
            Map.entry("traces_logs", "observation"));

    private static final List<String> KINDS = List.of(
            "test_reports",
            "sarif",
            "sbom_cyclonedx",
            "sbom_spdx",
            "sca_trivy",
            "sca_grype",
            "sca_dependency_check",
            "sca_other",
            "policy_results",
            "vex",
            "declared",
            "coverage",
            "scanners",
            "infrastructure");

    /** Read in tests of their own, since their expectations are of another shape. */
    private static final List<String> ELSEWHERE = List.of("openapi_pairs", "provenance", "iac_compliance");

    @Autowired
    private MockMvc http;

    @Autowired
    private JdbcClient db;

    @Autowired
    private ModelDeployment models;

    @Autowired
    private Dossiers dossiers;

    private String key;

    /** Where it is true the controls of GDPR are asked for, which few reports show: those of policies are judged without. */
    private boolean personalData = true;

    /** What the release is: taken from the refusal where a document says that it is about another one. Its service is in no catalog: production. */
    private record Identity(String artifact, String version, String commit, String digest) {
        Identity() {
            this("sampled", "1.0." + NUMBER.incrementAndGet(), COMMIT, "sha256:" + "a".repeat(64));
        }
    }

    private void open(Identity of) {
        key = "sampled@" + of.version() + "~" + NUMBER.incrementAndGet();
        var now = OffsetDateTime.now(ZoneOffset.UTC);
        db.sql("insert into release (key_, service, version, attempt, kind, state, state_since, closed, tier, owner,"
                        + " requested_by, summary, environment, commit_, authors, artifacts, changes, depends_on,"
                        + " success_metrics, policy, opened_at) values (?, 'sampled', ?, ?, 'standard', 'GATES', ?,"
                        + " false, 'critical', 'team-sampled', 'release-manager', 'A sample', 'production', ?,"
                        + " '[\"developer\"]', ?, ?, '[]', '[]', ?, ?)")
                .params(
                        key,
                        of.version(),
                        NUMBER.incrementAndGet(),
                        now,
                        of.commit(),
                        "[{\"name\":\"" + of.artifact() + "\",\"digest\":\"" + of.digest() + "\"}]",
                        "{\"externalEndpoints\":true,\"authentication\":false,\"personalData\":" + personalData
                                + ",\"databaseMigration\":true,\"infrastructure\":true,\"apiContract\":true}",
                        models.current(),
                        now)
                .update();
        dossiers.changed(key, "opened");
    }

    private MockHttpServletResponse send(Sample sample, String... commit) throws Exception {
        byte[] document = Files.readAllBytes(sample.file());
        if (sample.file().getParent().endsWith("declared")) {
            // What is of today must stay so.
            document = Files.readString(sample.file())
                    .replace(
                            "2026-11-20",
                            OffsetDateTime.now(ZoneOffset.UTC)
                                    .minusDays(1)
                                    .toLocalDate()
                                    .toString())
                    .getBytes(StandardCharsets.UTF_8);
        }
        return send(ofToday(document), commit.length > 0 ? commit[0] : null, null);
    }

    /** Its manifest says what its counts show. Of today it would show nothing any more: a document is as old as it says itself. */
    private static byte[] ofToday(byte[] document) {
        OffsetDateTime yesterday = OffsetDateTime.now(ZoneOffset.UTC).minusDays(1);
        String text = new String(document, StandardCharsets.ISO_8859_1);
        return OWN_TIME.matcher(text)
                .replaceAll(found -> found.group(1)
                        + (found.group(2) == null
                                ? yesterday
                                        .format(DateTimeFormatter.RFC_1123_DATE_TIME)
                                        .substring(0, 16)
                                : yesterday.toLocalDate()))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private MockHttpServletResponse send(byte[] document, String commit, String source) throws Exception {
        var request =
                post("/api/releases/{key}/evidence", key).content(document).with(httpBasic("ci", "ci"));
        if (commit != null) {
            request.queryParam("commit", commit);
        }
        if (source != null) {
            request.queryParam("source", source);
        }
        return http.perform(request).andReturn().getResponse();
    }

    private static JsonNode json(MockHttpServletResponse answer) throws Exception {
        return JSON.readTree(answer.getContentAsString(StandardCharsets.UTF_8));
    }

    private String contract(byte[] document, String source) throws Exception {
        MockHttpServletResponse answer = send(document, COMMIT, source);
        assertThat(answer.getStatus()).as(answer.getContentAsString()).isIn(200, 201);
        return json(answer).at("/gates/0/verdict").asText();
    }

    /** A document that is about something else is refused; then it is sent to the release that it says it is about. */
    private JsonNode received(Sample sample) throws Exception {
        Identity release = new Identity();
        personalData = Stream.of("policy_results", "infrastructure")
                .noneMatch(folder -> sample.file().getParent().endsWith(folder));
        open(release);
        MockHttpServletResponse answer = send(sample, COMMIT);
        if (answer.getStatus() == 409) {
            JsonNode problem = json(answer);
            String stated = problem.get("stated").asText().split(" and ")[0];
            assertThat(db.sql("select count(*) from evidence where release_key = ?")
                            .param(key)
                            .query(Integer.class)
                            .single())
                    .isZero();
            int space = stated.lastIndexOf(' ');
            // An image or a product without a version: the commit has to be asserted.
            boolean isNamed = problem.get("detail").asText().startsWith("this report is for product ");
            Identity other = isNamed
                    ? new Identity(image(stated), release.version(), COMMIT, release.digest())
                    : stated.startsWith("sha256:")
                            ? new Identity(release.artifact(), release.version(), COMMIT, stated)
                            : space > 0
                                    ? new Identity(
                                            stated.substring(0, space),
                                            stated.substring(space + 1),
                                            COMMIT,
                                            release.digest())
                                    : new Identity(release.artifact(), release.version(), stated, release.digest());
            open(other);
            // A branch says where it was built, and not what.
            boolean isBranch = space > 0 && stated.substring(space).chars().noneMatch(Character::isDigit);
            answer = isNamed || isBranch ? send(sample, COMMIT) : send(sample);
        }
        String body = answer.getContentAsString(StandardCharsets.UTF_8);
        assertThat(answer.getStatus()).as(body).isEqualTo(201);
        return JSON.readTree(body);
    }

    private static String image(String reference) {
        int colon = reference.indexOf(':', reference.lastIndexOf('/') + 1);
        return colon < 0 ? reference : reference.substring(0, colon);
    }

    static Stream<Sample> covered() {
        return KINDS.stream().flatMap(Samples::in);
    }

    @ParameterizedTest
    @MethodSource("covered")
    void a_sample_gives_the_counts_and_the_verdict_of_its_manifest(Sample sample) throws Exception {
        JsonNode answer = received(sample);
        Expected expected = Expected.of(sample);
        assertThat(answer.get("type").asText()).isEqualTo(expected.type());
        expected.counts().forEach((name, count) -> assertThat(answer.at("/summary/" + name))
                .as("%s of %s", name, answer.get("summary"))
                .isEqualTo(JSON.getNodeFactory().numberNode(count.intValue())));
        Map<String, String> verdicts = new java.util.TreeMap<>();
        answer.get("gates")
                .forEach(gate -> verdicts.put(
                        gate.get("gate").asText(), gate.get("verdict").asText()));
        // Manifests do not say which licences are allowed; without one, or without components, none are shown.
        String licences = verdicts.remove("licences");
        assertThat(licences != null).isEqualTo(List.of("cyclonedx", "spdx").contains(expected.type()));
        if (licences != null && lacksLicences(sample.expected())) {
            assertThat(licences).isIn("FAIL", "NO_DATA");
        }
        assertThat(verdicts).isEqualTo(new java.util.TreeMap<>(expected.verdicts()));
    }

    private static boolean lacksLicences(JsonNode said) {
        JsonNode concluded = said.path("licenseConcluded");
        boolean onlyLibraries = said.path("types").path("library").asLong()
                == said.path("components_total").asLong(-1);
        return said.path("components_total").asLong(said.path("packages").asLong()) == 0
                || (onlyLibraries && said.path("no_license").asLong() > 0)
                || concluded.path("NONE").asLong() > 0;
    }

    @Test
    @Tag("M4.1")
    void the_licences_of_a_real_bill_of_materials_are_named_one_by_one() throws Exception {
        open(new Identity());
        JsonNode answer = json(send(
                Files.readAllBytes(Path.of("src/test/resources/samples/licences/denied.cdx.json")), COMMIT, "build"));
        assertThat(answer.at("/gates").findValuesAsText("gate")).contains("licences");
        JsonNode gate =
                json(http.perform(get("/api/releases/{key}/gates/licences", key).with(httpBasic("ci", "ci")))
                        .andReturn()
                        .getResponse());
        assertThat(gate.get("required").asText()).isEqualTo("required");
        assertThat(gate.get("verdict").asText()).isEqualTo("FAIL");
        assertThat(gate.get("findings").findValuesAsText("id")).contains("GPL-3.0-only@pkg:npm/strong@3.0.0");
    }

    /** What any program may answer is no report by its content; whoever says that npm wrote it hears that the audit failed. */
    @Test
    @Tag("M4.2")
    void an_error_in_place_of_an_audit_is_taken_for_one_only_where_the_sender_says_so() throws Exception {
        byte[] error =
                "{\"error\":{\"code\":\"ENOLOCK\",\"summary\":\"no lockfile\"}}".getBytes(StandardCharsets.UTF_8);
        open(new Identity());
        assertThat(send(error, COMMIT, null).getStatus()).isEqualTo(422);
        JsonNode answer = json(http.perform(post("/api/releases/{key}/evidence", key)
                        .queryParam("type", "npm-audit")
                        .queryParam("commit", COMMIT)
                        .content(error)
                        .with(httpBasic("ci", "ci")))
                .andReturn()
                .getResponse());
        assertThat(answer.at("/gates/0/gate").asText()).isEqualTo("sca");
        assertThat(answer.at("/gates/0/verdict").asText()).isEqualTo("ERROR");
    }

    static Stream<OpenApiTests.Pair> pairs() {
        return OpenApiTests.pairs();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    @Tag("M8.6")
    void a_contract_is_judged_against_the_one_that_was_sent_before_it(OpenApiTests.Pair pair) throws Exception {
        open(new Identity());
        byte[] revision = Files.readAllBytes(pair.revision());
        assertThat(contract(revision, "api")).isEqualTo("NO_DATA");
        assertThat(contract(Files.readAllBytes(pair.base()), "base")).isEqualTo("NO_DATA");
        boolean elsewhere = new String(revision, StandardCharsets.UTF_8).contains(".yaml#/");
        assertThat(contract(revision, "api"))
                .isEqualTo(pair.expected().get("breaking").asBoolean() ? "FAIL" : elsewhere ? "NO_DATA" : "PASS");
    }

    @Test
    @Tag("M8.6")
    void the_contract_of_the_last_stable_release_stands_over_one_that_is_sent() throws Exception {
        String old =
                "{\"openapi\":\"3.0.3\",\"info\":{\"title\":\"Orders\",\"version\":\"1\"},\"paths\":{\"/a\":{\"get\":{\"responses\":{}}},"
                        + "\"/b\":{\"get\":{\"responses\":{}}}}}";
        byte[] before = old.getBytes(StandardCharsets.UTF_8);
        byte[] without = old.replace("\"/b\"", "\"x-b\"").getBytes(StandardCharsets.UTF_8);
        open(new Identity("sampled", "7.1.0", COMMIT, "sha256:" + "a".repeat(64)));
        contract(before, "base");
        assertThat(contract(before, "api")).isEqualTo("PASS");
        db.sql("update release set state = 'STABLE' where key_ = ?").param(key).update();

        open(new Identity("sampled", "7.2.0", COMMIT, "sha256:" + "a".repeat(64)));
        assertThat(contract(without, "base")).isEqualTo("NO_DATA");
        assertThat(contract(without, "api")).isEqualTo("FAIL");
        assertThat(contract(before, "api")).isEqualTo("PASS");

        open(new Identity("sampled", "8.0.0", COMMIT, "sha256:" + "a".repeat(64)));
        JsonNode announced = json(send(without, COMMIT, "another name"));
        assertThat(announced.at("/summary/breaking").asLong()).isEqualTo(1);
        assertThat(announced.at("/gates/0/verdict").asText()).isEqualTo("PASS");
        db.sql("update release set state = 'GATES' where service = 'sampled'").update();
    }

    @Test
    void every_kind_of_sample_is_used_or_named() throws Exception {
        Path folder = Path.of(System.getProperty("samples", "../shared/samples"));
        assumeTrue(Files.exists(folder), "The folder ../shared/samples is not there");
        TreeSet<String> known = new TreeSet<>(KINDS);
        known.addAll(ELSEWHERE);
        known.addAll(OTHER_KINDS.keySet());
        try (Stream<Path> there = Files.list(folder)) {
            assertThat(there.filter(Files::isDirectory)
                            .map(path -> path.getFileName().toString()))
                    .isSubsetOf(known);
        }
        assertThat(covered().count()).isGreaterThan(70);
    }

    /** @param verdicts by gate, of all gates that read the type */
    private record Expected(String type, Map<String, Long> counts, Map<String, String> verdicts) {
        static Expected of(Sample sample) {
            String kind = sample.file().getParent().getFileName().toString();
            JsonNode said = sample.expected();
            return switch (kind) {
                case "test_reports" -> tests(said);
                case "sarif" -> sarif(said);
                case "sbom_cyclonedx" -> cycloneDx(said);
                case "sbom_spdx" -> new Expected("spdx", Map.of("components", number(said, "/packages")), Map.of());
                case "sca_trivy" -> trivy(sample, said);
                case "sca_grype" ->
                    new Expected(
                            "grype",
                            severities(said.path("by_severity")),
                            Map.of("sca", vulnerable(said.path("by_severity"), 1)));
                case "sca_dependency_check" ->
                    new Expected(
                            "dependency-check",
                            severities(said.path("by_severity")),
                            Map.of("sca", vulnerable(said.path("by_severity"), number(said, "/dependencies"))));
                case "sca_other" -> scanner(said);
                case "declared", "scanners", "coverage", "infrastructure" ->
                    new Expected(
                            said.get("type").asText(),
                            JSON.convertValue(
                                    said.get("counts"), new com.fasterxml.jackson.core.type.TypeReference<>() {}),
                            JSON.convertValue(
                                    said.get("verdicts"), new com.fasterxml.jackson.core.type.TypeReference<>() {}));
                case "policy_results" -> policy(sample.toString(), said);
                case "vex" ->
                    sample.toString().startsWith("trivy-gomod")
                                    && !sample.toString().contains("openvex")
                            ? trivy(sample, said)
                            : new Expected("vex", Map.of(), Map.of("sca", statesGrave(said) ? "FAIL" : "NO_DATA"));
                default -> throw new IllegalArgumentException(kind);
            };
        }

        /** OpenVEX rates nothing; what CycloneDX leaves open counts, and what is not rated is of unknown severity. */
        private static boolean statesGrave(JsonNode said) {
            return said.path("open_count").asLong() > 0
                    && said.path("statements")
                            .valueStream()
                            .filter(one -> !one.path("vex").asText().equals("fixed"))
                            .filter(one -> !one.path("vex").asText().equals("not_affected")
                                    || one.path("justification").isNull())
                            .anyMatch(one -> one.path("worst").asText().matches("critical|high|unrated"));
        }

        private static Expected tests(JsonNode said) {
            Map<String, Long> counts = said.has("reference")
                    ? counts(
                            number(said, "/reference/runs_succ"),
                            number(said, "/reference/runs_fail"),
                            number(said, "/reference/runs_error"),
                            number(said, "/reference/runs_skip"))
                    : said.has("methods")
                            ? counts(
                                    number(said, "/methods/PASS"),
                                    number(said, "/methods/FAIL"),
                                    0,
                                    number(said, "/methods/SKIP"))
                            : counts(
                                    number(said, "/by_outcome/passed"),
                                    number(said, "/by_outcome/failure"),
                                    number(said, "/by_outcome/error"),
                                    number(said, "/by_outcome/skipped"));
            String verdict = counts.get("failures") + counts.get("errors") > 0
                    ? "FAIL"
                    : counts.get("passed") == 0 ? "NO_DATA" : "PASS";
            return new Expected("junit", counts, Map.of("tests", verdict));
        }

        private static Map<String, Long> counts(long passed, long failures, long errors, long skipped) {
            return Map.of(
                    "tests",
                    passed + failures + errors + skipped,
                    "passed",
                    passed,
                    "failures",
                    failures,
                    "errors",
                    errors,
                    "skipped",
                    skipped);
        }

        private static Expected sarif(JsonNode said) {
            long errors = runs(said, "/levels_unsuppressed/error");
            long grave = runs(said, "/security_severity/critical") + runs(said, "/security_severity/high");
            boolean unfinished = any(
                    said,
                    run -> run.path("executionSuccessful").valueStream().anyMatch(finished -> !finished.asBoolean()));
            // Trivy writes SARIF too, and looks at no code: alone it shows no static analysis (gate-tools).
            boolean empty = any(
                    said,
                    run -> run.get("results").isNull()
                            || run.path("tool").asText().equals("Trivy"));
            return new Expected(
                    "sarif",
                    Map.of(
                            "error", errors,
                            "warning", runs(said, "/levels_unsuppressed/warning"),
                            "note", runs(said, "/levels_unsuppressed/note"),
                            "suppressed", runs(said, "/suppressed")),
                    Map.of("sast", unfinished ? "ERROR" : errors + grave > 0 ? "FAIL" : empty ? "NO_DATA" : "PASS"));
        }

        private static Expected cycloneDx(JsonNode said) {
            long components = number(said, "/components_total");
            JsonNode found = said.path("severity_worst_rating");
            return new Expected(
                    "cyclonedx",
                    Map.of("components", components),
                    Map.of("sca", said.has("vulnerabilities") ? vulnerable(found, components) : "NO_DATA"));
        }

        private static Expected trivy(Sample sample, JsonNode said) {
            if (!said.isObject()) {
                // The pair of a report before and after VEX, described in words.
                boolean before = sample.toString().equals("trivy-gomod.json");
                return new Expected(
                        "trivy",
                        Map.of("medium", before ? 1L : 0L, "unknown", 4L),
                        Map.of("sca", "FAIL", "infrastructure-compliance", "NO_DATA"));
            }
            long secrets = said.path("secrets")
                    .valueStream()
                    .mapToLong(JsonNode::asLong)
                    .sum();
            long failed = said.path("misconfigurations")
                    .valueStream()
                    .mapToLong(JsonNode::asLong)
                    .sum();
            long scanned = said.path("scanned").asLong(number(said, "/results"));
            return new Expected(
                    "trivy",
                    severities(said.path("by_severity")),
                    Map.of(
                            "sca",
                            secrets > 0 ? "FAIL" : vulnerable(said.path("by_severity"), scanned),
                            "infrastructure-compliance",
                            failed > 0 ? "FAIL" : "NO_DATA"));
        }

        /** Semgrep's says of no file that it was looked at. */
        private static Expected scanner(JsonNode said) {
            return switch (said.path("format").asText()) {
                case "npm audit v2" ->
                    new Expected(
                            "npm-audit",
                            severities(said.path("by_severity")),
                            Map.of("sca", vulnerable(said.path("by_severity"), 1)));
                case "OSV-Scanner" ->
                    new Expected("osv-scanner", Map.of("unknown", number(said, "/unique")), Map.of("sca", "FAIL"));
                case "semgrep json" ->
                    new Expected(
                            "semgrep",
                            Map.of("results", number(said, "/results"), "low", number(said, "/by_severity/LOW")),
                            Map.of("sast", "NO_DATA"));
                default ->
                    new Expected(
                            "gitlab-report",
                            severities(said.path("by_severity")),
                            Map.of("sca", vulnerable(said.path("by_severity"), 1)));
            };
        }

        private static Expected policy(String name, JsonNode said) {
            DocumentType tool = PolicyToolTests.typeOf(name);
            if (tool != null) {
                return new Expected(tool.id(), Map.of(), Map.of("infrastructure-compliance", tool(tool, said)));
            }
            JsonNode first = said.isArray() ? said.path(0).path("actual") : said;
            long failed = number(first, "/failed") + number(first, "/failures") + number(first, "/fail");
            long passed = number(first, "/passed") + number(first, "/successes") + number(first, "/pass");
            String type = name.startsWith("policyreport") ? "kyverno" : name.substring(0, name.indexOf('_'));
            return new Expected(
                    type,
                    Map.of("failed", failed, "passed", passed),
                    Map.of("infrastructure-compliance", failed > 0 ? "FAIL" : passed == 0 ? "NO_DATA" : "PASS"));
        }

        private static String tool(DocumentType tool, JsonNode said) {
            long failed =
                    switch (tool) {
                        case KICS ->
                            number(said, "/total") - number(said, "/severity/INFO") + number(said, "/failed_to_scan");
                        case TFSEC -> number(said, "/status/failed");
                        case KUBESCAPE -> number(said, "/control_status/failed");
                        case KUBE_BENCH -> number(said, "/status/FAIL");
                        default -> number(said, "/failed");
                    };
            return failed > 0 ? "FAIL" : "PASS";
        }

        /** Of a critical service: what is critical, high or unrated fails. */
        private static String vulnerable(JsonNode found, long scanned) {
            Map<String, Long> by = severities(found);
            return by.get("critical") + by.get("high") + by.get("unknown") > 0
                    ? "FAIL"
                    : scanned == 0 ? "NO_DATA" : "PASS";
        }

        private static Map<String, Long> severities(JsonNode found) {
            Map<String, Long> by = new java.util.TreeMap<>();
            Arrays.asList("critical", "high", "medium", "low", "unknown").forEach(word -> by.put(word, 0L));
            found.properties()
                    .forEach(entry -> by.merge(
                            SampleTests.SEVERITIES.get(entry.getKey().toLowerCase(java.util.Locale.ROOT)),
                            entry.getValue().asLong(),
                            Long::sum));
            return by;
        }

        private static long runs(JsonNode said, String pointer) {
            return said.get("runs")
                    .valueStream()
                    .mapToLong(run -> run.at(pointer).asLong(0))
                    .sum();
        }

        private static boolean any(JsonNode said, Predicate<JsonNode> of) {
            return said.get("runs").valueStream().anyMatch(of);
        }

        private static long number(JsonNode said, String pointer) {
            return said.at(pointer).asLong(0);
        }
    }
}
