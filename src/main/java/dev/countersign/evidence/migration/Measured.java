package dev.countersign.evidence.migration;

/** What a check found: a value, or why there is none. */
record Measured(String value, String error) {
    static Measured of(String value) {
        return new Measured(value, null);
    }

    static Measured failed(String why) {
        return new Measured(null, why == null || why.isBlank() ? "no reason given" : why);
    }
}
