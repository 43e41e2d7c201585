package dev.countersign.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.story.Parts.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** One release on its way, told by what people and machines do to it from outside. */
final class Story {
    static final String COMMIT = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(7);
    private final Platform platform;
    private final String key;

    private Story(Platform platform, String key) {
        this.platform = platform;
        this.key = key;
    }

    /** The pipeline opens a release of checkout and uploads its reports. */
    static Story open(Platform platform, String version) throws IOException {
        return open(platform, "checkout", version);
    }

    static Story open(Platform platform, String service, String version) throws IOException {
        Api ci = new Api(platform, "ci");
        Map<String, Object> request = new HashMap<>();
        request.put("service", service);
        request.put("version", version);
        request.put("kind", "standard");
        request.put("summary", "One-page checkout");
        request.put("commit", COMMIT);
        request.put("authors", List.of("developer"));
        request.put("artifacts", List.of(Map.of("name", "registry.example/" + service, "digest", digestOf(version))));
        request.put(
                "changes",
                Map.of(
                        "externalEndpoints", false,
                        "authentication", false,
                        "personalData", false,
                        "databaseMigration", false,
                        "infrastructure", false,
                        "apiContract", false));
        Api.Answer opened = ci.post("/api/releases", request);
        assertThat(opened.status()).as(opened.text()).isEqualTo(201);
        Story story = new Story(platform, opened.body().path("key").asText());
        story.upload("junit", "docs/tour/junit.xml");
        story.upload("sarif", "docs/tour/results.sarif");
        return story;
    }

    static String digestOf(String version) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(version.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    String key() {
        return key;
    }

    Api as(String user) {
        return new Api(platform, user);
    }

    /**
     * A bill of materials names what it is about: here this service.
     *
     * @param file the pipeline's report of this type
     */
    void upload(String type, String file) throws IOException {
        String service = key.substring(0, key.indexOf('@'));
        String document = Files.readString(Path.of(file));
        Api.Answer answer = as("ci").upload(
                        "/api/releases/" + key + "/evidence?type=" + type + "&commit=" + COMMIT,
                        (type.equals("cyclonedx") ? document.replace("\"checkout\"", "\"" + service + "\"") : document)
                                .getBytes(StandardCharsets.UTF_8));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    }

    JsonNode release() {
        return as("auditor").get("/api/releases/" + key).body();
    }

    String state() {
        return release().path("state").asText();
    }

    /** What the timeline says of one type, in order. */
    List<String> timeline(String type) {
        return StreamSupport.stream(
                        as("auditor")
                                .get("/api/releases/" + key + "/timeline")
                                .body()
                                .spliterator(),
                        false)
                .filter(entry -> type.equals(entry.path("type").asText()))
                .map(entry -> entry.path("text").asText())
                .toList();
    }

    /** Those that the release waits for. The repair of a service that was rolled back again and again is the service's, and has days. */
    List<JsonNode> openTasks() {
        List<JsonNode> tasks = new ArrayList<>();
        as("admin")
                .get("/engine-rest/task?processInstanceBusinessKey=" + key + "&sortBy=created&sortOrder=asc")
                .body()
                .forEach(tasks::add);
        tasks.removeIf(task ->
                "completeTrackedAction".equals(task.path("taskDefinitionKey").asText()));
        return tasks;
    }

    String groupOf(JsonNode task) {
        for (JsonNode link : as("admin")
                .get("/engine-rest/task/" + task.path("id").asText() + "/identity-links")
                .body()) {
            if (link.hasNonNull("groupId")) {
                return link.path("groupId").asText();
            }
        }
        return task.path("assignee").asText();
    }

    /** People answer what is open, through Camunda's own REST API, until the condition holds. */
    Story until(Predicate<Story> condition) {
        return until(condition, this::answerByRest);
    }

    /** People answer what is open in the given way until the condition holds. */
    Story until(Predicate<Story> condition, Answering answering) {
        try {
            Awaitility.await(key + " goes on")
                    .atMost(LONG_ENOUGH)
                    .pollInterval(Duration.ofMillis(300))
                    .pollInSameThread()
                    .until(() -> {
                        if (condition.test(this)) {
                            return true;
                        }
                        for (JsonNode task : openTasks()) {
                            answering.answer(task, part(task));
                        }
                        return condition.test(this);
                    });
        } catch (ConditionTimeoutException stuck) {
            throw new AssertionError(stuck.getMessage() + "\nWhat happened before:\n" + told(), stuck);
        }
        return this;
    }

    private Part part(JsonNode task) {
        try {
            return Parts.of(task, groupOf(task));
        } catch (IllegalArgumentException nobody) {
            throw new AssertionError(nobody.getMessage() + "\nWhat happened before:\n" + told(), nobody);
        }
    }

    /** The release's timeline in lines, for the message of a test that fails. */
    String told() {
        return StreamSupport.stream(
                        as("auditor")
                                .get("/api/releases/" + key + "/timeline")
                                .body()
                                .spliterator(),
                        false)
                .map(entry ->
                        entry.path("at").asText() + " " + entry.path("type").asText() + ": "
                                + entry.path("text").asText())
                .collect(Collectors.joining("\n"));
    }

    interface Answering {
        void answer(JsonNode task, Part part) throws Exception;
    }

    void answerByRest(JsonNode task, Part part) {
        Api person = as(part.user());
        String path = "/engine-rest/task/" + task.path("id").asText();
        Map<String, Object> variables = new HashMap<>();
        part.fields().forEach((field, value) -> variables.put(field, variable(value)));
        JsonNode shown =
                person.get(path + "/form-variables?deserializeValues=false").body();
        // What the form prefills, completed where a row asks for something.
        for (String prefilled : List.of("dossier", "seen", "attendance", "ratings", "items", "messages")) {
            if (shown.has(prefilled) && !variables.containsKey(prefilled) && hasField(task, prefilled)) {
                String value =
                        completed(prefilled, shown.path(prefilled).path("value").asText(), part);
                variables.put(
                        prefilled,
                        Map.of(
                                "value",
                                value,
                                "type",
                                shown.path(prefilled).path("type").asText()));
            }
        }
        Api.Answer answer = person.post(path + "/submit-form", Map.of("variables", variables));
        assertThat(answer.status())
                .as("%s as %s: %s", task.path("name"), part.user(), answer.text())
                .isIn(200, 204);
    }

    private static String completed(String field, String value, Part part) {
        try {
            if (!part.rows().containsKey(field)) {
                return value;
            }
            JsonNode rows = Api.JSON.readTree(value);
            rows.forEach(row ->
                    part.rows().get(field).forEach((column, entry) -> ((ObjectNode) row).putPOJO(column, entry)));
            return Api.JSON.writeValueAsString(rows);
        } catch (IOException broken) {
            throw new IllegalArgumentException(broken);
        }
    }

    private static boolean hasField(JsonNode task, String field) {
        try {
            String form = Files.readString(
                    Path.of("forms", task.path("taskDefinitionKey").asText() + ".form"));
            return form.contains("\"key\": \"" + field + "\"") || form.contains("\"path\": \"" + field + "\"");
        } catch (IOException none) {
            return false;
        }
    }

    private static Map<String, Object> variable(Object value) {
        try {
            return value instanceof List<?>
                    ? Map.of("value", Api.JSON.writeValueAsString(value), "type", "Json")
                    : Map.of("value", value);
        } catch (IOException broken) {
            throw new IllegalArgumentException(broken);
        }
    }
}
