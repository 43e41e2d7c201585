package dev.countersign.catalog;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** OpenSLO's duration shorthand: a number and {@code m, h, d, w, M, Q, Y}; a month counts 30 days, a quarter 90, a year 365. */
final class OpenSloDuration {
    private static final Pattern SHAPE = Pattern.compile("([1-9][0-9]{0,7})([mhdwMQY])");
    private static final Duration LONGEST = Duration.ofDays(36_500);
    private static final Map<String, Duration> UNITS = Map.of(
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1),
            "w", Duration.ofDays(7),
            "M", Duration.ofDays(30),
            "Q", Duration.ofDays(90),
            "Y", Duration.ofDays(365));
    private static final Map<String, String> WORDS =
            Map.of("minute", "m", "hour", "h", "day", "d", "week", "w", "month", "M", "quarter", "Q", "year", "Y");

    private OpenSloDuration() {}

    static Duration parse(YamlDocument document, String pointer) {
        return parse(document, pointer, document.required(pointer));
    }

    /** As specification v1 allows for a time slice: the shorthand, or a number of minutes. */
    static Duration parseSlice(YamlDocument document, String pointer) {
        String text = document.required(pointer);
        return parse(document, pointer, document.content().at(pointer).isIntegralNumber() ? text + "m" : text);
    }

    /** A window of this length that follows the calendar. */
    static CalendarWindow calendar(YamlDocument document, String pointer, LocalDateTime start, ZoneId zone) {
        Matcher matcher = matcher(document, pointer, document.required(pointer));
        return new CalendarWindow(start, zone, Integer.parseInt(matcher.group(1)), matcher.group(2));
    }

    /** As v1alpha writes it: {@code count: 30, unit: Day}. */
    static Duration parseCount(YamlDocument document, String pointer) {
        String unit = document.required(pointer + "/unit").toLowerCase(Locale.ROOT);
        return parse(
                document, pointer + "/count", document.required(pointer + "/count") + WORDS.getOrDefault(unit, unit));
    }

    private static Duration parse(YamlDocument document, String pointer, String text) {
        Matcher matcher = matcher(document, pointer, text);
        return UNITS.get(matcher.group(2)).multipliedBy(Long.parseLong(matcher.group(1)));
    }

    private static Matcher matcher(YamlDocument document, String pointer, String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()
                || UNITS.get(matcher.group(2))
                                .multipliedBy(Long.parseLong(matcher.group(1)))
                                .compareTo(LONGEST)
                        > 0) {
            throw document.broken(
                    pointer,
                    "`" + text + "` is no duration; write a number and one of m, h, d, w, M, Q, Y, for example 28d");
        }
        return matcher;
    }
}
