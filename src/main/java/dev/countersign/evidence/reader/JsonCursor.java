package dev.countersign.evidence.reader;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.CharConversionException;
import java.io.EOFException;
import java.io.IOException;

/**
 * Walks a JSON document of unknown origin (UTF-8, -16 or -32, with or without byte-order mark). Nesting deeper than {@value #DEEPEST}
 * and names given twice in one object are refused: two readers could otherwise see two documents.
 */
final class JsonCursor implements AutoCloseable {
    private static final int DEEPEST = 500;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private final JsonParser parser;

    private JsonCursor(JsonParser parser) {
        this.parser = parser;
    }

    /** Called with each field's name while the cursor stands on its value; must leave it on the value's end. */
    interface Field {
        void read(String name) throws IOException, Unreadable;
    }

    interface Element {
        void read() throws IOException, Unreadable;
    }

    /** Reads a whole document whose root is an object. */
    static void document(Content content, java.util.function.Function<JsonCursor, Field> fields)
            throws IOException, Unreadable {
        try (JsonCursor cursor = new JsonCursor(FACTORY.createParser(content.open()))) {
            try {
                cursor.parser.nextToken();
                cursor.object("the document", fields.apply(cursor));
                if (cursor.parser.nextToken() != null) {
                    throw cursor.fault("there is more after the end of the document");
                }
            } catch (JsonProcessingException | CharConversionException | EOFException fault) {
                throw cursor.notJson(fault);
            }
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
            parser.nextToken();
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

    int line() {
        return parser.currentTokenLocation().getLineNr();
    }

    private void require(JsonToken expected, String what, String words) throws Unreadable {
        if (parser.currentToken() != expected) {
            throw fault(what + " must be " + words);
        }
    }

    private Unreadable notJson(IOException fault) {
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
