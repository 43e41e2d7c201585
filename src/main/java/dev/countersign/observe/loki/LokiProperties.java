package dev.countersign.observe.loki;

import dev.countersign.observe.Intervals;
import dev.countersign.observe.MonitoringCalls;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * A Grafana Loki, named by operators only: nothing that a user enters becomes a part of its address.
 *
 * @param url where it answers, for example {@code https://loki.example:3100}; without it there is no such source
 * @param targets services whose catalog target is one of these log here
 * @param authorization a whole header, for example {@code Bearer …} or {@code Basic …}, from the environment; {@code authorization-file} is read anew for each query
 * @param tenant for {@code X-Scope-OrgID}, where it has tenants
 * @param timeout of one query, its whole answer included
 * @param maxResponse an answer larger than this is none
 * @param interval what lines are counted in: whole seconds that a minute is a multiple of
 * @param serviceLabel which service logged a line; a label of the stream
 * @param versionLabel the version that logged it: digest or version number; a label, structured metadata, or what the pipeline makes
 * @param levelLabel how bad it is; as above
 * @param errorLevels what of it is an error
 * @param pipeline stages of LogQL after the selector, for example {@code | json}; for lines that say their version or level in their text
 */
@ConfigurationProperties("countersign.observe.loki")
record LokiProperties(
        URI url,
        @DefaultValue("production") List<String> targets,
        String authorization,
        Path authorizationFile,
        String tenant,
        @DefaultValue("PT5S") Duration timeout,
        @DefaultValue("8MB") DataSize maxResponse,
        @DefaultValue("PT1M") Duration interval,
        @DefaultValue("service_name") String serviceLabel,
        @DefaultValue("service_version") String versionLabel,
        @DefaultValue("detected_level") String levelLabel,
        @DefaultValue({"ERROR", "FATAL", "CRITICAL", "error", "fatal", "critical"}) List<String> errorLevels,
        @DefaultValue("") String pipeline) {
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

    LokiProperties {
        targets = List.copyOf(targets);
        errorLevels = List.copyOf(errorLevels);
        require(
                url == null || MonitoringCalls.isAddress(url),
                "url",
                "must be http(s)://host[:port][/path], without a user in it");
        require(
                authorization == null || authorizationFile == null,
                "authorization",
                "stands in a file or here, not in both");
        require(timeout.toMillis() > 0, "timeout", "must be positive");
        require(Intervals.isLength(interval), "interval", "must be a minute or a part of it, for example PT15S");
        for (String label : List.of(serviceLabel, versionLabel, levelLabel)) {
            require(LABEL.matcher(label).matches(), "*-label", "'" + label + "' is no name of a label");
        }
        require(!errorLevels.isEmpty(), "error-levels", "must name one");
        require(pipeline.isBlank() || pipeline.strip().startsWith("|"), "pipeline", "must begin with |");
    }

    private static void require(boolean condition, String key, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException("countersign.observe.loki." + key + " " + otherwise);
        }
    }

    /** Without the secret: what is configured is logged when it cannot be bound. */
    @Override
    public String toString() {
        return "LokiProperties[url=" + url + ", targets=" + targets + "]";
    }
}
