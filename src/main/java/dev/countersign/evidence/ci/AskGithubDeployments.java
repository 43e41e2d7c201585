package dev.countersign.evidence.ci;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.evidence.http.Secret;
import dev.countersign.evidence.http.SystemApi;
import dev.countersign.evidence.reader.Words;
import dev.countersign.release.DeploymentReport;
import dev.countersign.release.DeploymentsReported;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** GitHub's own list of deployments, newest first, by its GraphQL API: what a webhook that was lost, or never set, would have said. */
@Component
@ConditionalOnProperty("countersign.evidence.github.url")
class AskGithubDeployments {
    private static final Logger LOG = LoggerFactory.getLogger(AskGithubDeployments.class);
    private static final int PAGE = 50;
    private static final int MOST_PAGES = 20;
    private static final String QUESTION =
            """
            query($owner: String!, $name: String!, $size: Int!, $after: String) {
              repository(owner: $owner, name: $name) {
                deployments(first: $size, after: $after, orderBy: {field: CREATED_AT, direction: DESC}) {
                  pageInfo { endCursor hasNextPage }
                  nodes {
                    task id commitOid environment state databaseId
                    statuses(first: 100) { nodes { state updatedAt } }
                    latestStatus { state updatedAt }
                    repository { name url }
                    createdAt updatedAt
                    commit { oid }
                  }
                }
              }
            }""";

    private final GithubDeploymentsProperties properties;
    private final SystemApi api;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    AskGithubDeployments(
            GithubProperties github,
            GithubDeploymentsProperties properties,
            ApplicationEventPublisher events,
            Clock clock) {
        this.properties = properties;
        this.events = events;
        this.clock = clock;
        Secret token = github.credentials();
        this.api = new SystemApi(
                base(github.url()),
                () -> Map.of("Accept", "application/json", "Authorization", "Bearer " + token.read()),
                github.timeout(),
                github.maxArchive().toBytes(),
                clock);
    }

    /** GitHub's own servers have it beside the REST API: {@code /api/graphql}, not {@code /api/v3/graphql}. */
    private static URI base(URI rest) {
        return URI.create(rest.toString().replaceFirst("/v3/?$", ""));
    }

    /** One that does not answer holds up no other, and is asked again the next time. */
    void all() throws InterruptedException {
        for (String repository : properties.repositories()) {
            try {
                ask(repository);
            } catch (SourceUnavailable silent) {
                LOG.warn("Deployments of {} are not known from GitHub now: {}", repository, silent.getMessage());
            } catch (DataAccessException | TransactionException unstored) {
                LOG.warn("Deployments of {} could not be stored and are asked for again", repository, unstored);
            }
        }
    }

    private void ask(String repository) throws SourceUnavailable, InterruptedException {
        Instant since = clock.instant().minus(properties.lookBack());
        String after = null;
        for (int page = 0; page < MOST_PAGES; page++) {
            JsonNode deployments = page(repository, after);
            List<DeploymentReport> reports = new ArrayList<>();
            boolean older = false;
            for (JsonNode node : deployments.path("nodes")) {
                Instant created = ToldTimes.of(node.path("createdAt"));
                older |= created != null && created.isBefore(since);
                if (created != null && !created.isBefore(since)) {
                    GithubDeployments.node(repository, node).ifPresent(reports::add);
                }
            }
            // Each page is stored when it is there: what follows may not come.
            if (!reports.isEmpty()) {
                events.publishEvent(new DeploymentsReported(reports));
            }
            String next = deployments.path("pageInfo").path("endCursor").asText("");
            if (older || !deployments.path("pageInfo").path("hasNextPage").asBoolean(false)) {
                return;
            }
            if (next.isEmpty() || next.equals(after)) {
                throw new SourceUnavailable("its list has a next page and does not say where it begins");
            }
            after = next;
        }
        throw new SourceUnavailable("it lists more than %d deployments since %s: the older ones of them were not read"
                .formatted(PAGE * MOST_PAGES, since));
    }

    private JsonNode page(String repository, String after) throws SourceUnavailable, InterruptedException {
        ObjectNode question = JsonNodeFactory.instance.objectNode();
        question.put("query", QUESTION);
        question.putObject("variables")
                .put("owner", repository.substring(0, repository.indexOf('/')))
                .put("name", repository.substring(repository.indexOf('/') + 1))
                .put("size", PAGE)
                .put("after", after);
        JsonNode answer = api.post("/graphql", question);
        // A refusal is answered with 200, and a part of the data may stand beside it.
        if (answer.path("errors").size() > 0) {
            throw new SourceUnavailable("it answered: "
                    + Words.of(answer.path("errors").path(0).path("message").asText("an error without words")));
        }
        JsonNode deployments = answer.path("data").path("repository").path("deployments");
        if (!deployments.path("nodes").isArray()) {
            throw new SourceUnavailable("its answer has no deployments");
        }
        return deployments;
    }
}
