package dev.countersign.observe;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.countersign.api.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;

/**
 * What a page tells, as the library web-vitals (versions 4 and 5) writes a metric with {@code JSON.stringify}: {@code name, value, rating, delta, entries, id,
 * navigationType}. Of these name, value and id are read. Other vitals than those that are judged are taken in and not counted. A beacon of Boomerang holds all vitals of its page by
 * names of its own, with dots as it sends them, or with underscores as collectors store them.
 *
 * @param id the library's, the same when it tells a page's value again
 */
record RumBeacon(Vital vital, double value, String id) {
    private static final Pattern ID = Pattern.compile("[\\w.:-]{1,100}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}([.][0-9]{1,12})?");
    private static final Map<String, Vital> BOOMERANG =
            Map.of("pt.lcp", Vital.LCP, "et.inp", Vital.INP, "c.cls", Vital.CLS);
    private static final JsonMapper JSON = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(20).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS.mappedFeature())
            .build();

    /** @throws Problem where the body is no beacon and no list of beacons */
    static List<RumBeacon> read(byte[] body, int most) {
        JsonNode root;
        try {
            root = JSON.readTree(body);
        } catch (IOException broken) {
            // Bytes that are no text of any encoding are no processing error to Jackson, and are no JSON either.
            throw Problem.of(HttpStatus.BAD_REQUEST, "The body is not JSON", Map.of());
        }
        if (!root.isArray()) {
            return one(root, "");
        }
        if (root.size() > most) {
            throw Problem.invalid("/", "has more than %d beacons".formatted(most));
        }
        List<RumBeacon> beacons = new ArrayList<>();
        for (int i = 0; i < root.size(); i++) {
            beacons.addAll(one(root.get(i), "/" + i));
        }
        return beacons;
    }

    /** The fields of a form, as Boomerang posts them; empty where none of them is judged. */
    static List<RumBeacon> ofForm(UnaryOperator<String> field) {
        String page = field.apply("pid");
        String id = page != null && ID.matcher(page).matches() ? page : null;
        List<RumBeacon> beacons = new ArrayList<>();
        BOOMERANG.forEach((name, vital) -> {
            String value = field.apply(name) == null ? field.apply(name.replace('.', '_')) : field.apply(name);
            number(value).flatMap(vital::counted).ifPresent(counted -> beacons.add(new RumBeacon(vital, counted, id)));
        });
        return beacons;
    }

    private static Optional<Double> number(String text) {
        return text != null && NUMBER.matcher(text).matches() ? Optional.of(Double.valueOf(text)) : Optional.empty();
    }

    private static boolean isBoomerang(JsonNode beacon) {
        return beacon.isObject()
                && !beacon.has("name")
                && BOOMERANG.keySet().stream().anyMatch(name -> beacon.has(name) || beacon.has(name.replace('.', '_')));
    }

    private static List<RumBeacon> one(JsonNode beacon, String at) {
        if (isBoomerang(beacon)) {
            return ofForm(field -> beacon.path(field).asText(null));
        }
        return ofVital(beacon, at).map(List::of).orElse(List.of());
    }

    private static Optional<RumBeacon> ofVital(JsonNode beacon, String at) {
        JsonNode name = beacon.path("name");
        JsonNode value = beacon.path("value");
        if (!name.isTextual() || !value.isNumber()) {
            throw Problem.invalid(at + "/name", "must be the name of a web vital, with a number as value");
        }
        Vital vital =
                switch (name.textValue()) {
                    case "LCP" -> Vital.LCP;
                    case "INP" -> Vital.INP;
                    case "CLS" -> Vital.CLS;
                    case "JS_ERROR" -> Vital.JS_ERROR;
                    default -> null;
                };
        String id = beacon.path("id").asText("");
        return vital == null
                ? Optional.empty()
                : vital.counted(value.doubleValue())
                        .map(counted ->
                                new RumBeacon(vital, counted, ID.matcher(id).matches() ? id : null));
    }
}
