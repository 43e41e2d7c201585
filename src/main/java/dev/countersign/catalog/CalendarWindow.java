package dev.countersign.catalog;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;

/**
 * A window that begins anew at times of the calendar, as OpenSLO's {@code calendar} says: a month after a month, whatever its length, at the same hour of the clock on the wall.
 *
 * @param start when the first window began, in the zone
 * @param count so many units are one window
 * @param unit {@code m}, {@code h}, {@code d}, {@code w}, {@code M}, {@code Q} or {@code Y}
 */
public record CalendarWindow(LocalDateTime start, ZoneId zone, int count, String unit) {

    /** The beginning of the window in which this time lies; the first one's where that has not come yet. */
    public Instant begin(Instant now) {
        ZonedDateTime first = start.atZone(zone);
        long number = Math.max(0, step().between(first, now.atZone(zone)) / length());
        // Counted from the first, so that the 31st comes back after February.
        while (number > 0 && at(first, number).toInstant().isAfter(now)) {
            number--;
        }
        while (!at(first, number + 1).toInstant().isAfter(now)) {
            number++;
        }
        return at(first, number).toInstant();
    }

    private ZonedDateTime at(ZonedDateTime first, long number) {
        return first.plus(number * length(), step());
    }

    private long length() {
        return switch (unit) {
            case "Q" -> count * 3L;
            default -> count;
        };
    }

    private ChronoUnit step() {
        return switch (unit) {
            case "m" -> ChronoUnit.MINUTES;
            case "h" -> ChronoUnit.HOURS;
            case "d" -> ChronoUnit.DAYS;
            case "w" -> ChronoUnit.WEEKS;
            case "Y" -> ChronoUnit.YEARS;
            default -> ChronoUnit.MONTHS;
        };
    }
}
