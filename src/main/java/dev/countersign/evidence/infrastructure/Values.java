package dev.countersign.evidence.infrastructure;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.StreamSupport;

/** Reads single values; whatever has not the form that it must have is not told. */
final class Values {
    private Values() {}

    /** Terraform takes the words for the values; Kubernetes refuses them, and so they are not told there. */
    static Answer truth(JsonNode value, Answer missing) {
        JsonNode said = Resource.said(value);
        if (said.isMissingNode()) {
            return missing;
        }
        if (said.isBoolean()) {
            return Answer.of(said.booleanValue());
        }
        return said.isTextual() && said.asText().matches("true|false")
                ? Answer.of(said.asText().equals("true"))
                : Answer.UNTOLD;
    }

    static Answer strictTruth(JsonNode value, Answer missing) {
        JsonNode said = Resource.said(value);
        return said.isTextual() ? Answer.UNTOLD : truth(said, missing);
    }

    /** The blocks of a name, or the list of objects that is given in their place; one object alone is a list of one. */
    static List<JsonNode> blocks(JsonNode value) {
        JsonNode said = Resource.said(value);
        if (said.isMissingNode()) {
            return List.of();
        }
        return said.isArray() ? StreamSupport.stream(said.spliterator(), false).toList() : List.of(said);
    }

    /** Null where it is no whole number. */
    static Integer number(JsonNode value) {
        if (value.isIntegralNumber() && value.canConvertToInt()) {
            return value.intValue();
        }
        return value.isTextual() && value.asText().matches("-?\\d{1,6}") ? Integer.valueOf(value.asText()) : null;
    }
}
