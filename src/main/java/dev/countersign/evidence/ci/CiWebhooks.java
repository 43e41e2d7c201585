package dev.countersign.evidence.ci;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.api.Problem;
import dev.countersign.evidence.SourceCalls;
import dev.countersign.evidence.http.Secret;
import dev.countersign.release.DeploymentReport;
import dev.countersign.release.DeploymentsReported;
import dev.countersign.release.Release;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiPredicate;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Where build servers say that a run has ended. Nothing of what they post counts as evidence: it only has the server asked, by its API, for the reports of the commit.
 * What they say of deployments is passed on, to be compared with what was approved.
 */
@RestController
class CiWebhooks {
    private static final int LARGEST = 5 * 1024 * 1024;
    private final GithubProperties github;
    private final GitlabProperties gitlab;
    private final JenkinsProperties jenkins;
    private final BitbucketProperties bitbucket;
    private final Deliveries deliveries;
    private final Projects projects;
    private final SourceCalls calls;
    private final ObjectMapper json;
    private final GitlabDeployments gitlabDeployments;
    private final ApplicationEventPublisher events;

    CiWebhooks(
            GithubProperties github,
            GitlabProperties gitlab,
            JenkinsProperties jenkins,
            BitbucketProperties bitbucket,
            Deliveries deliveries,
            Projects projects,
            SourceCalls calls,
            ObjectMapper json,
            GitlabDeployments gitlabDeployments,
            ApplicationEventPublisher events) {
        this.github = github;
        this.gitlab = gitlab;
        this.jenkins = jenkins;
        this.bitbucket = bitbucket;
        this.deliveries = deliveries;
        this.projects = projects;
        this.calls = calls;
        this.json = json;
        this.gitlabDeployments = gitlabDeployments;
        this.events = events;
    }

    /** @param releases whose evidence is asked for now; none where the event says nothing of a release on its way */
    record Taken(String outcome, List<String> releases) {}

    @PostMapping("/api/webhooks/github")
    ResponseEntity<Taken> github(HttpServletRequest request) throws IOException {
        byte[] body = body(
                request,
                github.hook(),
                "github",
                (secret, bytes) -> Hooks.signed(secret, request.getHeader("X-Hub-Signature-256"), bytes));
        JsonNode event = read(isForm(request) ? payload(body) : body);
        String kind = String.valueOf(request.getHeader("X-GitHub-Event"));
        if (kind.equals("deployment_status")) {
            return reported(GithubDeployments.hook(event).stream().toList());
        }
        JsonNode run = event.path(kind);
        boolean ended = (kind.equals("workflow_run") || kind.equals("check_run"))
                && event.path("action").asText("").equals("completed");
        return taken(
                GithubSource.NAME,
                request.getHeader("X-GitHub-Delivery"),
                body,
                ended,
                Projects.GITHUB,
                event.path("repository").path("full_name").asText(""),
                run.path("head_sha").asText(""));
    }

    @PostMapping("/api/webhooks/gitlab")
    ResponseEntity<Taken> gitlab(HttpServletRequest request) throws IOException {
        byte[] body = body(
                request,
                gitlab.hook(),
                "gitlab",
                (secret, bytes) -> Hooks.knows(secret, request.getHeader("X-Gitlab-Token")));
        JsonNode event = read(body);
        String kind = event.path("object_kind").asText("");
        if (kind.equals("deployment")) {
            return reported(gitlabDeployments.hook(event));
        }
        boolean pipeline = kind.equals("pipeline");
        if (pipeline) {
            tell(gitlabDeployments.hook(event));
        }
        String status = pipeline
                ? event.path("object_attributes").path("status").asText("")
                : event.path("build_status").asText("");
        String project = event.path("project").path("path_with_namespace").asText("");
        return taken(
                GitlabSource.NAME,
                request.getHeader("X-Gitlab-Event-UUID"),
                body,
                (pipeline || kind.equals("build"))
                        && List.of("success", "failed", "canceled").contains(status),
                Projects.GITLAB,
                project,
                pipeline
                        ? event.path("object_attributes").path("sha").asText("")
                        : event.path("sha")
                                .asText(event.path("commit").path("sha").asText("")));
    }

    /** As the notification plugin posts it; signed by {@code X-Countersign-Signature}, or with the secret as bearer token. */
    @PostMapping("/api/webhooks/jenkins")
    ResponseEntity<Taken> jenkins(HttpServletRequest request) throws IOException {
        byte[] body = body(request, jenkins.hook(), "jenkins", Hooks.either(request));
        JsonNode event = read(body);
        JsonNode build = event.path("build");
        String phase = build.path("phase").asText("");
        // The name alone is that of the last folder's job; its URL tells the whole path.
        String url = event.path("url").asText("");
        String job = url.startsWith("job/")
                ? url.replaceAll("^job/|/$", "").replace("/job/", "/")
                : event.path("name").asText("");
        return taken(
                JenkinsSource.NAME,
                null,
                body,
                phase.equals("COMPLETED") || phase.equals("FINALIZED"),
                Projects.JENKINS,
                job,
                build.path("scm").path("commit").asText(""));
    }

    /** Build statuses of Bitbucket Cloud, of whatever server reports them there. */
    @PostMapping("/api/webhooks/bitbucket")
    ResponseEntity<Taken> bitbucket(HttpServletRequest request) throws IOException {
        byte[] body = body(
                request,
                bitbucket.hook(),
                "bitbucket",
                (secret, bytes) -> Hooks.signed(secret, request.getHeader("X-Hub-Signature"), bytes));
        JsonNode event = read(body);
        JsonNode status = event.path("commit_status");
        boolean ended = String.valueOf(request.getHeader("X-Event-Key")).matches("repo:commit_status_(created|updated)")
                && List.of("SUCCESSFUL", "FAILED", "STOPPED")
                        .contains(status.path("state").asText(""));
        return taken(
                BitbucketSource.NAME,
                request.getHeader("X-Request-UUID"),
                body,
                ended,
                Projects.BITBUCKET,
                event.path("repository").path("full_name").asText(""),
                commit(status));
    }

    /** Bitbucket names the commit by its address where it does not describe it. */
    private static String commit(JsonNode status) {
        String href = status.path("links").path("commit").path("href").asText("");
        return status.path("commit").path("hash").asText(href.substring(href.lastIndexOf('/') + 1));
    }

    private ResponseEntity<Taken> reported(List<DeploymentReport> reports) {
        tell(reports);
        return reports.isEmpty()
                ? ResponseEntity.ok(new Taken("it does not say which deployment began or ended when", List.of()))
                : ResponseEntity.status(HttpStatus.ACCEPTED)
                        .body(new Taken("the deployment is compared with what was approved", List.of()));
    }

    /** Said as often as it is delivered: a deployment is on record once, whatever is repeated. */
    private void tell(List<DeploymentReport> reports) {
        if (!reports.isEmpty()) {
            events.publishEvent(new DeploymentsReported(reports));
        }
    }

    private ResponseEntity<Taken> taken(
            String source, String id, byte[] body, boolean ended, String annotation, String project, String commit) {
        if (!ended) {
            return ResponseEntity.ok(new Taken("not the end of a run", List.of()));
        }
        if (deliveries.isKnown(source, id, body)) {
            return ResponseEntity.ok(new Taken("taken in before", List.of()));
        }
        List<String> releases = projects.open(annotation, project, commit).stream()
                .map(Release::key)
                .toList();
        releases.forEach(key -> calls.askSoon(key, source));
        deliveries.remember(source, id, body);
        return ResponseEntity.status(HttpStatus.ACCEPTED)
                .body(new Taken(
                        releases.isEmpty() ? "no release on its way is of this commit" : "evidence is asked for",
                        releases));
    }

    static byte[] body(HttpServletRequest request, Secret secret, String sender, BiPredicate<Secret, byte[]> knows)
            throws IOException {
        if (secret == null) {
            throw Problem.notFound(
                    "Nothing is taken in here: countersign.evidence.%s.webhook-secret is not set".formatted(sender));
        }
        byte[] body = request.getInputStream().readNBytes(LARGEST + 1);
        if (body.length > LARGEST) {
            throw Problem.of(
                    HttpStatus.PAYLOAD_TOO_LARGE, "A delivery is at most %d bytes".formatted(LARGEST), Map.of());
        }
        if (!knows.test(secret, body)) {
            Problem problem = Problem.of(
                    HttpStatus.UNAUTHORIZED, "The secret of %s is missing or wrong".formatted(sender), Map.of());
            problem.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            throw problem;
        }
        return body;
    }

    private static boolean isForm(HttpServletRequest request) {
        return String.valueOf(request.getContentType())
                .toLowerCase(Locale.ROOT)
                .startsWith(MediaType.APPLICATION_FORM_URLENCODED_VALUE);
    }

    /** What GitHub posts as a form, unless a webhook is set to JSON. It is signed as it is sent. */
    private static byte[] payload(byte[] form) {
        for (String field : new String(form, StandardCharsets.UTF_8).split("&")) {
            if (field.startsWith("payload=")) {
                try {
                    return URLDecoder.decode(field.substring("payload=".length()), StandardCharsets.UTF_8)
                            .getBytes(StandardCharsets.UTF_8);
                } catch (IllegalArgumentException broken) {
                    throw Problem.of(HttpStatus.BAD_REQUEST, "The form's field payload is not well encoded", Map.of());
                }
            }
        }
        throw Problem.of(HttpStatus.BAD_REQUEST, "The form has no field payload", Map.of());
    }

    private JsonNode read(byte[] body) throws IOException {
        try {
            JsonNode event = json.readTree(body);
            if (event == null || !event.isObject()) {
                throw Problem.of(HttpStatus.BAD_REQUEST, "The body is no JSON object", Map.of());
            }
            return event;
        } catch (JsonProcessingException broken) {
            throw Problem.of(HttpStatus.BAD_REQUEST, "The body is not JSON: " + broken.getOriginalMessage(), Map.of());
        }
    }
}
