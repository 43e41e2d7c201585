package dev.countersign.rollout.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.rollout.FlagManagementSystem;
import java.io.IOException;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Flags of a system that answers signed webhooks, in OpenFeature's words: a boolean flag by its {@code flagKey}, whose variants {@code on} and {@code off} resolve for
 * the parts of the users that {@code variants} says. {@code set-flag} and {@code flag-status} are answered with what the system resolves now:
 * {@code {"flagKey": "one-page", "state": "ENABLED", "variants": {"on": 0.05, "off": 0.95}}}.
 */
@Component
@Order(0)
@ConditionalOnProperty("countersign.rollout.flag-webhook.url")
class WebhookFlags implements FlagManagementSystem {
    private static final double SAME = 1e-6;
    private final FlagWebhookProperties properties;
    private final DeploymentWebhook webhook;

    WebhookFlags(FlagWebhookProperties properties, ObjectMapper json) {
        this.properties = properties;
        this.webhook = new DeploymentWebhook(properties.call(), json, "flag management system");
    }

    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public boolean serves(String service) {
        return properties.services().contains(service);
    }

    @Override
    public void setShare(String service, String flag, double share) throws IOException {
        webhook.call("set-flag", service, Map.of("flagKey", flag, "variants", Map.of("on", share, "off", 1 - share)));
    }

    @Override
    public double readShare(String service, String flag) throws IOException {
        JsonNode status = webhook.call("flag-status", service, Map.of("flagKey", flag));
        JsonNode on = status.path("variants").path("on");
        JsonNode off = status.path("variants").path("off");
        boolean whole = flag.equals(status.path("flagKey").textValue())
                && "ENABLED".equals(status.path("state").textValue())
                && on.isNumber()
                && off.isNumber()
                && Math.abs(on.doubleValue() + off.doubleValue() - 1) <= SAME;
        if (!whole) {
            throw new IOException("The flag management system does not tell for whom %s is on".formatted(flag));
        }
        return on.doubleValue();
    }
}
