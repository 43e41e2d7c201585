package dev.countersign.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.review.DecisionRule.Kind;
import dev.countersign.review.DecisionRule.Outcome;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What must hold in every state. The first group walks a whole small space: a required, a veto and an advisory seat, every choice and
 * silence, every state of the alternate, of a condition, of the escalation and of the appeal. The second draws larger states at random
 * from fixed seeds, also impossible ones, such as one person on two seats.
 */
@Tag("M2.2")
class DecisionRulePropertyTests {
    private static final List<Choice> CHOICES =
            Stream.concat(Stream.of((Choice) null), Stream.of(Choice.values())).toList();
    /** A vote is changed or superseded, never taken back: silence is not among them. */
    private static final List<Choice> OTHERS =
            List.of(Choice.GO_WITH_CONDITIONS, Choice.NO_GO, Choice.ABSTAIN, Choice.RECUSE);

    private static final int DRAWN = 60_000;

    // The whole small space

    /** One walk for the four properties: there are {@code 30 · 30 · 5 · 6 · 5 · 4} states. */
    @Test
    void in_every_state_go_is_agreed_conditions_hold_no_change_helps_and_silence_ends_without_approving() {
        everyStanding(standing -> {
            Outcome outcome = DecisionRule.decide(standing);
            goIsAgreed(standing, outcome);
            changedVotes(standing, rank(outcome), OTHERS);
            endsInSilence(standing, outcome);
        });
    }

    @Test
    void if_nobody_ever_says_anything_the_answer_is_no() {
        for (Flag flag : new Flag[] {Flag.REQUIRED, Flag.VETO}) {
            for (Substitute alternate : Substitute.values()) {
                var silent = new Seat("qa", flag, null, false, alternate, null, false, true);
                var start = new Standing(List.of(silent), List.of(), 1, false, List.of(), List.of());
                assertThat(endsInSilence(start, DecisionRule.decide(start))).isEqualTo(Kind.NO_GO);
            }
        }
    }

    // Larger states, drawn

    @Test
    void drawn_never_go_without_every_required_seat_or_with_an_open_condition() {
        drawn(1, (standing, random) -> goIsAgreed(standing, DecisionRule.decide(standing)));
    }

    @Test
    void drawn_a_vote_changed_from_go_to_anything_else_never_helps() {
        drawn(
                3,
                (standing, random) -> changedVotes(
                        standing,
                        rank(DecisionRule.decide(standing)),
                        List.of(OTHERS.get(random.nextInt(OTHERS.size())))));
    }

    @Test
    void drawn_silence_ends_in_a_decision_and_approves_nothing() {
        drawn(4, (standing, random) -> endsInSilence(standing, DecisionRule.decide(standing)));
    }

    @Test
    void drawn_go_counts_distinct_persons_or_those_entitled_accepted_fewer() {
        drawn(5, (standing, random) -> {
            if (DecisionRule.decide(standing).kind() == Kind.GO && !isSettled(standing, DecisionRule.QUORUM)) {
                var persons = new HashSet<String>();
                standing.seats().stream()
                        .filter(seat -> !seat.meeting() || seat.represented())
                        .flatMap(seat -> Stream.of(seat.vote(), seat.alternateVote()))
                        .filter(ballot -> ballot != null && ballot.choice().takesPosition())
                        .forEach(ballot -> persons.add(ballot.voter()));
                assertThat(persons).hasSizeGreaterThanOrEqualTo(standing.quorum());
            }
        });
    }

    @Test
    void drawn_an_advisory_seat_never_stops_a_release_and_its_no_is_never_lost() {
        drawn(6, (standing, random) -> {
            Outcome outcome = DecisionRule.decide(standing);
            if (outcome.kind() != Kind.GO) {
                return;
            }
            for (Seat seat : standing.seats()) {
                if (seat.flag() == Flag.ADVISORY
                        && seat.vote() != null
                        && seat.vote().choice() == Choice.NO_GO
                        && isOnlySeat(standing, seat)) {
                    assertThat(outcome.dissent()).contains(seat.id() + " voted NO_GO");
                }
            }
        });
    }

    @Test
    void drawn_no_escalation_lifts_a_veto() {
        drawn(7, (standing, random) -> {
            if (DecisionRule.decide(standing).kind() == Kind.GO) {
                for (Seat seat : standing.seats()) {
                    Ballot ballot = position(standing, seat);
                    if (seat.flag() == Flag.VETO && ballot != null && ballot.choice() == Choice.NO_GO) {
                        assertThat(isLifted(standing, seat.id() + "#" + ballot.id()))
                                .isTrue();
                    }
                }
            }
        });
    }

    // Properties

    private static void goIsAgreed(Standing standing, Outcome outcome) {
        if (outcome.kind() == Kind.GO) {
            requiredSeatsAgree(standing);
            noOpenCondition(standing);
        }
    }

    private static void requiredSeatsAgree(Standing standing) {
        for (Seat seat : standing.seats()) {
            if (!seat.required()) {
                continue;
            }
            Ballot ballot = position(standing, seat);
            boolean agrees =
                    ballot != null && (ballot.choice() == Choice.GO || ballot.choice() == Choice.GO_WITH_CONDITIONS);
            String matter = ballot == null ? seat.id() + " silent" : seat.id() + "#" + ballot.id();
            boolean settled = seat.flag() == Flag.VETO ? isLifted(standing, matter) : isSettled(standing, matter);
            if (!agrees && !settled) {
                throw new AssertionError("GO without " + seat.id() + ": " + standing);
            }
            if (seat.meeting() && !seat.represented()) {
                throw new AssertionError("GO without the meeting: " + standing);
            }
        }
    }

    private static void noOpenCondition(Standing standing) {
        for (Condition condition : standing.conditions()) {
            String matter = "condition " + condition.id();
            if (condition.open() && !isLifted(standing, matter) && !isSettled(standing, matter)) {
                throw new AssertionError("GO with an open condition: " + standing);
            }
        }
    }

    private static void changedVotes(Standing standing, int before, List<Choice> choices) {
        for (int index = 0; index < standing.seats().size(); index++) {
            Seat seat = standing.seats().get(index);
            if (seat.vote() == null || seat.vote().choice() != Choice.GO) {
                continue;
            }
            for (Choice choice : choices) {
                var seats = new ArrayList<>(standing.seats());
                seats.set(index, withVote(seat, choice));
                Standing changed = new Standing(
                        seats,
                        standing.conditions(),
                        standing.quorum(),
                        standing.meetingOver(),
                        standing.escalations(),
                        standing.appeals());
                if (rank(DecisionRule.decide(changed)) > before) {
                    throw new AssertionError("GO changed to " + choice + " by " + seat.id() + " helped: " + standing);
                }
            }
        }
    }

    /** NO_GO, undecided, GO with dissent, GO. */
    private static int rank(Outcome outcome) {
        return switch (outcome.kind()) {
            case NO_GO -> 0;
            case GO -> outcome.dissent().isEmpty() ? 3 : 2;
            default -> 1;
        };
    }

    /** From here on nobody says anything: each wait runs into its deadline. */
    private static Kind endsInSilence(Standing start, Outcome first) {
        Standing standing = start;
        Outcome outcome = first;
        for (int step = 0; step < 12; step++) {
            if (outcome.kind() == Kind.GO || outcome.kind() == Kind.NO_GO) {
                goIsAgreed(standing, outcome);
                return outcome.kind();
            }
            standing = timePasses(asked(standing, outcome));
            outcome = DecisionRule.decide(standing);
        }
        throw new AssertionError("No end: " + start);
    }

    /** What the process does with an outcome: asks, or opens. */
    private static Standing asked(Standing standing, Outcome outcome) {
        var seats = standing.seats();
        var escalations = new ArrayList<>(standing.escalations());
        var appeals = new ArrayList<>(standing.appeals());
        switch (outcome.kind()) {
            case ASK_ALTERNATE ->
                seats = seats.stream()
                        .map(seat -> outcome.about().contains(seat.id()) ? withAlternate(seat, Substitute.ASKED) : seat)
                        .toList();
            case ESCALATE -> {
                if (outcome.level() == null) {
                    escalations.add(new Escalation(Set.copyOf(outcome.about()), silentLevels(false)));
                }
            }
            case APPEAL ->
                outcome.about().stream()
                        .filter(matter -> appeals.stream()
                                .noneMatch(appeal -> appeal.matter().equals(matter)))
                        .forEach(matter -> appeals.add(new Appeal(matter, null, false)));
            default -> {}
        }
        return new Standing(
                seats, standing.conditions(), standing.quorum(), standing.meetingOver(), escalations, appeals);
    }

    private static Standing timePasses(Standing standing) {
        return new Standing(
                standing.seats().stream()
                        .map(seat -> withAlternate(
                                new Seat(
                                        seat.id(),
                                        seat.flag(),
                                        seat.vote(),
                                        true,
                                        seat.alternate(),
                                        seat.alternateVote(),
                                        seat.meeting(),
                                        seat.represented()),
                                seat.alternate() == Substitute.ASKED ? Substitute.OVER : seat.alternate()))
                        .toList(),
                standing.conditions().stream()
                        .map(condition -> new Condition(condition.id(), condition.seat(), condition.open(), true))
                        .toList(),
                standing.quorum(),
                true,
                standing.escalations().stream()
                        .map(escalation -> new Escalation(
                                escalation.matters(),
                                escalation.levels().stream()
                                        .map(level -> new Level(
                                                level.id(), level.mode(), level.groups(), level.answers(), true))
                                        .toList()))
                        .toList(),
                standing.appeals().stream()
                        .map(appeal -> new Appeal(appeal.matter(), appeal.answer(), true))
                        .toList());
    }

    // Reading a standing, independently of the rule

    private static boolean isLifted(Standing standing, String matter) {
        return standing.appeals().stream()
                .anyMatch(appeal -> appeal.matter().equals(matter) && appeal.answer() == Answer.GO);
    }

    private static boolean isSettled(Standing standing, String matter) {
        return standing.escalations().stream()
                .filter(escalation -> escalation.matters().contains(matter))
                .anyMatch(escalation -> {
                    var joint = escalation.levels().get(1).answers();
                    boolean agreed =
                            joint.size() == 2 && Set.copyOf(joint.values()).equals(Set.of(Answer.GO));
                    return agreed || escalation.levels().get(2).answers().containsValue(Answer.GO);
                });
    }

    private static boolean isOnlySeat(Standing standing, Seat own) {
        return standing.seats().stream()
                .filter(seat -> seat != own)
                .flatMap(seat -> Stream.of(seat.vote(), seat.alternateVote()))
                .noneMatch(ballot ->
                        ballot != null && ballot.voter().equals(own.vote().voter()));
    }

    private static Ballot position(Standing standing, Seat seat) {
        for (Ballot ballot : java.util.Arrays.asList(seat.vote(), seat.alternateVote())) {
            if (ballot != null && ballot.choice().takesPosition() && firstSeatOf(standing, ballot.voter()) == seat) {
                return ballot;
            }
        }
        return null;
    }

    private static Seat firstSeatOf(Standing standing, String voter) {
        return standing.seats().stream()
                .filter(seat -> Stream.of(seat.vote(), seat.alternateVote())
                        .anyMatch(ballot -> ballot != null && ballot.voter().equals(voter)))
                .findFirst()
                .orElseThrow();
    }

    // Making standings

    private static Seat withVote(Seat seat, Choice choice) {
        return new Seat(
                seat.id(),
                seat.flag(),
                choice == null ? null : new Ballot(seat.vote().id(), seat.vote().voter(), choice),
                seat.timeOver(),
                seat.alternate(),
                seat.alternateVote(),
                seat.meeting(),
                seat.represented());
    }

    private static Seat withAlternate(Seat seat, Substitute alternate) {
        return new Seat(
                seat.id(),
                seat.flag(),
                seat.vote(),
                seat.timeOver(),
                alternate,
                seat.alternateVote(),
                seat.meeting(),
                seat.represented());
    }

    private static List<Level> silentLevels(boolean over) {
        return DecisionRuleTests.escalation("any", null, null, over, null, over).levels();
    }

    /** A required, a veto and an advisory seat in every state, with every state of one condition, escalation and appeal. */
    private static void everyStanding(Consumer<Standing> check) {
        var required = seats("operations", Flag.REQUIRED);
        var veto = seats("security", Flag.VETO);
        var advisory = new ArrayList<Seat>();
        for (Choice choice : new Choice[] {null, Choice.GO, Choice.NO_GO, Choice.ABSTAIN}) {
            advisory.add(seat("product", Flag.ADVISORY, choice, true, Substitute.NONE, null));
        }
        advisory.add(seat("product", Flag.ADVISORY, null, false, Substitute.NONE, null));
        var conditions = List.<List<Condition>>of(
                List.of(),
                List.of(new Condition("1", "operations", true, false)),
                List.of(new Condition("1", "operations", true, true)),
                List.of(new Condition("1", "security", true, true)),
                List.of(new Condition("1", null, true, true)),
                List.of(new Condition("1", "operations", false, true)));
        var all = Set.of("operations#operations", "operations silent", "operations#alternate", "quorum", "condition 1");
        var escalations = List.<List<Escalation>>of(
                List.of(),
                List.of(new Escalation(all, silentLevels(false))),
                List.of(new Escalation(all, silentLevels(true))),
                List.of(new Escalation(
                        all, DecisionRuleTests.decided(Answer.GO, "any").levels())),
                List.of(new Escalation(
                        Set.of("quorum"),
                        DecisionRuleTests.decided(Answer.GO, "any").levels())));
        var appeals = new ArrayList<List<Appeal>>();
        appeals.add(List.of());
        for (Answer answer : new Answer[] {null, Answer.GO, Answer.NO_GO}) {
            appeals.add(Stream.of("security#security", "security#alternate", "security silent", "condition 1")
                    .map(matter -> new Appeal(matter, answer, answer == null))
                    .toList());
        }
        for (Seat first : required) {
            for (Seat second : veto) {
                for (Seat third : advisory) {
                    for (var condition : conditions) {
                        for (var escalation : escalations) {
                            for (var appeal : appeals) {
                                check.accept(new Standing(
                                        List.of(first, second, third), condition, 2, true, escalation, appeal));
                            }
                        }
                    }
                }
            }
        }
    }

    /**
     * GO, silence and abstaining with every state of the alternate; for the others, whose alternate is never looked at or who are like an
     * abstention, two states.
     */
    private static List<Seat> seats(String id, Flag flag) {
        var seats = new ArrayList<Seat>();
        for (Choice choice : CHOICES) {
            seats.add(seat(id, flag, choice, true, Substitute.NOT_ASKED, null));
            seats.add(seat(id, flag, choice, true, Substitute.OVER, Choice.NO_GO));
            if (choice == null || choice == Choice.GO || choice == Choice.ABSTAIN) {
                seats.add(seat(id, flag, choice, false, Substitute.NOT_ASKED, null));
                seats.add(seat(id, flag, choice, true, Substitute.NONE, null));
                seats.add(seat(id, flag, choice, true, Substitute.ASKED, null));
                seats.add(seat(id, flag, choice, true, Substitute.OVER, null));
                seats.add(seat(id, flag, choice, true, Substitute.OVER, Choice.GO));
                seats.add(seat(id, flag, choice, true, Substitute.OVER, Choice.ABSTAIN));
            }
        }
        return seats;
    }

    private static Seat seat(
            String id, Flag flag, Choice choice, boolean over, Substitute alternate, Choice alternateChoice) {
        return new Seat(
                id,
                flag,
                ballot(id, choice),
                over,
                alternate,
                alternateChoice == null ? null : new Ballot("alternate", "alternate of " + id, alternateChoice),
                false,
                true);
    }

    private static Ballot ballot(String id, Choice choice) {
        return choice == null ? null : new Ballot(id, "person of " + id, choice);
    }

    private interface Drawn {
        void check(Standing standing, RandomGenerator random);
    }

    private static void drawn(long seed, Drawn property) {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int i = 0; i < DRAWN; i++) {
            property.check(draw(random), random);
        }
    }

    private static Standing draw(RandomGenerator random) {
        var seats = new ArrayList<Seat>();
        var matters = new ArrayList<String>();
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            // Mostly in favour, else hardly any state comes near GO.
            Choice own = random.nextInt(3) > 0 ? Choice.GO : CHOICES.get(random.nextInt(CHOICES.size()));
            Choice other = random.nextInt(2) > 0 ? Choice.GO : CHOICES.get(random.nextInt(CHOICES.size()));
            String id = "seat" + i;
            // One in eight sits on somebody else's seat.
            int person = random.nextInt(8) == 0 ? random.nextInt(count) : i;
            seats.add(new Seat(
                    id,
                    Flag.values()[random.nextInt(3)],
                    own == null ? null : new Ballot(id + "o", "p" + person, own),
                    random.nextInt(4) > 0,
                    Substitute.values()[random.nextInt(4)],
                    other == null || random.nextBoolean() ? null : new Ballot(id + "a", "q" + person, other),
                    random.nextInt(3) == 0,
                    random.nextInt(6) > 0));
            matters.addAll(List.of(id + "#" + id + "o", id + "#" + id + "a", id + " silent"));
        }
        var conditions = new ArrayList<Condition>();
        for (int i = random.nextInt(3); i > 0; i--) {
            conditions.add(new Condition(
                    "" + i,
                    random.nextInt(4) == 0 ? null : "seat" + random.nextInt(count),
                    random.nextBoolean(),
                    random.nextBoolean()));
            matters.add("condition " + i);
        }
        matters.add(DecisionRule.QUORUM);
        var escalations = new ArrayList<Escalation>();
        for (int i = random.nextInt(3); i > 0; i--) {
            var about = new HashSet<String>();
            matters.stream().filter(matter -> random.nextInt(3) > 0).forEach(about::add);
            boolean over = random.nextBoolean();
            escalations.add(new Escalation(
                    about,
                    DecisionRuleTests.escalation(
                                    "any",
                                    answer(random),
                                    answer(random),
                                    over,
                                    answer(random),
                                    over && random.nextBoolean())
                            .levels()));
        }
        Map<String, Appeal> appeals = new HashMap<>();
        for (String matter : matters) {
            if (random.nextInt(2) == 0) {
                appeals.put(matter, new Appeal(matter, answer(random), random.nextBoolean()));
            }
        }
        return new Standing(
                seats,
                conditions,
                random.nextInt(count + 1),
                random.nextBoolean(),
                escalations,
                List.copyOf(appeals.values()));
    }

    private static Answer answer(RandomGenerator random) {
        return switch (random.nextInt(5)) {
            case 0 -> null;
            case 1 -> Answer.NO_GO;
            default -> Answer.GO;
        };
    }
}
