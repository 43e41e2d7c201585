package dev.countersign.evidence.policy;

import dev.countersign.evidence.http.BaseAddress;
import dev.countersign.evidence.http.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param url of the server, without {@code /v1}; without it Open Policy Agent is not asked
 * @param token where it wants one, from the environment; or in a file, {@code token-file}, read anew for each call
 * @param path of a set of messages, or of a package with such sets: {@code countersign/release}
 * @param paths other paths for single services
 */
@ConfigurationProperties("countersign.evidence.opa")
record OpaProperties(
        URI url,
        String token,
        Path tokenFile,
        @DefaultValue("countersign/release") String path,
        Map<String, String> paths,
        @DefaultValue("PT4S") Duration timeout,
        @DefaultValue("1MB") DataSize maxResponse) {
    OpaProperties {
        BaseAddress.check("countersign.evidence.opa.url", url);
        Secret.of("countersign.evidence.opa.token", token, tokenFile);
        paths = paths == null ? Map.of() : Map.copyOf(paths);
        List<String> all = new ArrayList<>(paths.values());
        all.add(path);
        for (String one : all) {
            if (!one.matches("[A-Za-z_][A-Za-z0-9_-]*(/[A-Za-z_][A-Za-z0-9_-]*){0,9}")) {
                throw new IllegalArgumentException("countersign.evidence.opa: '" + one + "' is no path of a policy");
            }
        }
    }

    /** Null where it wants none. */
    Secret credentials() {
        return Secret.of("countersign.evidence.opa.token", token, tokenFile);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "OpaProperties[url=" + url + "]";
    }
}
