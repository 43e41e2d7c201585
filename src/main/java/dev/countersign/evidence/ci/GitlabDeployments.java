package dev.countersign.evidence.ci;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.ci.PipelineDeployments.Deployment;
import dev.countersign.evidence.ci.PipelineDeployments.Job;
import dev.countersign.evidence.ci.PipelineDeployments.Pipeline;
import dev.countersign.evidence.ci.PipelineDeployments.Result;
import dev.countersign.release.DeploymentReport;
import dev.countersign.release.DeploymentReport.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Deployments of GitLab, out of its deployment hooks and of its pipeline hooks. A job that deploys is one deployment whichever of the two tells of it: it is known by
 * the job's id, and a pipeline that is one as a whole by the pipeline's.
 */
@Component
class GitlabDeployments {
    private final GitlabDeploymentsProperties declared;

    GitlabDeployments(GitlabDeploymentsProperties declared) {
        this.declared = declared;
    }

    List<DeploymentReport> hook(JsonNode event) {
        return switch (event.path("object_kind").asText("")) {
            case "deployment" -> deployment(event);
            case "pipeline" -> pipeline(event);
            default -> List.of();
        };
    }

    private static List<DeploymentReport> deployment(JsonNode event) {
        State state =
                switch (event.path("status").asText("")) {
                    case "created" -> State.WAITING;
                    case "blocked" -> State.HELD;
                    case "running" -> State.RUNNING;
                    case "success" -> State.SUCCESS;
                    case "failed", "canceled" -> State.FAILURE;
                    // Skipped, or a word that is not known.
                    default -> null;
                };
        Instant at = ToldTimes.of(event.path("status_changed_at"));
        String id = event.path("deployable_id").canConvertToLong()
                ? "job:" + event.path("deployable_id").asText()
                : event.path("deployment_id").canConvertToLong()
                        ? "deployment:" + event.path("deployment_id").asText()
                        : null;
        if (state == null || at == null || id == null) {
            return List.of();
        }
        String commit = event.path("commit_url").asText("");
        return List.of(new DeploymentReport(
                GitlabSource.NAME,
                id,
                text(event.path("project").path("path_with_namespace")),
                text(event.path("environment")),
                commit.substring(commit.lastIndexOf('/') + 1),
                null,
                state,
                at,
                state == State.RUNNING ? at : null,
                state.isEnd() ? at : null,
                at,
                text(event.path("deployable_url"))));
    }

    private List<DeploymentReport> pipeline(JsonNode event) {
        JsonNode attributes = event.path("object_attributes");
        Instant created = ToldTimes.of(attributes.path("created_at"));
        if (!attributes.path("id").canConvertToLong() || created == null) {
            return List.of();
        }
        String status = attributes.path("status").asText("");
        Instant finished = result(status) == null ? null : ToldTimes.of(attributes.path("finished_at"));
        List<Job> jobs = new ArrayList<>();
        event.path("builds").forEach(build -> jobs.add(job(build)));
        boolean whole = declared.isPipeline(attributes.path("name").asText(""));
        Pipeline pipeline = new Pipeline(
                attributes.path("id").asText(),
                whole,
                whole && jobs.stream().noneMatch(Job::declared) ? declared.place() : null,
                text(attributes.path("sha")),
                result(status),
                finished,
                attributes.path("duration").isNumber()
                        ? Duration.ofSeconds(
                                Math.max(0, attributes.path("duration").asLong()))
                        : null,
                jobs);
        String project = text(event.path("project").path("path_with_namespace"));
        String address = text(attributes.path("url"));
        return PipelineDeployments.of(pipeline).stream()
                .flatMap(one -> one.jobs().isEmpty()
                        ? Stream.of(whole(one, project, created, status, address))
                        : one.jobs().stream().map(job -> report(one, job, project, created, address)))
                .toList();
    }

    private Job job(JsonNode build) {
        JsonNode environment = build.path("environment");
        // Stopping, preparing or verifying an environment brings nothing into it.
        boolean starts = environment.path("name").isTextual()
                && environment.path("action").asText("start").equals("start");
        String status = build.path("status").asText("");
        Instant started = ToldTimes.of(build.path("started_at"));
        // Nothing came of one that waits for somebody, or that was called off or refused before it began, by a rule of
        // the environment or because nobody was there to run it.
        boolean idle = List.of("skipped", "manual", "created").contains(status)
                || (result(status) == Result.FAILURE && started == null);
        return new Job(
                build.path("id").asText(),
                starts || declared.isJob(build.path("name").asText("")),
                starts ? text(environment.path("name")) : declared.place(),
                idle ? Result.SKIPPED : result(status),
                started,
                ToldTimes.of(build.path("finished_at")));
    }

    /** Each job is one deployment, with its own start: the one that GitLab's own hook tells of. The end is the pipeline's. */
    private static DeploymentReport report(Deployment one, Job job, String project, Instant created, String address) {
        boolean begun = job.started() != null || job.result() == Result.SUCCESS;
        State state = !begun
                ? State.WAITING
                : one.result() == null
                        ? State.RUNNING
                        : one.result() == Result.FAILURE || job.result() == Result.FAILURE
                                ? State.FAILURE
                                : State.SUCCESS;
        return report("job:" + job.id(), one, project, created, state, job.started(), address);
    }

    private static DeploymentReport whole(
            Deployment one, String project, Instant created, String status, String address) {
        State state = one.result() == Result.SUCCESS
                ? State.SUCCESS
                : one.result() == Result.FAILURE
                        ? State.FAILURE
                        : one.started() != null || status.equals("running") ? State.RUNNING : State.WAITING;
        return report("pipeline:" + one.pipeline(), one, project, created, state, one.started(), address);
    }

    private static DeploymentReport report(
            String id, Deployment one, String project, Instant created, State state, Instant begun, String address) {
        return new DeploymentReport(
                GitlabSource.NAME,
                id,
                project,
                one.environment(),
                one.commit(),
                null,
                state,
                created,
                begun,
                one.finished(),
                one.finished() != null ? one.finished() : begun != null ? begun : created,
                address);
    }

    /** Null while it runs, waits, or is something that is not known. */
    private static Result result(String status) {
        return switch (status) {
            case "success" -> Result.SUCCESS;
            case "failed", "canceled" -> Result.FAILURE;
            case "skipped" -> Result.SKIPPED;
            default -> null;
        };
    }

    private static String text(JsonNode node) {
        return node.isTextual() && !node.asText().isBlank() ? node.asText() : null;
    }
}
