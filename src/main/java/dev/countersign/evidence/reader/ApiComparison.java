package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.evidence.Position;
import dev.countersign.evidence.reader.ApiOperations.Operation;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a new description takes from those who use the old one, and what it adds. */
final class ApiComparison {
    private final ApiDescription before;
    private final ApiDescription after;
    private final ApiSchemaRules schemas;
    private final LocalDate today;
    private final Map<String, Finding> breaking = new LinkedHashMap<>();
    private final Set<String> added = new TreeSet<>();
    private final List<String> counts;
    private long compatible;

    /** @param within true where the major number stayed: then a breaking change is not announced */
    static ApiComparison of(ApiDescription before, ApiDescription after, boolean within, LocalDate today)
            throws Unreadable {
        ApiComparison comparison = new ApiComparison(before, after, within, today);
        comparison.compare();
        return comparison;
    }

    private ApiComparison(ApiDescription before, ApiDescription after, boolean within, LocalDate today) {
        this.before = before;
        this.after = after;
        this.schemas = new ApiSchemaRules(new ApiSchemas(before), new ApiSchemas(after));
        this.today = today;
        this.counts = within ? List.of("breaking", "breakingWithinMajor") : List.of("breaking");
    }

    long breaking() {
        return breaking.size();
    }

    /** Operations that were added, or changed without breaking anybody, or removed as announced. */
    long nonBreaking() {
        return added.size() + compatible;
    }

    Set<String> newEndpoints() {
        return added;
    }

    List<Finding> findings() {
        return breaking.values().stream().limit(Reading.MOST_FINDINGS).toList();
    }

    private void breaks(Operation at, String id, String where, String title) {
        breaks(placeOf(at), at.toString(), id, where, title);
    }

    private void breaks(String place, String at, String id, String where, String title) {
        String key = id + "@" + at + where;
        breaking.putIfAbsent(
                key,
                new Finding(Words.of(key), "breaking", Words.of(title), place, counts, id, Words.of(at), null, null));
    }

    private String placeOf(Operation at) {
        return after.root().path(ApiDescription.PATHS).has(at.path())
                ? after.place(ApiDescription.PATHS, at.path(), at.method())
                : Position.BEFORE + before.place(ApiDescription.PATHS, at.path(), at.method());
    }

    private void compare() throws Unreadable {
        Map<String, Operation> had = ApiOperations.of(before);
        Map<String, Operation> has = ApiOperations.of(after);
        for (Map.Entry<String, Operation> one : had.entrySet()) {
            Operation now = has.get(one.getKey());
            if (now != null) {
                operation(one.getValue(), now);
            } else if (isPastItsSunset(one.getValue().node())) {
                compatible++;
            } else if (!after.leadsElsewhere(
                    after.root().path(ApiDescription.PATHS).path(one.getValue().path()))) {
                breaks(one.getValue(), "api-operation-removed", "", one.getValue() + " is gone");
            }
        }
        for (Map.Entry<String, Operation> one : has.entrySet()) {
            JsonNode earlier =
                    before.root().path(ApiDescription.PATHS).path(one.getValue().path());
            // What stood in another document before may have been there.
            if (!had.containsKey(one.getKey()) && !before.leadsElsewhere(earlier)) {
                added.add(Words.of(one.getValue().toString()));
            }
        }
        webhooks();
        servers();
    }

    private void webhooks() throws Unreadable {
        ApiEvents events = new ApiEvents(before, after, schemas, "webhook");
        int until = breaking.size();
        events.compare(
                ApiOperations.webhooks(before),
                ApiOperations.webhooks(after),
                (name, event) -> after.leadsElsewhere(
                        after.root().path(ApiDescription.WEBHOOKS).path(event.path())),
                (at, id, where, title) -> breaks(
                        after.root().path(ApiDescription.WEBHOOKS).has(at.path())
                                ? after.place(ApiDescription.WEBHOOKS, at.path(), at.method())
                                : Position.BEFORE + before.place(ApiDescription.WEBHOOKS, at.path(), at.method()),
                        "webhook " + at,
                        id,
                        where,
                        title));
        boolean differ =
                !before.root().path(ApiDescription.WEBHOOKS).equals(after.root().path(ApiDescription.WEBHOOKS));
        compatible += differ && breaking.size() == until ? 1 : 0;
    }

    /** Of the whole description; those of single paths and operations are compared with these. */
    private void servers() {
        JsonNode had = before.root().path(ApiServers.MEMBER);
        JsonNode has = after.root().path(ApiServers.MEMBER);
        List<String> gone = ApiServers.gone(had, has);
        gone.forEach(url -> breaks(
                after.root().has(ApiServers.MEMBER)
                        ? after.place(ApiServers.MEMBER)
                        : Position.BEFORE + before.place(ApiServers.MEMBER),
                ApiServers.MEMBER,
                "api-server-removed",
                " " + url,
                "the server " + url + " is gone or changed"));
        compatible += gone.isEmpty() && !had.equals(has) ? 1 : 0;
    }

    private void servers(Operation old, Operation now) {
        JsonNode had = ApiServers.own(old);
        JsonNode has = ApiServers.own(now);
        if (!had.isMissingNode() || !has.isMissingNode()) {
            ApiServers.gone(ApiServers.of(before, old), ApiServers.of(after, now))
                    .forEach(url ->
                            breaks(now, "api-server-removed", " " + url, "the server " + url + " is gone or changed"));
        }
    }

    /** The server is the one who calls then: what was asked and what was given change sides. */
    private void callbacks(Operation old, Operation now) throws Unreadable {
        new ApiEvents(before, after, schemas, "callback")
                .compare(
                        ApiOperations.callbacks(before, old),
                        ApiOperations.callbacks(after, now),
                        (name, event) -> ApiOperations.isCallbackElsewhere(after, now, name, event),
                        (at, id, where, title) -> breaks(now, id, " callback " + at + where, title));
    }

    /** Deprecated, with a date from which it may be gone (RFC 8594), and that date is over. */
    private boolean isPastItsSunset(JsonNode operation) {
        String date = operation.path("x-sunset").asText("");
        if (!operation.path("deprecated").asBoolean(false) || date.length() < 10) {
            return false;
        }
        try {
            return LocalDate.parse(date.substring(0, 10)).isBefore(today);
        } catch (DateTimeParseException unknown) {
            return false;
        }
    }

    private void operation(Operation old, Operation now) throws Unreadable {
        int until = breaking.size();
        ApiWords.check(old.node(), ApiWords.OPERATION, old.toString());
        ApiWords.check(now.node(), ApiWords.OPERATION, now.toString());
        parameters(old, now);
        body(old, now);
        responses(old, now);
        security(old, now);
        servers(old, now);
        callbacks(old, now);
        if (breaking.size() == until && !old.node().equals(now.node())) {
            compatible++;
        }
    }

    private void parameters(Operation old, Operation now) throws Unreadable {
        Map<String, JsonNode> had = ApiOperations.parameters(before, old);
        Map<String, JsonNode> has = ApiOperations.parameters(after, now);
        boolean hadOthers = ApiOperations.hasParametersElsewhere(before, old);
        boolean hasOthers = ApiOperations.hasParametersElsewhere(after, now);
        for (Map.Entry<String, JsonNode> one : had.entrySet()) {
            JsonNode parameter = has.get(one.getKey());
            String at = " " + one.getKey();
            if (parameter == null) {
                if (!hasOthers) {
                    breaks(now, "request-parameter-removed", at, "the parameter " + one.getKey() + " is gone");
                }
                continue;
            }
            if (isRequired(parameter) && !isRequired(one.getValue())) {
                breaks(now, "request-parameter-became-required", at, one.getKey() + " is required now");
            }
            JsonNode oldSchema = schema(one.getValue());
            JsonNode newSchema = schema(parameter);
            schemas.compare(
                    oldSchema,
                    newSchema,
                    true,
                    (id, where) -> breaks(
                            now,
                            id.replace("request-body", "request-parameter"),
                            at + where,
                            one.getKey() + where + ": " + id));
            if (!isRequired(parameter)
                    && !after.leadsElsewhere(newSchema)
                    && !before.resolve(oldSchema)
                            .path("default")
                            .equals(after.resolve(newSchema).path("default"))
                    && before.resolve(oldSchema).has("default")) {
                breaks(now, "request-parameter-default-changed", at, one.getKey() + " has another default");
            }
        }
        for (Map.Entry<String, JsonNode> one : has.entrySet()) {
            ApiWords.check(one.getValue(), ApiWords.PARAMETER, now + " " + one.getKey());
            if (!hadOthers && !had.containsKey(one.getKey()) && isRequired(one.getValue())) {
                breaks(
                        now,
                        "new-required-request-parameter",
                        " " + one.getKey(),
                        one.getKey() + " is new and required");
            }
        }
    }

    /** Anything but a plain no is taken for a yes where it is asked of the caller. */
    static boolean isRequired(JsonNode of) {
        JsonNode said = of.path("required");
        return said.isBoolean() ? said.asBoolean() : !said.isMissingNode() && !said.isNull();
    }

    static JsonNode schema(JsonNode parameter) {
        JsonNode content = parameter.path("content");
        return content.isEmpty()
                ? parameter.path("schema")
                : content.iterator().next().path("schema");
    }

    private void body(Operation old, Operation now) throws Unreadable {
        JsonNode had = before.resolve(old.node().path("requestBody"));
        JsonNode has = after.resolve(now.node().path("requestBody"));
        if (before.leadsElsewhere(old.node().path("requestBody"))
                || after.leadsElsewhere(now.node().path("requestBody"))) {
            return;
        }
        ApiWords.check(has, ApiWords.BODY, now + " requestBody");
        if (isRequired(has) && !isRequired(had)) {
            breaks(
                    now,
                    had.isMissingNode() ? "request-body-added-required" : "request-body-became-required",
                    "",
                    "a body is required now");
        }
        if (!had.isMissingNode() && has.isMissingNode()) {
            breaks(now, "request-body-removed", "", "no body is taken any more");
            return;
        }
        content(now, had.path("content"), has.path("content"), true, "request");
    }

    private void responses(Operation old, Operation now) throws Unreadable {
        JsonNode had = old.node().path("responses");
        JsonNode has = now.node().path("responses");
        for (Map.Entry<String, JsonNode> one : had.properties()) {
            JsonNode response = after.resolve(has.path(one.getKey()));
            if (has.path(one.getKey()).isMissingNode()) {
                if (one.getKey().startsWith("2") || (one.getKey().equals("default") && had.size() == 1)) {
                    breaks(now, "response-success-status-removed", " " + one.getKey(), one.getKey() + " is gone");
                }
                continue;
            }
            JsonNode earlier = before.resolve(one.getValue());
            if (before.leadsElsewhere(one.getValue()) || after.leadsElsewhere(has.path(one.getKey()))) {
                continue;
            }
            ApiWords.check(response, ApiWords.RESPONSE, now + " " + one.getKey());
            content(now, earlier.path("content"), response.path("content"), false, "response " + one.getKey());
            for (Map.Entry<String, JsonNode> header : earlier.path("headers").properties()) {
                JsonNode is = after.resolve(response.path("headers").path(header.getKey()));
                JsonNode was = before.resolve(header.getValue());
                boolean elsewhere =
                        after.leadsElsewhere(response.path("headers").path(header.getKey()));
                if (isRequired(was) && !isRequired(is) && !elsewhere) {
                    breaks(
                            now,
                            "response-required-header-removed",
                            " " + one.getKey() + " " + header.getKey(),
                            header.getKey() + " is not certain any more");
                }
            }
        }
    }

    private void content(Operation now, JsonNode had, JsonNode has, boolean request, String side) throws Unreadable {
        for (Map.Entry<String, JsonNode> one : had.properties()) {
            JsonNode type = has.path(one.getKey());
            String at = " " + side + " " + one.getKey();
            if (type.isMissingNode()) {
                breaks(
                        now,
                        request ? "request-media-type-removed" : "response-media-type-removed",
                        at,
                        one.getKey() + " is gone from the " + side);
                continue;
            }
            schemas.compare(
                    one.getValue().path("schema"),
                    type.path("schema"),
                    request,
                    (id, where) -> breaks(now, id, at + where, id + " in the " + side + where));
        }
    }

    /** Whoever may call it in one of the old ways must be able to with no more than that. */
    private void security(Operation old, Operation now) {
        List<Set<String>> has = ways(after, now);
        for (Set<String> way : ways(before, old)) {
            if (has.stream().noneMatch(way::containsAll)) {
                breaks(
                        now,
                        "api-security-tightened",
                        " " + String.join(" and ", way),
                        way.isEmpty()
                                ? "it was open and asks for authentication now"
                                : "it asks for another authentication");
            }
        }
    }

    private static List<Set<String>> ways(ApiDescription api, Operation of) {
        JsonNode declared = of.node().path("security");
        JsonNode security = declared.isMissingNode() ? api.root().path("security") : declared;
        List<Set<String>> ways = new ArrayList<>();
        for (JsonNode way : security) {
            Set<String> needs = new TreeSet<>();
            way.properties().forEach(scheme -> {
                JsonNode known =
                        api.root().path("components").path("securitySchemes").path(scheme.getKey());
                String kind = known.isMissingNode()
                        ? scheme.getKey()
                        : String.join(
                                " ",
                                known.path("type").asText(""),
                                known.path("in").asText(""),
                                known.path("name").asText(""),
                                known.path("scheme").asText(""));
                needs.add(kind);
                scheme.getValue().forEach(scope -> needs.add(kind + " " + scope.asText("")));
            });
            ways.add(needs);
        }
        return ways.isEmpty() ? List.of(Set.of()) : ways;
    }
}
