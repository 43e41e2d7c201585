package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.evidence.infrastructure.Checks;
import dev.countersign.evidence.infrastructure.Resource;
import dev.countersign.evidence.infrastructure.Untold;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A plan as {@code terraform show -json} writes it: each resource as it will stand, those without a change too. What is deleted or only forgotten is not looked at. What a plan would do is held against what it says will
 * stand, so that none can be missing.
 */
final class InfrastructurePlan {
    private static final Set<String> NAMES = Set.of("resource_changes", "planned_values", "format_version");
    private static final Set<String> ACTIONS = Set.of("no-op", "create", "read", "update", "delete", "forget");
    /** Of an instance, at the end of its name. */
    private static final Pattern KEY = Pattern.compile("\\[(\"([^\"\\\\]|\\\\.)*\"|[0-9]+)]");

    private static final int LONGEST = 1000;
    private static final int MOST_TYPES = 50;
    private static final int MOST_PLANNED = 200_000;

    private final InfrastructureTally tally = new InfrastructureTally();
    private final PlanConfiguration configuration = new PlanConfiguration();
    private final Set<String> planned = new HashSet<>();
    private final Set<String> types = new TreeSet<>();
    private final Set<String> actions = new TreeSet<>();
    private String version = "";
    private boolean format;
    private boolean complete = true;
    private long changes;

    static boolean isOne(Set<String> names) {
        return names.contains("resource_changes")
                || (names.contains("format_version") && names.contains("planned_values"));
    }

    Reading read(Content content) throws IOException, Unreadable {
        JsonCursor.document(content, json -> name -> {
            switch (name) {
                case "format_version" -> format = !Words.of(json.text(name)).isEmpty();
                case "terraform_version" -> version = Words.of(json.text(name));
                case "errored" -> complete = !json.truth(name, false) && complete;
                case "complete" -> complete = json.truth(name, true) && complete;
                case "planned_values" ->
                    json.object(name, inner -> {
                        if (inner.equals("root_module")) {
                            planned(json);
                        } else {
                            json.skip();
                        }
                    });
                case "configuration" -> configuration.read(json);
                default -> {
                    Misspelt.refuse(json, name, NAMES);
                    json.skip();
                }
            }
        });
        if (!format) {
            throw new Unreadable("not a Terraform plan: it has no format_version", "line 1, column 1");
        }
        JsonCursor.document(content, json -> name -> {
            if (name.equals("resource_changes")) {
                int[] index = new int[1];
                json.array(name, () -> change(json, "/" + name + "/" + index[0]++));
            } else {
                json.skip();
            }
        });
        if (!planned.isEmpty()) {
            throw new Unreadable(
                    "planned_values says that %s will stand, and resource_changes does not have it"
                            .formatted(Words.of(planned.iterator().next())),
                    "line 1, column 1");
        }
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("terraformVersion", version);
        more.put("resourceChanges", changes);
        more.put("actions", List.copyOf(actions));
        more.put("types", types.stream().limit(MOST_TYPES).toList());
        return tally.reading("terraform plan", more, complete);
    }

    private void planned(JsonCursor json) throws IOException, Unreadable {
        json.object("a module", name -> {
            switch (name) {
                case "resources" ->
                    json.array(name, () -> {
                        Map<String, String> said = new HashMap<>();
                        json.object("a resource", field -> said.put(field, json.scalar()));
                        if (!"data".equals(said.get("mode"))) {
                            planned.add(String.valueOf(said.get("address")));
                        }
                        if (planned.size() > MOST_PLANNED) {
                            throw json.fault("more than %d resources are not read".formatted(MOST_PLANNED));
                        }
                    });
                case "child_modules" -> json.array(name, () -> planned(json));
                default -> {
                    Misspelt.refuse(json, name, Set.of("resources", "child_modules"));
                    json.skip();
                }
            }
        });
    }

    private void change(JsonCursor json, String pointer) throws IOException, Unreadable {
        Places places = new Places();
        String at = json.at();
        JsonNode resource = Shape.object(json.tree("a resource", places), "a resource", at + ", " + pointer);
        changes++;
        String address = required(resource, "address", at + ", " + pointer);
        String type = required(resource, "type", at + ", " + pointer);
        String name = required(resource, "name", at + ", " + pointer);
        String mode = required(resource, "mode", at + ", " + pointer);
        if (!withoutKeys(address).endsWith((mode.equals("data") ? "data." : "") + type + "." + name)) {
            throw new Unreadable(
                    "the address is none of this type and name",
                    places.lineOf("/address") + ", " + pointer + "/address");
        }
        Set<String> done = actions(resource, places, pointer);
        actions.addAll(done);
        types.add(Words.of(type));
        if (mode.equals("data")) {
            return;
        }
        if (!mode.equals("managed")) {
            throw new Unreadable(
                    "the mode is neither managed nor data", places.lineOf("/mode") + ", " + pointer + "/mode");
        }
        if (done.equals(Set.of("delete")) || done.equals(Set.of("forget"))) {
            return;
        }
        planned.remove(address);
        tally.found(address);
        if (Checks.isCovered(type)) {
            JsonNode change = resource.path("change");
            JsonNode after = Shape.object(
                    change.path("after"), "after", places.lineOf("/change") + ", " + pointer + "/change/after");
            // Without it nobody could tell what is not said from what is not known yet.
            JsonNode unknown = Shape.object(
                    change.path("after_unknown"),
                    "after_unknown",
                    places.lineOf("/change") + ", " + pointer + "/change/after_unknown");
            ObjectNode values = (ObjectNode) told(after, unknown);
            configuration.complete(address, values);
            Resource one = new Resource(type, address, values, inner -> place(inner, places, pointer));
            InfrastructureReader.refuseMisspelt(one);
            tally.look(one, size(values));
        }
    }

    /** Of the value, or of the word that it is known after apply; of what is not said the line of the address. */
    private static String place(String inner, Places places, String pointer) {
        for (String part : List.of("/change/after", "/change/after_unknown")) {
            if (!inner.isEmpty() && places.knows(part + inner)) {
                return places.lineOf(part + inner) + ", " + pointer + part + Words.of(inner);
            }
        }
        return places.lineOf("/address") + ", " + pointer + "/address";
    }

    private static Set<String> actions(JsonNode resource, Places places, String pointer) throws Unreadable {
        Set<String> done = new TreeSet<>();
        String at = places.lineOf("/change/actions") + ", " + pointer + "/change/actions";
        for (JsonNode action : Shape.list(resource.path("change"), "actions", at)) {
            if (!ACTIONS.contains(action.asText())) {
                throw new Unreadable("the action '%s' is not known".formatted(Words.of(action.asText())), at);
            }
            done.add(action.asText());
        }
        if (done.isEmpty()) {
            throw new Unreadable("a change has actions, this one has not", at);
        }
        return done;
    }

    private static String withoutKeys(String address) {
        return KEY.matcher(address).replaceAll("");
    }

    private static String required(JsonNode of, String name, String place) throws Unreadable {
        String text = of.path(name).isTextual() ? of.path(name).asText() : "";
        if (text.isBlank() || text.length() > LONGEST) {
            throw new Unreadable(name + (text.isBlank() ? " is missing" : " is too long"), place);
        }
        return text;
    }

    private static int size(JsonNode value) {
        int size = value.size();
        for (JsonNode inner : value) {
            size += size(inner);
        }
        return size;
    }

    /** The values as they will be; what is known after apply is not told. */
    private static JsonNode told(JsonNode after, JsonNode unknown) {
        if (unknown.isBoolean() && unknown.booleanValue()) {
            return Untold.of("");
        }
        if (after.isObject()) {
            ObjectNode all = JsonNodeFactory.instance.objectNode();
            after.properties().forEach(one -> all.set(one.getKey(), told(one.getValue(), unknown.path(one.getKey()))));
            unknown.properties().stream()
                    .filter(one -> !all.has(one.getKey())
                            && !(one.getValue().isBoolean() && !one.getValue().booleanValue()))
                    .filter(one ->
                            !one.getValue().isContainerNode() || !one.getValue().isEmpty())
                    .forEach(one -> all.set(one.getKey(), Untold.of("")));
            return all;
        }
        if (after.isArray()) {
            ArrayNode all = JsonNodeFactory.instance.arrayNode();
            for (int i = 0; i < Math.max(after.size(), unknown.size()); i++) {
                all.add(told(after.path(i), unknown.path(i)));
            }
            return all;
        }
        return after;
    }
}
