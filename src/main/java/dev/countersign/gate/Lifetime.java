package dev.countersign.gate;

import dev.countersign.evidence.Evidence.Document;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** From when to when a document counts: by its age, and by what it says itself. */
final class Lifetime {
    private Lifetime() {}

    /** When it arrived, or earlier, where it says when that was done what it tells of. */
    static Instant since(Document document) {
        try {
            Instant done = document.details().get("at") instanceof String at
                    ? OffsetDateTime.parse(at).toInstant()
                    : document.receivedAt();
            return done.isBefore(document.receivedAt()) ? done : document.receivedAt();
        } catch (DateTimeParseException unknown) {
            return document.receivedAt();
        }
    }

    /** It says that it was made later than it arrived, by more than clocks differ. */
    static boolean isOfTheFuture(Document document) {
        try {
            return document.details().get("at") instanceof String at
                    && OffsetDateTime.parse(at)
                            .toInstant()
                            .isAfter(document.receivedAt().plus(Duration.ofDays(1)));
        } catch (DateTimeParseException unknown) {
            return false;
        }
    }

    /** When it becomes too old for a row on its age. */
    static Instant until(Document document, Threshold age) {
        return since(document).plus(Duration.ofSeconds((long) (age.limit() * 3600)));
    }

    /** The end of the last day on which it counts, as its author means it; null where it names none. */
    static Instant end(Document document) {
        try {
            return document.details().get("validUntil") instanceof String day
                    ? LocalDate.parse(day)
                            .plusDays(1)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant()
                    : null;
        } catch (DateTimeParseException unknown) {
            return null;
        }
    }

    /** When the first of them counts no more; null where nothing ends. */
    static Instant firstEnd(List<Document> documents, List<Threshold> rows) {
        Stream<Instant> byAge = rows.stream()
                .filter(row -> row.isAge() && row.isUnderstood())
                .flatMap(age -> documents.stream().map(document -> until(document, age)));
        Stream<Instant> byThemselves = documents.stream().map(Lifetime::end).filter(Objects::nonNull);
        return Stream.concat(byAge, byThemselves).min(Comparator.naturalOrder()).orElse(null);
    }
}
