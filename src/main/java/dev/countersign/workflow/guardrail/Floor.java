package dev.countersign.workflow.guardrail;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What no edit of a model or table may fall below, owned by compliance: {@code processes/floor.yaml}. Its keys are explained in
 * {@code processes/floor.schema.json}.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Floor(
        String version,
        Map<String, Kind> kinds,
        Controlled controlled,
        List<Caller> callers,
        List<Passage> passages,
        List<Contents> contents,
        Variables variables,
        List<TableFloor> tables) {

    /** @param onlyWhen the condition that marks a way which only releases of this kind take; null for the ordinary kind */
    public record Kind(String name, String onlyWhen) {}

    /**
     * What is deployed together or not at all.
     *
     * @param messages names of messages that no other process may wait for or be started by, a {@code *} at the end for any end; null
     *     for all messages
     */
    public record Controlled(Set<String> processes, Set<String> decisions, Set<String> messages) {}

    /** @param from the only processes that may call the process */
    public record Caller(String process, Set<String> from, String because) {}

    /**
     * Controls on every way to a place.
     *
     * @param kinds kinds of release that the rule is for; null for all
     * @param withoutOnly end events that may be reached without the controls because they hold a release back
     */
    public record Passage(
            String process, Set<String> kinds, Place to, List<Place> pass, Set<String> withoutOnly, String because) {}

    /**
     * A place in a model: exactly one member is given.
     *
     * @param call a call activity, by the process it calls
     * @param step a service or business rule task, by its bean
     * @param task a user task, by its id
     * @param answer a flow that is taken only on this condition
     * @param state whatever makes the release enter this state
     * @param end any end of the process
     * @param anyOf one of several places
     * @param forEach the collection of a multi-instance control that is known not to be empty
     */
    public record Place(
            String call,
            String step,
            String task,
            String answer,
            String state,
            Boolean end,
            List<Place> anyOf,
            String forEach) {
        String label() {
            return Optional.ofNullable(call)
                    .or(() -> Optional.ofNullable(step))
                    .or(() -> Optional.ofNullable(task))
                    .or(() -> Optional.ofNullable(answer))
                    .or(() -> Optional.ofNullable(state).map(entered -> "state " + entered))
                    .or(() -> Optional.ofNullable(anyOf)
                            .map(places -> String.join(
                                    "` or `", places.stream().map(Place::label).toList())))
                    .orElse("the end");
        }
    }

    /** Elements that a process must contain. */
    public record Contents(String process, List<Place> has, String because) {}

    /** @param outcomes variables that only Java writes */
    public record Variables(Set<String> outcomes) {}

    /**
     * A limit on what a decision table may answer, proven by asking it.
     *
     * @param facts inputs with all values they can have; an input with values that only the table knows is left out here and asked with
     *     each value that stands in the table and one that does not
     * @param numbers inputs that are numbers of any size
     * @param texts inputs that are texts of any kind
     */
    public record TableFloor(
            String decision,
            Map<String, List<Object>> facts,
            Set<String> numbers,
            Set<String> texts,
            List<Demand> demands) {}

    /**
     * @param when facts that the demand is for: name to values
     * @param rows how many rows an answer must have at least
     * @param answers for each entry some row of the answer must match all its columns
     * @param never no row may match all columns of an entry
     * @param firstBy the column whose least value makes a row the first; null for the order of the table
     * @param first limits on the first row's columns
     * @param every limits on every row's columns
     */
    public record Demand(
            Map<String, List<Object>> when,
            Integer rows,
            List<Map<String, Object>> answers,
            List<Map<String, Object>> never,
            String firstBy,
            Map<String, Limit> first,
            Map<String, Limit> every,
            String because) {}

    /**
     * @param notBelow for a column whose values are ordered from weak to strong in {@code order}: the fact whose value is the least
     */
    public record Limit(
            Double atMost,
            Double atLeast,
            String noLongerThan,
            String noShorterThan,
            List<Object> oneOf,
            List<Object> noneOf,
            List<String> order,
            String notBelow) {}

    /** Reads and validates a floor file. */
    public static Floor read(byte[] yaml) {
        try {
            JsonNode tree = new YAMLMapper().readTree(yaml);
            validate(tree);
            return JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build()
                    .treeToValue(tree, Floor.class);
        } catch (IOException broken) {
            throw new IllegalArgumentException("floor.yaml cannot be read: " + broken.getMessage(), broken);
        }
    }

    private static void validate(JsonNode tree) {
        try (InputStream schema = Floor.class.getResourceAsStream("/processes/floor.schema.json")) {
            var errors = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(schema)
                    .validate(tree.toString(), InputFormat.JSON);
            if (!errors.isEmpty()) {
                throw new IllegalArgumentException("floor.yaml: "
                        + String.join(
                                "; ", errors.stream().map(Object::toString).toList()));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
