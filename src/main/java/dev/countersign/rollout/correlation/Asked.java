package dev.countersign.rollout.correlation;

import java.io.Serializable;

/**
 * @param occasion {@code watch}, {@code breach} or {@code demand}
 * @param by the person who asked, or the platform
 * @param step for a watch: the step and the epoch that it belongs to; it ends with them
 */
record Asked(String releaseKey, String occasion, String by, int step, int epoch) implements Serializable {
    static final String WATCH = "watch";
    static final String BREACH = "breach";
    static final String DEMAND = "demand";

    boolean isWatch() {
        return WATCH.equals(occasion);
    }
}
