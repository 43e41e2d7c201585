package dev.countersign.observe.tempo;

import dev.countersign.observe.MonitoringCalls;
import dev.countersign.observe.spans.TracingProperties;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * A Grafana Tempo, named by operators only: nothing that a user enters becomes a part of its address.
 *
 * @param url where its query frontend answers, for example {@code https://tempo.example:3200}; without it there is no such source
 * @param targets services whose catalog target is one of these have traces here
 * @param authorization a whole header, for example {@code Bearer …} or {@code Basic …}, from the environment; {@code authorization-file} is read anew for each query
 * @param tenant for {@code X-Scope-OrgID}, where it has tenants
 * @param timeout of one query, its whole answer included
 * @param maxResponse an answer larger than this is none
 * @param versionTags attributes of a span, or of its resource, that carry the version: the digest or the version number; the first that is there counts
 * @param slice traces are searched by pieces of so much time, so that they are spread over all of it; longer where there were more than 120 pieces
 * @param limit traces of a piece; each is a query of its own
 * @param within all traces of a service must be there in so much time
 */
@ConfigurationProperties("countersign.observe.tempo")
record TempoProperties(
        URI url,
        @DefaultValue("production") List<String> targets,
        String authorization,
        Path authorizationFile,
        String tenant,
        @DefaultValue("PT5S") Duration timeout,
        @DefaultValue("8MB") DataSize maxResponse,
        @DefaultValue({"service.version", "version"}) List<String> versionTags,
        @DefaultValue("PT1M") Duration slice,
        @DefaultValue("50") int limit,
        @DefaultValue("PT1M") Duration within)
        implements TracingProperties {
    private static final int MOST = 500;

    TempoProperties {
        targets = List.copyOf(targets);
        versionTags = List.copyOf(versionTags);
        new Check("countersign.observe.tempo")
                .server(url, timeout)
                .oneSecret("authorization", authorization, authorizationFile)
                .that(within.compareTo(timeout) >= 0, "within", "must be as long as timeout, or longer")
                .asking(slice, limit, MOST, versionTags);
    }

    @Override
    public String authorized() throws IOException {
        return MonitoringCalls.secret(authorization, authorizationFile);
    }

    /** Without the secret: what is configured is logged when it cannot be bound. */
    @Override
    public String toString() {
        return "TempoProperties[url=" + url + ", targets=" + targets + "]";
    }
}
