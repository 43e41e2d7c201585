package dev.countersign.rollout.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What the controllers of a route's parents say of the route as it stands. A word about an earlier generation says nothing.
 *
 * @param observed each of them has seen it and holds on to nothing older
 * @param reservations what speaks against it; empty where each of them has accepted it and found its backends
 */
record ControllerStatus(boolean observed, List<String> reservations) {
    ControllerStatus {
        reservations = List.copyOf(reservations);
    }

    static ControllerStatus of(HttpRoute route) {
        Reading reading = new Reading(route);
        JsonNode parents = route.object().at("/spec/parentRefs");
        if (parents.isEmpty()) {
            reading.unobserved("the route has no parent");
        }
        parents.forEach(reading::parent);
        return new ControllerStatus(reading.observed, reading.reservations);
    }

    boolean confirmed() {
        return observed && reservations.isEmpty();
    }

    String words() {
        return String.join("; ", reservations);
    }

    private static final class Reading {
        private final List<String> reservations = new ArrayList<>();
        private final JsonNode object;
        private final long generation;
        private final String namespace;
        private boolean observed = true;

        Reading(HttpRoute route) {
            this.object = route.object();
            this.generation = object.at("/metadata/generation").asLong();
            this.namespace = route.split().namespace();
        }

        void parent(JsonNode ref) {
            boolean told = false;
            for (JsonNode entry : object.at("/status/parents")) {
                if (key(entry.path("parentRef")).equals(key(ref))) {
                    told = true;
                    entry(entry, Refusals.line(entry.path("controllerName").asText("a controller")));
                }
            }
            if (!told) {
                unobserved("no controller reports on parent "
                        + Refusals.line(ref.path("name").asText()));
            }
        }

        private void entry(JsonNode entry, String controller) {
            condition(entry, controller, "Accepted", true);
            condition(entry, controller, "ResolvedRefs", false);
            JsonNode partly = find(entry, "PartiallyInvalid");
            if (partly.path("status").asText().equals("True")) {
                // The API lets a controller serve the whole route as it last was valid.
                unobserved(controller + ": PartiallyInvalid" + why(partly));
            }
        }

        private void condition(JsonNode entry, String controller, String type, boolean shows) {
            JsonNode condition = find(entry, type);
            long seen = condition.path("observedGeneration").asLong(0);
            if (condition.isMissingNode() || seen < generation) {
                String words = condition.isMissingNode()
                        ? "%s does not report %s".formatted(controller, type)
                        : "%s reports %s of generation %d, not %d".formatted(controller, type, seen, generation);
                reservations.add(words);
                observed = observed && !shows;
            } else if (!condition.path("status").asText().equals("True")) {
                reservations.add("%s: %s is %s%s"
                        .formatted(
                                controller,
                                type,
                                Refusals.line(condition.path("status").asText()),
                                why(condition)));
            }
        }

        private void unobserved(String why) {
            reservations.add(why);
            observed = false;
        }

        private static JsonNode find(JsonNode entry, String type) {
            for (JsonNode condition : entry.path("conditions")) {
                if (condition.path("type").asText().equals(type)) {
                    return condition;
                }
            }
            return MissingNode.getInstance();
        }

        private static String why(JsonNode condition) {
            return " (%s: %s)"
                    .formatted(
                            Refusals.line(condition.path("reason").asText()),
                            Refusals.line(condition.path("message").asText()));
        }

        /** What is left out has the API's defaults. */
        private List<String> key(JsonNode ref) {
            return List.of(
                    ref.path("group").asText("gateway.networking.k8s.io"),
                    ref.path("kind").asText("Gateway"),
                    ref.path("namespace").asText(namespace),
                    ref.path("name").asText(),
                    ref.path("sectionName").asText(""),
                    ref.path("port").asText(""));
        }
    }
}
