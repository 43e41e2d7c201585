package dev.countersign.rollout.marker;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param url of Grafana, named by operators only; without it there are no annotations
 * @param tokenFile with the token of a service account that may write annotations; read anew for each call
 * @param timeout of one call
 */
@ConfigurationProperties("countersign.rollout.grafana")
record GrafanaProperties(URI url, Path tokenFile, @DefaultValue("PT5S") Duration timeout) {
    GrafanaProperties {
        if (url != null
                && (!Set.of("http", "https").contains(String.valueOf(url.getScheme()))
                        || url.getHost() == null
                        || url.getUserInfo() != null
                        || tokenFile == null)) {
            throw new IllegalArgumentException(
                    "countersign.rollout.grafana needs url (http(s)://host[:port][/path], without a user in it) and token-file");
        }
    }
}
