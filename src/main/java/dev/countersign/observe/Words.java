package dev.countersign.observe;

import java.time.Duration;
import java.util.Locale;

/** Figures as they stand in a judgement's sentence. */
final class Words {
    private Words() {}

    static String percent(double ratio) {
        return String.format(Locale.ROOT, "%.1f %%", ratio * 100);
    }

    /** A limit as people write it: 5 %, 99.95 %. */
    static String limit(double ratio) {
        return new java.math.BigDecimal(ratio * 100)
                        .round(new java.math.MathContext(6))
                        .stripTrailingZeros()
                        .toPlainString()
                + " %";
    }

    static String millis(double milliseconds) {
        return String.format(Locale.ROOT, milliseconds < 10 ? "%.1f ms" : "%.0f ms", milliseconds);
    }

    /** Begins with a capital. */
    static String sentence(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    /** Without digits that say nothing: 0.42, 12, 3500. */
    static String figure(double value) {
        return new java.math.BigDecimal(value)
                .round(new java.math.MathContext(value < 100 ? 2 : 3))
                .stripTrailingZeros()
                .toPlainString();
    }

    /** Small and negative ones too. */
    static String shift(double milliseconds) {
        return String.format(Locale.ROOT, Math.abs(milliseconds) < 10 ? "%.1f ms" : "%.0f ms", milliseconds);
    }

    static String span(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 7200) {
            return seconds / 60 + " min" + (seconds % 60 == 0 ? "" : " " + seconds % 60 + " s");
        }
        return seconds / 3600 + " h" + (seconds % 3600 / 60 == 0 ? "" : " " + seconds % 3600 / 60 + " min");
    }
}
