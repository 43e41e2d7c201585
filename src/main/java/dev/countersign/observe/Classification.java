package dev.countersign.observe;

import java.util.Arrays;

/** How a metric of a team's own canary configuration did, in the words of Kayenta. */
enum Classification {
    PASS("Pass"),
    HIGH("High"),
    LOW("Low"),
    /** Too little is known; it does not count in its group. */
    NODATA("Nodata"),
    /** Nothing is known of what must have data; it counts as worse. */
    NODATA_FAIL_METRIC("NodataFailMetric"),
    ERROR("Error");

    private final String word;

    Classification(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    static Classification of(String word) {
        return Arrays.stream(values())
                .filter(each -> each.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + word + "' classifies no metric"));
    }

    boolean counts() {
        return this != NODATA;
    }
}
