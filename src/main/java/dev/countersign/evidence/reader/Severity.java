package dev.countersign.evidence.reader;

import java.util.Locale;

/** How grave a vulnerability is, in the words of the HTTP contract; the gravest first. */
enum Severity {
    CRITICAL,
    HIGH,
    MEDIUM,
    LOW,
    UNKNOWN;

    /** Anything that is no known word is unknown, never harmless. */
    static Severity of(String word) {
        return switch (word == null ? "" : word.strip().toLowerCase(Locale.ROOT)) {
            case "critical" -> CRITICAL;
            case "high", "important" -> HIGH;
            case "medium", "moderate" -> MEDIUM;
            case "low", "negligible", "info", "informational", "none" -> LOW;
            default -> UNKNOWN;
        };
    }

    /** Bands of the CVSS qualitative scale (CVSS 3.1, section 5). */
    static Severity ofScore(double score) {
        return score >= 9 ? CRITICAL : score >= 7 ? HIGH : score >= 4 ? MEDIUM : score > 0 ? LOW : UNKNOWN;
    }

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
