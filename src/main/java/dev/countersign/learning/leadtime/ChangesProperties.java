package dev.countersign.learning.leadtime;

import dev.countersign.evidence.http.BaseAddress;
import dev.countersign.evidence.http.Secret;
import dev.countersign.evidence.http.SystemApi;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param github asked for services with the annotation {@code github.com/project-slug}; left out, it is not
 * @param gitlab asked for services with the annotation {@code gitlab.com/project-slug}; left out, it is not
 * @param mostCommits a release of more commits is not looked into: of its changes nothing is known
 * @param mostChanges likewise of more changes
 * @param within how long all questions about one release may take
 */
@ConfigurationProperties("countersign.learning.changes")
record ChangesProperties(
        Forge github,
        Forge gitlab,
        @DefaultValue("500") int mostCommits,
        @DefaultValue("200") int mostChanges,
        @DefaultValue("PT5M") Duration within) {
    private static final String KEY = "countersign.learning.changes";

    ChangesProperties {
        check("github", github);
        check("gitlab", gitlab);
        if (mostCommits < 1 || mostChanges < 1 || within.toMillis() < 1) {
            throw new IllegalArgumentException(KEY + ": most-commits, most-changes and within must be positive");
        }
    }

    private static void check(String name, Forge forge) {
        if (forge != null) {
            BaseAddress.check(KEY + "." + name + ".url", forge.url());
            if (forge.url() != null && forge.secret() == null) {
                throw new IllegalArgumentException(KEY + "." + name + " needs token or token-file");
            }
        }
    }

    /**
     * @param url of GitHub's API ({@code https://api.github.com}, {@code https://github.example/api/v3}), or of GitLab
     * @param token that may read the repository and its pull requests ({@code read_api} for GitLab), from the environment; or in a file, {@code token-file}, read anew for
     *     each call
     * @param timeout of one call
     * @param maxAnswer a larger answer is none; a comparison brings the changed lines along
     */
    record Forge(
            URI url,
            String token,
            Path tokenFile,
            @DefaultValue("PT5S") Duration timeout,
            @DefaultValue("20MB") DataSize maxAnswer) {
        Secret secret() {
            return Secret.of(KEY + ".token", token, tokenFile);
        }

        SystemApi api(Function<Secret, Map<String, String>> headers, Clock clock) {
            Secret secret = secret();
            return new SystemApi(url, () -> headers.apply(secret), timeout, maxAnswer.toBytes(), clock);
        }

        /** Without the token. */
        @Override
        public String toString() {
            return "Forge[url=" + url + "]";
        }
    }
}
