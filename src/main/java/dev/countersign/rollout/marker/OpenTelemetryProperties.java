package dev.countersign.rollout.marker;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param url of a receiver of OTLP over HTTP, to which {@code /v1/logs} is added; named by operators only. Without it no events are sent
 * @param tokenFile with the token that the receiver asks for as a bearer; read anew for each call. Left out, none is sent
 * @param timeout of one call
 */
@ConfigurationProperties("countersign.rollout.opentelemetry")
record OpenTelemetryProperties(URI url, Path tokenFile, @DefaultValue("PT5S") Duration timeout) {
    OpenTelemetryProperties {
        if (url != null
                && (!Set.of("http", "https").contains(String.valueOf(url.getScheme()))
                        || url.getHost() == null
                        || url.getUserInfo() != null
                        || url.getQuery() != null
                        || url.getFragment() != null)) {
            throw new IllegalArgumentException(
                    "countersign.rollout.opentelemetry.url must be http(s)://host[:port][/path], without a user in it");
        }
    }
}
