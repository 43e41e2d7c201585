package dev.countersign.rollout.unleash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.rollout.FlagManagementSystem;
import dev.countersign.rollout.unleash.UnleashProperties.Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Flags of an Unleash server: the environment is on or off, and a gradual rollout ({@code flexibleRollout}) says for which per cent. A flag with another strategy beside
 * it, or one for certain users only, is on for whom a share does not tell: such a one is switched off, and never turned up.
 */
@Component
@Order(0)
@ConditionalOnProperty("countersign.rollout.unleash.url")
class UnleashFlags implements FlagManagementSystem {
    private static final String STRATEGY = "flexibleRollout";
    private static final double WHOLE = 1e-9;
    private static final ObjectMapper JSON = new ObjectMapper();
    private final UnleashProperties properties;
    private final UnleashApi api;

    UnleashFlags(UnleashProperties properties) {
        this.properties = properties;
        this.api = new UnleashApi(properties);
    }

    @Override
    public String name() {
        return "unleash";
    }

    @Override
    public boolean serves(String service) {
        return properties.services().containsKey(service);
    }

    @Override
    public void setShare(String service, String flag, double share) throws IOException {
        String environment = environment(service, flag);
        JsonNode now = api.admin("GET", environment, null);
        boolean enabled = isEnabled(now);
        if (share == 0) {
            if (enabled) {
                api.admin("POST", environment + "/off", null);
            }
            return;
        }
        // Before the environment is on: one that is switched on without a strategy is on for everybody.
        gradual(environment, flag, now, percent(share));
        if (!enabled) {
            api.admin("POST", environment + "/on", null);
        }
    }

    private void gradual(String environment, String flag, JsonNode now, int percent) throws IOException {
        List<JsonNode> active = active(now);
        if (active.isEmpty()) {
            ObjectNode made = JSON.createObjectNode().put("name", STRATEGY);
            made.putObject("parameters")
                    .put("rollout", String.valueOf(percent))
                    .put("stickiness", properties.stickiness())
                    .put("groupId", flag);
            api.make(environment + "/strategies", made);
            return;
        }
        JsonNode strategy = onlyGradual(flag, active);
        ObjectNode changed = JSON.createObjectNode().put("name", STRATEGY);
        changed.set("parameters", strategy.path("parameters").deepCopy());
        ((ObjectNode) changed.path("parameters")).put("rollout", String.valueOf(percent));
        for (String kept : List.of("title", "variants", "sortOrder")) {
            if (strategy.hasNonNull(kept)) {
                changed.set(kept, strategy.path(kept));
            }
        }
        changed.putArray("constraints");
        changed.putArray("segments");
        changed.put("disabled", false);
        String id = strategy.path("id").asText();
        if (!id.matches("[0-9A-Za-z-]{1,64}")) {
            throw new IOException("Unleash names no id of the strategy of " + flag);
        }
        api.admin("PUT", environment + "/strategies/" + id, changed);
    }

    @Override
    public double readShare(String service, String flag) throws IOException {
        double share = share(flag, api.admin("GET", environment(service, flag), null));
        if (properties.clientTokenFile() != null) {
            double served = share(flag, api.client("features/" + flag));
            if (served != share) {
                throw new IOException("Unleash is set to turn %s on for %.0f %%, and tells its clients %.0f %%"
                        .formatted(flag, share * 100, served * 100));
            }
        }
        return share;
    }

    private static double share(String flag, JsonNode told) throws IOException {
        if (!isEnabled(told)) {
            return 0;
        }
        List<JsonNode> active = active(told);
        if (active.isEmpty()) {
            throw new IOException("The flag %s is on in Unleash without a strategy: for everybody".formatted(flag));
        }
        String rollout =
                onlyGradual(flag, active).path("parameters").path("rollout").asText();
        if (!rollout.matches("\\d{1,3}") || Integer.parseInt(rollout) > 100) {
            throw new IOException("Unleash names no per cent for which %s is on".formatted(flag));
        }
        return Integer.parseInt(rollout) / 100.0;
    }

    private static boolean isEnabled(JsonNode told) throws IOException {
        if (!told.path("enabled").isBoolean() || !told.path("strategies").isArray()) {
            throw new IOException("Unleash does not tell whether the flag is on");
        }
        return told.path("enabled").booleanValue();
    }

    private static List<JsonNode> active(JsonNode told) {
        List<JsonNode> active = new ArrayList<>();
        told.path("strategies").forEach(strategy -> {
            if (!strategy.path("disabled").asBoolean()) {
                active.add(strategy);
            }
        });
        return active;
    }

    private static JsonNode onlyGradual(String flag, List<JsonNode> active) throws IOException {
        JsonNode strategy = active.get(0);
        boolean onlyShare = active.size() == 1
                && STRATEGY.equals(strategy.path("name").asText())
                && strategy.path("parameters").isObject()
                && strategy.path("constraints").isEmpty()
                && strategy.path("segments").isEmpty();
        if (!onlyShare) {
            throw new IOException(
                    "The flag %s has in Unleash something else than one gradual rollout without constraints and segments: for whom it is on a share does not tell"
                            .formatted(flag));
        }
        return strategy;
    }

    /** Unleash knows whole per cents; a rounded one would not be what was approved. */
    private static int percent(double share) throws IOException {
        double percent = share * 100;
        int whole = (int) Math.round(percent);
        if (whole < 1 || whole > 100 || Math.abs(percent - whole) > WHOLE) {
            throw new IOException("Unleash turns flags on for whole per cents, not for %s %%".formatted(percent));
        }
        return whole;
    }

    private String environment(String service, String flag) {
        Place place = properties.services().get(service);
        return "projects/%s/features/%s/environments/%s".formatted(place.project(), flag, place.environment());
    }
}
