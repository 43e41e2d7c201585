package dev.countersign.learning.delivery;

import dev.countersign.api.Problem;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures week by week, or month by month, in UTC. Every deployment is in exactly one of them. */
final class Trend {
    private static final long LONGEST_BY_WEEK = 184;

    private Trend() {}

    enum By {
        WEEK,
        MONTH;

        static By of(String wanted, Period period) {
            if (wanted == null || wanted.isBlank()) {
                return Duration.between(period.from(), period.to()).toDays() <= LONGEST_BY_WEEK ? WEEK : MONTH;
            }
            return switch (wanted.strip().toLowerCase(Locale.ROOT)) {
                case "week" -> WEEK;
                case "month" -> MONTH;
                default -> throw Problem.invalid("/trend", "is week or month");
            };
        }

        LocalDate begin(Instant at) {
            LocalDate day = at.atOffset(ZoneOffset.UTC).toLocalDate();
            return this == WEEK ? day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)) : day.withDayOfMonth(1);
        }

        LocalDate next(LocalDate begin) {
            return this == WEEK ? begin.plusWeeks(1) : begin.plusMonths(1);
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param from its first day, which may lie before the period
     * @param to the day after its last
     * @param failRate null where nothing was deployed
     * @param leadTime the median; null where no commit's time is known
     * @param recoveryTime the median of what failed in it and is recovered; null where there is none
     */
    record Part(
            LocalDate from,
            LocalDate to,
            long deployments,
            long failed,
            Double failRate,
            Bounds<Double> failRateInterval,
            Duration leadTime,
            Duration recoveryTime,
            long rework,
            Double reworkRate) {
        static Part of(LocalDate from, LocalDate to, List<Judged> deployed) {
            int n = deployed.size();
            long failed = Figure.CHANGE_FAIL_RATE.numerator(deployed);
            long rework = Figure.REWORK_RATE.numerator(deployed);
            return new Part(
                    from,
                    to,
                    n,
                    failed,
                    n == 0 ? null : (double) failed / n,
                    Bounds.wilson(failed, n),
                    Spread.of(deployed.stream().map(one -> one.deployment().leadTime()))
                            .median(),
                    Spread.of(deployed.stream().map(Judged::timeToRecovery)).median(),
                    rework,
                    n == 0 ? null : (double) rework / n);
        }
    }

    static List<Part> of(List<Judged> deployments, Period period, By by) {
        Map<LocalDate, List<Judged>> byBegin = new HashMap<>();
        deployments.forEach(
                one -> byBegin.computeIfAbsent(by.begin(one.deployment().deployedAt()), begin -> new ArrayList<>())
                        .add(one));
        List<Part> parts = new ArrayList<>();
        LocalDate end = period.to().minusNanos(1).atOffset(ZoneOffset.UTC).toLocalDate();
        for (LocalDate begin = by.begin(period.from()); !begin.isAfter(end); begin = by.next(begin)) {
            parts.add(Part.of(begin, by.next(begin), byBegin.getOrDefault(begin, List.of())));
        }
        return parts;
    }
}
