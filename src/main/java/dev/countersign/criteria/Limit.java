package dev.countersign.criteria;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A limit that can be checked: a comparison, a number and perhaps a unit. Per cent is kept as a fraction.
 *
 * @param atLeast true for {@code >=}, false for {@code <=}
 * @param value a fraction where the unit is {@code %}, else in the unit
 * @param unit {@code %}, {@code ms}, {@code s} or empty
 */
public record Limit(boolean atLeast, double value, String unit) {
    private static final Pattern SHAPE = Pattern.compile("(>=|<=|≥|≤)\\s*(\\d+(?:\\.\\d+)?)\\s*(%|ms|s)?");

    /** Empty when the text is not a limit. */
    public static Optional<Limit> parse(String text) {
        Matcher matcher = SHAPE.matcher(text == null ? "" : text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String unit = matcher.group(3) == null ? "" : matcher.group(3);
        BigDecimal number = new BigDecimal(matcher.group(2));
        double value = ("%".equals(unit) ? number.movePointLeft(2) : number).doubleValue();
        boolean atLeast = matcher.group(1).equals(">=") || matcher.group(1).equals("≥");
        return Optional.of(new Limit(atLeast, value, unit));
    }

    public static String atLeast(double ratio) {
        return ">= " + percent(ratio);
    }

    public static String atMost(double ratio) {
        return "<= " + percent(ratio);
    }

    public boolean holds(double measured) {
        return atLeast ? measured >= value : measured <= value;
    }

    /** A number without a needless fraction. */
    static String number(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    private static String percent(double ratio) {
        return String.format(
                Locale.ROOT,
                "%s %%",
                BigDecimal.valueOf(ratio).movePointRight(2).stripTrailingZeros().toPlainString());
    }
}
