package dev.countersign.rollout.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.catalog.Catalog;
import dev.countersign.rollout.Deployer;
import dev.countersign.rollout.Staging;
import dev.countersign.rollout.TrafficRouter;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** Deploys and routes through a system that answers signed webhooks, usually a CI system. */
@Component
@ConditionalOnProperty("countersign.rollout.webhook.url")
class WebhookTarget implements Deployer, TrafficRouter {
    private final DeploymentWebhook webhook;
    private final Catalog catalog;

    WebhookTarget(DeploymentWebhookProperties properties, ObjectMapper json, Catalog catalog) {
        this.webhook = new DeploymentWebhook(properties, json, "deployment system");
        this.catalog = catalog;
    }

    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public boolean serves(String service) {
        return catalog.service(Staging.service(service).orElse(service))
                .map(known -> !"sandbox".equals(known.target()))
                .orElse(false);
    }

    @Override
    public void deployCandidate(String service, String version, String digest) throws IOException {
        webhook.call("deploy-candidate", service, Map.of("version", version, "digest", digest));
    }

    @Override
    public Optional<String> candidateDigest(String service) throws IOException {
        return digest(status(service), "candidate");
    }

    @Override
    public Optional<String> stableDigest(String service) throws IOException {
        return digest(status(service), "stable");
    }

    @Override
    public void promote(String service, String digest) throws IOException {
        JsonNode status = webhook.call("promote", service, Map.of("digest", digest));
        if (!digest(status, "stable").equals(Optional.of(digest))) {
            throw new IOException("The deployment system does not report %s as stable".formatted(digest));
        }
    }

    @Override
    public void withdrawCandidate(String service) throws IOException {
        webhook.call("withdraw-candidate", service, Map.of());
    }

    @Override
    public void redeployStable(String service, String digest) throws IOException {
        webhook.call("redeploy-stable", service, Map.of("digest", digest));
    }

    @Override
    public Optional<StagedScript> script(String service, String path) throws IOException {
        JsonNode script =
                webhook.call("read-script", service, Map.of("path", path)).path("script");
        if (script.isNull()) {
            return Optional.empty();
        }
        if (!script.path("digest").isTextual() || !script.path("executable").isBoolean()) {
            throw new IOException("The deployment system does not say what stands at " + path);
        }
        return Optional.of(new StagedScript(
                script.path("digest").textValue(), script.path("executable").booleanValue()));
    }

    /** Its end is read back: a system that has only begun is asked again by the next attempt. */
    @Override
    public void runScript(String service, ScriptRun run) throws IOException {
        JsonNode ran = webhook.call(
                        "run-script",
                        service,
                        Map.of("run", run.id(), "path", run.path(), "digest", run.digest(), "files", run.files()))
                .path("run");
        if (!run.id().equals(ran.path("id").textValue())
                || !"succeeded".equals(ran.path("state").textValue())) {
            throw new IOException("The deployment system reports the run %s as %s"
                    .formatted(run.id(), ran.path("state").asText("unknown")));
        }
    }

    @Override
    public void setShare(String service, double share) throws IOException {
        webhook.call("set-share", service, Map.of("share", share));
    }

    @Override
    public double readShare(String service) throws IOException {
        JsonNode share = status(service).path("share");
        if (!share.isNumber()) {
            throw new IOException("The deployment system reports no share for " + service);
        }
        return share.asDouble();
    }

    /** It says itself which share it set: whether that arrived show the requests that both versions answered. */
    @Override
    public boolean isProvenByMetrics() {
        return true;
    }

    private JsonNode status(String service) throws IOException {
        return webhook.call("status", service, Map.of());
    }

    private static Optional<String> digest(JsonNode status, String version) {
        return Optional.ofNullable(status.path(version).textValue());
    }
}
