package dev.countersign.observe;

import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Observations.Order;
import java.time.Instant;
import java.util.List;

/** Courses and rows of observations that know no more than a test is about. */
final class Courses {
    private Courses() {}

    /** Without anything beside requests. */
    static Course course(
            Order order,
            Instant since,
            boolean paused,
            Double referenceP95Ms,
            List<Objective> objectives,
            List<Segment> earlier,
            List<Sample> candidate,
            List<Sample> baseline,
            Instant until,
            Instant now,
            String trouble) {
        return course(
                order,
                since,
                paused,
                referenceP95Ms,
                objectives,
                earlier,
                candidate,
                baseline,
                until,
                now,
                trouble,
                List.of());
    }

    /** Whose objectives, if it has any, are told by requests, and whose baseline is beside it. */
    static Course course(
            Order order,
            Instant since,
            boolean paused,
            Double referenceP95Ms,
            List<Objective> objectives,
            List<Segment> earlier,
            List<Sample> candidate,
            List<Sample> baseline,
            Instant until,
            Instant now,
            String trouble,
            List<Reading> readings) {
        return new Course(
                order,
                since,
                paused,
                referenceP95Ms,
                objectives,
                earlier,
                candidate,
                baseline,
                until,
                now,
                trouble,
                readings,
                List.of(),
                null);
    }

    /** Once everybody has left the baseline. */
    static Course after(Course course, List<BaselineLast> last) {
        return new Course(
                course.order(),
                course.since(),
                course.paused(),
                course.referenceP95Ms(),
                course.objectives(),
                course.earlier(),
                course.candidate(),
                course.baseline(),
                course.until(),
                course.now(),
                course.trouble(),
                course.readings(),
                course.own(),
                last);
    }

    /** Whose objectives are not asked for. */
    static Watched watched(
            long number,
            Observations.Observation observation,
            Instant clockSince,
            Instant readUntil,
            int revision,
            Double referenceP95Ms,
            List<Objective> objectives,
            List<Segment> segments,
            List<Reading> readings) {
        return new Watched(
                number,
                observation,
                clockSince,
                readUntil,
                revision,
                referenceP95Ms,
                objectives,
                segments,
                readings,
                List.of(),
                null);
    }
}
