package dev.countersign.rollout.flagd;

import java.nio.file.Path;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Definition files of flagd that this node can write.
 *
 * @param services the file with the flags of each service, by its name in the catalog; without services no flag is managed here
 */
@ConfigurationProperties("countersign.rollout.flagd")
record FlagdProperties(Map<String, Path> services) {
    FlagdProperties {
        services = services == null ? Map.of() : Map.copyOf(services);
        services.forEach((service, file) -> {
            if (!file.isAbsolute()) {
                throw new IllegalArgumentException(
                        "countersign.rollout.flagd.services.%s must be an absolute path".formatted(service));
            }
        });
    }
}
