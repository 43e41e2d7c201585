package dev.countersign.workflow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.RepositoryService;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.repository.Deployment;
import org.camunda.bpm.engine.repository.DeploymentBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.ResourcePatternResolver;
import org.springframework.stereotype.Component;

/**
 * Deploys models, tables and forms as one set. A part alone would leave a parent, bound to its own deployment, without its children.
 */
@Component
public class ModelDeployment {
    private static final Logger LOG = LoggerFactory.getLogger(ModelDeployment.class);
    static final String NAME = "countersign";
    private final RepositoryService repository;
    private final ProcessEngineConfigurationImpl engine;
    private final ResourcePatternResolver resources;
    private final WorkflowProperties properties;

    ModelDeployment(
            ProcessEngine engine,
            RepositoryService repository,
            ResourcePatternResolver resources,
            WorkflowProperties properties) {
        this.repository = repository;
        this.engine = (ProcessEngineConfigurationImpl) engine.getProcessEngineConfiguration();
        this.resources = resources;
        this.properties = properties;
        deployIfChanged();
    }

    /** Deploys the set where it differs from the one deployed last. */
    private void deployIfChanged() {
        Map<String, byte[]> set = read();
        String digest = digest(set);
        Deployment latest = latest();
        if (latest != null && digest.equals(latest.getSource())) {
            return;
        }
        DeploymentBuilder deployment = repository.createDeployment().name(NAME).source(digest);
        set.forEach((name, bytes) -> deployment.addInputStream(name, new java.io.ByteArrayInputStream(bytes)));
        LOG.info(
                "Deployed {} models, tables and forms as {}",
                set.size(),
                deployment.deploy().getId());
    }

    /** The deployment that new releases run under. */
    public String current() {
        return latest().getId();
    }

    /** Whoever opens a release need not be allowed to read deployments. */
    private Deployment latest() {
        return engine.getCommandExecutorTxRequired()
                .execute(
                        context -> context.runWithoutAuthorization(() -> repository
                                .createDeploymentQuery()
                                .deploymentName(NAME)
                                .orderByDeploymentTime()
                                .desc()
                                .listPage(0, 1)
                                .stream()
                                .findFirst()
                                .orElse(null)));
    }

    private Map<String, byte[]> read() {
        Map<String, byte[]> set = new TreeMap<>();
        readInto(set, properties.processes(), "*.bpmn", "*.dmn");
        readInto(set, properties.forms(), "*.form");
        return set;
    }

    private void readInto(Map<String, byte[]> set, String folder, String... patterns) {
        try {
            for (String pattern : patterns) {
                for (Resource file : resources.getResources(folder + "/" + pattern)) {
                    set.put(file.getFilename(), file.getContentAsByteArray());
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The models in " + folder + " cannot be read", unreadable);
        }
    }

    private static String digest(Map<String, byte[]> set) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            set.forEach((name, bytes) -> {
                sha256.update((name + "\0" + bytes.length + "\0").getBytes(StandardCharsets.UTF_8));
                sha256.update(bytes);
            });
            return "sha256:" + HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
