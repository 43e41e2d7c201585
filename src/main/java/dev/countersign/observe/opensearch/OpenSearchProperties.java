package dev.countersign.observe.opensearch;

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
 * An OpenSearch or Elasticsearch cluster with logs, named by operators only: nothing that a user enters becomes a part of its address.
 *
 * @param url where it answers, for example {@code https://logs.example:9200}; without it there is no such source
 * @param targets services whose catalog target is one of these log here
 * @param user who asks, with {@code password-file} (read anew for each query) or {@code password}; a role that may read the index is enough
 * @param authorization instead of them: the whole header, for example {@code ApiKey …}, from {@code authorization-file}, read anew for each query
 * @param timeout of one query, its whole answer included
 * @param maxResponse an answer larger than this is none
 * @param interval what lines are counted in: whole seconds that a minute is a multiple of
 * @param index pattern of the indices that hold the logs
 * @param timeField when a line was logged
 * @param serviceField which service logged it, as a keyword
 * @param versionField the version that logged it, as a keyword: digest or version number
 * @param levelField how bad it is, as a keyword
 * @param errorLevels what of it is an error
 */
@ConfigurationProperties("countersign.observe.opensearch")
record OpenSearchProperties(
        URI url,
        @DefaultValue("production") List<String> targets,
        String user,
        String password,
        Path passwordFile,
        Path authorizationFile,
        @DefaultValue("PT5S") Duration timeout,
        @DefaultValue("8MB") DataSize maxResponse,
        @DefaultValue("PT1M") Duration interval,
        @DefaultValue("logs-*") String index,
        @DefaultValue("@timestamp") String timeField,
        @DefaultValue("service.name") String serviceField,
        @DefaultValue("service.version") String versionField,
        @DefaultValue("log.level") String levelField,
        @DefaultValue({"ERROR", "FATAL", "error", "fatal"}) List<String> errorLevels) {
    private static final Pattern INDEX = Pattern.compile("[a-z0-9][a-z0-9_.*,-]*");

    OpenSearchProperties {
        targets = List.copyOf(targets);
        errorLevels = List.copyOf(errorLevels);
        require(
                url == null || MonitoringCalls.isAddress(url),
                "url",
                "must be http(s)://host[:port][/path], without a user in it");
        require(timeout.toMillis() > 0, "timeout", "must be positive");
        require(Intervals.isLength(interval), "interval", "must be a minute or a part of it, for example PT15S");
        require(INDEX.matcher(index).matches(), "index", "'" + index + "' is no name or pattern of an index");
        require(!errorLevels.isEmpty(), "error-levels", "must name one");
        require(password == null || passwordFile == null, "password", "stands in a file or here, not in both");
        require(
                user == null
                        ? password == null && passwordFile == null
                        : (password != null || passwordFile != null) && authorizationFile == null,
                "user",
                "goes with password-file or password, and without authorization-file");
    }

    private static void require(boolean condition, String key, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException("countersign.observe.opensearch." + key + " " + otherwise);
        }
    }

    /** Without the secrets: what is configured is logged when it cannot be bound. */
    @Override
    public String toString() {
        return "OpenSearchProperties[url=" + url + ", targets=" + targets + ", index=" + index + "]";
    }
}
