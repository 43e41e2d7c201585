package dev.countersign.evidence.reader;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * When that was done what a document tells of, by its own word. A document is as old as its oldest part. Gates never take it for younger than its arrival: this
 * can only make it older.
 */
final class OwnTime {
    /** Gates read it there. */
    static final String DETAIL = "at";

    private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendLiteral('T')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .appendPattern("[XXX][XX][X]")
            .toFormatter(Locale.ROOT);

    /** Behind the day: a space, as SQL and NUnit write it, or the letter of the standard. */
    private static final int BEHIND_THE_DAY = 10;

    private static final int LONGEST = 60;

    /** What was never set is the first day of the calendar in Go, and that of Unix in most languages, in any zone. */
    private static final Instant FIRST = Instant.EPOCH.plus(Duration.ofDays(2));

    private Instant oldest;
    private String unreadable;

    /** @param text null or blank where nothing is said */
    void said(String text) {
        if (text == null || text.isBlank()) {
            return;
        }
        Instant time = instant(text.strip());
        if (time == null) {
            unreadable = unreadable == null ? Words.of(text, 80) : unreadable;
        } else {
            keep(time);
        }
    }

    /** Of formats that nobody ever defined: some write what is no time there. */
    void saidLoosely(String text) {
        Instant time = text == null ? null : instant(text.strip());
        if (time != null) {
            keep(time);
        }
    }

    /** Another part of the same document. */
    void and(OwnTime part) {
        keep(part.oldest);
        unreadable = unreadable == null ? part.unreadable : unreadable;
    }

    /** The one of two that says the later time. */
    OwnTime newest(OwnTime other) {
        return other.oldest != null && (oldest == null || other.oldest.isAfter(oldest))
                        || other.oldest == null && oldest == null && other.unreadable != null
                ? other
                : this;
    }

    private void keep(Instant time) {
        if (time == null || time.isBefore(FIRST)) {
            return;
        }
        oldest = oldest == null || time.isBefore(oldest) ? time : oldest;
    }

    /** The details with it. */
    Map<String, Object> in(Map<String, Object> details) {
        if (oldest == null) {
            return details;
        }
        Map<String, Object> all = new LinkedHashMap<>(details);
        all.put(DETAIL, oldest.toString());
        return all;
    }

    /** @param other why it says less than it should for another reason; null where there is none */
    String gap(String other) {
        return other != null || unreadable == null
                ? other
                : "it states a time that cannot be read, so nobody knows how old it is: " + unreadable;
    }

    /** Null where it is none. Without an offset it is taken for UTC, as most who build write it. */
    static Instant instant(String text) {
        if (text.length() > LONGEST) {
            return null;
        }
        try {
            return Character.isDigit(text.isEmpty() ? ' ' : text.charAt(0))
                    ? iso(text)
                    : OffsetDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant();
        } catch (DateTimeException none) {
            return null;
        }
    }

    private static Instant iso(String text) {
        StringBuilder time = new StringBuilder(text.replace("UTC", ""));
        if (time.length() > BEHIND_THE_DAY && time.charAt(BEHIND_THE_DAY) == ' ') {
            time.setCharAt(BEHIND_THE_DAY, 'T');
        }
        TemporalAccessor said = ISO.parse(time.toString().replace(" ", ""));
        LocalTime within = said.query(TemporalQueries.localTime());
        ZoneOffset offset = said.query(TemporalQueries.offset());
        return LocalDate.from(said)
                .atTime(within == null ? LocalTime.MIDNIGHT : within)
                .toInstant(offset == null ? ZoneOffset.UTC : offset);
    }
}
