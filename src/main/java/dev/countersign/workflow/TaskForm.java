package dev.countersign.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.camunda.bpm.engine.variable.value.TypedValue;
import org.camunda.spin.json.SpinJsonNode;

/**
 * A Camunda Form as a rule for what may be submitted. Tasklist checks nothing on the server, so the same form is read again here.
 */
final class TaskForm {
    private static final int MAX_TEXT = 20_000;
    private static final Set<String> INPUTS = Set.of(
            "textfield",
            "textarea",
            "number",
            "datetime",
            "checkbox",
            "checklist",
            "radio",
            "select",
            "taglist",
            "dynamiclist");

    private final Map<String, JsonNode> inputs = new LinkedHashMap<>();
    private final ObjectMapper json;

    private TaskForm(ObjectMapper json) {
        this.json = json;
    }

    static TaskForm parse(JsonNode form, ObjectMapper json) {
        TaskForm parsed = new TaskForm(json);
        parsed.collect(form.path("components"));
        return parsed;
    }

    private void collect(JsonNode components) {
        for (JsonNode component : components) {
            String type = component.path("type").asText();
            if ("dynamiclist".equals(type)) {
                inputs.put(component.path("path").asText(), component);
            } else if (INPUTS.contains(type) && !component.path("disabled").asBoolean(false)) {
                inputs.put(component.path("key").asText(), component);
            } else if (component.has("components")) {
                collect(component.path("components"));
            }
        }
    }

    /** The submitted values as plain Java values; empty ones are left out. */
    Map<String, Object> read(Map<String, Object> submitted) {
        Set<String> unknown = new TreeSet<>(submitted.keySet());
        unknown.removeAll(inputs.keySet());
        if (!unknown.isEmpty()) {
            throw TaskRefused.invalid(
                    unknown.iterator().next(), "The form has no field " + unknown + "; it has " + inputs.keySet());
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        inputs.forEach((key, component) -> {
            Object value = plain(key, submitted.get(key), component);
            boolean absent = value == null || "".equals(value) || (value instanceof List<?> list && list.isEmpty());
            if (!absent) {
                check(key, value, component);
                fields.put(key, value);
            } else if (isRequired(component)) {
                throw TaskRefused.invalid(key, label(key, component) + " is required");
            }
        });
        return fields;
    }

    private static boolean isRequired(JsonNode component) {
        // A field that its condition hides is not submitted; whether it was needed is the domain's rule then.
        return component.path("validate").path("required").asBoolean(false)
                && !component.path("conditional").has("hide");
    }

    private Object plain(String key, Object value, JsonNode component) {
        Object plain = value instanceof TypedValue typed ? typed.getValue() : value;
        if (plain instanceof SpinJsonNode node) {
            return parse(key, node.toString());
        }
        boolean isList = Set.of("checklist", "taglist", "dynamiclist")
                .contains(component.path("type").asText());
        return isList && plain instanceof String text && !text.isBlank() ? parse(key, text) : plain;
    }

    private Object parse(String key, String text) {
        try {
            return json.readValue(text, Object.class);
        } catch (JsonProcessingException broken) {
            throw TaskRefused.invalid(key, "'" + key + "' must be JSON");
        }
    }

    private void check(String key, Object value, JsonNode component) {
        String label = label(key, component);
        JsonNode validate = component.path("validate");
        switch (component.path("type").asText()) {
            case "textfield", "textarea", "datetime" -> checkText(key, label, value, validate);
            case "number" -> checkNumber(key, label, value, validate);
            case "checkbox" -> require(value instanceof Boolean, key, label + " must be true or false");
            case "radio", "select" -> {
                require(value instanceof String, key, label + " must be one of the choices");
                checkChoice(key, label, value, component);
            }
            case "checklist", "taglist" -> {
                require(value instanceof List<?>, key, label + " must be a list of choices");
                ((List<?>) value).forEach(choice -> checkChoice(key, label, choice, component));
            }
            default -> checkRows(key, label, value, component);
        }
    }

    private static void checkText(String key, String label, Object value, JsonNode validate) {
        require(value instanceof String, key, label + " must be text");
        String text = (String) value;
        int max = validate.path("maxLength").asInt(MAX_TEXT);
        require(text.length() <= max, key, label + " must have at most " + max + " characters");
        int min = validate.path("minLength").asInt(0);
        require(text.strip().length() >= min, key, label + " must have at least " + min + " characters");
        String pattern = validate.path("pattern").asText("");
        require(pattern.isEmpty() || text.matches(pattern), key, label + " must match " + pattern);
    }

    private static void checkNumber(String key, String label, Object value, JsonNode validate) {
        double number;
        try {
            number = value instanceof Number typed ? typed.doubleValue() : Double.parseDouble(value.toString());
        } catch (NumberFormatException notANumber) {
            throw TaskRefused.invalid(key, label + " must be a number");
        }
        require(
                number >= validate.path("min").asDouble(-Double.MAX_VALUE)
                        && number <= validate.path("max").asDouble(Double.MAX_VALUE),
                key,
                label + " is out of its range");
    }

    private static void checkChoice(String key, String label, Object value, JsonNode component) {
        JsonNode values = component.path("values");
        if (values.isEmpty()) {
            return; // the choices come from the briefing: the domain checks them
        }
        List<String> choices = StreamSupport.stream(values.spliterator(), false)
                .map(choice -> choice.path("value").asText())
                .toList();
        require(choices.contains(String.valueOf(value)), key, label + " must be one of " + choices);
    }

    private void checkRows(String key, String label, Object value, JsonNode component) {
        require(value instanceof List<?>, key, label + " must be a list");
        TaskForm row = parse(component, json);
        for (Object entry : (List<?>) value) {
            require(entry instanceof Map<?, ?>, key, "Each entry of " + label + " must be an object");
            @SuppressWarnings("unchecked")
            Map<String, Object> fields = (Map<String, Object>) entry;
            row.read(fields);
        }
    }

    private static String label(String key, JsonNode component) {
        String label = component.path("label").asText("");
        return label.isEmpty() ? "'" + key + "'" : "'" + label + "'";
    }

    private static void require(boolean condition, String key, String message) {
        if (!condition) {
            throw TaskRefused.invalid(key, message);
        }
    }
}
