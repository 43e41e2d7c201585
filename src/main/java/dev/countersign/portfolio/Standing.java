package dev.countersign.portfolio;

import dev.countersign.gate.Gates.Gate;
import dev.countersign.observe.Observations.Observation;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseState;
import dev.countersign.review.Review.Seat;
import dev.countersign.rollback.RollbackAccount;
import dev.countersign.rollout.Rollouts;
import dev.countersign.rollout.Rollouts.Rollout;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What stands between a release and production, and whose move it is.
 *
 * @param sentence without a full stop
 * @param about what {@code at} is, for example {@code window opens}; null without a time
 * @param risk why it is risky; null at the usual risk
 * @param move whose move it is
 */
record Standing(String sentence, String about, Instant at, String risk, String move) {
    private static final int NAMED = 4;

    /** The kind of watch while a person decides: it can fail, and never passes. */
    private static final String HELD = "held";

    private static final Set<String> PREPARING = Set.of("tickChecklist", "planCommunication");

    static Standing of(WholeRelease whole) {
        Release release = whole.release();
        if (release.state().isExposed() && whole.rollback().isEmpty()) {
            Optional<String> tripped = whole.rollout().flatMap(RollbackAccount::of);
            if (tripped.isPresent()) {
                return say(whole, tripped.get(), null, null);
            }
        }
        return switch (release.state()) {
            case CRITERIA -> say(whole, agreeing(whole), null, null);
            case GATES, REVIEW -> say(whole, clearing(whole), window(whole), release.windowStart());
            case SCHEDULED -> say(whole, "Cleared for rollout", window(whole), release.windowStart());
            case ROLLING_OUT -> rollingOut(whole);
            case HELD -> say(whole, "The rollout is held" + held(whole), null, null);
            case STABILISING -> stabilising(whole);
            case STABLE -> say(whole, "It is in production and stable", "since", release.stateSince());
            case ROLLING_BACK -> say(whole, rollback(whole, "The rollback begins"), "since", release.stateSince());
            case ROLLED_BACK ->
                say(whole, rollback(whole, "It was rolled back" + tripped(whole)), "rolled back", release.stateSince());
            case ROLLBACK_FAILED ->
                say(whole, rollback(whole, "The rollback failed: act by hand"), "since", release.stateSince());
            case REJECTED -> say(whole, "It was rejected" + because(whole), "at", release.stateSince());
            case ABORTED -> say(whole, "It was withdrawn" + because(whole), "at", release.stateSince());
        };
    }

    private static Standing say(WholeRelease whole, String sentence, String about, Instant at) {
        return new Standing(sentence, at == null ? null : about, at, risk(whole), move(whole));
    }

    private static String agreeing(WholeRelease whole) {
        List<String> asked = whole.waiting().stream()
                .filter(task -> "agreeOnCriteria".equals(task.taskKey()))
                .map(Waiting::who)
                .toList();
        return asked.isEmpty()
                ? "The acceptance criteria are not agreed yet"
                : "Waiting for " + named(asked) + " to agree on the acceptance criteria";
    }

    private static String clearing(WholeRelease whole) {
        List<Gate> gates = whole.openGates();
        List<Seat> seats = whole.openSeats();
        int required = whole.requiredGates().size();
        int deciding = whole.decidingSeats().size();
        if (gates.isEmpty() && seats.isEmpty() && required > 0 && deciding > 0) {
            return "All " + required + " gates and all " + deciding + " seats are clear";
        }
        String gatesText = gates.isEmpty()
                ? "all " + required + " gates are clear"
                : gates.size() + " of " + count(required, "gate") + " ("
                        + named(gates.stream().map(Gate::name).toList()) + ")";
        List<String> preparing = whole.waiting().stream()
                .filter(task -> PREPARING.contains(task.taskKey()))
                .map(Waiting::who)
                .distinct()
                .toList();
        if (gates.isEmpty() && !preparing.isEmpty()) {
            return "Waiting for " + named(preparing) + " to prepare the release; " + gatesText;
        }
        if (deciding == 0) {
            return gates.isEmpty()
                    ? capital(gatesText) + "; no seat of the review has been called yet"
                    : "Waiting for " + gatesText;
        }
        String seatsText = seats.isEmpty()
                ? "all " + deciding + " seats have voted"
                : seats.size() + " of " + count(deciding, "seat") + " ("
                        + named(seats.stream().map(Seat::role).toList()) + ")";
        if (gates.isEmpty()) {
            return "Waiting for " + seatsText + "; " + gatesText;
        }
        return "Waiting for " + gatesText + (seats.isEmpty() ? "; " : " and ") + seatsText;
    }

    private static Standing stabilising(WholeRelease whole) {
        boolean undecided = whole.observations().stream()
                .anyMatch(watch -> !watch.ended() && HELD.equals(watch.order().kind()));
        if (undecided) {
            return say(
                    whole,
                    "All users are on it, and it becomes stable only if a person decides so" + held(whole),
                    null,
                    null);
        }
        return say(
                whole,
                "All users are on it; its objectives are watched" + latest(whole),
                "without a verdict a person is asked",
                whole.stabilisation()
                        .map(watch -> watch.since().plus(watch.order().maximum()))
                        .orElse(null));
    }

    private static Standing rollingOut(WholeRelease whole) {
        Rollout rollout = whole.rollout().orElse(null);
        if (rollout == null || whole.rolloutSteps().isEmpty()) {
            return say(whole, "The rollout begins; no users are on it yet", null, null);
        }
        String text = String.format(
                Locale.ROOT,
                "Step %d of %d: %.0f %% of the users are on it%s%s",
                rollout.step(),
                rollout.plan().steps().size(),
                (rollout.actual() == null ? rollout.wanted() : rollout.actual()) * 100,
                rollout.status() == Rollouts.Status.PAUSED ? ", paused" : whole.awaitsPromotion() ? ", passed" : "",
                latest(whole));
        if (whole.awaitsPromotion()) {
            return say(whole, text, null, null);
        }
        Instant good = whole.steps().stream()
                .filter(step -> !step.ended() && !step.paused() && step.unbrokenSince() != null)
                .reduce((first, second) -> second)
                .map(step -> step.unbrokenSince().plus(step.order().window()))
                .orElse(null);
        return say(whole, text, "without a breach the step is good", good);
    }

    private static String latest(WholeRelease whole) {
        return whole.observations().stream()
                .map(Observation::latest)
                .filter(judgement -> judgement != null && judgement.sentence() != null)
                .reduce((first, second) -> second)
                .map(judgement -> ". Last seen: " + judgement.sentence().replaceAll("\\.$", ""))
                .orElse("");
    }

    private static String rollback(WholeRelease whole, String otherwise) {
        boolean handsNeeded = whole.release().state() == ReleaseState.ROLLBACK_FAILED;
        return whole.rollback()
                .map(rollback -> RollbackAccount.of(rollback, whole.wayBack().rungs(), handsNeeded))
                .or(() -> whole.rollout().flatMap(RollbackAccount::of))
                .orElse(otherwise);
    }

    private static String tripped(WholeRelease whole) {
        return whole.rollout()
                .filter(rollout -> rollout.trippedBecause() != null)
                .map(rollout -> ": " + rollout.trippedBecause().replaceAll("\\.$", ""))
                .orElse("");
    }

    private static String held(WholeRelease whole) {
        return whole.rollout()
                .map(Rollout::because)
                .filter(because -> !because.isBlank())
                .map(because -> ": " + because)
                .orElseGet(() -> latest(whole));
    }

    private static String because(WholeRelease whole) {
        return whole.last("release.aborted")
                .or(() -> whole.last("state.entered"))
                .map(entry -> entry.text())
                .filter(text -> text.contains(": "))
                .map(text -> ": " + text.substring(text.indexOf(": ") + 2))
                .orElse("");
    }

    private static String window(WholeRelease whole) {
        return whole.release().windowStart() == null ? null : "window opens";
    }

    private static String risk(WholeRelease whole) {
        if (whole.release().state().isFinal()) {
            return null;
        }
        return whole.last("risk.assessed").map(entry -> entry.text()).orElse(null);
    }

    private static String move(WholeRelease whole) {
        if (!whole.waiting().isEmpty()) {
            return whole.waiting().stream().map(Waiting::who).distinct().collect(Collectors.joining(", "));
        }
        if (whole.release().closed()) {
            return "nobody's: everything is done";
        }
        return "the platform's";
    }

    private static String named(List<String> names) {
        String some = names.stream().limit(NAMED).collect(Collectors.joining(", "));
        return names.size() > NAMED ? some + " and " + (names.size() - NAMED) + " more" : some;
    }

    private static String count(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    private static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
