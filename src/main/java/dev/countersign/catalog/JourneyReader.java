package dev.countersign.catalog;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.catalog.Catalog.Problem;
import dev.countersign.catalog.Journey.Expectation;
import dev.countersign.catalog.Journey.JsonValue;
import dev.countersign.catalog.Journey.Kept;
import dev.countersign.catalog.Journey.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Journeys of a service from YAML, held to the published schema {@value #SCHEMA}. */
final class JourneyReader {
    static final String SCHEMA = "/processes/journeys/journeys.schema.json";
    private static final PublishedSchema RULES = PublishedSchema.of(SCHEMA, "A file of journeys describes one service");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");
    private static final Duration STEP = Duration.ofSeconds(2);
    private static final Duration JOURNEY = Duration.ofSeconds(5);

    private final YamlDocument document;
    private final List<Problem> problems;

    private JourneyReader(YamlDocument document, List<Problem> problems) {
        this.document = document;
        this.problems = problems;
    }

    static Declaration.Read<JourneyFile> read(SourceFile file) {
        List<Problem> problems = new ArrayList<>();
        JourneyFile said = RULES.read(file, problems)
                .map(document -> new JourneyReader(document, problems).file(file.digest()))
                .orElse(null);
        return new Declaration.Read<>(
                problems.isEmpty() ? Optional.ofNullable(said) : Optional.empty(), List.copyOf(problems));
    }

    private JourneyFile file(String digest) {
        List<Journey> journeys = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        String service = document.text("/service");
        for (int i = 0; i < document.content().at("/run").size(); i++) {
            String at = "/run/" + i;
            unique(ids, at, "journeys");
            Duration within = duration(at + "/within", JOURNEY);
            journeys.add(new Journey(document.text(at + "/id"), service, digest, within, steps(at + "/steps", within)));
        }
        return new JourneyFile(document.text("/journeys"), service, List.copyOf(journeys));
    }

    private void unique(Set<String> ids, String at, String what) {
        if (!ids.add(document.text(at + "/id"))) {
            problems.add(
                    document.problem(at + "/id", "Two %s have the id `%s`".formatted(what, document.text(at + "/id"))));
        }
    }

    private List<Step> steps(String list, Duration limit) {
        List<Step> steps = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        Set<String> known = new HashSet<>();
        for (int i = 0; i < document.content().at(list).size(); i++) {
            String at = list + "/" + i;
            unique(ids, at, "steps");
            filled(at + "/path", document.text(at + "/path"), known);
            texts(at + "/headers").forEach((name, value) -> filled(at + "/headers", value, known));
            filled(at + "/body", document.content().at(at + "/body").asText(""), known);
            filled(at + "/json", document.content().at(at + "/json").toString(), known);
            List<Kept> kept = kept(at + "/keep", known);
            Duration within = duration(at + "/within", STEP);
            steps.add(new Step(
                    document.text(at + "/id"),
                    document.has(at + "/method") ? document.text(at + "/method") : "GET",
                    document.text(at + "/path"),
                    texts(at + "/headers"),
                    document.has(at + "/body")
                            ? document.content().at(at + "/body").asText()
                            : null,
                    document.has(at + "/json") ? document.content().at(at + "/json") : null,
                    within.compareTo(limit) < 0 ? within : limit,
                    expected(at + "/expect"),
                    kept));
        }
        return List.copyOf(steps);
    }

    /** Everything that is filled in must be there when its step begins. */
    private void filled(String at, String text, Set<String> known) {
        Matcher names = PLACEHOLDER.matcher(text == null ? "" : text);
        while (names.find()) {
            if (!known.contains(names.group(1)) && !names.group(1).matches("secret\\.[a-z][a-z0-9-]{0,62}")) {
                problems.add(document.problem(
                        at,
                        "`%s` is neither kept by an earlier step nor `secret.` and a name".formatted(names.group())));
            }
        }
    }

    private List<Kept> kept(String list, Set<String> known) {
        List<Kept> kept = new ArrayList<>();
        for (int i = 0; i < document.content().at(list).size(); i++) {
            String at = list + "/" + i;
            pointer(at + "/json");
            if (document.has(at + "/regex")) {
                regex(at + "/regex");
            }
            known.add(document.text(at + "/name"));
            kept.add(new Kept(
                    document.text(at + "/name"),
                    document.text(at + "/json"),
                    document.text(at + "/header"),
                    document.text(at + "/regex")));
        }
        return List.copyOf(kept);
    }

    private void regex(String at) {
        try {
            if (Pattern.compile(document.text(at)).matcher("").groupCount() < 1) {
                problems.add(document.problem(at, "The expression needs a group: `order-([0-9]+)` keeps the number"));
            }
        } catch (PatternSyntaxException wrong) {
            problems.add(document.problem(at, "This is no regular expression: " + wrong.getDescription()));
        }
    }

    private Expectation expected(String at) {
        Set<Integer> status = new LinkedHashSet<>();
        JsonNode codes = document.content().at(at + "/status");
        if (codes.isInt() || codes.isLong()) {
            status.add(codes.asInt());
        }
        codes.forEach(code -> status.add(code.asInt()));
        List<JsonValue> values = new ArrayList<>();
        for (int i = 0; i < document.content().at(at + "/json").size(); i++) {
            String value = at + "/json/" + i;
            pointer(value + "/at");
            JsonNode is = document.content().at(value + "/is");
            values.add(new JsonValue(document.text(value + "/at"), is.isMissingNode() ? null : is));
        }
        return new Expectation(
                Set.copyOf(status), List.copyOf(values), texts(at + "/headers"), document.texts(at + "/contains"));
    }

    private void pointer(String at) {
        try {
            if (document.has(at)) {
                JsonPointer.compile(document.text(at));
            }
        } catch (IllegalArgumentException wrong) {
            problems.add(document.problem(at, "This is no JSON pointer (RFC 6901): " + document.text(at)));
        }
    }

    /** By name in lower case, as headers compare. */
    private Map<String, String> texts(String at) {
        Map<String, String> texts = new LinkedHashMap<>();
        document.content()
                .at(at)
                .properties()
                .forEach(each -> texts.put(
                        each.getKey().toLowerCase(Locale.ROOT), each.getValue().asText()));
        return Map.copyOf(texts);
    }

    private Duration duration(String at, Duration otherwise) {
        return document.has(at) ? Duration.parse(document.text(at)) : otherwise;
    }
}
