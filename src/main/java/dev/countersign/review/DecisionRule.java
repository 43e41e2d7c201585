package dev.countersign.review;

import dev.countersign.review.Standing.Answer;
import dev.countersign.review.Standing.Appeal;
import dev.countersign.review.Standing.Ballot;
import dev.countersign.review.Standing.Condition;
import dev.countersign.review.Standing.Escalation;
import dev.countersign.review.Standing.Flag;
import dev.countersign.review.Standing.Level;
import dev.countersign.review.Standing.Seat;
import dev.countersign.review.Standing.Substitute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The decision rule of a readiness review. A function of what stands in the {@link Standing}: no clock, no database.
 *
 * <p>A <em>matter</em> is one thing that keeps the release back: the vote {@code operations#17}, the silence of a seat, the quorum, a
 * condition past its date. Matters of a veto seat go to its own authority line only; every other one goes up the
 * escalation. What was decided about a matter says nothing about the next one.
 */
final class DecisionRule {
    static final String QUORUM = "quorum";
    private static final String CONDITION = "condition ";
    private static final String SILENT = " silent";

    enum Kind {
        GO,
        NO_GO,
        /** People still have time. */
        WAIT,
        ASK_ALTERNATE,
        /** A veto seat's authority line is asked. */
        APPEAL,
        /** Conditions due before rollout are open and in time. */
        HOLD,
        ESCALATE
    }

    /**
     * @param rule the rule's number in {@code docs/review.md}
     * @param why one sentence
     * @param about seats to ask, conditions that hold, or matters to decide
     * @param level of the escalation whose turn it is; null unless ESCALATE
     * @param dissent positions against that the decision goes past, recorded with it
     */
    record Outcome(Kind kind, int rule, String why, List<String> about, String level, List<String> dissent) {
        static Outcome of(Kind kind, int rule, String why, List<String> about) {
            return new Outcome(kind, rule, why, List.copyOf(about), null, List.of());
        }
    }

    /** @param rule that raised it @param text what stands against the release, in words */
    private record Matter(String id, int rule, String text, boolean veto) {}

    private final Standing standing;
    private final Map<String, Ballot> positions = new HashMap<>();
    private final Set<String> refusedBallots;

    /** The condition that a matter speaks of, if it does. */
    static Optional<String> conditionOf(String matter) {
        return matter.startsWith(CONDITION) ? Optional.of(matter.substring(CONDITION.length())) : Optional.empty();
    }

    /** The seat that a matter speaks of: {@code qa#12} or {@code qa silent}. */
    static String seatOf(String matter) {
        return matter.endsWith(SILENT)
                ? matter.substring(0, matter.length() - SILENT.length())
                : matter.substring(0, matter.lastIndexOf('#'));
    }

    private DecisionRule(Standing standing) {
        this.standing = standing;
        this.refusedBallots = secondSeats(standing.seats());
        standing.seats().forEach(seat -> {
            Ballot position = position(seat);
            if (position != null) {
                positions.put(seat.id(), position);
            }
        });
    }

    static Outcome decide(Standing standing) {
        return new DecisionRule(standing).decide();
    }

    private Outcome decide() {
        if (standing.seats().stream().noneMatch(Seat::required)) {
            return Outcome.of(Kind.NO_GO, 3, "No required seat is known: nobody could be for it.", List.of());
        }
        var unrepresented = standing.seats().stream()
                .filter(seat -> seat.meeting() && !seat.represented())
                .map(Seat::id)
                .toList();
        var matters = matters();

        // What is decided against stays decided, whatever else is still open.
        for (Matter matter : matters) {
            if (matter.veto() && appealOf(matter).filter(DecisionRule::upheld).isPresent()) {
                return Outcome.of(
                        Kind.NO_GO,
                        matter.rule(),
                        matter.text() + ", and its authority line did not lift it.",
                        List.of(matter.id()));
            }
        }
        for (Escalation escalation : standing.escalations()) {
            Turn turn = turnOf(escalation);
            if (turn.answer() == Answer.NO_GO) {
                return Outcome.of(Kind.NO_GO, ruleOf(escalation, matters), turn.why(), sorted(escalation.matters()));
            }
        }
        if (!unrepresented.isEmpty() && standing.meetingOver()) {
            return Outcome.of(
                    Kind.NO_GO,
                    4,
                    "The mandatory meeting was not held with " + String.join(", ", unrepresented) + ".",
                    unrepresented);
        }

        // Rule 1
        var vetoed = unanswered(matters, 1, true);
        if (!vetoed.isEmpty()) {
            return appeal(vetoed);
        }
        // Rule 2
        if (!unsettled(matters, 2).isEmpty()) {
            return escalate(matters);
        }
        // Rule 3
        var toAsk = standing.seats().stream()
                .filter(this::alternateToAsk)
                .map(Seat::id)
                .toList();
        if (!toAsk.isEmpty()) {
            return Outcome.of(
                    Kind.ASK_ALTERNATE,
                    3,
                    "No position was taken for " + String.join(", ", toAsk) + "; the alternates are asked.",
                    toAsk);
        }
        var awaited = standing.seats().stream()
                .filter(this::mayStillVote)
                .map(Seat::id)
                .toList();
        if (!awaited.isEmpty()) {
            return Outcome.of(Kind.WAIT, 3, "Waiting for " + String.join(", ", awaited) + ".", awaited);
        }
        if (!unrepresented.isEmpty()) {
            return Outcome.of(
                    Kind.WAIT,
                    4,
                    "Waiting for the meeting with " + String.join(", ", unrepresented) + ".",
                    unrepresented);
        }
        var silentVeto = unanswered(matters, 3, true);
        if (!silentVeto.isEmpty()) {
            return appeal(silentVeto);
        }
        // Rules 3 and 4
        if (!unsettled(matters, 3).isEmpty() || !unsettled(matters, 4).isEmpty()) {
            return escalate(matters);
        }
        // Rule 5
        var unmetForVeto = unanswered(matters, 5, true);
        if (!unmetForVeto.isEmpty()) {
            return appeal(unmetForVeto);
        }
        if (!unsettled(matters, 5).isEmpty()) {
            return escalate(matters);
        }
        var open = standing.conditions().stream()
                .filter(condition -> condition.open() && !condition.overdue())
                .map(Condition::id)
                .toList();
        if (!open.isEmpty()) {
            return Outcome.of(Kind.HOLD, 5, open.size() + " condition(s) due before rollout are open.", open);
        }
        return go(matters);
    }

    /** Rules 6 and 7. */
    private Outcome go(List<Matter> settled) {
        var dissent = new ArrayList<String>();
        standing.seats().stream()
                .filter(seat -> !seat.required() && chose(seat, Choice.NO_GO))
                .forEach(seat -> dissent.add(seat.id() + " voted NO_GO"));
        boolean advisory = !dissent.isEmpty();
        settled.forEach(matter -> dissent.add(matter.text()));
        if (dissent.isEmpty()) {
            return Outcome.of(
                    Kind.GO,
                    7,
                    "Every required seat is for it, the quorum is met and no condition is open.",
                    List.of());
        }
        String why = advisory && settled.isEmpty()
                ? "Every required seat is for it; the dissent of an advisory seat is recorded."
                : "Decided by those entitled to; what stood against it is recorded.";
        return new Outcome(Kind.GO, advisory && settled.isEmpty() ? 6 : ruleOf(settled), why, List.of(), null, dissent);
    }

    /** Everything that stands against the release now, in the order of the rules. Nothing that time may still heal. */
    private List<Matter> matters() {
        var matters = new ArrayList<Matter>();
        for (Seat seat : standing.seats()) {
            if (seat.required() && chose(seat, Choice.NO_GO)) {
                boolean veto = seat.flag() == Flag.VETO;
                String id = seat.id() + "#" + positions.get(seat.id()).id();
                matters.add(new Matter(id, veto ? 1 : 2, seat.id() + " voted NO_GO", veto));
            }
        }
        for (Seat seat : standing.seats()) {
            if (seat.required() && !positions.containsKey(seat.id()) && !mayStillVote(seat) && !alternateToAsk(seat)) {
                matters.add(new Matter(
                        seat.id() + SILENT, 3, "nobody took a position for " + seat.id(), seat.flag() == Flag.VETO));
            }
        }
        boolean everybodyHadTheirTime =
                standing.seats().stream().noneMatch(seat -> mayStillVote(seat) || alternateToAsk(seat));
        if (everybodyHadTheirTime && present() < standing.quorum()) {
            matters.add(new Matter(
                    QUORUM, 4, "only " + present() + " of " + standing.quorum() + " persons took a position", false));
        }
        for (Condition condition : standing.conditions()) {
            if (condition.open() && condition.overdue()) {
                matters.add(new Matter(
                        CONDITION + condition.id(),
                        5,
                        "condition " + condition.id() + " was not met in time",
                        isVeto(condition.seat())));
            }
        }
        return matters;
    }

    private long present() {
        return standing.seats().stream()
                .filter(seat -> !seat.meeting() || seat.represented())
                .map(seat -> positions.get(seat.id()))
                .filter(Objects::nonNull)
                .map(Ballot::voter)
                .distinct()
                .count();
    }

    private boolean isVeto(String seat) {
        return standing.seats().stream().anyMatch(s -> s.id().equals(seat) && s.flag() == Flag.VETO);
    }

    private boolean chose(Seat seat, Choice choice) {
        Ballot ballot = positions.get(seat.id());
        return ballot != null && ballot.choice() == choice;
    }

    // Seats

    /** One person, one seat: ballots of a person who already sits on an earlier seat are no ballots. */
    private static Set<String> secondSeats(List<Seat> seats) {
        var sits = new HashMap<String, String>();
        var refused = new HashSet<String>();
        for (Seat seat : seats) {
            for (Ballot ballot : ballots(seat)) {
                if (!sits.computeIfAbsent(ballot.voter(), voter -> seat.id()).equals(seat.id())) {
                    refused.add(seat.id() + " " + ballot.voter());
                }
            }
        }
        return refused;
    }

    private static List<Ballot> ballots(Seat seat) {
        return Stream.of(seat.vote(), seat.alternateVote())
                .filter(Objects::nonNull)
                .toList();
    }

    private Ballot counted(Seat seat, Ballot ballot) {
        return ballot == null || refusedBallots.contains(seat.id() + " " + ballot.voter()) ? null : ballot;
    }

    /** The position taken for the seat, by itself or, where it took none, by its alternate. */
    private Ballot position(Seat seat) {
        Ballot own = counted(seat, seat.vote());
        if (own != null && own.choice().takesPosition()) {
            return own;
        }
        Ballot alternate = counted(seat, seat.alternateVote());
        return alternate != null && alternate.choice().takesPosition() ? alternate : null;
    }

    private boolean mayStillVote(Seat seat) {
        if (positions.containsKey(seat.id())) {
            return false;
        }
        if (counted(seat, seat.vote()) == null && !seat.timeOver()) {
            return true;
        }
        return seat.required() && seat.alternate() == Substitute.ASKED && counted(seat, seat.alternateVote()) == null;
    }

    private boolean alternateToAsk(Seat seat) {
        boolean passed = counted(seat, seat.vote()) != null || seat.timeOver();
        return seat.required()
                && !positions.containsKey(seat.id())
                && passed
                && seat.alternate() == Substitute.NOT_ASKED;
    }

    // Veto: its own authority line

    private Optional<Appeal> appealOf(Matter matter) {
        return standing.appeals().stream()
                .filter(appeal -> appeal.matter().equals(matter.id()))
                .findFirst();
    }

    private static boolean upheld(Appeal appeal) {
        return appeal.answer() == Answer.NO_GO || (appeal.answer() == null && appeal.over());
    }

    private List<Matter> unanswered(List<Matter> matters, int rule, boolean veto) {
        return matters.stream()
                .filter(matter -> matter.rule() == rule && matter.veto() == veto)
                .filter(matter -> appealOf(matter)
                        .filter(appeal -> appeal.answer() == Answer.GO)
                        .isEmpty())
                .toList();
    }

    private Outcome appeal(List<Matter> matters) {
        return Outcome.of(
                Kind.APPEAL,
                matters.get(0).rule(),
                said(matters) + "; only its own authority line may lift that.",
                matters.stream().map(Matter::id).toList());
    }

    // Everything else: up the escalation

    /** @param answer null while it is open; @param level whose turn it is then */
    private record Turn(Answer answer, String level, String why) {}

    /** What the levels asked so far have decided; null while the next one is to be asked. */
    static Answer answerOf(Escalation escalation) {
        return turnOf(escalation).answer();
    }

    private static Turn turnOf(Escalation escalation) {
        for (Level level : escalation.levels()) {
            switch (level.mode()) {
                case FACTS -> {
                    if (level.answers().isEmpty() && !level.over()) {
                        return new Turn(null, level.id(), "");
                    }
                }
                case JOINTLY, ALONE -> {
                    boolean answered = level.answers().keySet().containsAll(level.groups());
                    var answers = Set.copyOf(level.answers().values());
                    if (answered && answers.size() == 1) {
                        Answer answer = answers.iterator().next();
                        return new Turn(
                                answer, null, String.join(" and ", level.groups()) + " decided " + answer + ".");
                    }
                    if (!answered && !level.over()) {
                        return new Turn(null, level.id(), "");
                    }
                }
            }
        }
        return new Turn(Answer.NO_GO, null, "Nobody decided the escalation in time; silence never approves.");
    }

    private List<Matter> unsettled(List<Matter> matters, int rule) {
        return matters.stream()
                .filter(matter -> matter.rule() == rule && !matter.veto())
                .filter(matter -> escalationOf(matter)
                        .filter(escalation -> turnOf(escalation).answer() == Answer.GO)
                        .isEmpty())
                .toList();
    }

    private Optional<Escalation> escalationOf(Matter matter) {
        return standing.escalations().stream()
                .filter(escalation -> escalation.matters().contains(matter.id()))
                .findFirst();
    }

    /** All matters that stand go up together, so that nobody is asked twice where once would do. */
    private Outcome escalate(List<Matter> matters) {
        var standingMatters = IntStream.rangeClosed(2, 5)
                .mapToObj(rule -> unsettled(matters, rule))
                .flatMap(List::stream)
                .toList();
        var first = standingMatters.stream()
                .map(this::escalationOf)
                .flatMap(Optional::stream)
                .findFirst();
        List<Matter> about = first.map(escalation -> standingMatters.stream()
                        .filter(matter -> escalation.matters().contains(matter.id()))
                        .toList())
                .orElse(standingMatters);
        return new Outcome(
                Kind.ESCALATE,
                ruleOf(about),
                said(about) + ".",
                about.stream().map(Matter::id).toList(),
                first.map(escalation -> turnOf(escalation).level()).orElse(null),
                List.of());
    }

    private static int ruleOf(List<Matter> matters) {
        return matters.stream().mapToInt(Matter::rule).min().orElse(7);
    }

    private static int ruleOf(Escalation escalation, List<Matter> matters) {
        return ruleOf(matters.stream()
                .filter(matter -> escalation.matters().contains(matter.id()))
                .toList());
    }

    private static String said(List<Matter> matters) {
        var said = matters.stream().map(Matter::text).collect(Collectors.joining("; "));
        return Character.toUpperCase(said.charAt(0)) + said.substring(1);
    }

    private static List<String> sorted(Set<String> ids) {
        return new LinkedHashSet<>(ids).stream().sorted().toList();
    }
}
