package dev.countersign.observe.journey;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.countersign.catalog.Journey.Expectation;
import dev.countersign.catalog.Journey.JsonValue;
import dev.countersign.catalog.Journey.Kept;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Holds an answer against what a step expects. */
final class Expectations {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final int WORDS = 80;
    private static final int LONGEST_KEPT = 4_000;

    private final HttpResponse<byte[]> answer;
    private final String body;
    private JsonNode json;

    Expectations(HttpResponse<byte[]> answer) {
        this.answer = answer;
        this.body = new String(answer.body(), StandardCharsets.UTF_8);
    }

    /** The version answered otherwise than it must. */
    static final class Unmet extends Exception {
        private static final long serialVersionUID = 1L;

        Unmet(String message) {
            super(message);
        }
    }

    void hold(Expectation expected) throws Unmet {
        if (!expected.status().contains(answer.statusCode())) {
            throw new Unmet("answered %d, must be %s"
                    .formatted(
                            answer.statusCode(),
                            String.join(
                                    " or ",
                                    expected.status().stream()
                                            .sorted()
                                            .map(String::valueOf)
                                            .toList())));
        }
        for (Map.Entry<String, String> header : expected.headers().entrySet()) {
            List<String> values = answer.headers().allValues(header.getKey());
            if (values.stream().noneMatch(value -> value.contains(header.getValue()))) {
                throw new Unmet("answered %s in the header %s, must contain %s"
                        .formatted(
                                values.isEmpty() ? "nothing" : quoted(values.get(0)),
                                header.getKey(),
                                quoted(header.getValue())));
            }
        }
        for (JsonValue value : expected.json()) {
            hold(value);
        }
        for (String text : expected.contains()) {
            if (!body.contains(text)) {
                throw new Unmet("answered a body without " + quoted(text));
            }
        }
    }

    private void hold(JsonValue value) throws Unmet {
        JsonNode there = json().at(value.at());
        if (value.is() == null) {
            if (there.isMissingNode() || there.isNull()) {
                throw new Unmet("answered nothing at " + value.at());
            }
        } else if (!same(there, value.is())) {
            throw new Unmet("answered %s at %s, must be %s"
                    .formatted(
                            there.isMissingNode() ? "nothing" : quoted(there.asText(there.toString())),
                            value.at(),
                            quoted(value.is().asText())));
        }
    }

    private static boolean same(JsonNode there, JsonNode wanted) {
        return there.isNumber() && wanted.isNumber()
                ? there.decimalValue().compareTo(wanted.decimalValue()) == 0
                : there.equals(wanted);
    }

    String keep(Kept kept) throws Unmet {
        String value = found(kept);
        if (value == null || value.isEmpty()) {
            throw new Unmet("answered nothing to keep as " + kept.name());
        }
        if (value.length() > LONGEST_KEPT || value.chars().anyMatch(each -> each < ' ' || each == 127)) {
            throw new Unmet(
                    "answered something to keep as %s that is too long, or no plain text".formatted(kept.name()));
        }
        return value;
    }

    private String found(Kept kept) throws Unmet {
        if (kept.header() != null) {
            return answer.headers().firstValue(kept.header()).orElse(null);
        }
        if (kept.json() != null) {
            JsonNode there = json().at(kept.json());
            return there.isValueNode() && !there.isNull() ? there.asText() : null;
        }
        try {
            return BoundedSearch.firstGroup(kept.regex(), body).orElse(null);
        } catch (BoundedSearch.GivenUp tooMuch) {
            throw new Unmet("answered something to keep as %s: %s".formatted(kept.name(), tooMuch.getMessage()));
        }
    }

    private JsonNode json() throws Unmet {
        if (json == null) {
            try {
                json = JSON.readTree(answer.body());
            } catch (JsonProcessingException broken) {
                throw new Unmet("answered something that is no JSON");
            } catch (java.io.IOException impossible) {
                throw new java.io.UncheckedIOException(impossible);
            }
        }
        return json;
    }

    private static String quoted(String text) {
        String oneLine = text.replaceAll("\\p{Cntrl}", " ");
        return '"' + (oneLine.length() <= WORDS ? oneLine : oneLine.substring(0, WORDS) + "…") + '"';
    }
}
