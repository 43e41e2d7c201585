package dev.countersign.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("D1")
class TaskFormTests {
    private static final String FORM =
            """
            {"components": [
              {"type": "text", "text": "Vote"},
              {"type": "radio", "key": "vote", "label": "Vote", "validate": {"required": true},
               "values": [{"value": "GO", "label": "Go"}, {"value": "NO_GO", "label": "No go"}]},
              {"type": "textarea", "key": "reason", "label": "Reason", "validate": {"maxLength": 10}},
              {"type": "textfield", "key": "digest", "validate": {"pattern": "[0-9a-f]{4}"}},
              {"type": "number", "key": "count", "validate": {"min": 1, "max": 5}},
              {"type": "checkbox", "key": "sure"},
              {"type": "textfield", "key": "fixed", "disabled": true},
              {"type": "checklist", "key": "parts", "values": [{"value": "a", "label": "A"}]},
              {"type": "group", "components": [{"type": "textfield", "key": "inner"}]},
              {"type": "dynamiclist", "path": "conditions", "components": [
                {"type": "textfield", "key": "text", "validate": {"required": true}}]}
            ]}""";

    private final TaskForm form = form();

    private static TaskForm form() {
        try {
            ObjectMapper json = new ObjectMapper();
            return TaskForm.parse(json.readTree(FORM), json);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException(broken);
        }
    }

    @Test
    void a_valid_answer_is_read_and_empty_values_are_left_out() {
        Map<String, Object> submitted = new java.util.HashMap<>(Map.of("vote", "GO", "reason", "", "sure", true));
        submitted.put("inner", null);

        assertThat(form.read(submitted)).isEqualTo(Map.of("vote", "GO", "sure", true));
    }

    @Test
    void lists_come_as_json_text() {
        assertThat(form.read(Map.of("vote", "GO", "parts", "[\"a\"]", "conditions", "[{\"text\": \"watch\"}]")))
                .containsEntry("parts", List.of("a"))
                .containsEntry("conditions", List.of(Map.of("text", "watch")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            vote     | MAYBE              | must be one of
            reason   | longer than ten    | at most 10
            digest   | 12GZ               | must match
            count    | 0                  | out of its range
            count    | six                | must be a number
            fixed    | changed            | has no field
            decision | GO                 | has no field
            sure     | yes                | must be true or false
            parts    | ["b"]              | must be one of
            conditions | [{}]             | is required
            conditions | [{"text":"x","by":"me"}] | has no field
            conditions | ["x"]            | must be an object
            conditions | [                | must be JSON
            """)
    void a_wrong_answer_is_refused_in_words(String field, String value, String words) {
        Map<String, Object> submitted = new java.util.HashMap<>(Map.of("vote", "GO"));
        submitted.put(field, value);

        assertThatThrownBy(() -> form.read(submitted))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining(words);
    }

    @Test
    void what_is_required_must_be_there() {
        assertThatThrownBy(() -> form.read(Map.of("reason", "because")))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining("'Vote' is required");
        assertThat(Arrays.asList(1, 5)).allSatisfy(count -> assertThat(form.read(Map.of("vote", "GO", "count", count)))
                .containsEntry("count", count));
    }
}
