package dev.countersign.evidence.migration;

import dev.countersign.catalog.IntegrityChecks.Check;
import dev.countersign.catalog.IntegrityChecks.Kind;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * How a check stands. What could not be measured, or has nothing to be held against, is an error and never a pass.
 *
 * @param before null where it was not measured then
 * @param after null before the migration
 */
record CheckOutcome(Check check, String before, String after, Result result, String message) {
    enum Result {
        /** Taken down, to be held against what comes. */
        MEASURED,
        PASSED,
        FAILED,
        ERROR
    }

    static CheckOutcome before(Check check, Measured measured) {
        if (measured.error() != null) {
            return new CheckOutcome(check, null, null, Result.ERROR, measured.error());
        }
        String expected = expected(check);
        return expected == null
                ? new CheckOutcome(check, measured.value(), null, Result.MEASURED, null)
                : compared(check, measured.value(), null, expected, measured.value());
    }

    /** @param before null where no value is kept */
    static CheckOutcome after(Check check, String before, Measured measured) {
        if (measured.error() != null) {
            return new CheckOutcome(check, before, null, Result.ERROR, measured.error());
        }
        String against = expected(check) == null ? before : expected(check);
        return against == null
                ? new CheckOutcome(
                        check, null, measured.value(), Result.ERROR, "there is no value from before to hold it against")
                : compared(check, before, measured.value(), against, measured.value());
    }

    private static CheckOutcome compared(Check check, String before, String after, String against, String value) {
        boolean agrees = agrees(check, against, value);
        String word = expected(check) == null ? "before" : "expected";
        return new CheckOutcome(
                check,
                before,
                after,
                agrees ? Result.PASSED : Result.FAILED,
                agrees ? null : "%s %s, is %s".formatted(word, against, value));
    }

    private static boolean agrees(Check check, String against, String value) {
        Optional<BigDecimal> one = number(check, against);
        Optional<BigDecimal> other = number(check, value);
        if (one.isEmpty() || other.isEmpty()) {
            return against.equals(value);
        }
        BigDecimal off = other.get().subtract(one.get()).abs();
        return off.compareTo(check.allowed().around(one.get())) <= 0;
    }

    /** A checksum may look like a number. */
    private static Optional<BigDecimal> number(Check check, String value) {
        try {
            return check.kind() == Kind.CHECKSUM ? Optional.empty() : Optional.of(new BigDecimal(value));
        } catch (NumberFormatException text) {
            return Optional.empty();
        }
    }

    static String expected(Check check) {
        return check.kind() == Kind.CONSTRAINT ? "0" : check.expected();
    }
}
