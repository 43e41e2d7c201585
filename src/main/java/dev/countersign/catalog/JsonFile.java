package dev.countersign.catalog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Reads one document of strict JSON with the place of every value: no repeated keys, nothing behind it, bounded in size, depth and number of values. */
final class JsonFile {
    private static final int MAX_VALUES = 20_000;
    private static final int MAX_DIGITS = 60;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(YamlReader.MAX_DEPTH)
                    .maxNumberLength(MAX_DIGITS)
                    .maxNameLength(1_000)
                    .build())
            .build();

    private final SourceFile file;
    private final Map<String, Place> places = new HashMap<>();
    private int values;

    private JsonFile(SourceFile file) {
        this.file = file;
    }

    /** @throws BrokenFile with the place of the fault */
    static YamlDocument read(SourceFile file) {
        if (file.content().length > YamlReader.MAX_BYTES) {
            throw new BrokenFile(
                    file.name(),
                    null,
                    "The file has %d bytes; at most %d are read"
                            .formatted(file.content().length, YamlReader.MAX_BYTES));
        }
        return new JsonFile(file).document();
    }

    private YamlDocument document() {
        try (JsonParser parser = FACTORY.createParser(file.content())) {
            if (parser.nextToken() == null) {
                throw new BrokenFile(file.name(), null, "The file is empty");
            }
            JsonNode content = value(parser, "");
            if (parser.nextToken() != null) {
                throw broken(parser, "Something stands behind the document");
            }
            return new YamlDocument(file.name(), content, places);
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw new BrokenFile(
                    file.name(), at == null ? null : place(at), "This is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new BrokenFile(file.name(), null, "The file cannot be read: " + e.getMessage());
        }
    }

    private JsonNode value(JsonParser parser, String pointer) throws IOException {
        if (++values > MAX_VALUES) {
            throw broken(parser, "More than " + MAX_VALUES + " values");
        }
        places.putIfAbsent(pointer, place(parser.currentTokenLocation()));
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, pointer);
            case START_ARRAY -> array(parser, pointer);
            case VALUE_STRING -> JSON.textNode(parser.getText());
            case VALUE_NUMBER_INT -> JSON.numberNode(parser.getDecimalValue());
            case VALUE_NUMBER_FLOAT -> number(parser);
            case VALUE_TRUE -> JSON.booleanNode(true);
            case VALUE_FALSE -> JSON.booleanNode(false);
            case VALUE_NULL -> JSON.nullNode();
            default -> throw broken(parser, "This is no value");
        };
    }

    private JsonNode number(JsonParser parser) throws IOException {
        double number = parser.getDoubleValue();
        if (!Double.isFinite(number)) {
            throw broken(parser, "The number is too large");
        }
        return JSON.numberNode(number);
    }

    private ObjectNode object(JsonParser parser, String pointer) throws IOException {
        ObjectNode object = JSON.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            String at = pointer + "/" + YamlDocument.escaped(name);
            places.put(at, place(parser.currentTokenLocation()));
            parser.nextToken();
            object.set(name, value(parser, at));
        }
        return object;
    }

    private ArrayNode array(JsonParser parser, String pointer) throws IOException {
        ArrayNode array = JSON.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser, pointer + "/" + array.size()));
        }
        return array;
    }

    private BrokenFile broken(JsonParser parser, String message) {
        return new BrokenFile(file.name(), place(parser.currentTokenLocation()), message);
    }

    private static Place place(JsonLocation at) {
        return new Place(at.getLineNr(), at.getColumnNr());
    }
}
