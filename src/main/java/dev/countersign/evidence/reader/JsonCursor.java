package dev.countersign.evidence.reader;

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
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.CharConversionException;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Walks a JSON document of unknown origin (UTF-8, -16 or -32, with or without byte-order mark). Nesting deeper than {@value #DEEPEST},
 * more than {@value OpenNames#MOST} names in what is open, and names given twice in one object are refused: two readers could otherwise see two documents.
 */
final class JsonCursor implements AutoCloseable {
    private static final int DEEPEST = 500;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            // Names of documents of unknown origin are not kept for good.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private static final int MOST_VALUES = 100_000;
    private static final JsonFactory YAML = yamlFactory();

    /** In a line up to here whoever looks finds it without a column. */
    private static final int LONG_LINE = 200;

    private final JsonParser parser;
    /** Null where no alias can be written. */
    private final YAMLParser yaml;

    private Places places;
    private String pointer = "";
    private String nameAt = "line 1";

    private static JsonFactory yamlFactory() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE);
        options.setNestingDepthLimit(DEEPEST);
        return YAMLFactory.builder()
                .loaderOptions(options)
                .streamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .build();
    }

    private JsonCursor(JsonParser parser) {
        this.parser = new OpenNames(parser);
        this.yaml = parser instanceof YAMLParser of ? of : null;
    }

    /** Called with each field's name while the cursor stands on its value; must leave it on the value's end. */
    interface Field {
        void read(String name) throws IOException, Unreadable;
    }

    interface Element {
        void read() throws IOException, Unreadable;
    }

    interface Root {
        void read(JsonCursor json) throws IOException, Unreadable;
    }

    /** Reads a whole document whose root is an object. */
    static void document(Content content, java.util.function.Function<JsonCursor, Field> fields)
            throws IOException, Unreadable {
        value(content, json -> {
            if (json.parser.currentToken() != JsonToken.START_OBJECT) {
                throw json.fault("the document must be an object");
            }
            json.object("the document", fields.apply(json));
        });
    }

    /** Reads a whole document of any root. */
    static void value(Content content, Root root) throws IOException, Unreadable {
        try (JsonCursor cursor = new JsonCursor(FACTORY.createParser(content.open()))) {
            cursor.run(root, false);
        }
    }

    /** Reads one value after another, as in files of JSON lines. */
    static void values(Content content, Root root) throws IOException, Unreadable {
        try (JsonCursor cursor = new JsonCursor(FACTORY.createParser(content.open()))) {
            cursor.run(root, true);
        }
    }

    /** Reads YAML, in which JSON is contained, document by document: no types from tags, no aliases. */
    static void yaml(Content content, Root root) throws IOException, Unreadable {
        try (Reader text = new BoundedLines(XmlText.open(content.open()));
                JsonCursor cursor = new JsonCursor(YAML.createParser(text))) {
            cursor.run(root, true);
        }
    }

    private void run(Root root, boolean several) throws IOException, Unreadable {
        try {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw fault("the document is empty");
            }
            do {
                root.read(this);
                first = parser.nextToken();
            } while (first != null && several);
            if (first != null) {
                throw fault("there is more after the end of the document");
            }
        } catch (JsonProcessingException | CharConversionException | CharacterCodingException | EOFException fault) {
            throw notJson(fault);
        } catch (YAMLException broken) {
            throw fault("not well-formed YAML: " + Words.of(broken.getMessage()));
        }
    }

    boolean isObject() {
        return parser.currentToken() == JsonToken.START_OBJECT;
    }

    boolean isArray() {
        return parser.currentToken() == JsonToken.START_ARRAY;
    }

    /** The current value as a tree of a bounded number of values: one element of a document, never the document. */
    JsonNode tree(String what) throws IOException, Unreadable {
        return tree(what, MOST_VALUES, new int[1]);
    }

    /** @param most how many values the document may have in all its trees; @param values how many it had so far */
    JsonNode tree(String what, int most, int[] values) throws IOException, Unreadable {
        if (++values[0] > most) {
            throw fault(what + " has more than " + most + " values");
        }
        refuseAlias();
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        switch (parser.currentToken()) {
            case START_OBJECT -> {
                ObjectNode object = nodes.objectNode();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    String outer = enter(name);
                    parser.nextToken();
                    object.set(name, tree(what, most, values));
                    pointer = outer;
                }
                return object;
            }
            case START_ARRAY -> {
                ArrayNode array = nodes.arrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    String outer = enter(Integer.toString(array.size()));
                    array.add(tree(what, most, values));
                    pointer = outer;
                }
                return array;
            }
            case VALUE_NULL -> {
                return nodes.nullNode();
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                return nodes.booleanNode(parser.getBooleanValue());
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                // Text where it is none of the usual numbers (a thousand digits, 0x1F in YAML): nothing here needs
                // those.
                String number = parser.getText();
                if (number.matches("-?\\d{1,15}")) {
                    return nodes.numberNode(Long.parseLong(number));
                }
                return number.matches("-?\\d{1,15}\\.\\d{1,15}")
                        ? nodes.numberNode(Double.parseDouble(number))
                        : nodes.textNode(number);
            }
            default -> {
                return nodes.textNode(parser.getText());
            }
        }
    }

    /** As {@link #tree(String)}, and remembers where each of its values stands. */
    JsonNode tree(String what, Places into) throws IOException, Unreadable {
        places = into;
        into.put("", at());
        JsonNode tree = tree(what);
        places = null;
        return tree;
    }

    /** Begins a part of the tree, at its name or its first character; returns the pointer to go back to. */
    private String enter(String name) throws Unreadable {
        String outer = pointer;
        if (places != null) {
            pointer = outer + "/" + name.replace("~", "~0").replace("/", "~1");
            places.put(pointer, at());
        }
        return outer;
    }

    private void refuseAlias() throws IOException, Unreadable {
        if (yaml != null && yaml.isCurrentAlias()) {
            throw fault("aliases are not accepted: reports need none");
        }
    }

    /** The current value must be an object, or null. */
    void object(String what, Field field) throws IOException, Unreadable {
        if (isNull()) {
            return;
        }
        require(JsonToken.START_OBJECT, what, "an object");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            nameAt = at();
            parser.nextToken();
            refuseAlias();
            field.read(name);
        }
    }

    /** The current value must be an array, or null. */
    void array(String what, Element element) throws IOException, Unreadable {
        if (isNull()) {
            return;
        }
        require(JsonToken.START_ARRAY, what, "an array");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            element.read();
        }
    }

    boolean isNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    /** A string's value, null for null. */
    String text(String what) throws IOException, Unreadable {
        if (isNull()) {
            return null;
        }
        require(JsonToken.VALUE_STRING, what, "a string");
        return parser.getText();
    }

    /** The value of a string, number or boolean as text; anything else is skipped and gives null. */
    String scalar() throws IOException {
        if (parser.currentToken() != null && parser.currentToken().isScalarValue() && !isNull()) {
            return parser.getText();
        }
        skip();
        return null;
    }

    /** A whole number, -1 for null: SARIF's own word for an index that is not given. */
    int integer(String what) throws IOException, Unreadable {
        if (isNull()) {
            return -1;
        }
        require(JsonToken.VALUE_NUMBER_INT, what, "a whole number");
        return parser.getIntValue();
    }

    /** @param whenNull what null stands for */
    boolean truth(String what, boolean whenNull) throws IOException, Unreadable {
        if (isNull()) {
            return whenNull;
        }
        if (!parser.currentToken().isBoolean()) {
            throw fault(what + " must be true or false");
        }
        return parser.getBooleanValue();
    }

    void skip() throws IOException {
        parser.skipChildren();
    }

    Unreadable fault(String message) {
        return new Unreadable(message, place(parser.currentTokenLocation()));
    }

    /** Where the current value begins, in words: its line, and its column where the line is too long to be looked through. */
    String at() {
        JsonLocation location = parser.currentTokenLocation();
        return at(location.getLineNr(), location.getColumnNr());
    }

    /** As {@link #at()} of the name of the field whose value was just begun. */
    String atName() {
        return nameAt;
    }

    static String at(int line, int column) {
        return column <= LONG_LINE ? "line " + line : "line " + line + ", column " + column;
    }

    private void require(JsonToken expected, String what, String words) throws Unreadable {
        if (parser.currentToken() != expected) {
            throw fault(what + " must be " + words);
        }
    }

    private Unreadable notJson(IOException fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof BoundedLines.TooLong tooLong) {
                return new Unreadable(tooLong.getMessage(), place(parser.currentLocation()));
            }
            if (cause instanceof OpenNames.TooMany tooMany) {
                return new Unreadable(tooMany.getOriginalMessage(), place(tooMany.getLocation()));
            }
        }
        JsonLocation at = fault instanceof JsonProcessingException json && json.getLocation() != null
                ? json.getLocation()
                : parser.currentLocation();
        String message = fault instanceof JsonProcessingException json ? json.getOriginalMessage() : fault.getMessage();
        return new Unreadable("not well-formed JSON: " + Words.of(message), place(at));
    }

    private static String place(JsonLocation at) {
        String place = "line " + at.getLineNr() + ", column " + at.getColumnNr();
        return at.getByteOffset() >= 0 ? place + ", byte " + at.getByteOffset() : place;
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
