package dev.countersign.preparation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/** How times and seen parts stand in columns. */
@Component
class Columns {
    private static final int LONGEST_REASON = 1000;
    private final ObjectMapper json;

    Columns(ObjectMapper json) {
        this.json = json;
    }

    static OffsetDateTime time(Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    static String shortened(String text) {
        return text.substring(0, Math.min(LONGEST_REASON, text.length()));
    }

    String write(Seen seen) {
        try {
            return json.writeValueAsString(new TreeMap<>(seen.parts()));
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(broken);
        }
    }

    Seen seen(String text) {
        try {
            return new Seen(json.readValue(text, new TypeReference<Map<String, String>>() {}));
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException("A row holds something that is not JSON", broken);
        }
    }
}
