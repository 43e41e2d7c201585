package dev.countersign.catalog;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * One objective of a service level objective, read from OpenSLO v1.
 *
 * @param name of the SLO; where it has several objectives, followed by {@code /1}, {@code /2} in the file's order
 * @param kind what it speaks of: {@code availability}, {@code latency} or {@code errors}; {@code unspecified} where the file does not
 *     tell: then only its own queries can measure it
 * @param target for example 0.995; ratio of good to all
 * @param thresholdMs for latency: a request counts as good below this many milliseconds; null otherwise, and where the file does not tell the unit
 * @param window length of the window; months of a rolling one as 30 days
 * @param digest of the file's exact bytes, so that a release can hold to the version it began with
 * @param objective the objective's display name, or null
 * @param budgeting {@code Occurrences}, {@code Timeslices} or {@code RatioTimeslices}
 * @param timeSliceTarget ratio of good to all that makes a slice a good one; null unless {@code Timeslices}
 * @param timeSliceWindow length of a slice; null with {@code Occurrences}
 * @param queries the source's queries by {@code good}, {@code bad}, {@code total}, {@code raw} or {@code threshold}
 * @param file where it is written
 * @param source how its indicator is asked for; null in what was kept before there was such a thing
 * @param calendar where the window follows the calendar; null where it rolls
 */
public record Slo(
        String name,
        String service,
        String kind,
        double target,
        Double thresholdMs,
        Duration window,
        String digest,
        String objective,
        String budgeting,
        Double timeSliceTarget,
        Duration timeSliceWindow,
        Map<String, String> queries,
        String file,
        Source source,
        CalendarWindow calendar) {

    /**
     * What a system that measures has to know besides the queries.
     *
     * @param shape {@code ratio} of good or bad to total, {@code raw} ratio, or {@code threshold}; {@code refused} where its file was
     * @param counter of a ratio: whether its metrics only grow; null where the file does not say
     * @param rawType of a raw ratio: {@code success} or {@code failure}
     * @param op of a threshold: {@code lt}, {@code lte}, {@code gt} or {@code gte}
     * @param value of a threshold, in the unit of its query
     * @param places file, line and column of each query
     * @param unread why nothing here can read it, and where that stands; null where it can be read
     */
    public record Source(
            String shape,
            Boolean counter,
            String rawType,
            String op,
            Double value,
            Map<String, String> places,
            String unread) {}

    /** An objective counted by occurrences, as most are. */
    public Slo(
            String name,
            String service,
            String kind,
            double target,
            Double thresholdMs,
            Duration window,
            String digest) {
        this(
                name,
                service,
                kind,
                target,
                thresholdMs,
                window,
                digest,
                null,
                "Occurrences",
                null,
                null,
                Map.of(),
                null,
                null,
                null);
    }

    /** Why it is not measured, whatever the source says; null where it can be. */
    public String unread() {
        return source == null ? null : source.unread();
    }

    /** Whether it only stands for what a refused file would have said. */
    public boolean refused() {
        return source != null && RefusedObjectives.SHAPE.equals(source.shape());
    }

    /** Where the window that ends at this time begins. */
    public Instant windowStart(Instant now) {
        return calendar == null ? now.minus(window) : calendar.begin(now);
    }
}
