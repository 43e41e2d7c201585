package dev.countersign.rollout.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.countersign.rollout.gateway.GatewayProperties.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A route as it was read, and where in it the split's two weights stand. Nothing but these is ever written. */
final class HttpRoute {
    static final String VERSION = "gateway.networking.k8s.io/v1";
    private final Split split;
    private final JsonNode object;
    private final int rule;
    private final int stable;
    /** Negative where somebody took it out of the rule: then it has no share, and cannot get one. */
    private final int candidate;

    private HttpRoute(Split split, JsonNode object, int rule) throws IOException {
        this.split = split;
        this.object = object;
        this.rule = rule;
        this.stable = place(split.stableBackend());
        this.candidate = place(split.candidateBackend());
        if (stable < 0) {
            throw notNamed(split.stableBackend());
        }
    }

    static HttpRoute of(JsonNode object, Split split) throws IOException {
        String version = object.path("apiVersion").asText();
        if (!version.equals(VERSION) || !object.path("kind").asText().equals("HTTPRoute")) {
            throw new IOException("The API server answered with %s %s, not an HTTPRoute of %s"
                    .formatted(
                            Refusals.line(version),
                            Refusals.line(object.path("kind").asText()),
                            VERSION));
        }
        JsonNode metadata = object.path("metadata");
        if (metadata.path("resourceVersion").asText().isEmpty()
                || !metadata.path("generation").isIntegralNumber()) {
            throw new IOException(split.words() + " has no resourceVersion or no generation");
        }
        return new HttpRoute(split, object, ruleOf(object, split));
    }

    private static int ruleOf(JsonNode object, Split split) throws IOException {
        JsonNode rules = object.at("/spec/rules");
        boolean nowhere = !any(rules, rule -> names(rule, split.candidateBackend(), split));
        List<Integer> found = new ArrayList<>();
        for (int index = 0; index < rules.size(); index++) {
            if (fits(rules.get(index), index, split, nowhere)) {
                found.add(index);
            }
        }
        if (found.size() != 1) {
            throw new IOException("%s has %d rules that fit, not one".formatted(split.words(), found.size()));
        }
        return found.get(0);
    }

    private static boolean fits(JsonNode rule, int index, Split split, boolean nowhere) {
        if (split.rule() != null) {
            return rule.path("name").asText().equals(split.rule());
        }
        if (split.ruleIndex() != null) {
            return index == split.ruleIndex();
        }
        if (split.rulePath() != null) {
            return any(
                    rule.path("matches"),
                    match -> match.at("/path/value").asText().equals(split.rulePath()));
        }
        return names(rule, split.stableBackend(), split) && (nowhere || names(rule, split.candidateBackend(), split));
    }

    private static boolean names(JsonNode rule, Backend backend, Split split) {
        return any(rule.path("backendRefs"), ref -> backend.is(ref, split.namespace()));
    }

    private static boolean any(JsonNode list, Predicate<JsonNode> condition) {
        for (JsonNode each : list) {
            if (condition.test(each)) {
                return true;
            }
        }
        return false;
    }

    private int place(Backend backend) throws IOException {
        JsonNode refs = refs();
        int found = -1;
        for (int index = 0; index < refs.size(); index++) {
            if (backend.is(refs.get(index), split.namespace())) {
                if (found >= 0) {
                    throw new IOException(
                            "Rule %d of %s names %s twice: say the port".formatted(rule, split.words(), backend));
                }
                found = index;
            }
        }
        return found;
    }

    private IOException notNamed(Backend backend) {
        return new IOException("Rule %d of %s does not name %s".formatted(rule, split.words(), backend));
    }

    private JsonNode refs() {
        return object.at("/spec/rules").path(rule).path("backendRefs");
    }

    String resourceVersion() {
        return object.at("/metadata/resourceVersion").asText();
    }

    JsonNode object() {
        return object;
    }

    Split split() {
        return split;
    }

    /** The candidate's share by the weights alone. */
    double share() throws IOException {
        requireNoOtherWay();
        long toCandidate = candidateWeight();
        long toStable = weight(refs().get(stable));
        if (toCandidate == 0) {
            if (toStable == 0) {
                throw new IOException(
                        "Rule %d of %s sends nothing to %s".formatted(rule, split.words(), split.stableBackend()));
            }
            return 0;
        }
        requireOnlyBoth();
        return (double) toCandidate / (toCandidate + toStable);
    }

    /** @throws IOException where traffic reaches the candidate beside the split */
    void requireNoOtherWay() throws IOException {
        JsonNode rules = object.at("/spec/rules");
        for (int index = 0; index < rules.size(); index++) {
            JsonNode refs = rules.get(index).path("backendRefs");
            for (int place = 0; place < refs.size(); place++) {
                boolean own = index == rule && place == candidate;
                if (!own
                        && split.candidateBackend().isServiceOf(refs.get(place), split.namespace())
                        && weight(refs.get(place)) > 0) {
                    throw new IOException("Rule %d of %s sends traffic to %s beside the split"
                            .formatted(index, split.words(), split.candidateBackend()));
                }
            }
        }
    }

    /** @throws IOException where the rule sends traffic to a third backend, so that two weights do not make the share */
    void requireOnlyBoth() throws IOException {
        JsonNode refs = refs();
        for (int place = 0; place < refs.size(); place++) {
            if (place != stable && place != candidate && weight(refs.get(place)) > 0) {
                throw new IOException("Rule %d of %s sends traffic to %s, which is neither stable nor candidate"
                        .formatted(
                                rule,
                                split.words(),
                                Refusals.line(refs.get(place).path("name").asText())));
            }
        }
    }

    /** What makes these weights of what was read, and of nothing else: the version is a condition. Empty where they stand already. */
    Optional<ArrayNode> patch(GatewayWeights weights) throws IOException {
        if (candidate < 0 && weights.candidate() > 0) {
            throw notNamed(split.candidateBackend());
        }
        // Without a share stable keeps its weight, so that the proportion to other backends stays.
        long toStable = weights.candidate() == 0 ? Math.max(1, weight(refs().get(stable))) : weights.stable();
        if (weight(refs().get(stable)) == toStable && candidateWeight() == weights.candidate()) {
            return Optional.empty();
        }
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        patch.addObject()
                .put("op", "replace")
                .put("path", "/metadata/resourceVersion")
                .put("value", resourceVersion());
        weight(patch, stable, toStable);
        if (candidate >= 0) {
            weight(patch, candidate, weights.candidate());
        }
        return Optional.of(patch);
    }

    private long candidateWeight() throws IOException {
        return candidate < 0 ? 0 : weight(refs().get(candidate));
    }

    /** {@code add} replaces what is there, and a weight may be absent. */
    private void weight(ArrayNode patch, int place, long weight) {
        patch.addObject()
                .put("op", "add")
                .put("path", "/spec/rules/%d/backendRefs/%d/weight".formatted(rule, place))
                .put("value", weight);
    }

    /** Absent is 1, says the API. */
    private static long weight(JsonNode ref) throws IOException {
        JsonNode weight = ref.path("weight");
        if (weight.isMissingNode() || weight.isNull()) {
            return 1;
        }
        if (!weight.canConvertToLong() || !weight.isIntegralNumber() || weight.asLong() < 0) {
            throw new IOException("A backend has the weight " + Refusals.line(weight.toString()));
        }
        return weight.asLong();
    }
}
