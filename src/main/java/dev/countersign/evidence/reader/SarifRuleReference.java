package dev.countersign.evidence.reader;

import java.io.IOException;

/**
 * How a result or an override names a rule.
 *
 * @param index in the component's rules; null where not given
 * @param component index of the extension; null for the driver
 */
record SarifRuleReference(String id, Integer index, Integer component, String componentName) {
    SarifRuleReference byId() {
        return new SarifRuleReference(id, null, null, null);
    }

    /** Gathers a reference from the properties of a result or a descriptor. */
    static final class Builder {
        private String id;
        private Integer index;
        private Integer component;
        private String componentName;

        void id(String value) {
            if (value != null) {
                id = value;
            }
        }

        void index(int value) {
            index = value < 0 ? index : Integer.valueOf(value);
        }

        /** A {@code reportingDescriptorReference}. */
        void read(JsonCursor json) throws IOException, Unreadable {
            json.object("a rule reference", field -> {
                switch (field) {
                    case "id" -> id(json.text("id"));
                    case "index" -> index(json.integer("index"));
                    case "toolComponent" ->
                        json.object(field, part -> {
                            switch (part) {
                                case "index" -> {
                                    int value = json.integer("index");
                                    component = value < 0 ? null : Integer.valueOf(value);
                                }
                                case "name" -> componentName = Words.of(json.text("name"));
                                default -> {
                                    Misspelt.refuse(json, part, java.util.Set.of("index", "name"));
                                    json.skip();
                                }
                            }
                        });
                    default -> {
                        Misspelt.refuse(json, field, java.util.Set.of("id", "index", "toolComponent"));
                        json.skip();
                    }
                }
            });
        }

        SarifRuleReference build() {
            return new SarifRuleReference(id, index, component, componentName);
        }
    }
}
