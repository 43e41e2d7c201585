package dev.countersign.observe.prometheus;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * A Prometheus server, named by operators only: nothing that a user enters becomes a part of its address.
 *
 * @param url where it answers, for example {@code https://prometheus.example:9090}; without it there is no such source
 * @param targets services whose catalog target is one of these are measured here
 * @param bearerToken sent with each query, from the environment; {@code bearer-token-file} is read anew for each query
 * @param timeout of one query, its whole answer included
 * @param interval length of one measurement: at least twice the scrape interval, and a part of a minute
 * @param delay until a scrape is stored: the scrape timeout and the clocks' difference
 * @param maxResponse an answer larger than this is none
 * @param serviceLabel the label that names the service
 * @param versionLabel the label that carries the running artifact's digest: {@code sha256:…}, its 64 digits, or an image that ends in it
 * @param statusLabel the label with the answer's status
 * @param errorStatus regular expression; an answer whose whole status matches is an error
 * @param latencyUnit of the histogram's bounds: {@code seconds} or {@code milliseconds}
 * @param requests PromQL with {@code $service} and {@code $interval}, grouped by version and status; left out, made from the labels
 * @param latencies PromQL of a classic histogram, grouped by version and {@code le}, or of a native one, grouped by version; left out, made from the labels
 * @param objectivesInterval what a minute of an objective is counted in: at least twice the scrape interval, and whole minutes that an hour is a multiple of
 * @param acceptInfos go on although Prometheus doubts a query; warnings are never accepted
 */
@ConfigurationProperties("countersign.observe.prometheus")
record PrometheusProperties(
        URI url,
        @DefaultValue("production") List<String> targets,
        String bearerToken,
        Path bearerTokenFile,
        @DefaultValue("PT2S") Duration timeout,
        @DefaultValue("PT15S") Duration interval,
        @DefaultValue("PT5S") Duration delay,
        @DefaultValue("8MB") DataSize maxResponse,
        @DefaultValue("service") String serviceLabel,
        @DefaultValue("version") String versionLabel,
        @DefaultValue("code") String statusLabel,
        @DefaultValue("5..") String errorStatus,
        @DefaultValue("seconds") String latencyUnit,
        String requests,
        String latencies,
        @DefaultValue("PT1M") Duration objectivesInterval,
        @DefaultValue("false") boolean acceptInfos) {
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    PrometheusProperties {
        targets = List.copyOf(targets);
        if (url != null) {
            require(
                    Set.of("http", "https").contains(String.valueOf(url.getScheme()))
                            && url.getHost() != null
                            && url.getUserInfo() == null
                            && url.getQuery() == null
                            && url.getFragment() == null,
                    "url",
                    "must be http(s)://host[:port][/path], without a user in it");
        }
        require(
                bearerToken == null || bearerTokenFile == null,
                "bearer-token",
                "stands in a file or here, not in both");
        require(
                interval.toMillis() > 0
                        && interval.compareTo(MINUTE) <= 0
                        && MINUTE.toMillis() % interval.toMillis() == 0,
                "interval",
                "must be a minute or a part of it, for example PT15S");
        require(
                objectivesInterval.toMinutes() > 0
                        && objectivesInterval.equals(Duration.ofMinutes(objectivesInterval.toMinutes()))
                        && 60 % objectivesInterval.toMinutes() == 0,
                "objectives-interval",
                "must be whole minutes that an hour is a multiple of, for example PT5M");
        require(!delay.isNegative(), "delay", "must not be negative");
        require(timeout.toMillis() > 0, "timeout", "must be positive");
        for (String label : List.of(serviceLabel, versionLabel, statusLabel)) {
            require(LABEL.matcher(label).matches(), "*-label", "'" + label + "' is no name of a label");
        }
        Pattern.compile(errorStatus);
        require(Set.of("seconds", "milliseconds").contains(latencyUnit), "latency-unit", "is seconds or milliseconds");
        requests = template(
                "requests",
                requests,
                "sum by (%s, %s) (increase(http_requests_total{%s=\"$service\"}[$interval]))"
                        .formatted(versionLabel, statusLabel, serviceLabel));
        latencies = template(
                "latencies",
                latencies,
                "sum by (%s, le) (increase(http_request_duration_seconds_bucket{%s=\"$service\"}[$interval]))"
                        .formatted(versionLabel, serviceLabel));
    }

    private static String template(String key, String given, String otherwise) {
        String template = given == null || given.isBlank() ? otherwise : given;
        String quoted = template.replace("=\"$service\"", "");
        require(
                !quoted.equals(template) && !quoted.contains("$service") && template.contains("[$interval]"),
                key,
                "must compare a label with =\"$service\", nothing else with it, and use [$interval]");
        return template;
    }

    private static void require(boolean condition, String key, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException("countersign.observe.prometheus." + key + " " + otherwise);
        }
    }

    /** Without the token: what is configured is logged when it cannot be bound. */
    @Override
    public String toString() {
        return "PrometheusProperties[url=" + url + ", targets=" + targets + "]";
    }
}
