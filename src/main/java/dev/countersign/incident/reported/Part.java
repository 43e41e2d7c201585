package dev.countersign.incident.reported;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.api.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** A part of what a system sent, and where it stands in it: what cannot be read is refused with the place. */
record Part(JsonNode node, String pointer) {
    private static final int LONGEST_ID = 200;
    static final int LONGEST_ADDRESS = 2000;
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");
    /** No database keeps the first and the last; the others hide or turn around what stands beside them. */
    private static final Pattern UNSHOWN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\u2028\\u2029]");

    private static final Pattern SPACE = Pattern.compile("\\s+");
    /** Jira writes offsets without a colon. */
    private static final DateTimeFormatter WITH_OFFSET = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .appendPattern("[XXX][XX]")
            .toFormatter(Locale.ROOT);

    private static final DateTimeFormatter WITHOUT_OFFSET =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    static Part root(JsonNode document) {
        return new Part(document, "");
    }

    Part at(String field) {
        return new Part(
                node.path(field), pointer + "/" + field.replace("~", "~0").replace("/", "~1"));
    }

    boolean has(String field) {
        return node.hasNonNull(field);
    }

    boolean isObject() {
        return node.isObject();
    }

    List<Part> items() {
        if (!node.isArray()) {
            throw fault("must be a list");
        }
        List<Part> items = new ArrayList<>();
        for (int index = 0; index < node.size(); index++) {
            items.add(new Part(node.get(index), pointer + "/" + index));
        }
        return items;
    }

    /** Fit to be shown, and cut to a length; null where it is left out or says nothing. */
    String text(int longest) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (!node.isTextual() && !node.isNumber()) {
            throw fault("must be text");
        }
        String plain = SPACE.matcher(UNSHOWN.matcher(node.asText()).replaceAll(" "))
                .replaceAll(" ")
                .strip();
        if (plain.length() > longest) {
            plain = plain.substring(0, Character.isHighSurrogate(plain.charAt(longest - 1)) ? longest - 1 : longest);
        }
        return plain.isEmpty() ? null : plain;
    }

    /** By what the system knows it: nothing is cut or changed. */
    String id() {
        if (text(LONGEST_ID) == null) {
            throw fault("must be there: it is what the incident is known by");
        }
        String id = node.asText().strip();
        if (id.length() > LONGEST_ID || UNSHOWN.matcher(id).find()) {
            throw fault("must have at most %d characters that can be printed".formatted(LONGEST_ID));
        }
        return id;
    }

    /** Null where it is left out. Without an offset it is UTC, as ServiceNow keeps times. */
    Instant time() {
        String text = text(LONGEST_ID);
        if (text == null) {
            return null;
        }
        if (!node.isTextual()) {
            throw fault("must be a time such as 2026-11-23T09:12:00Z");
        }
        try {
            Instant at = text.indexOf('T') > 0
                    ? OffsetDateTime.parse(text, WITH_OFFSET).toInstant()
                    : LocalDateTime.parse(text, WITHOUT_OFFSET).toInstant(ZoneOffset.UTC);
            return between(at);
        } catch (DateTimeParseException none) {
            throw fault("must be a time such as 2026-11-23T09:12:00Z");
        }
    }

    /** Of a number of milliseconds since 1970. */
    Instant milliseconds() {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw fault("must be milliseconds since 1970");
        }
        try {
            return between(Instant.ofEpochMilli(node.asLong()));
        } catch (DateTimeException none) {
            throw fault("must be milliseconds since 1970");
        }
    }

    private Instant between(Instant at) {
        if (at.isBefore(EARLIEST) || at.isAfter(LATEST)) {
            throw fault("must be a time after 2000 and before 2200");
        }
        return at.truncatedTo(ChronoUnit.MICROS); // as databases keep it
    }

    Instant needed(Instant at) {
        if (at == null) {
            throw fault("must be there, a time such as 2026-11-23T09:12:00Z");
        }
        return at;
    }

    /** Of a page that a person may be led to; anything else counts as none. */
    String address() {
        if (!node.isTextual() || node.asText().length() > LONGEST_ADDRESS) {
            return null;
        }
        try {
            URI address = new URI(node.asText().strip());
            boolean isPage =
                    ("http".equalsIgnoreCase(address.getScheme()) || "https".equalsIgnoreCase(address.getScheme()))
                            && address.getHost() != null
                            && address.getRawUserInfo() == null;
            String plain = address.toASCIIString(); // may be longer than what was sent
            return isPage && plain.length() <= LONGEST_ADDRESS ? plain : null;
        } catch (URISyntaxException none) {
            return null;
        }
    }

    Problem fault(String message) {
        return Problem.invalid(pointer, (pointer.isEmpty() ? "The body " : pointer + " ") + message);
    }
}
