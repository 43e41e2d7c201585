package dev.countersign.evidence.scan;

import static dev.countersign.evidence.AskedReleases.COMMIT;
import static dev.countersign.evidence.AskedReleases.asked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.evidence.EvidenceSource.About;
import dev.countersign.evidence.EvidenceSource.Answer;
import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.evidence.reader.Readers;
import dev.countersign.evidence.reader.Reading;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** Against the server itself, with what its own scanner finds in a few lines of Java. */
@Tag("M4.1")
@Tag("M8.6")
@Tag("alone")
class RealSonarQubeTests {
    private static final String OTHER = "1f2e3d4c5b6a79881f2e3d4c5b6a79881f2e3d4c";
    private static final Path SOURCES = Path.of("src", "test", "resources", "sonarqube");

    @TempDir
    static Path folder;

    private static RealSonarQube server;
    /** Of users: one may analyse, the other one only browse. */
    private static String scanners;

    private static String ours;

    @BeforeAll
    static void start() throws IOException {
        String obstacle = RealSonarQube.obstacle();
        assumeTrue(obstacle == null, obstacle);
        server = new RealSonarQube(folder);
        scanners = token("admin");
        server.post(
                "/api/users/create", Map.of("login", "countersign", "name", "x", "password", "Not-asked-for-again-1"));
        ours = token("countersign");
        project("shop:checkout");
        server.analyse("shop:checkout", COMMIT, SOURCES.resolve("careless"), scanners);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static String token(String login) throws IOException {
        return server.post("/api/user_tokens/generate", Map.of("login", login, "name", "test"))
                .path("token")
                .asText();
    }

    private static void project(String key) throws IOException {
        server.post("/api/projects/create", Map.of("project", key, "name", key, "visibility", "private"));
        server.post(
                "/api/permissions/add_user", Map.of("projectKey", key, "login", "countersign", "permission", "user"));
    }

    private static SonarQubeSource source(String project, String token, boolean basic, String branch) {
        return new SonarQubeSource(
                new SonarQubeProperties(
                        server.url(),
                        token,
                        null,
                        basic,
                        Map.of("checkout", project),
                        branch,
                        Set.of("BUG", "VULNERABILITY", "CODE_SMELL"),
                        Duration.ofSeconds(30),
                        DataSize.ofMegabytes(1)),
                Clock.systemUTC());
    }

    private static Answer ask(String project) throws Exception {
        return source(project, ours, true, null).fetch(asked(null), Duration.ofSeconds(60));
    }

    private static Reading read(Answer answer) throws Exception {
        assertThat(answer.missing()).isNull();
        assertThat(answer.documents()).singleElement().satisfies(document -> assertThat(document.about())
                .isEqualTo(About.commit(COMMIT)));
        Reading reading = Readers.all()
                .get(DocumentType.of(answer.documents().get(0).type()).orElseThrow())
                .read(answer.documents().get(0).body()::open);
        assertThat(reading.commits()).containsExactly(COMMIT);
        assertThat(reading.gap()).isNull();
        assertThat(reading.complete()).isTrue();
        return reading;
    }

    @Test
    void what_the_scanner_found_arrives_as_findings_of_the_commit() throws Exception {
        Reading reading = read(ask("shop:checkout"));
        assertThat(reading.summary())
                .containsAllEntriesOf(Map.of(
                        "results",
                        2L,
                        "error",
                        2L,
                        "critical",
                        0L,
                        "high",
                        1L,
                        "suppressed",
                        0L,
                        "gateConditionsFailed",
                        0L));
        assertThat(reading.findings())
                .extracting(Finding::id)
                .containsExactlyInAnyOrder("java:S2095@shop/Pay.java:11", "java:S4423@shop/Pay.java:16");
        try (var in = ask("shop:checkout").documents().get(0).body().open()) {
            assertThat(new ObjectMapper().readTree(in).path("issues"))
                    .extracting(issue -> issue.path("type").asText(), issue -> issue.path("severity")
                            .asText())
                    .containsExactlyInAnyOrder(tuple("BUG", "BLOCKER"), tuple("VULNERABILITY", "CRITICAL"));
        }
    }

    @Test
    void nothing_is_found_where_there_is_nothing_and_a_failed_quality_gate_says_its_condition() throws Exception {
        project("shop:clean");
        server.analyse("shop:clean", COMMIT, SOURCES.resolve("clean"), scanners);
        assertThat(read(ask("shop:clean")).summary())
                .containsAllEntriesOf(
                        Map.of("results", 0L, "error", 0L, "warning", 0L, "note", 0L, "gateConditionsFailed", 0L));

        server.post("/api/qualitygates/create", Map.of("name", "Short"));
        server.post(
                "/api/qualitygates/create_condition",
                Map.of("gateName", "Short", "metric", "ncloc", "op", "GT", "error", "1"));
        server.post("/api/qualitygates/select", Map.of("gateName", "Short", "projectKey", "shop:clean"));
        assertThat(read(ask("shop:clean")).summary())
                .as("an analysis is judged by the gate that it met")
                .containsEntry("gateConditionsFailed", 0L);
        server.analyse("shop:clean", COMMIT, SOURCES.resolve("clean"), scanners);
        Reading failed = read(ask("shop:clean"));
        assertThat(failed.summary()).containsEntry("gateConditionsFailed", 1L).containsEntry("results", 0L);
        assertThat(failed.findings().get(0).title())
                .isEqualTo("ncloc is 6, and fails the quality gate when it is above 1");
    }

    @Test
    void issues_that_a_person_accepted_are_suppressed_and_another_commit_never_counts() throws Exception {
        project("shop:other");
        assertThat(ask("shop:other").missing())
                .isEqualTo("none of the last 100 analyses of shop:other is of commit " + COMMIT);
        server.analyse("shop:other", COMMIT, SOURCES.resolve("careless"), scanners);
        Answer found = ask("shop:other");
        assertThat(read(found).summary()).containsEntry("suppressed", 0L).containsEntry("error", 2L);
        try (var in = found.documents().get(0).body().open()) {
            for (JsonNode issue : new ObjectMapper().readTree(in).path("issues")) {
                server.post(
                        "/api/issues/do_transition",
                        Map.of("issue", issue.path("key").asText(), "transition", "wontfix"));
            }
        }
        assertThat(read(ask("shop:other")).summary())
                .containsEntry("suppressed", 2L)
                .containsEntry("error", 0L);

        server.analyse("shop:other", OTHER, SOURCES.resolve("clean"), scanners);
        Answer answer = ask("shop:other");
        assertThat(answer.documents()).isEmpty();
        assertThat(answer.missing()).contains("a later commit was analysed since");
    }

    @Test
    void a_token_that_is_none_and_one_sent_as_newer_servers_want_it_are_refused() {
        for (SonarQubeSource source : new SonarQubeSource[] {
            source("shop:checkout", "squ_0123456789", true, null), source("shop:checkout", ours, false, null)
        }) {
            assertThatThrownBy(() -> source.fetch(asked(null), Duration.ofSeconds(60)))
                    .isInstanceOf(SourceUnavailable.class)
                    .hasMessageContaining("it refuses our credentials (401)");
        }
    }

    @Test
    void a_project_or_branch_that_is_not_there_has_nothing() throws Exception {
        assertThat(ask("shop:misspelt").missing()).isEqualTo("it knows no project shop:misspelt");
        assertThat(source("shop:checkout", ours, true, "main")
                        .fetch(asked(null), Duration.ofSeconds(60))
                        .documents())
                .hasSize(1);
        assertThat(source("shop:checkout", ours, true, "release/2")
                        .fetch(asked(null), Duration.ofSeconds(60))
                        .missing())
                .isEqualTo("it knows no project shop:checkout on branch release/2");
    }
}
