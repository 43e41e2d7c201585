package dev.countersign.observe;

import java.time.Instant;

/**
 * How far an objective has been counted.
 *
 * @param countedUntil where counting goes on; null where the source has never answered
 * @param seenUntil until when there was something to count, be it zero; null where there never was
 * @param trouble why it was not counted when it was last tried; null where it was
 */
record SloProgress(String service, String slo, Instant countedUntil, Instant seenUntil, String trouble) {
    private static final int LONGEST = 1000;

    SloProgress {
        trouble = trouble == null || trouble.length() <= LONGEST ? trouble : trouble.substring(0, LONGEST);
    }

    static SloProgress none(String service, String slo) {
        return new SloProgress(service, slo, null, null, null);
    }

    SloProgress failed(String because) {
        return new SloProgress(service, slo, countedUntil, seenUntil, because);
    }

    SloProgress counted(Instant until, Instant seen, String because) {
        return new SloProgress(service, slo, until, seen == null ? seenUntil : seen, because);
    }
}
