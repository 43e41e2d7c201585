package dev.countersign.evidence.ci;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.countersign.release.DeploymentReport;
import dev.countersign.release.DeploymentReport.State;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Deployments of GitHub, as its webhook {@code deployment_status} and its GraphQL API write them. One that became {@code INACTIVE} had succeeded: GitHub adds that state
 * to deployments that were a success before the latest one.
 */
final class GithubDeployments {
    private GithubDeployments() {}

    /** @return empty where it is not told which deployment it was, or when */
    static Optional<DeploymentReport> hook(JsonNode event) {
        JsonNode deployment = event.path("deployment");
        JsonNode status = event.path("deployment_status");
        String said = status.path("state").asText("").toUpperCase(Locale.ROOT);
        Instant created = ToldTimes.of(deployment.path("created_at"));
        Instant at = or(ToldTimes.of(status.path("created_at")), ToldTimes.of(status.path("updated_at")));
        State state = state(said);
        if (!deployment.path("id").canConvertToLong() || created == null || at == null || state == null) {
            return Optional.empty();
        }
        boolean inactive = said.equals("INACTIVE");
        return Optional.of(new DeploymentReport(
                GithubSource.NAME,
                deployment.path("id").asText(),
                text(event.path("repository").path("full_name")),
                text(deployment.path("environment")),
                text(deployment.path("sha")),
                null,
                state,
                created,
                state == State.RUNNING ? at : null,
                state.isEnd() ? at : null,
                // When it succeeded is not told here: whatever else says an end knows better.
                inactive ? created : at,
                page(text(event.path("repository").path("html_url")), deployment)));
    }

    /**
     * A node of {@code repository.deployments}.
     *
     * @param repository as it was asked for
     */
    static Optional<DeploymentReport> node(String repository, JsonNode node) {
        Instant created = ToldTimes.of(node.path("createdAt"));
        String id = node.path("databaseId").canConvertToLong()
                ? node.path("databaseId").asText()
                : text(node.path("id"));
        JsonNode latest = node.path("latestStatus");
        String said = latest.path("state").isTextual()
                ? latest.path("state").asText()
                : node.path("state").asText("");
        Instant ended = firstEnd(node);
        if (state(said) == State.RUNNING && ended != null) {
            // It had ended before: running once more begins nothing, and takes no end back.
            said = lastEnd(node);
        }
        State state = state(said);
        if (created == null || id == null || state == null) {
            return Optional.empty();
        }
        if (state == State.FAILURE
                && !status(node, "WAITING").isMissingNode()
                && status(node, "IN_PROGRESS").isMissingNode()) {
            // It was not let go: nothing of it was deployed.
            state = State.HELD;
        }
        boolean inactive = said.equals("INACTIVE");
        JsonNode end = status(node, inactive ? "SUCCESS" : said);
        JsonNode running = status(node, "IN_PROGRESS");
        // Where its statuses are not listed, its last change is all that is known of its end.
        Instant changed = or(ToldTimes.of(node.path("updatedAt")), or(ToldTimes.of(latest.path("updatedAt")), created));
        Instant at = or(ToldTimes.of(end.path("updatedAt")), changed);
        return Optional.of(new DeploymentReport(
                GithubSource.NAME,
                id,
                repository,
                text(node.path("environment")),
                or(text(node.path("commitOid")), text(node.path("commit").path("oid"))),
                null,
                state,
                created,
                state == State.RUNNING && running.isMissingNode() ? at : began(running, ended, created),
                state.isEnd() ? at : null,
                inactive && end.isMissingNode() ? created : at,
                page(text(node.path("repository").path("url")), node)));
    }

    /** Null for a word that is not known: nothing is concluded of it. */
    private static State state(String said) {
        return switch (said) {
            case "PENDING", "QUEUED", "ABANDONED" -> State.WAITING;
            // For a protection rule of the environment.
            case "WAITING" -> State.HELD;
            case "IN_PROGRESS" -> State.RUNNING;
            case "SUCCESS", "ACTIVE", "INACTIVE", "DESTROYED" -> State.SUCCESS;
            case "FAILURE", "ERROR" -> State.FAILURE;
            default -> null;
        };
    }

    /** The first of its statuses that was this one, in time: they are listed newest first. */
    private static JsonNode status(JsonNode node, String state) {
        JsonNode found = MissingNode.getInstance();
        for (JsonNode status : node.path("statuses").path("nodes")) {
            if (status.path("state").asText("").equals(state)) {
                found = status;
            }
        }
        return found;
    }

    /** One that is said to run after its end had begun before: when is not known but for when it was asked for. */
    private static Instant began(JsonNode running, Instant ended, Instant created) {
        Instant at = ToldTimes.of(running.path("updatedAt"));
        return at != null && ended != null && at.isAfter(ended) ? created : at;
    }

    private static Instant firstEnd(JsonNode node) {
        return Stream.of("SUCCESS", "FAILURE", "ERROR")
                .map(state -> ToldTimes.of(status(node, state).path("updatedAt")))
                .filter(Objects::nonNull)
                .min(Instant::compareTo)
                .orElse(null);
    }

    private static String lastEnd(JsonNode node) {
        for (JsonNode status : node.path("statuses").path("nodes")) {
            String state = status.path("state").asText("");
            if (state.equals("SUCCESS") || state.equals("FAILURE") || state.equals("ERROR")) {
                return state;
            }
        }
        throw new IllegalStateException("There is no end");
    }

    private static String page(String repository, JsonNode deployment) {
        String environment = text(deployment.path("environment"));
        return repository == null || environment == null
                ? null
                : repository + "/deployments/"
                        + URLEncoder.encode(environment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String text(JsonNode node) {
        return node.isTextual() && !node.asText().isBlank() ? node.asText() : null;
    }

    private static <T> T or(T one, T other) {
        return one == null ? other : one;
    }
}
