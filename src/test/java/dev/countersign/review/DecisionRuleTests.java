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
import dev.countersign.review.Standing.Mode;
import dev.countersign.review.Standing.Seat;
import dev.countersign.review.Standing.Substitute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rule's sentences, one by one, at their boundaries. */
@Tag("M2.2")
class DecisionRuleTests {

    @Test
    void all_required_seats_for_it_is_go() {
        assertThat(decide(seat("qa", Flag.REQUIRED, Choice.GO), seat("security", Flag.VETO, Choice.GO)))
                .extracting(Outcome::kind, Outcome::rule)
                .containsExactly(Kind.GO, 7);
    }

    @Test
    void without_any_required_seat_nothing_goes() {
        assertThat(decide().kind()).isEqualTo(Kind.NO_GO);
        assertThat(decide(seat("product", Flag.ADVISORY, Choice.GO)).kind()).isEqualTo(Kind.NO_GO);
    }

    @Test
    void a_veto_asks_its_own_authority_line_before_anybody_else() {
        var outcome = decide(seat("qa", Flag.REQUIRED, Choice.NO_GO), seat("security", Flag.VETO, Choice.NO_GO));
        assertThat(outcome.kind()).isEqualTo(Kind.APPEAL);
        assertThat(outcome.rule()).isEqualTo(1);
        assertThat(outcome.about()).containsExactly("security#security");
    }

    @ParameterizedTest
    @CsvSource({"GO, true, GO", "GO, false, GO", "NO_GO, false, NO_GO", ", true, NO_GO", ", false, APPEAL"})
    void a_veto_is_final_unless_its_authority_line_lifts_it_in_time(Answer answer, boolean over, Kind expected) {
        var standing = standing(
                1,
                List.of(),
                List.of(),
                List.of(new Appeal("security#security", answer, over)),
                seat("security", Flag.VETO, Choice.NO_GO));
        assertThat(DecisionRule.decide(standing).kind()).isEqualTo(expected);
    }

    @Test
    void an_escalation_does_not_lift_a_veto() {
        var standing = standing(
                1,
                List.of(),
                List.of(decided(Answer.GO, "security#security")),
                List.of(),
                seat("security", Flag.VETO, Choice.NO_GO));
        assertThat(DecisionRule.decide(standing).kind()).isEqualTo(Kind.APPEAL);
    }

    @Test
    void a_no_of_a_required_seat_escalates() {
        assertThat(decide(seat("operations", Flag.REQUIRED, Choice.NO_GO)))
                .extracting(Outcome::kind, Outcome::rule, Outcome::about, Outcome::level)
                .containsExactly(Kind.ESCALATE, 2, List.of("operations#operations"), null);
    }

    @Test
    void another_vote_of_the_same_seat_is_another_matter() {
        var standing = standing(
                1,
                List.of(),
                List.of(decided(Answer.GO, "operations#earlier")),
                List.of(),
                seat("operations", Flag.REQUIRED, Choice.NO_GO));
        assertThat(DecisionRule.decide(standing).kind()).isEqualTo(Kind.ESCALATE);
    }

    @ParameterizedTest
    @CsvSource({"ABSTAIN", "RECUSE", ","})
    void a_required_seat_without_a_position_asks_its_alternate(Choice choice) {
        assertThat(decide(seat("qa", Flag.REQUIRED, choice)))
                .extracting(Outcome::kind, Outcome::rule)
                .containsExactly(Kind.ASK_ALTERNATE, 3);
    }

    @Test
    void the_alternates_position_fills_the_seat() {
        var seat = new Seat(
                "qa",
                Flag.REQUIRED,
                new Ballot("1", "p1", Choice.RECUSE),
                true,
                Substitute.OVER,
                new Ballot("2", "p2", Choice.GO),
                false,
                true);
        assertThat(DecisionRule.decide(standing(1, List.of(), List.of(), List.of(), seat))
                        .kind())
                .isEqualTo(Kind.GO);
    }

    @Test
    void a_silent_alternate_escalates_together_with_the_missed_quorum() {
        var seat = new Seat("qa", Flag.REQUIRED, null, true, Substitute.OVER, null, false, true);
        var outcome = DecisionRule.decide(
                standing(2, List.of(), List.of(), List.of(), seat, seat("operations", Flag.REQUIRED, Choice.GO)));
        assertThat(outcome)
                .extracting(Outcome::kind, Outcome::rule, Outcome::about)
                .containsExactly(Kind.ESCALATE, 3, List.of("qa silent", "quorum"));
    }

    @ParameterizedTest
    @CsvSource({"3, GO", "4, GO", "5, ESCALATE", "6, ESCALATE"})
    void quorum_counts_persons_who_took_a_position(int quorum, Kind expected) {
        var seats = new ArrayList<Seat>();
        for (int i = 0; i < 4; i++) {
            seats.add(seat("seat" + i, Flag.REQUIRED, Choice.GO));
        }
        seats.add(seat("product", Flag.ADVISORY, Choice.ABSTAIN));
        assertThat(DecisionRule.decide(standing(quorum, List.of(), List.of(), List.of(), seats.toArray(new Seat[0])))
                        .kind())
                .isEqualTo(expected);
    }

    @Test
    void one_person_counts_for_one_seat() {
        var first = new Seat(
                "qa", Flag.REQUIRED, new Ballot("1", "same", Choice.GO), true, Substitute.NONE, null, false, true);
        var second = new Seat(
                "operations",
                Flag.REQUIRED,
                new Ballot("2", "same", Choice.GO),
                true,
                Substitute.NONE,
                null,
                false,
                true);
        assertThat(DecisionRule.decide(standing(1, List.of(), List.of(), List.of(), first, second)))
                .extracting(Outcome::kind, Outcome::about)
                .containsExactly(Kind.ESCALATE, List.of("operations silent"));
    }

    @Test
    void without_its_mandatory_meeting_a_review_ends_with_no() {
        var absent = new Seat(
                "qa", Flag.REQUIRED, new Ballot("1", "p", Choice.GO), true, Substitute.NONE, null, true, false);
        assertThat(DecisionRule.decide(standing(0, List.of(), List.of(), List.of(), absent)))
                .extracting(Outcome::kind, Outcome::rule)
                .containsExactly(Kind.NO_GO, 4);
    }

    @ParameterizedTest
    @CsvSource({"false, false, GO", "true, false, HOLD", "true, true, ESCALATE", "false, true, GO"})
    void an_open_condition_holds_and_at_its_deadline_escalates(boolean open, boolean overdue, Kind expected) {
        var standing = standing(
                1,
                List.of(new Condition("7", "qa", open, overdue)),
                List.of(),
                List.of(),
                seat("qa", Flag.REQUIRED, Choice.GO_WITH_CONDITIONS));
        assertThat(DecisionRule.decide(standing).kind()).isEqualTo(expected);
    }

    @Test
    void an_unmet_condition_of_a_veto_seat_goes_to_its_authority_line() {
        var standing = standing(
                1,
                List.of(new Condition("7", "security", true, true)),
                List.of(),
                List.of(),
                seat("security", Flag.VETO, Choice.GO_WITH_CONDITIONS));
        assertThat(DecisionRule.decide(standing))
                .extracting(Outcome::kind, Outcome::about)
                .containsExactly(Kind.APPEAL, List.of("condition 7"));
    }

    @Test
    void an_advisory_no_is_recorded_as_dissent() {
        assertThat(decide(seat("qa", Flag.REQUIRED, Choice.GO), seat("product", Flag.ADVISORY, Choice.NO_GO)))
                .extracting(Outcome::kind, Outcome::rule, Outcome::dissent)
                .containsExactly(Kind.GO, 6, List.of("product voted NO_GO"));
    }

    @ParameterizedTest
    @CsvSource({
        "GO,    GO,    true,  ,      false, GO",
        "NO_GO, NO_GO, false, ,      false, NO_GO",
        "GO,    ,      false, ,      false, ESCALATE",
        "GO,    ,      true,  ,      false, ESCALATE",
        "GO,    NO_GO, false, ,      false, ESCALATE",
        "GO,    NO_GO, false, GO,    false, GO",
        "GO,    NO_GO, false, NO_GO, false, NO_GO",
        ",      ,      true,  ,      false, ESCALATE",
        ",      ,      true,  ,      true,  NO_GO",
        ",      ,      true,  GO,    true,  GO",
    })
    void heads_decide_with_one_voice_else_the_executive_and_silence_is_no(
            Answer product,
            Answer operations,
            boolean jointOver,
            Answer executive,
            boolean executiveOver,
            Kind expected) {
        var escalation = escalation("operations#operations", product, operations, jointOver, executive, executiveOver);
        var standing =
                standing(1, List.of(), List.of(escalation), List.of(), seat("operations", Flag.REQUIRED, Choice.NO_GO));
        assertThat(DecisionRule.decide(standing).kind()).isEqualTo(expected);
    }

    @Test
    void the_executive_is_next_once_the_heads_disagree() {
        var escalation = escalation("operations#operations", Answer.GO, Answer.NO_GO, false, null, false);
        var standing =
                standing(1, List.of(), List.of(escalation), List.of(), seat("operations", Flag.REQUIRED, Choice.NO_GO));
        assertThat(DecisionRule.decide(standing).level()).isEqualTo("decideAsExecutive");
    }

    @Test
    void an_escalations_go_records_what_stood_against_it() {
        var standing = standing(
                1,
                List.of(),
                List.of(decided(Answer.GO, "operations#operations")),
                List.of(),
                seat("operations", Flag.REQUIRED, Choice.NO_GO));
        assertThat(DecisionRule.decide(standing).dissent()).containsExactly("operations voted NO_GO");
    }

    static Escalation escalation(
            String matter, Answer product, Answer operations, boolean jointOver, Answer executive, boolean over) {
        var joint = new java.util.HashMap<String, Answer>();
        if (product != null) {
            joint.put("head-of-product", product);
        }
        if (operations != null) {
            joint.put("head-of-operations", operations);
        }
        var facts = new java.util.HashMap<String, Answer>();
        facts.put("release-manager", null);
        return new Escalation(
                Set.of(matter),
                List.of(
                        new Level("stateFacts", Mode.FACTS, List.of("release-manager"), facts, true),
                        new Level(
                                "decideJointly",
                                Mode.JOINTLY,
                                List.of("head-of-product", "head-of-operations"),
                                joint,
                                jointOver),
                        new Level(
                                "decideAsExecutive",
                                Mode.ALONE,
                                List.of("executive"),
                                executive == null ? Map.of() : Map.of("executive", executive),
                                over)));
    }

    static Escalation decided(Answer answer, String matter) {
        return escalation(matter, answer, answer, true, null, false);
    }

    private static Outcome decide(Seat... seats) {
        return DecisionRule.decide(standing(0, List.of(), List.of(), List.of(), seats));
    }

    private static Standing standing(
            int quorum, List<Condition> conditions, List<Escalation> escalations, List<Appeal> appeals, Seat... seats) {
        return new Standing(List.of(seats), conditions, quorum, true, escalations, appeals);
    }

    /** Its ballot is called like the seat; its time is over. */
    private static Seat seat(String id, Flag flag, Choice choice) {
        return new Seat(
                id,
                flag,
                choice == null ? null : new Ballot(id, "person of " + id, choice),
                true,
                Substitute.NOT_ASKED,
                null,
                false,
                true);
    }
}
