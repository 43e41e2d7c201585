package dev.countersign.evidence.scan;

import dev.countersign.evidence.http.BaseAddress;
import dev.countersign.evidence.http.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param url of the server, without {@code /api}; without it SonarQube is not asked
 * @param token of a user who may browse the projects, from the environment; or in a file, {@code token-file}, read anew for each call
 * @param basic whether the token is sent as the user of basic authentication, as servers before 10 want it
 * @param projects the project's key of a service, where it is not the service's name
 * @param branch the branch that is asked for; null for the main one
 * @param types of issues: narrowed where a project has more than the 10 000 that can be listed
 */
@ConfigurationProperties("countersign.evidence.sonarqube")
record SonarQubeProperties(
        URI url,
        String token,
        Path tokenFile,
        boolean basic,
        Map<String, String> projects,
        String branch,
        @DefaultValue({"BUG", "VULNERABILITY", "CODE_SMELL"}) Set<String> types,
        @DefaultValue("PT4S") Duration timeout,
        @DefaultValue("5MB") DataSize maxResponse) {
    SonarQubeProperties {
        BaseAddress.check("countersign.evidence.sonarqube.url", url);
        if (url != null && Secret.of("countersign.evidence.sonarqube.token", token, tokenFile) == null) {
            throw new IllegalArgumentException("countersign.evidence.sonarqube needs token or token-file");
        }
        if (!types.contains("VULNERABILITY")
                || !Set.of("BUG", "VULNERABILITY", "CODE_SMELL").containsAll(types)) {
            throw new IllegalArgumentException(
                    "countersign.evidence.sonarqube.types are BUG, VULNERABILITY and CODE_SMELL, and VULNERABILITY is one of them");
        }
        types = java.util.Collections.unmodifiableSet(new TreeSet<>(types));
        projects = projects == null ? Map.of() : Map.copyOf(projects);
    }

    Secret credentials() {
        return Secret.of("countersign.evidence.sonarqube.token", token, tokenFile);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "SonarQubeProperties[url=" + url + "]";
    }
}
