package dev.countersign.evidence.reader;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When that was done what a document tells of, by its own word. A document is as old as its oldest part. Gates never take it for younger than its arrival: this
 * can only make it older.
 */
final class OwnTime {
    /** Gates read it there. */
    static final String DETAIL = "at";

    private static final Pattern ISO = Pattern.compile(
            "(\\d{4}-\\d{2}-\\d{2})(?:[Tt ](\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?)\\d* ?(Z|z|[+-]\\d{2}(?::?\\d{2})?)?)?");

    /** Programs in Go write a time that was never set as the first day of the calendar. */
    private static final int FIRST_YEAR = 1;

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
        if (time == null || time.atOffset(ZoneOffset.UTC).getYear() <= FIRST_YEAR) {
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
        try {
            Matcher iso = ISO.matcher(text);
            if (iso.matches()) {
                return LocalDate.parse(iso.group(1))
                        .atTime(iso.group(2) == null ? LocalTime.MIDNIGHT : LocalTime.parse(iso.group(2)))
                        .toInstant(offset(iso.group(3)));
            }
            return OffsetDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException none) {
            return null;
        }
    }

    private static ZoneOffset offset(String text) {
        return text == null ? ZoneOffset.UTC : ZoneOffset.of(text.toUpperCase(java.util.Locale.ROOT));
    }
}
