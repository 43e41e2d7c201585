package dev.countersign.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import java.io.IOException;
import java.util.regex.Pattern;

/** Text in a body: no control characters but tabs and line breaks. */
final class PrintableText extends StdScalarDeserializer<String> {
    private static final long serialVersionUID = 1L;
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}&&[^\\t\\n\\r]]");

    PrintableText() {
        super(String.class);
    }

    static boolean isPrintable(String text) {
        return !UNPRINTABLE.matcher(text).find();
    }

    @Override
    public String deserialize(JsonParser json, DeserializationContext context) throws IOException {
        String text = StringDeserializer.instance.deserialize(json, context);
        if (text != null && !isPrintable(text)) {
            return context.reportInputMismatch(
                    String.class, "must not contain control characters other than tabs and line breaks");
        }
        return text;
    }
}
