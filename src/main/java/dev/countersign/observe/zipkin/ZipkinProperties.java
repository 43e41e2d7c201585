package dev.countersign.observe.zipkin;

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
 * A Zipkin server, named by operators only: nothing that a user enters becomes a part of its address.
 *
 * @param url where it answers, for example {@code https://zipkin.example:9411}; without it there is no such source
 * @param targets services whose catalog target is one of these have traces here
 * @param bearerToken for what stands before it, from the environment; {@code bearer-token-file} is read anew for each query
 * @param timeout of one query, its whole answer included
 * @param maxResponse an answer larger than this is none
 * @param versionTags tags of a server's span that carry its version: the digest or the version number; the first that is there counts
 * @param slice traces are asked for by pieces of so much time, so that they are spread over all of it; longer where there were more than 120 pieces
 * @param limit traces of a piece
 */
@ConfigurationProperties("countersign.observe.zipkin")
record ZipkinProperties(
        URI url,
        @DefaultValue("production") List<String> targets,
        String bearerToken,
        Path bearerTokenFile,
        @DefaultValue("PT5S") Duration timeout,
        @DefaultValue("16MB") DataSize maxResponse,
        @DefaultValue({"service.version", "version"}) List<String> versionTags,
        @DefaultValue("PT1M") Duration slice,
        @DefaultValue("300") int limit)
        implements TracingProperties {
    private static final int MOST = 2000;

    ZipkinProperties {
        targets = List.copyOf(targets);
        versionTags = List.copyOf(versionTags);
        new Check("countersign.observe.zipkin")
                .server(url, timeout)
                .oneSecret("bearer-token", bearerToken, bearerTokenFile)
                .asking(slice, limit, MOST, versionTags);
    }

    @Override
    public String authorized() throws IOException {
        return MonitoringCalls.bearer(bearerToken, bearerTokenFile);
    }

    /** Without the token: what is configured is logged when it cannot be bound. */
    @Override
    public String toString() {
        return "ZipkinProperties[url=" + url + ", targets=" + targets + "]";
    }
}
