package dev.countersign.rollback;

import dev.countersign.identity.Actors;
import dev.countersign.rollback.Rollbacks.Rollback;
import dev.countersign.rollout.Rollouts.Rollout;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A rollback in one sentence, the same in mails, to systems and on the page: first whether users are safe and what a person must do, then what was seen and done and what still
 * runs or failed. It is made of stored times only, so that it is true whenever it is read.
 */
public final class RollbackAccount {
    private static final int LONGEST_PART = 400;
    private static final Duration IN_SECONDS = Duration.ofMinutes(2);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Rollback rollback;
    private final List<Rung> rungs;
    private final boolean handsNeeded;

    private RollbackAccount(Rollback rollback, List<Rung> rungs, boolean handsNeeded) {
        this.rollback = rollback;
        this.rungs = rungs;
        this.handsNeeded = handsNeeded;
    }

    /** @param handsNeeded no rung is left, and a person must roll back by hand */
    public static String of(Rollback rollback, List<Rung> rungs, boolean handsNeeded) {
        return new RollbackAccount(rollback, rungs, handsNeeded).sentence();
    }

    /** The breaker acts before the rollback begins. Empty where it did not trip. */
    public static Optional<String> of(Rollout rollout) {
        return Optional.ofNullable(rollout.trippedAt())
                .map(at -> new Rollback(
                        rollout.releaseKey(),
                        at,
                        rollout.trippedBy(),
                        rollout.trippedBecause(),
                        null,
                        null,
                        rollout.trafficBackAt(),
                        null,
                        null,
                        null,
                        List.of(),
                        null,
                        true))
                .map(begun -> of(begun, List.of(), false));
    }

    private String sentence() {
        return String.join("; ", users(), move(), seen(), done(), left());
    }

    private String users() {
        if (!rollback.exposed()) {
            return "No user was ever on the release";
        }
        if (rollback.endedBy() != null) {
            return "Users were read back on the stable version; %s ended the rollback and answers for it, without the platform's proof"
                    .formatted(rollback.endedBy());
        }
        if (isOver()) {
            return isProven()
                    ? "Users are safe: back on the stable version%s, proved%s"
                            .formatted(after(rollback.trafficBackAfter(), false), after(rollback.took(), true))
                    : "The rollback is over and it is not proven that users are safe";
        }
        if (rollback.trafficBackAt() == null) {
            return "Users may still be on the candidate" + budgetEnd();
        }
        return handsNeeded
                ? "Users were moved back to the stable version%s, and it is not proven that they are safe"
                        .formatted(after(rollback.trafficBackAfter(), true))
                : "Users are back on the stable version" + after(rollback.trafficBackAfter(), true);
    }

    private String after(Duration time, boolean ofBudget) {
        if (time == null) {
            return "";
        }
        if (!ofBudget || rollback.budget() == null) {
            return " after " + words(time);
        }
        boolean kept = rollback.breachedAt() == null && time.compareTo(rollback.budget()) <= 0;
        return " after %s of %s%s".formatted(words(time), words(rollback.budget()), kept ? "" : ", over the budget");
    }

    private String budgetEnd() {
        if (rollback.budget() == null) {
            return "";
        }
        return rollback.breachedAt() == null
                ? ": the budget of %s ends at %s"
                        .formatted(
                                words(rollback.budget()),
                                time(rollback.detectedAt().plus(rollback.budget())))
                : ": the budget of %s is exceeded since %s"
                        .formatted(words(rollback.budget()), time(rollback.breachedAt()));
    }

    private String seen() {
        return "seen at %s by %s: %s"
                .formatted(
                        time(rollback.detectedAt()),
                        Actors.PLATFORM.equals(rollback.detectedBy()) ? "the platform" : rollback.detectedBy(),
                        part(rollback.cause()));
    }

    private String done() {
        Stream<String> breaker = byBreaker() ? Stream.of("traffic") : Stream.empty();
        if (rungs.isEmpty() && !rollback.exposed() && isOver()) {
            return "nothing had been deployed";
        }
        String done = Stream.concat(
                        breaker, rungs.stream().filter(RollbackAccount::isDone).map(Rung::rung))
                .filter(rung -> !"proof".equals(rung))
                .distinct()
                .map(RollbackAccount::past)
                .collect(Collectors.joining(", "));
        return done.isEmpty() ? "nothing is done yet" : "done: " + done;
    }

    /** The breaker moves traffic before the ladder is climbed, and is none of its rungs. */
    private boolean byBreaker() {
        return rollback.trafficBackAt() != null && rungs.stream().noneMatch(rung -> "traffic".equals(rung.rung()));
    }

    private String left() {
        if (isOver()) {
            return "nothing is still running";
        }
        String failed = rollback.failedRung() == null ? "" : part(rollback.failedRung());
        if (handsNeeded) {
            return "failed: " + failed;
        }
        Set<String> climbed =
                sinceHands().filter(RollbackAccount::isDone).map(Rung::rung).collect(Collectors.toSet());
        String running = Stream.of("traffic", "withdraw", "proof")
                .filter(rung -> !climbed.contains(rung))
                .map(RungLog::words)
                .collect(Collectors.joining(", "));
        return "still running: " + running + (failed.isEmpty() ? "" : " (failed on the way: " + failed + ")");
    }

    /** After a person has rolled back by hand the ladder is climbed anew. */
    private Stream<Rung> sinceHands() {
        int hands = rungs.stream().map(Rung::rung).toList().lastIndexOf("hands");
        return rungs.stream().skip(hands + 1L);
    }

    private String move() {
        if (handsNeeded) {
            return "roll back by hand now: give the candidate no traffic at its router, take it away, make sure that the stable version serves everybody, and confirm it in the task Roll back by hand";
        }
        if (rollback.endedBy() != null) {
            return "nobody has to act for users; what was not proven stands in the timeline";
        }
        if (isOver()) {
            return isProven() || !rollback.exposed() ? "nobody has to act" : "look whether users are safe";
        }
        return "nobody has to act yet: a person is called where no rung is left";
    }

    private boolean isOver() {
        return rollback.finishedAt() != null;
    }

    /** The rollback of an earlier version of the platform has no rungs, and what it proved. */
    private boolean isProven() {
        return rungs.stream()
                .filter(rung -> "proof".equals(rung.rung()))
                .reduce((first, second) -> second)
                .map(RollbackAccount::isDone)
                .orElse(!rollback.checks().isEmpty());
    }

    private static boolean isDone(Rung rung) {
        return Rung.DONE.equals(rung.outcome());
    }

    private static String past(String rung) {
        return switch (rung) {
            case "flag" -> "flag switched off";
            case "traffic" -> "traffic moved back";
            case "withdraw" -> "candidate taken away";
            case "redeploy" -> "stable version deployed anew";
            case "database" -> "database taken down";
            case "hands" -> "rolled back by hand";
            default -> rung;
        };
    }

    /** Other systems write these texts, of any length; the whole of it stands on the page. */
    private static String part(String text) {
        String line = text.replaceAll("\\s+", " ").strip().replaceAll("[.;]+$", "");
        return line.length() <= LONGEST_PART ? line : line.substring(0, LONGEST_PART - 1) + "…";
    }

    private static String time(Instant at) {
        return TIME.format(at);
    }

    /** Clocks of other systems may be ahead of ours: what they saw later than it was mended took no time. */
    private static String words(Duration time) {
        if (time.isNegative()) {
            return "0 s";
        }
        if (time.compareTo(IN_SECONDS) < 0) {
            return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0)
                    .replace(".0 s", " s");
        }
        return time.toSecondsPart() == 0
                ? time.toMinutes() + " min"
                : "%d min %d s".formatted(time.toMinutes(), time.toSecondsPart());
    }
}
