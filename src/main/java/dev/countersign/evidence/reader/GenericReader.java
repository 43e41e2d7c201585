package dev.countersign.evidence.reader;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** A document that is kept with the release. What it counts is shown and judged by no gate. */
@Component
class GenericReader implements DocumentReader {
    @Override
    public DocumentType type() {
        return DocumentType.GENERIC;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        Declared document = Declared.read(content, type());
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("documents", 1L);
        document.root()
                .path("counts")
                .properties()
                .forEach(count -> summary.put(count.getKey(), count.getValue().asLong()));
        return new Reading(
                document.text("title"),
                document.stated(),
                summary,
                Map.of("by", document.text("by")),
                true,
                null,
                List.of());
    }
}
