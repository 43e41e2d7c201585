package dev.countersign.evidence.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.evidence.EvidenceSource;
import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.evidence.http.Secret;
import dev.countersign.evidence.http.SystemApi;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** Open Policy Agent (Data API): the release's facts go in, and what the policy says against it comes out. Each answer is a decision of its own, with what was decided on. */
@Component
@ConditionalOnProperty("countersign.evidence.opa.url")
class OpaSource implements EvidenceSource {
    static final String TYPE = "opa";

    private final OpaProperties properties;
    private final SystemApi api;

    OpaSource(OpaProperties properties, Clock clock) {
        this.properties = properties;
        Secret token = properties.credentials();
        this.api = new SystemApi(
                properties.url(),
                () -> token == null
                        ? Map.of("Accept", "application/json")
                        : Map.of("Accept", "application/json", "Authorization", "Bearer " + token.read()),
                properties.timeout(),
                properties.maxResponse().toBytes(),
                clock);
    }

    @Override
    public String name() {
        return "opa";
    }

    @Override
    public Set<String> types(Asked asked) {
        return Set.of(TYPE);
    }

    @Override
    public Answer fetch(Asked asked, Duration within) throws SourceUnavailable, InterruptedException {
        String path = properties.paths().getOrDefault(asked.release().service(), properties.path());
        ObjectNode input = ReleaseFacts.of(asked);
        ObjectNode question = JsonNodeFactory.instance.objectNode();
        question.set("input", input);
        // A function that failed is an error then, and not a rule that simply does not hold.
        JsonNode answer = api.post("/v1/data/" + path + "?strict-builtin-errors=true", question);
        if (!answer.isObject()) {
            throw new SourceUnavailable("its answer is no object");
        }
        if (answer.has("warning")) {
            throw new SourceUnavailable(
                    "it warns: " + answer.path("warning").path("message").asText("without a word"));
        }
        if (!answer.has("result")) {
            return Answer.nothing(
                    "nothing is defined at " + path + ": no such policy is loaded, or none that decides this release");
        }
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("document", TYPE);
        document.putObject("subject").put("commit", asked.release().commit());
        document.put("path", path);
        document.set("input", input);
        document.set("answer", answer);
        return Answer.of(
                List.of(Fetched.report(TYPE, path, document.toPrettyString().getBytes(StandardCharsets.UTF_8), null)
                        .in(asked.release().environment())));
    }
}
