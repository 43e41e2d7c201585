package dev.countersign.evidence.ci;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which pipelines are deployments. One is that is declared as such, or has a job that is; what was skipped is none. It went where it says itself, else where its jobs
 * that deploy say; its result is the pipeline's, and it began as long before its end as it ran. One pipeline that deploys into several environments is as many
 * deployments.
 */
final class PipelineDeployments {
    private PipelineDeployments() {}

    enum Result {
        SUCCESS,
        FAILURE,
        SKIPPED
    }

    /**
     * @param declared whether the pipeline as a whole is a deployment
     * @param environment null where it names none itself
     * @param result null while it is not known
     * @param finished null while it runs
     * @param ran without the time that it waited; null where it is not known
     */
    record Pipeline(
            String id,
            boolean declared,
            String environment,
            String commit,
            Result result,
            Instant finished,
            Duration ran,
            List<Job> jobs) {
        Pipeline {
            jobs = List.copyOf(jobs);
        }
    }

    /** @param declared whether this job deploys */
    record Job(String id, boolean declared, String environment, Result result, Instant started, Instant finished) {
        private boolean deploys() {
            return declared && result != Result.SKIPPED;
        }
    }

    /**
     * @param environment null where neither the pipeline nor its jobs name one
     * @param started null, as the end, while the pipeline runs
     * @param jobs that deployed; none where the pipeline as a whole did
     */
    record Deployment(
            String pipeline,
            String environment,
            String commit,
            Result result,
            Instant started,
            Instant finished,
            List<Job> jobs) {}

    static List<Deployment> of(Pipeline pipeline) {
        List<Job> deploying = pipeline.jobs().stream().filter(Job::deploys).toList();
        if (pipeline.result() == Result.SKIPPED || !(pipeline.declared() || !deploying.isEmpty())) {
            return List.of();
        }
        Map<String, List<Job>> byEnvironment = new LinkedHashMap<>();
        deploying.forEach(job -> byEnvironment
                .computeIfAbsent(
                        pipeline.environment() != null ? pipeline.environment() : job.environment(),
                        name -> new ArrayList<>())
                .add(job));
        if (byEnvironment.isEmpty()) {
            byEnvironment.put(pipeline.environment(), List.of());
        }
        Instant started = pipeline.finished() == null || pipeline.ran() == null
                ? null
                : pipeline.finished().minus(pipeline.ran());
        return byEnvironment.entrySet().stream()
                .map(one -> new Deployment(
                        pipeline.id(),
                        one.getKey(),
                        pipeline.commit(),
                        pipeline.result(),
                        started,
                        pipeline.finished(),
                        List.copyOf(one.getValue())))
                .toList();
    }
}
