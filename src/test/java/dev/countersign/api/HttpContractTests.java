package dev.countersign.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.Engine.Hands;
import dev.countersign.HttpTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What CI systems and scripts rely on, asked from outside. */
@HttpTest
@Tag("D4")
class HttpContractTests {
    private static final String COMMIT = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final ObjectMapper JSON = new ObjectMapper();
    private final HttpClient client = HttpClient.newHttpClient();

    @LocalServerPort
    private int port;

    @Autowired
    private JdbcClient db;

    @Autowired
    private Hands hands;

    private record Answer(int status, JsonNode body, HttpResponse<String> raw) {
        List<String> pointers() {
            List<String> pointers = new ArrayList<>();
            body.path("errors").forEach(error -> {
                assertThat(error.path("message").asText()).isNotBlank();
                pointers.add(error.path("pointer").asText());
            });
            return pointers;
        }
    }

    private Answer send(String user, String method, String path, String type, byte[] body)
            throws IOException, InterruptedException {
        String credentials = Base64.getEncoder().encodeToString((user + ":" + user).getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                        .header("Authorization", "Basic " + credentials)
                        .header("Content-Type", type)
                        .method(method, BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofString());
        return new Answer(answer.statusCode(), JSON.readTree(answer.body()), answer);
    }

    private Answer get(String path) throws IOException, InterruptedException {
        return send("ci", "GET", path, "application/json", new byte[0]);
    }

    private Answer post(String user, String path, String body) throws IOException, InterruptedException {
        return send(user, "POST", path, "application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    private Answer upload(String key, String query, byte[] document) throws IOException, InterruptedException {
        return send("ci", "POST", "/api/releases/" + key + "/evidence?" + query, "application/octet-stream", document);
    }

    private static byte[] tour(String file) throws IOException {
        return Files.readAllBytes(Path.of("docs/tour", file));
    }

    private static ObjectNode request() throws IOException {
        return (ObjectNode) JSON.readTree(
                """
                {"service": "checkout", "version": "4.0.%d", "kind": "standard", "summary": "One-page checkout", "environment": "production",
                 "commit": "6dcb09b5b57875f334f61aebed695e2e4193db5e", "committedAt": "2026-11-20T09:12:00Z", "authors": ["developer"],
                 "artifacts": [{"name": "registry.example/checkout", "digest": "sha256:%064x"}],
                 "changes": {"externalEndpoints": false, "authentication": false, "personalData": false,
                             "databaseMigration": false, "infrastructure": false, "apiContract": false},
                 "dependsOn": ["payments@1.9.0"], "rfc": "CHG0031337",
                 "successMetrics": [{"name": "conversion", "target": 0.031, "direction": "increase"}]}"""
                        .formatted(NUMBER.incrementAndGet(), NUMBER.get()));
    }

    private String open() throws IOException, InterruptedException {
        Answer opened = post("ci", "/api/releases", request().toString());
        assertThat(opened.status()).as("%s", opened.body()).isEqualTo(201);
        return opened.body().path("key").asText();
    }

    private List<String> timeline(String key, String type) throws IOException, InterruptedException {
        List<String> texts = new ArrayList<>();
        get("/api/releases/" + key + "/timeline").body().forEach(entry -> {
            if (entry.path("type").asText().equals(type)) {
                texts.add(
                        entry.path("actor").asText() + ": " + entry.path("text").asText());
            }
        });
        return texts;
    }

    // Opening a release

    @Test
    void the_description_tells_types_of_the_same_name_apart() throws Exception {
        JsonNode schemas = get("/v3/api-docs").body().at("/components/schemas");
        assertThat(schemas.at("/CriteriaPosition/properties")).isNotEmpty();
        assertThat(schemas.at("/CriteriaPosition/properties").fieldNames())
                .toIterable()
                .contains("party", "choice");
        assertThat(schemas.at("/Position/properties").fieldNames()).toIterable().contains("line", "pointer");
        assertThat(schemas.at("/ChecklistDifferenceChange/properties").fieldNames())
                .toIterable()
                .contains("from", "to");
    }

    @Test
    void a_release_answers_with_every_member_of_the_contract() throws Exception {
        String key = open();
        upload(key, "type=junit&commit=" + COMMIT, tour("junit.xml"));
        JsonNode release = get("/api/releases/" + key).body();
        for (String member : List.of(
                "key",
                "service",
                "version",
                "kind",
                "state",
                "tier",
                "owner",
                "requestedBy",
                "dossier",
                "gates",
                "review",
                "rollout",
                "rollback",
                "links",
                "closed")) {
            assertThat(release.has(member)).as(member).isTrue();
        }
        assertThat(release.path("closed").asBoolean()).isFalse();
        assertThat(release.path("requestedBy").asText()).isEqualTo("ci");
        for (String member : List.of("digest", "artifacts", "evidence", "checklist", "models")) {
            assertThat(release.path("dossier").has(member)).as(member).isTrue();
        }
        assertThat(release.path("dossier").path("digest").asText()).startsWith("sha256:");
        assertThat(release.path("review").path("decision").asText()).isEqualTo("OPEN");
        assertThat(release.path("review").path("seats").isArray()).isTrue();
    }

    @Test
    void a_gate_has_the_same_name_and_standing_wherever_it_is_shown() throws Exception {
        String key = open();
        JsonNode received =
                upload(key, "type=junit&commit=" + COMMIT, tour("junit.xml")).body();
        assertThat(received.path("gates").path(0).path("gate").asText()).isEqualTo("tests");
        JsonNode alone = get("/api/releases/" + key + "/gates/tests").body();
        JsonNode listed = named(get("/api/releases/" + key + "/gates").body(), "tests");
        JsonNode whole = named(get("/api/releases/" + key).body().path("gates"), "tests");
        assertThat(listed).isEqualTo(alone);
        for (String member : List.of(
                "gate",
                "verdict",
                "clear",
                "required",
                "rule",
                "value",
                "limit",
                "sample",
                "ruleVersion",
                "evidence",
                "waiver",
                "owner")) {
            assertThat(alone.has(member)).as(member).isTrue();
            assertThat(whole.path(member)).as(member).isEqualTo(alone.path(member));
        }
    }

    private static JsonNode named(JsonNode gates, String name) {
        for (JsonNode gate : gates) {
            if (gate.path("gate").asText().equals(name)) {
                return gate;
            }
        }
        throw new AssertionError("no gate " + name + " in " + gates);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            /authors                    | {"authors": null}
            /authors                    | {"authors": []}
            /authors/1                  | {"authors": ["developer", null]}
            /authors/0                  | {"authors": [" "]}
            /authors/0                  | {"authors": ["a\\u0000b"]}
            /rfc                        | {"rfc": "CHG456789012345678901234567890123456789012345678901234567890123456789012345678901"}
            /rfc                        | {"rfc": "CHG\\u0000"}
            /summary                    | {"summary": "one\\u0000two"}
            /summary                    | {"summary": "one\\u001b[31mtwo"}
            /artifacts/0/name           | {"artifacts": [{"name": "x\\u0007", "digest": "sha256:a"}]}
            /artifacts/0/digest         | {"artifacts": [{"name": "x", "digest": "sha256:a"}]}
            /artifacts/0/digest         | {"artifacts": [null]}
            /successMetrics/0           | {"successMetrics": [null]}
            /successMetrics/0/name      | {"successMetrics": [{"name": " ", "target": 1, "direction": "increase"}]}
            /successMetrics/0/direction | {"successMetrics": [{"name": "conversion", "target": 1, "direction": "sideways"}]}
            /successMetrics/0/direction | {"successMetrics": [{"name": "conversion", "target": 1}]}
            /successMetrics/0/target    | {"successMetrics": [{"name": "conversion", "target": "NaN", "direction": "increase"}]}
            /successMetrics/0/target    | {"successMetrics": [{"name": "conversion", "target": "much", "direction": "increase"}]}
            /dependsOn/0                | {"dependsOn": [null]}
            /dependsOn/1                | {"dependsOn": ["payments@1.9.0", "payments"]}
            /committedAt                | {"committedAt": "+294277-01-01T00:00:00Z"}
            /window/end                 | {"window": {"start": "2020-01-01T00:00:00Z", "end": "2020-01-02T00:00:00Z"}}
            /window/start               | {"window": {"start": "-5000-01-01T00:00:00Z"}}
            /changes/a~1b               | {"changes": {"a/b": true}}
            /kind                       | {"kind": "special"}
            /service                    | {"service": "ghost"}
            /version                    | {"version": "1 2"}
            /colour                     | {"colour": "red"}
            """)
    void what_is_wrong_in_a_request_is_422_with_its_place(String pointer, String change) throws Exception {
        ObjectNode request = request();
        request.setAll((ObjectNode) JSON.readTree(change));
        Answer answer = post("ci", "/api/releases", request.toString());
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(422);
        assertThat(answer.raw().headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(answer.pointers()).contains(pointer);
        assertThat(get("/api/releases/checkout@"
                                + request.path("version").asText().replace(" ", "%20"))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void everything_that_is_wrong_is_said_at_once() throws Exception {
        ObjectNode request = request();
        request.putArray("authors");
        request.put("rfc", "x".repeat(81)).put("commit", "main");
        assertThat(post("ci", "/api/releases", request.toString()).pointers())
                .containsExactlyInAnyOrder("/authors", "/rfc", "/commit");
    }

    @Test
    void values_at_their_limits_are_taken() throws Exception {
        ObjectNode request = request();
        request.put("rfc", "x".repeat(80)).put("summary", "line\n\t" + "x".repeat(1994));
        assertThat(post("ci", "/api/releases", request.toString()).status()).isEqualTo(201);
    }

    // Addresses

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "/api/releases?page=abc, /page",
        "/api/releases?size=many, /size",
        "/api/releases?service=a%00b, /service",
        "/api/services?unit=a%00b, /unit",
        "/api/deployments/allowed?service=checkout&environment=production, /digest",
    })
    void what_is_wrong_in_an_address_is_422_with_the_parameter(String path, String pointer) throws Exception {
        Answer answer = get(path);
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(422);
        assertThat(answer.pointers()).containsExactly(pointer);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 5000, Integer.MAX_VALUE})
    void a_page_larger_than_the_largest_is_the_largest(int size) throws Exception {
        Answer answer = get("/api/releases?size=" + size);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("size").asInt()).isEqualTo(200);
    }

    // Evidence

    @Test
    void the_same_document_sent_again_is_201_with_the_same_body_and_counts_once() throws Exception {
        String key = open();
        Answer first = upload(key, "type=junit&commit=" + COMMIT, tour("junit.xml"));
        Answer second = upload(key, "type=junit&commit=" + COMMIT, tour("junit.xml"));
        assertThat(first.status()).isEqualTo(201);
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.raw().headers().firstValue("Location"))
                .isEqualTo(first.raw().headers().firstValue("Location"));
        assertThat(get("/api/releases/" + key + "/evidence").body()).hasSize(1);
        assertThat(timeline(key, "evidence.received")).hasSize(1);
    }

    @Test
    @Tag("M2.5")
    void a_communication_plan_says_where_it_names_somebody_whom_nobody_knows() throws Exception {
        String plan = Files.readString(Path.of("src/test/resources/samples/declared/plan.yaml"));
        String key = open();
        Answer refused = upload(
                key, "", plan.replace("owner: product", "owner: a stranger").getBytes(StandardCharsets.UTF_8));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.pointers()).containsExactly("/messages/0");
        assertThat(refused.body().path("detail").asText()).contains("nobody knows the owner 'a stranger'");
        assertThat(get("/api/releases/" + key + "/evidence").body()).isEmpty();
        assertThat(timeline(key, "evidence.refused")).hasSize(1);
        Answer cut = upload(key, "type=communication-plan", "{\"document\"".getBytes(StandardCharsets.UTF_8));
        assertThat(cut.status()).isEqualTo(422);
        assertThat(cut.body().path("place").asText()).isNotEmpty();
        Answer taken = upload(key, "", plan.getBytes(StandardCharsets.UTF_8));
        assertThat(taken.status()).isEqualTo(201);
        assertThat(taken.body().path("type").asText()).isEqualTo("communication-plan");
        assertThat(taken.body().path("summary").path("external").asInt()).isEqualTo(1);
        assertThat(taken.body().path("gates")).isEmpty();
    }

    @Test
    @Tag("M4.2")
    void a_log_with_one_run_about_another_commit_is_409_with_both_values() throws Exception {
        String key = open();
        String other = "1f2e3d4c5b6a79881f2e3d4c5b6a79881f2e3d4c";
        ObjectNode log = (ObjectNode) JSON.readTree(tour("results.sarif"));
        JsonNode second = JSON.readTree(log.path("runs").path(0).toString().replace(COMMIT, other));
        log.withArray("runs").add(second);
        Answer answer = upload(key, "type=sarif", JSON.writeValueAsBytes(log));
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body().path("stated").asText()).isEqualTo(other);
        assertThat(answer.body().path("release").asText()).isEqualTo(COMMIT);
        assertThat(get("/api/releases/" + key + "/evidence").body()).isEmpty();
    }

    @Test
    void in_the_sandbox_a_bill_of_materials_is_judged_by_a_gate_that_stops_nothing() throws Exception {
        String key = open();
        JsonNode gate = get("/api/releases/" + key + "/gates/sca").body();
        assertThat(gate.path("required").asText()).isEqualTo("advisory");
        assertThat(gate.path("verdict").asText()).isEqualTo("NO_DATA");
        assertThat(gate.path("clear").asBoolean()).isTrue();
        Answer answer = upload(key, "type=cyclonedx&commit=" + COMMIT, tour("bom.json"));
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(201);
        assertThat(answer.body().path("gates").path(0).path("gate").asText()).isEqualTo("sca");
        assertThat(answer.body().path("gates").path(0).path("verdict").asText()).isEqualTo("PASS");
    }

    // Acts that the state or the role does not allow

    @Test
    @Tag("M2.2")
    void a_vote_before_the_review_is_409_and_in_the_timeline() throws Exception {
        String key = open();
        String vote = "{\"seat\": \"qa\", \"vote\": \"GO\", \"dossier\": \""
                + get("/api/releases/" + key)
                        .body()
                        .path("dossier")
                        .path("digest")
                        .asText() + "\"}";
        Answer answer = post("qa", "/api/releases/" + key + "/review/votes", vote);
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body().path("detail").asText()).contains("has not begun");
        assertThat(timeline(key, "vote.refused")).singleElement().asString().startsWith("qa: ");
    }

    @Test
    void a_refused_withdrawal_is_in_the_timeline() throws Exception {
        String key = open();
        assertThat(post("qa", "/api/releases/" + key + "/abort", "{\"reason\": \"I do not like it\"}")
                        .status())
                .isEqualTo(403);
        db.sql("update release set state = 'STABILISING' where key_ = ?")
                .param(key)
                .update();
        assertThat(post("release-manager", "/api/releases/" + key + "/abort", "{\"reason\": \"too late\"}")
                        .status())
                .isEqualTo(409);
        assertThat(timeline(key, "release.abort-refused")).hasSize(2);
        assertThat(timeline(key, "release.abort-refused").get(0)).startsWith("qa: Refused to withdraw");
        assertThat(timeline(key, "release.abort-refused").get(1))
                .startsWith("release-manager: ")
                .contains("roll it back");
        assertThat(timeline(key, "release.aborted")).isEmpty();
    }

    @Test
    void a_refused_request_for_a_waiver_is_in_the_timeline() throws Exception {
        String key = open();
        String wish =
                "{\"findings\": [\"x\"], \"reason\": \"nobody will notice\", \"expires\": \"2099-01-01T00:00:00Z\"}";
        assertThat(post("support", "/api/releases/" + key + "/gates/tests/waivers", wish)
                        .status())
                .isEqualTo(403);
        upload(key, "type=junit&commit=" + COMMIT, tour("junit.xml"));
        assertThat(post("qa", "/api/releases/" + key + "/gates/tests/waivers", wish)
                        .status())
                .isEqualTo(409);
        assertThat(timeline(key, "waiver.request-refused")).hasSize(2);
        assertThat(timeline(key, "waiver.request-refused").get(1)).contains("clear: there is nothing to waive");
    }

    @Test
    void control_characters_are_refused_in_every_body() throws Exception {
        String key = open();
        Answer answer = post("release-manager", "/api/releases/" + key + "/abort", "{\"reason\": \"a\\u0000b\"}");
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.pointers()).containsExactly("/reason");
    }

    // The catalog

    @Test
    @Tag("M8.3")
    void the_list_of_services_shows_objectives_budget_and_rollbacks() throws Exception {
        JsonNode list = get("/api/services").body();
        assertThat(list.path("factsMissing")).isEmpty();
        list.path("services").forEach(service -> {
            assertThat(service.has("sloState")).as("%s", service.path("name")).isTrue();
            assertThat(service.has("errorBudget")).isTrue();
            assertThat(service.path("rollbackFrequency").path("within").asText())
                    .isEqualTo("PT2160H");
        });
        JsonNode checkout = get("/api/services/checkout").body();
        assertThat(checkout.path("sloStates")).hasSize(3);
        assertThat(checkout.path("rollbackFrequency").has("rollbacks")).isTrue();
    }
}
