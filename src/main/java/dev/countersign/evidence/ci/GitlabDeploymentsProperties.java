package dev.countersign.evidence.ci;

import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Which pipelines of GitLab are deployments beside those that have a job with an environment.
 *
 * @param pipelines regular expression for the names of pipelines ({@code workflow: name}) that are one as a whole
 * @param jobs regular expression for the names of jobs that deploy without naming an environment
 * @param environment where these go; without it their environment is not known
 */
@ConfigurationProperties("countersign.evidence.gitlab.deployments")
record GitlabDeploymentsProperties(Pattern pipelines, Pattern jobs, String environment) {
    boolean isPipeline(String name) {
        return pipelines != null && pipelines.matcher(name).matches();
    }

    boolean isJob(String name) {
        return jobs != null && jobs.matcher(name).matches();
    }

    String place() {
        return environment == null || environment.isBlank() ? null : environment.strip();
    }
}
