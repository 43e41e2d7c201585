package dev.countersign.evidence.reader;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Bounds how many names the objects may have that are open at the same time. To find one that is given twice a parser remembers all of them, also of what is skipped: a document
 * of nothing but names would fill the memory.
 */
final class OpenNames extends JsonParserDelegate {
    /** The largest real documents keep what they have many of in arrays. */
    static final int MOST = 50_000;

    /** What is written is well-formed, and more than is read. */
    static final class TooMany extends JsonParseException {
        private static final long serialVersionUID = 1L;

        private TooMany(JsonParser parser) {
            super(
                    parser,
                    "objects with more than %d names are not read".formatted(MOST),
                    parser.currentTokenLocation());
        }
    }

    private final Deque<Integer> outer = new ArrayDeque<>();
    private int here;
    private int open;

    OpenNames(JsonParser parser) {
        super(parser);
    }

    @Override
    public JsonToken nextToken() throws IOException {
        JsonToken token = super.nextToken();
        if (token == JsonToken.FIELD_NAME) {
            here++;
            if (++open > MOST) {
                throw new TooMany(this);
            }
        } else if (token == JsonToken.START_OBJECT) {
            outer.push(here);
            here = 0;
        } else if (token == JsonToken.END_OBJECT) {
            open -= here;
            here = outer.isEmpty() ? 0 : outer.pop();
        }
        return token;
    }

    /** By way of {@link #nextToken()}: what is skipped is counted too. */
    @Override
    public JsonParser skipChildren() throws IOException {
        if (currentToken() != JsonToken.START_OBJECT && currentToken() != JsonToken.START_ARRAY) {
            return this;
        }
        for (int depth = 1; depth > 0; ) {
            JsonToken token = nextToken();
            if (token == null) {
                return this; // broken off: the parser has said so
            }
            if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            }
        }
        return this;
    }
}
