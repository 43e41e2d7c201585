package dev.countersign.portfolio;

import dev.countersign.workflow.EngineReads;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.RuntimeService;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Engine, background work and models, counted. */
@Component
class PlatformHealth {
    private static final int LATE_AFTER_SECONDS = 30;
    private static final int DEPLOYMENTS = 10;

    private final ProcessEngine engine;
    private final EngineReads reads;
    private final JdbcClient jdbc;
    private final ObjectProvider<BuildProperties> build;
    private final Clock clock;

    PlatformHealth(
            ProcessEngine engine,
            EngineReads reads,
            JdbcClient jdbc,
            ObjectProvider<BuildProperties> build,
            Clock clock) {
        this.engine = engine;
        this.reads = reads;
        this.jdbc = jdbc;
        this.build = build;
        this.clock = clock;
    }

    Health now() {
        return reads.asPlatform(this::read);
    }

    private Health read() {
        ManagementService management = engine.getManagementService();
        RuntimeService runtime = engine.getRuntimeService();
        BuildProperties properties = build.getIfAvailable();
        return new Health(
                properties == null ? "development" : properties.getVersion(),
                properties == null ? null : properties.getTime(),
                ProcessEngine.class.getPackage().getImplementationVersion(),
                management.createJobQuery().count(),
                management
                        .createJobQuery()
                        .executable()
                        .duedateLowerThan(java.util.Date.from(clock.instant().minusSeconds(LATE_AFTER_SECONDS)))
                        .count(),
                management.createJobQuery().noRetriesLeft().count(),
                runtime.createIncidentQuery().count(),
                count("select count(*) from scheduled_tasks"),
                late(),
                count("select count(*) from scheduled_tasks where consecutive_failures > 0"),
                deployments());
    }

    private long count(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }

    private long late() {
        return jdbc.sql("select count(*) from scheduled_tasks where picked = false and execution_time < ?")
                .param(clock.instant().minusSeconds(LATE_AFTER_SECONDS).atOffset(ZoneOffset.UTC))
                .query(Long.class)
                .single();
    }

    private List<Deployed> deployments() {
        RepositoryService repository = engine.getRepositoryService();
        return repository.createDeploymentQuery().orderByDeploymentTime().desc().listPage(0, DEPLOYMENTS).stream()
                .map(deployment -> new Deployed(
                        deployment.getId(),
                        deployment.getName(),
                        deployment.getSource(),
                        deployment.getDeploymentTime().toInstant()))
                .toList();
    }

    /**
     * @param lateJobs due for more than half a minute
     * @param failedJobs without retries left: they need a person
     */
    record Health(
            String version,
            Instant built,
            String engine,
            long jobs,
            long lateJobs,
            long failedJobs,
            long incidents,
            long scheduled,
            long lateScheduled,
            long failingScheduled,
            List<Deployed> deployments) {}

    /** @param digest over the set of models, tables and forms; null for a deployment by other means */
    record Deployed(String id, String name, String digest, Instant at) {}
}
