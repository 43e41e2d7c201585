package dev.countersign.observe.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.catalog.Catalog;
import dev.countersign.observe.Intervals;
import dev.countersign.observe.LogSource;
import dev.countersign.observe.MonitoringCalls;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/**
 * Counts lines and errors by service, version and interval: one search for all services, and no line leaves the cluster. All lines are counted and not only errors: a misspelt field would find
 * none, for ever. Part of an answer is none: shards that failed, a search that ran out of time, buckets that were left out.
 */
@Component
@ConditionalOnProperty("countersign.observe.opensearch.url")
class OpenSearchLogs implements LogSource {
    private static final int MOST_VERSIONS = 20;
    private final OpenSearchProperties properties;
    private final MonitoringCalls calls;
    private final Catalog catalog;
    private final ObjectMapper json;

    OpenSearchLogs(OpenSearchProperties properties, Catalog catalog, ObjectMapper json) {
        this.properties = properties;
        this.calls = new MonitoringCalls(
                "OpenSearch",
                properties.url(),
                properties.timeout(),
                properties.maxResponse().toBytes());
        this.catalog = catalog;
        this.json = json;
    }

    @Override
    public boolean serves(String service) {
        return catalog.service(service)
                .map(known -> properties.targets().contains(known.target()))
                .orElse(false);
    }

    @Override
    public List<Lines> lines(Collection<String> services, Instant from, Instant until) throws IOException {
        Intervals intervals = Intervals.within(from, until, properties.interval());
        if (services.isEmpty() || intervals.isEmpty()) {
            return List.of();
        }
        // No index is an error and not an empty answer: the pattern may be misspelt.
        HttpRequest.Builder request = calls.request(properties.index() + "/_search?allow_no_indices=false")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        json.writeValueAsBytes(search(services, intervals.first(), intervals.last()))));
        String authorization = authorization();
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return read(calls.json(request.build()));
    }

    private Map<String, Object> search(Collection<String> services, Instant first, Instant last) {
        Map<String, Object> minutes = Map.of(
                "date_histogram",
                Map.of(
                        "field",
                        properties.timeField(),
                        "fixed_interval",
                        properties.interval().toSeconds() + "s",
                        "min_doc_count",
                        1),
                "aggs",
                Map.of(
                        "errors",
                        Map.of("filter", Map.of("terms", Map.of(properties.levelField(), properties.errorLevels())))));
        Map<String, Object> versions = Map.of(
                "terms",
                Map.of("field", properties.versionField(), "size", MOST_VERSIONS, "missing", ""),
                "aggs",
                Map.of("minutes", minutes));
        return Map.of(
                "size",
                0,
                "track_total_hits",
                false,
                "timeout",
                properties.timeout().toMillis() + "ms",
                "query",
                Map.of(
                        "bool",
                        Map.of(
                                "filter",
                                List.of(
                                        Map.of(
                                                "range",
                                                Map.of(
                                                        properties.timeField(),
                                                        Map.of(
                                                                "gte", first.toEpochMilli(),
                                                                "lt", last.toEpochMilli(),
                                                                "format", "epoch_millis"))),
                                        Map.of("terms", Map.of(properties.serviceField(), services))))),
                "aggs",
                Map.of(
                        "services",
                        Map.of(
                                "terms",
                                Map.of("field", properties.serviceField(), "size", services.size()),
                                "aggs",
                                Map.of("versions", versions))));
    }

    private List<Lines> read(JsonNode answer) throws IOException {
        if (answer.path("timed_out").asBoolean(true)) {
            throw new IOException("OpenSearch ran out of time: its answer is not whole");
        }
        if (answer.path("_shards").path("failed").asInt(1) != 0) {
            throw new IOException("OpenSearch answered without some shards: its answer is not whole");
        }
        List<Lines> lines = new ArrayList<>();
        for (JsonNode service : buckets(answer.path("aggregations").path("services"))) {
            for (JsonNode version : buckets(service.path("versions"))) {
                String digest = version.path("key").asText("");
                for (JsonNode minute : version.path("minutes").path("buckets")) {
                    lines.add(new Lines(
                            service.path("key").asText(),
                            digest.substring(digest.lastIndexOf('@') + 1),
                            Instant.ofEpochMilli(minute.path("key").asLong()),
                            properties.interval(),
                            minute.path("doc_count").asLong(),
                            minute.path("errors").path("doc_count").asLong()));
                }
            }
        }
        lines.sort(Comparator.comparing(Lines::at).thenComparing(Lines::service).thenComparing(Lines::version));
        return List.copyOf(lines);
    }

    private static JsonNode buckets(JsonNode aggregation) throws IOException {
        if (!aggregation.path("buckets").isArray()) {
            throw new IOException("OpenSearch answered no counts");
        }
        if (aggregation.path("sum_other_doc_count").asLong(0) != 0) {
            throw new IOException("OpenSearch left out some services or versions: there are more than %d"
                    .formatted(aggregation.path("buckets").size()));
        }
        return aggregation.path("buckets");
    }

    private String authorization() throws IOException {
        if (properties.authorizationFile() != null) {
            return MonitoringCalls.secret(null, properties.authorizationFile());
        }
        if (properties.user() == null) {
            return null;
        }
        String both =
                properties.user() + ":" + MonitoringCalls.secret(properties.password(), properties.passwordFile());
        return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }
}
