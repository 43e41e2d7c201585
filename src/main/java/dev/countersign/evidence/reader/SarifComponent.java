package dev.countersign.evidence.reader;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A tool component (driver or extension) with the rules it describes. */
final class SarifComponent {
    static final Set<String> LEVELS = Set.of("none", "note", "warning", "error");

    private final List<Rule> rules = new ArrayList<>();
    private final Map<String, Rule> byId = new HashMap<>();
    private String name;

    /** @param level null where the rule configures none; @param severity CVSS-like 0 to 10, null where none is given */
    record Rule(String id, String name, String level, Double severity) {}

    String name() {
        return name;
    }

    void read(JsonCursor json) throws IOException, Unreadable {
        json.object("a tool component", field -> {
            switch (field) {
                case "name" -> name = Words.of(json.text("name"));
                case "rules" ->
                    json.array("rules", () -> {
                        Rule rule = rule(json);
                        rules.add(rule);
                        byId.putIfAbsent(rule.id(), rule);
                    });
                default -> {
                    Misspelt.refuse(json, field, Set.of("name", "rules"));
                    json.skip();
                }
            }
        });
    }

    private static Rule rule(JsonCursor json) throws IOException, Unreadable {
        String[] text = new String[3];
        Double[] severity = new Double[1];
        json.object("a rule", field -> {
            switch (field) {
                case "id" -> text[0] = json.text("id");
                case "name" -> text[1] = Words.of(json.scalar());
                case "defaultConfiguration" -> text[2] = level(json);
                case "properties" -> severity[0] = severity(json);
                default -> {
                    Misspelt.refuse(json, field, Set.of("id", "defaultConfiguration", "properties"));
                    json.skip();
                }
            }
        });
        return new Rule(text[0], text[1], text[2], severity[0]);
    }

    /** The level in a {@code reportingConfiguration}. */
    static String level(JsonCursor json) throws IOException, Unreadable {
        String[] level = new String[1];
        json.object("a configuration", field -> {
            if (field.equals("level")) {
                level[0] = oneOf(json, "level", LEVELS);
            } else {
                Misspelt.refuse(json, field, Set.of("level"));
                json.skip();
            }
        });
        return level[0];
    }

    /** The value of {@code security-severity} in a property bag, as GitHub's code scanning defines it; null where there is none. */
    static Double severity(JsonCursor json) throws IOException, Unreadable {
        Double[] severity = new Double[1];
        json.object("properties", field -> {
            if (!field.equals("security-severity")) {
                Misspelt.refuse(json, field, Set.of("security-severity"));
                json.skip();
                return;
            }
            String value = json.scalar();
            if (value != null && !value.isBlank()) {
                try {
                    severity[0] = Double.valueOf(value.strip());
                } catch (NumberFormatException notANumber) {
                    throw json.fault("security-severity must be a number from 0 to 10, not " + Words.of(value));
                }
                if (!(severity[0] >= 0 && severity[0] <= 10)) {
                    throw json.fault("security-severity must be a number from 0 to 10, not " + Words.of(value));
                }
            }
        });
        return severity[0];
    }

    static String oneOf(JsonCursor json, String what, Set<String> allowed) throws IOException, Unreadable {
        String value = json.text(what);
        if (value != null && !allowed.contains(value)) {
            throw json.fault(what + " is " + Words.of(value) + ", allowed are "
                    + String.join(", ", new java.util.TreeSet<>(allowed)));
        }
        return value;
    }

    Rule find(SarifRuleReference reference) {
        if (reference.index() != null) {
            return reference.index() < rules.size() ? rules.get(reference.index()) : null;
        }
        String id = reference.id();
        Rule found = byId.get(id);
        // 3.27.5: a result may name a sub-rule, "CA1000/1", of the rule "CA1000".
        while (found == null && id != null && id.lastIndexOf('/') > 0) {
            id = id.substring(0, id.lastIndexOf('/'));
            found = byId.get(id);
        }
        return found;
    }
}
