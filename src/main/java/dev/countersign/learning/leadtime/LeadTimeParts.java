package dev.countersign.learning.leadtime;

import dev.countersign.learning.leadtime.Looked.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.springframework.stereotype.Component;

/** Where the lead time of the changes of some releases went. */
@Component
public class LeadTimeParts {
    private final LeadTimeStore store;

    LeadTimeParts(LeadTimeStore store) {
        this.store = store;
    }

    /**
     * @param median of the changes of which the part is known; null where of none
     * @param n of how many it is
     */
    public record Figure(Duration median, int n) {
        static Figure of(List<Duration> parts) {
            if (parts.isEmpty()) {
                return new Figure(null, 0);
            }
            List<Duration> sorted = parts.stream().sorted().toList();
            Duration upper = sorted.get(sorted.size() / 2);
            Duration lower = sorted.get((sorted.size() - 1) / 2);
            return new Figure(lower.plus(upper.minus(lower).dividedBy(2)), sorted.size());
        }
    }

    /**
     * @param number within its repository
     * @param url null where there is none
     * @param reviewedAt when somebody else first said something; null where nobody did
     */
    public record ChangePart(
            String releaseKey,
            String repository,
            String number,
            String url,
            Instant firstCommitAt,
            Instant createdAt,
            Instant reviewedAt,
            Instant mergedAt,
            Instant deployedAt,
            Parts parts) {}

    /**
     * @param known of how many of the releases the changes are known
     * @param notKnown of how many they were asked for and are not known, or not yet; the others were never asked about
     * @param changes what the figures are made of, each change once
     */
    public record Summary(
            Figure coding,
            Figure pickup,
            Figure review,
            Figure deploy,
            Figure cycle,
            int known,
            int notKnown,
            List<ChangePart> changes) {
        public Summary {
            changes = List.copyOf(changes);
        }
    }

    /** One statement for a thousand releases; none for none. */
    public Summary of(Collection<String> releaseKeys) {
        return summary(store.of(releaseKeys));
    }

    static Summary summary(List<LeadTimeStore.Row> rows) {
        List<ChangePart> changes = onceEach(rows);
        return new Summary(
                figure(changes, Parts::coding),
                figure(changes, Parts::pickup),
                figure(changes, Parts::review),
                figure(changes, Parts::deploy),
                figure(changes, Parts::cycle),
                releases(rows, true),
                releases(rows, false),
                changes);
    }

    /** Services may share a repository: a change that several releases brought counts once, with the first of them. */
    private static List<ChangePart> onceEach(List<LeadTimeStore.Row> rows) {
        Map<List<String>, ChangePart> changes = new LinkedHashMap<>();
        for (LeadTimeStore.Row row : rows) {
            if (row.number() != null) {
                changes.merge(
                        List.of(row.looked().source(), row.looked().repository(), row.number()),
                        change(row),
                        (one, other) -> other.deployedAt().isBefore(one.deployedAt()) ? other : one);
            }
        }
        return List.copyOf(changes.values());
    }

    private static int releases(List<LeadTimeStore.Row> rows, boolean known) {
        return (int) rows.stream()
                .map(LeadTimeStore.Row::looked)
                .filter(looked -> (looked.outcome() == Outcome.KNOWN) == known)
                .map(Looked::releaseKey)
                .distinct()
                .count();
    }

    private static Figure figure(List<ChangePart> changes, Function<Parts, Duration> part) {
        return Figure.of(changes.stream()
                .map(change -> part.apply(change.parts()))
                .filter(Objects::nonNull)
                .toList());
    }

    private static ChangePart change(LeadTimeStore.Row row) {
        Moments moments = row.moments();
        return new ChangePart(
                row.looked().releaseKey(),
                row.looked().repository(),
                row.number(),
                row.url(),
                moments.firstCommit(),
                moments.created(),
                moments.reviewed(),
                moments.merged(),
                moments.deployed(),
                moments.parts());
    }
}
