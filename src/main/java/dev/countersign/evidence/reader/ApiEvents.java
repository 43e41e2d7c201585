package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.reader.ApiOperations.Operation;
import java.util.Map;

/**
 * Webhooks and callbacks: the server calls, and those who use the API answer. So the rules hold the other way round: a body is given, and what is answered is taken.
 */
final class ApiEvents {
    private final ApiDescription before;
    private final ApiDescription after;
    private final ApiSchemaRules schemas;
    private final String word;

    /** @param word what it is called in the ids of changes */
    ApiEvents(ApiDescription before, ApiDescription after, ApiSchemaRules schemas, String word) {
        this.before = before;
        this.after = after;
        this.schemas = schemas;
        this.word = word;
    }

    /** Told each change that breaks somebody. */
    interface Breaks {
        void tell(Operation at, String id, String where, String title);
    }

    /** Whether what was called stands in another document now. */
    interface Elsewhere {
        boolean is(String name, Operation event) throws Unreadable;
    }

    void compare(Map<String, Operation> had, Map<String, Operation> has, Elsewhere elsewhere, Breaks breaks)
            throws Unreadable {
        for (Map.Entry<String, Operation> one : had.entrySet()) {
            Operation now = has.get(one.getKey());
            if (now == null && elsewhere.is(one.getKey(), one.getValue())) {
                continue;
            } else if (now == null) {
                breaks.tell(one.getValue(), word + "-removed", "", one.getValue() + " is not called any more");
            } else {
                compare(one.getValue(), now, breaks);
            }
        }
    }

    private void compare(Operation old, Operation now, Breaks breaks) throws Unreadable {
        ApiWords.check(now.node(), ApiWords.OPERATION, now.toString());
        parameters(old, now, breaks);
        if (!before.leadsElsewhere(old.node().path("requestBody"))
                && !after.leadsElsewhere(now.node().path("requestBody"))) {
            body(old, now, breaks);
        }
        responses(old, now, breaks);
        if (!old.node().path("security").equals(now.node().path("security"))) {
            breaks.tell(now, word + "-security-changed", "", "it identifies itself in another way");
        }
    }

    private void body(Operation old, Operation now, Breaks breaks) throws Unreadable {
        JsonNode had = before.resolve(old.node().path("requestBody"));
        JsonNode has = after.resolve(now.node().path("requestBody"));
        if (ApiComparison.isRequired(had) && !ApiComparison.isRequired(has)) {
            breaks.tell(now, word + "-body-became-optional", "", "its body is not certain any more");
        }
        content(now, had.path("content"), has.path("content"), false, "body", breaks);
        for (Map.Entry<String, JsonNode> one : has.path("content").properties()) {
            if (!had.path("content").isEmpty() && !had.path("content").has(one.getKey())) {
                breaks.tell(now, word + "-media-type-added", " " + one.getKey(), one.getKey() + " may be sent now");
            }
        }
    }

    private void parameters(Operation old, Operation now, Breaks breaks) throws Unreadable {
        Map<String, JsonNode> has = ApiOperations.parameters(after, now);
        for (Map.Entry<String, JsonNode> one :
                ApiOperations.parameters(before, old).entrySet()) {
            JsonNode parameter = has.get(one.getKey());
            String at = " " + one.getKey();
            if (parameter == null && ApiOperations.hasParametersElsewhere(after, now)) {
                continue;
            } else if (parameter == null) {
                breaks.tell(now, word + "-parameter-removed", at, one.getKey() + " is not sent any more");
                continue;
            }
            if (ApiComparison.isRequired(one.getValue()) && !ApiComparison.isRequired(parameter)) {
                breaks.tell(now, word + "-parameter-became-optional", at, one.getKey() + " is not certain any more");
            }
            schemas.compare(
                    ApiComparison.schema(one.getValue()),
                    ApiComparison.schema(parameter),
                    false,
                    (id, where) -> breaks.tell(now, word + "-" + id, at + where, one.getKey() + where + ": " + id));
        }
    }

    private void responses(Operation old, Operation now, Breaks breaks) throws Unreadable {
        JsonNode has = now.node().path("responses");
        for (Map.Entry<String, JsonNode> one : old.node().path("responses").properties()) {
            if (has.path(one.getKey()).isMissingNode()) {
                breaks.tell(
                        now,
                        word + "-answer-removed",
                        " " + one.getKey(),
                        one.getKey() + " is no answer that is expected any more");
                continue;
            }
            if (before.leadsElsewhere(one.getValue()) || after.leadsElsewhere(has.path(one.getKey()))) {
                continue;
            }
            content(
                    now,
                    before.resolve(one.getValue()).path("content"),
                    after.resolve(has.path(one.getKey())).path("content"),
                    true,
                    "answer " + one.getKey(),
                    breaks);
        }
    }

    private void content(Operation now, JsonNode had, JsonNode has, boolean taken, String side, Breaks breaks)
            throws Unreadable {
        for (Map.Entry<String, JsonNode> one : had.properties()) {
            JsonNode type = has.path(one.getKey());
            String at = " " + side + " " + one.getKey();
            if (type.isMissingNode()) {
                breaks.tell(now, word + "-media-type-removed", at, one.getKey() + " is gone from the " + side);
                continue;
            }
            schemas.compare(
                    one.getValue().path("schema"),
                    type.path("schema"),
                    taken,
                    (id, where) -> breaks.tell(now, word + "-" + id, at + where, id + " in the " + side + " " + where));
        }
    }
}
