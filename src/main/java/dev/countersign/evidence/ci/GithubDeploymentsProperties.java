package dev.countersign.evidence.ci;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Asking GitHub for the deployments of repositories, beside what its webhook says: with the address and the token of {@code countersign.evidence.github}.
 *
 * @param repositories {@code owner/name}; without one nothing is asked
 * @param interval from one asking to the next
 * @param lookBack how old a deployment may be that is still asked for: its state changes after it was made
 */
@ConfigurationProperties("countersign.evidence.github.deployments")
record GithubDeploymentsProperties(
        @DefaultValue List<String> repositories,
        @DefaultValue("PT15M") Duration interval,
        @DefaultValue("P7D") Duration lookBack) {
    private static final String KEY = "countersign.evidence.github.deployments.";
    private static final Duration SHORTEST = Duration.ofMinutes(1);

    GithubDeploymentsProperties {
        repositories = List.copyOf(repositories);
        for (String repository : repositories) {
            if (!repository.matches("[A-Za-z0-9_-]{1,100}/[A-Za-z0-9._-]{1,100}")) {
                throw new IllegalArgumentException(KEY + "repositories: '" + repository + "' is not owner/name");
            }
        }
        if (interval.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException(KEY + "interval must be at least " + SHORTEST);
        }
        if (lookBack.isNegative() || lookBack.isZero()) {
            throw new IllegalArgumentException(KEY + "look-back must be longer than nothing");
        }
    }
}
