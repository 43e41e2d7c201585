package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.reader.PolicyTally.Result;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.springframework.stereotype.Component;

/**
 * What Open Policy Agent decided: a set of messages, or a package with sets that are called deny or violation, and warn. Each set is a check that passed where it is empty. Whatever is no set, a truth for one, cannot be
 * understood: whether true is good would be a guess.
 */
@Component
class OpaReader implements DocumentReader {
    @Override
    public DocumentType type() {
        return DocumentType.OPA;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        Declared decision = Declared.read(content, type());
        JsonNode result = decision.root().path("answer").path("result");
        String path = decision.text("path");
        PolicyTally tally = new PolicyTally();
        long warnings = 0;
        if (result.isArray()) {
            messages(result, path, "/answer/result", decision, tally);
        } else {
            for (Map.Entry<String, JsonNode> rule : (Iterable<Map.Entry<String, JsonNode>>) result::fields) {
                String place = "/answer/result/" + rule.getKey();
                if (rule.getKey().matches("(deny|violations?)(_.*)?")) {
                    messages(rule.getValue(), path + "/" + rule.getKey(), place, decision, tally);
                } else if (rule.getKey().matches("warn(_.*)?")) {
                    warnings += set(rule.getValue(), place).size();
                }
            }
        }
        Map<String, Object> summary = new LinkedHashMap<>();
        tally.summarise(summary);
        summary.put("warnings", warnings);
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("tool", "opa");
        details.put("checks", tally.checks());
        details.put("failedChecks", tally.failedChecks());
        details.put(
                "decision",
                Words.of(decision.root().path("answer").path("decision_id").asText("")));
        Map<String, Object> decidedOn = new java.util.TreeMap<>();
        decision.root()
                .path("input")
                .path("changes")
                .fields()
                .forEachRemaining(fact ->
                        decidedOn.put(Words.of(fact.getKey()), fact.getValue().asBoolean()));
        details.put("decidedOn", decidedOn);
        return new Reading(
                "opa " + path,
                decision.stated(),
                summary,
                details,
                true,
                tally.isEmpty() ? "it has no set of messages called deny or violation" : null,
                tally.findings());
    }

    private static void messages(JsonNode rule, String check, String pointer, Declared decision, PolicyTally tally)
            throws Unreadable {
        List<JsonNode> messages = set(rule, pointer);
        if (messages.isEmpty()) {
            tally.passed(check, 1);
        }
        for (int index = 0; index < messages.size(); index++) {
            String message = message(messages.get(index));
            // The message tells one from the other: the next answer has them in the same words.
            tally.add(Result.FAILED, check, message, message, null, decision.place(pointer + "/" + index));
        }
    }

    private static List<JsonNode> set(JsonNode rule, String place) throws Unreadable {
        if (!rule.isArray()) {
            throw new Unreadable("a policy's answer must be a set of messages", Words.of(place));
        }
        return StreamSupport.stream(rule.spliterator(), false).collect(Collectors.toList());
    }

    private static String message(JsonNode said) {
        for (String name : List.of("msg", "message")) {
            if (said.path(name).isTextual()) {
                return said.path(name).asText();
            }
        }
        return said.isTextual() ? said.asText() : said.toString();
    }
}
