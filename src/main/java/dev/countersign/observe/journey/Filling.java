package dev.countersign.observe.journey;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.catalog.Journey;
import dev.countersign.observe.JourneyTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.web.util.UriUtils;

/** What the steps of one walk know: kept values and secrets. What is filled in never becomes more than a value. */
final class Filling {
    private static final Pattern NAME = Pattern.compile("\\$\\{([^}]*)}");
    private final String service;
    private final JourneyTarget target;
    private final Map<String, String> kept = new HashMap<>();
    private final List<String> secrets = new ArrayList<>();

    Filling(String service, JourneyTarget target) {
        this.service = service;
        this.target = target;
    }

    void keep(String name, String value) {
        kept.put(name, value);
    }

    /** Each value is one encoded part of the path. */
    String path(String text) throws IOException {
        return filled(text, true);
    }

    String text(String text) throws IOException {
        return filled(text, false);
    }

    /** Texts inside of it are filled in; what is filled in cannot end its text. */
    JsonNode json(JsonNode node) throws IOException {
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (node.isTextual()) {
            return json.textNode(filled(node.textValue(), false));
        }
        if (node.isArray()) {
            ArrayNode array = json.arrayNode();
            for (JsonNode each : node) {
                array.add(json(each));
            }
            return array;
        }
        if (node.isObject()) {
            ObjectNode object = json.objectNode();
            for (Map.Entry<String, JsonNode> each : node.properties()) {
                object.set(each.getKey(), json(each.getValue()));
            }
            return object;
        }
        return node;
    }

    /** For a person: a version that answers with what it was told in confidence is not quoted. */
    String told(String sentence) {
        String told = sentence;
        for (String secret : secrets) {
            told = told.replace(secret, "…");
        }
        return told;
    }

    private String filled(String text, boolean encoded) throws IOException {
        Matcher names = NAME.matcher(text);
        StringBuilder filled = new StringBuilder();
        while (names.find()) {
            String value = value(names.group(1));
            names.appendReplacement(
                    filled, Matcher.quoteReplacement(encoded ? UriUtils.encode(value, StandardCharsets.UTF_8) : value));
        }
        return names.appendTail(filled).toString();
    }

    private String value(String name) throws IOException {
        if (!name.startsWith(Journey.SECRET)) {
            return kept.get(name);
        }
        String secret = target.secret(service, name.substring(Journey.SECRET.length()))
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> new IOException(
                        "the operators keep no secret '%s' for it".formatted(name.substring(Journey.SECRET.length()))));
        secrets.add(secret);
        return secret;
    }
}
