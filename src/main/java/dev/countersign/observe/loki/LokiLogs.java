package dev.countersign.observe.loki;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.catalog.Catalog;
import dev.countersign.observe.Intervals;
import dev.countersign.observe.LogSource;
import dev.countersign.observe.MonitoringCalls;
import dev.countersign.observe.spans.Served;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/**
 * Counts lines by service, version, level and interval: one query for all services, and no line leaves Loki. All levels are counted and not only errors: a misspelt label would find none,
 * for ever.
 */
@Component
@ConditionalOnProperty("countersign.observe.loki.url")
class LokiLogs implements LogSource {
    private static final long NANOS = 1_000_000_000;
    private final LokiProperties properties;
    private final MonitoringCalls calls;
    private final Served served;

    LokiLogs(LokiProperties properties, Catalog catalog) {
        this.properties = properties;
        this.calls = new MonitoringCalls(
                "Loki",
                properties.url(),
                properties.timeout(),
                properties.maxResponse().toBytes());
        this.served = new Served(catalog, properties.targets());
    }

    @Override
    public boolean serves(String service) {
        return served.has(service);
    }

    @Override
    public List<Lines> lines(Collection<String> services, Instant from, Instant until) throws IOException {
        Intervals intervals = Intervals.within(from, until, properties.interval());
        if (services.isEmpty() || intervals.isEmpty()) {
            return List.of();
        }
        // Each point counts the interval that ends there. A second more: nobody says whether the end is one of the
        // points.
        HttpRequest.Builder request = calls.request("loki/api/v1/query_range?query=%s&start=%d&end=%d&step=%d"
                        .formatted(
                                URLEncoder.encode(query(services), UTF_8),
                                intervals.first().plus(intervals.length()).getEpochSecond() * NANOS,
                                (intervals.last().getEpochSecond() + 1) * NANOS,
                                intervals.length().toSeconds()))
                .GET();
        MonitoringCalls.header(
                request,
                "Authorization",
                MonitoringCalls.secret(properties.authorization(), properties.authorizationFile()));
        MonitoringCalls.header(request, "X-Scope-OrgID", properties.tenant());
        return new LokiAnswer(properties, intervals).read(calls.json(request.build()));
    }

    private String query(Collection<String> services) {
        return "sum by (%s, %s, %s) (count_over_time({%s=~\"%s\"} %s [%ds]))"
                .formatted(
                        properties.serviceLabel(),
                        properties.versionLabel(),
                        properties.levelLabel(),
                        properties.serviceLabel(),
                        services.stream().sorted().map(LokiLogs::literally).collect(Collectors.joining("|")),
                        properties.pipeline().strip(),
                        properties.interval().toSeconds());
    }

    /** Names of the catalog are letters, digits and little else; whatever else is written so that it stands for itself only. */
    private static String literally(String service) {
        StringBuilder literal = new StringBuilder();
        service.codePoints()
                .forEach(each -> literal.append(
                        Character.isLetterOrDigit(each) || each == '-' || each == '_'
                                ? Character.toString(each)
                                : "\\\\x{%x}".formatted(each)));
        return literal.toString();
    }
}
