package dev.countersign.learning.delivery;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How figures are written for people: {@code words} in the templates. */
final class Words {
    private static final DateTimeFormatter ABSOLUTE = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final String NONE = "–";
    private static final int SMALL = 10;

    public String absolute(Instant at) {
        return at == null ? "" : ABSOLUTE.format(at);
    }

    public String duration(Duration time) {
        if (time == null) {
            return NONE;
        }
        if (time.toMinutes() < 2) {
            return time.toSeconds() + " s";
        }
        if (time.toHours() < 2) {
            return two(time.toMinutes(), "min", time.toSecondsPart(), "s");
        }
        return time.toDays() < 2
                ? two(time.toHours(), "h", time.toMinutesPart(), "min")
                : two(time.toDays(), "d", time.toHoursPart(), "h");
    }

    private static String two(long number, String unit, int rest, String smaller) {
        return number + " " + unit + (rest == 0 ? "" : " " + rest + " " + smaller);
    }

    public String percent(Double fraction) {
        if (fraction == null) {
            return NONE;
        }
        double percent = fraction * 100;
        return String.format(Locale.ROOT, percent > 0 && percent < SMALL ? "%.1f %%" : "%.0f %%", percent);
    }

    public String number(Double number) {
        return number == null ? NONE : String.format(Locale.ROOT, number < SMALL ? "%.2f" : "%.0f", number);
    }

    public String ratios(Bounds<Double> interval) {
        return interval == null ? null : percent(interval.low()) + " to " + percent(interval.high());
    }

    public String durations(Bounds<Duration> interval) {
        return interval == null ? null : duration(interval.low()) + " to " + duration(interval.high());
    }

    public String rates(Bounds<Double> interval, int times) {
        return interval == null ? null : number(interval.low() * times) + " to " + number(interval.high() * times);
    }

    /** {@code 1 deployment}, {@code 2 deployments}. */
    public String count(long number, String one) {
        return number + " " + one + (number == 1 ? "" : "s");
    }
}
