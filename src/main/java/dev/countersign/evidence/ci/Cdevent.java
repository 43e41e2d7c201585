package dev.countersign.evidence.ci;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.countersign.api.Problem;
import dev.countersign.evidence.Purl;
import dev.countersign.evidence.reader.Words;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One event of a pipeline (cdevents.dev), of whatever version of the specification: the SDK for Java knows each type in one version only and refuses the others, while
 * senders of several versions post to the same place.
 *
 * @param spec version of the specification that it was written by
 * @param what its subject and predicate, {@code pipelinerun.finished}
 * @param version of that type of event
 * @param chain what ties events of one delivery together; null where it says none
 * @param links to other events: counted, not followed
 * @param custom what the sender added of its own
 */
record Cdevent(
        String spec,
        String what,
        String version,
        String id,
        String source,
        Instant time,
        String chain,
        int links,
        String subject,
        JsonNode content,
        JsonNode custom) {
    private static final Schema RULES = rules();
    private static final Set<String> RUNS = Set.of("pipelinerun.finished", "testsuiterun.finished");
    /** In the words of every version: 0.3 says {@code pass}, later ones {@code success}. */
    private static final Set<String> GOOD = Set.of("success", "pass");

    private static Schema rules() {
        try (InputStream schema = Cdevent.class.getResourceAsStream("/cdevents/event.schema.json")) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(schema, InputFormat.JSON);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** @throws Problem 422 with the places at fault */
    static Cdevent of(JsonNode event) {
        List<Problem.FieldError> faults = RULES.validate(event).stream()
                .limit(20)
                .map(fault ->
                        new Problem.FieldError(fault.getInstanceLocation().toString(), Words.of(fault.getMessage())))
                .toList();
        if (!faults.isEmpty()) {
            throw Problem.invalid("This is no CDEvent: " + faults.get(0).message(), faults);
        }
        JsonNode context = event.path("context");
        String type = context.path("type").asText();
        boolean extension = type.startsWith("dev.cdeventsx.");
        String[] parts = type.split("[.]", extension ? 6 : 5);
        int subject = extension ? 3 : 2;
        return new Cdevent(
                context.path(context.has("specversion") ? "specversion" : "version")
                        .asText(),
                (extension ? parts[2] + "." : "") + parts[subject] + "." + parts[subject + 1],
                parts[subject + 2],
                context.path("id").asText(),
                context.path("source").asText(),
                time(context.path("timestamp").asText()),
                text(context, "chainId"),
                context.path("links").size(),
                event.path("subject").path("id").asText(),
                event.path("subject").path("content"),
                event.path("customData"));
    }

    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException broken) {
            throw Problem.invalid("/context/timestamp", "A time as in RFC 3339, such as 2026-11-26T14:00:00Z");
        }
    }

    private static String text(JsonNode node, String field) {
        String text = node.path(field).isTextual() ? node.path(field).asText().strip() : "";
        return text.isEmpty() ? null : text;
    }

    boolean isEndOfRun() {
        return RUNS.contains(what);
    }

    /** Null where it says none. */
    String outcome() {
        String said = text(content, "outcome");
        return said == null ? null : Words.of(said.toLowerCase(Locale.ROOT));
    }

    static boolean isGood(String outcome) {
        return outcome != null && GOOD.contains(outcome);
    }

    String environment() {
        return text(content.path("environment"), "id");
    }

    String artifact() {
        return text(content, "artifactId");
    }

    /** What stays the same when it is repeated. One that has no name is known by its own id: it is then replaced by no other. */
    Optional<String> run() {
        if (!isEndOfRun()) {
            return Optional.empty();
        }
        boolean pipeline = what.startsWith("pipelinerun");
        JsonNode suite = content.path("testSuite");
        String name = pipeline
                ? text(content, "pipelineName")
                : text(suite, "name") == null ? text(suite, "id") : text(suite, "name");
        String words = Words.of((pipeline ? "pipeline " : "test suite ") + (name == null ? "run " + subject : name));
        // Two that only differ further on stay two.
        return Optional.of(
                words.length() <= 150 ? words : cut(words, 140) + "~" + Integer.toHexString(words.hashCode()));
    }

    /** Why, in the sender's words; empty where it says nothing. */
    String reason() {
        String said = text(content, "reason") == null ? text(content, "errors") : text(content, "reason");
        return said == null ? "" : cut(Words.of(said), 250);
    }

    /** Of the source that was built: the change of the event, or what the sender added. */
    Optional<String> commit() {
        return Stream.of(
                        text(custom, "commit"),
                        text(content.path("change"), "id"),
                        what.startsWith("change.") ? subject : null)
                .filter(said -> said != null && said.matches("[0-9a-fA-F]{40}|[0-9a-fA-F]{64}"))
                .map(said -> said.toLowerCase(Locale.ROOT))
                .findFirst();
    }

    /** Of the artifact that it speaks of: as its package URL has it, or what the sender added. */
    Optional<String> digest() {
        return Stream.of(text(custom, "digest"), version(artifact()), version(subject))
                .filter(said -> said != null && said.matches("sha256:[0-9a-fA-F]{64}"))
                .map(said -> said.toLowerCase(Locale.ROOT))
                .findFirst();
    }

    private static String version(String purl) {
        Purl read = Purl.of(purl);
        return read == null ? null : read.version();
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest);
    }
}
