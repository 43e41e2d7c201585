package dev.countersign.workflow;

import java.util.List;
import java.util.Map;

/** What a person submitted, already validated against the task's form. */
public record Answer(String actor, Map<String, Object> fields) {
    public String text(String field) {
        Object value = fields.get(field);
        return value == null ? null : value.toString().strip();
    }

    public boolean isTrue(String field) {
        return Boolean.TRUE.equals(fields.get(field)) || "true".equals(fields.get(field));
    }

    /** The rows of a dynamic list or the values of a check list or tag list; empty where nothing was submitted. */
    @SuppressWarnings("unchecked")
    public <T> List<T> list(String field) {
        Object value = fields.get(field);
        return value == null ? List.of() : (List<T>) value;
    }
}
