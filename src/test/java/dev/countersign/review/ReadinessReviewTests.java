package dev.countersign.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.release.Clearances;
import dev.countersign.release.Release;
import dev.countersign.release.StateConflict;
import dev.countersign.workflow.TaskRefused;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.AuthorizationException;
import org.camunda.bpm.engine.impl.util.ClockUtil;
import org.camunda.bpm.engine.task.Task;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Every way through the model, with the time moved by hand. */
@Tag("M2.2")
class ReadinessReviewTests extends ReviewFixture {
    @Autowired
    private Clearances clearances;

    private static final List<String> MANDATORY = List.of("developer", "qa", "security", "operations", "compliance");

    // The meeting

    @Test
    @Tag("M2.1")
    void a_critical_release_holds_its_meeting_reviews_its_history_votes_and_goes() throws Exception {
        release("critical", noChange());
        start();
        meeting("holdMeeting", "facilitator", "present");
        reviewHistory();
        assertThat(open("voteOnReadiness")).hasSize(6);
        everybodyVotesGoBut();

        assertThat(process()).isNull();
        assertThat(outcome()).isEqualTo("GO");
        var view = review.of(key);
        assertThat(view.decision()).isEqualTo("GO");
        assertThat(view.meeting().minutes()).isEqualTo("All agreed");
        assertThat(view.seats())
                .filteredOn(Review.Seat::meeting)
                .extracting(Review.Seat::attendance)
                .containsOnly("PRESENT");
    }

    @Test
    @Tag("M2.1")
    void the_invitation_goes_to_every_seat_with_a_calendar_entry() {
        release("critical", noChange());
        start();
        assertThat(mails("invitation")).isPositive();
        assertThat(timeline()).anyMatch(entry -> entry.startsWith("meeting.called"));
    }

    @Test
    @Tag("M2.1")
    void a_meeting_cannot_be_closed_without_a_mandatory_seat() {
        release("critical", noChange());
        start();
        assertThatThrownBy(() -> meeting("holdMeeting", "facilitator", "absent"))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining("cannot be closed without developer");
        assertThat(open("holdMeeting")).hasSize(1);
        assertThat(review.of(key).seats()).extracting(Review.Seat::attendance).containsOnlyNulls();
    }

    @Test
    @Tag("M2.1")
    void a_delegate_must_be_named() {
        release("critical", noChange());
        start();
        assertThatThrownBy(() -> meeting("holdMeeting", "facilitator", "delegated"))
                .hasMessageContaining("Name the delegate of developer");
    }

    @Test
    @Tag("M2.1")
    void a_meeting_not_held_in_a_day_is_the_heads_to_save() throws Exception {
        release("critical", noChange());
        start();
        pass(Duration.ofHours(25));
        assertThat(open("holdMeeting")).isEmpty();
        assertThat(open("appointDelegates").get(0).getPriority()).isGreaterThanOrEqualTo(75);
        meeting("appointDelegates", "head-of-operations", "delegated", "sre");
        reviewHistory();
        everybodyVotesGoBut();
        assertThat(outcome()).isEqualTo("GO");
    }

    @Test
    @Tag("M2.1")
    void without_any_meeting_a_critical_release_is_rejected() {
        release("critical", noChange());
        start();
        pass(Duration.ofHours(25));
        pass(Duration.ofHours(9));
        assertThat(outcome()).isEqualTo("NO_GO");
        assertThat(review.of(key).why()).contains("The mandatory meeting was not held");
        assertThat(review.of(key).rule()).isEqualTo(4);
    }

    @Test
    void a_standard_release_needs_no_meeting() throws Exception {
        standardRelease();
        start();
        assertThat(open("holdMeeting")).isEmpty();
        reviewHistory();
        everybodyVotesGoBut();
        assertThat(outcome()).isEqualTo("GO");
    }

    // The history

    @Test
    @Tag("M2.3")
    void a_demanded_mitigation_becomes_a_condition_that_holds_the_decision() throws Exception {
        standardRelease();
        start();
        complete(
                open("reviewHistory").get(0),
                "release-manager",
                Map.of(
                        "mitigationNeeded",
                        "yes",
                        "reason",
                        "The last release was rolled back",
                        "conditions",
                        List.of(condition("Watch the payment queue", "operations", Duration.ofDays(2)))));
        everybodyVotesGoBut();
        assertThat(outcome()).isNull();
        assertThat(review.of(key).why()).contains("due before rollout");
        complete(open("meetCondition").get(0), "operations", Map.of("how", "Dashboard and alert are there"));
        assertThat(outcome()).isEqualTo("GO");
    }

    @Test
    @Tag("M2.3")
    void yes_without_a_mitigation_and_no_with_one_are_refused() {
        standardRelease();
        start();
        assertThatThrownBy(() -> complete(
                        open("reviewHistory").get(0),
                        "release-manager",
                        Map.of("mitigationNeeded", "yes", "reason", "Because")))
                .hasMessageContaining("Name the mitigations");
    }

    @Test
    @Tag("M2.3")
    void a_history_that_nobody_reviews_becomes_a_condition_of_the_head_of_operations() throws Exception {
        standardRelease();
        start();
        pass(Duration.ofHours(9));
        everybodyVotesGoBut();
        Task task = open("meetCondition").get(0);
        assertThat(tasks.getIdentityLinksForTask(task.getId()))
                .anyMatch(link -> "head-of-operations".equals(link.getGroupId()));
        complete(task, "head-of-operations", Map.of("how", "No incident in 90 days"));
        assertThat(outcome()).isEqualTo("GO");
    }

    @Test
    @Tag("M2.3")
    void a_process_that_is_moved_past_the_review_of_the_history_is_not_cleared() throws Exception {
        standardRelease();
        start();
        hands.as("admin", () -> {
            runtime.createProcessInstanceModification(process.getId())
                    .cancelAllForActivity("reviewHistory")
                    .startBeforeActivity("requestVotes")
                    .execute();
            return null;
        });
        runJobs();
        everybodyVotesGoBut();
        assertThat(outcome()).isEqualTo("GO");
        assertThat(missing()).containsExactly("nobody has reviewed the incident history of checkout for this release");
        assertThatThrownBy(() -> clearances.grant(key))
                .isInstanceOf(StateConflict.class)
                .hasMessageContaining("nobody has reviewed the incident history of checkout for this release");
    }

    @Test
    @Tag("M2.3")
    void a_history_counts_as_reviewed_once_its_task_or_the_condition_in_its_place_is_answered() throws Exception {
        standardRelease();
        start();
        assertThat(missing()).isNotEmpty();
        reviewHistory();
        assertThat(missing()).isEmpty();

        runtime.deleteProcessInstance(process.getId(), "another release");
        standardRelease();
        start();
        pass(Duration.ofHours(9));
        everybodyVotesGoBut();
        assertThat(missing()).as("the condition is open").isNotEmpty();
        complete(open("meetCondition").get(0), "head-of-operations", Map.of("how", "No incident in 90 days"));
        assertThat(missing()).isEmpty();
    }

    private List<String> missing() {
        Release release = releases.get(key);
        return historyIsReviewed.missing(release, release.materialDigest());
    }

    // Silence

    @Test
    void a_silent_seat_is_voted_by_its_alternate() throws Exception {
        voting();
        everybodyVotesGoBut("qa");
        pass(Duration.ofHours(9));
        assertThat(open("voteOnReadiness")).isEmpty();
        Task task = task("voteAsAlternate", "seat", "qa");
        complete(task, "support", ballot("GO"));
        assertThat(outcome()).isEqualTo("GO");
        assertThat(review.of(key).seats())
                .filteredOn(seat -> seat.id().equals("qa"))
                .first()
                .matches(seat -> seat.vote().asAlternate());
    }

    @Test
    void a_recused_seat_asks_its_alternate_at_once() throws Exception {
        voting();
        everybodyVotesGoBut("qa");
        vote("qa", "qa", ballot("RECUSE", "reason", "I wrote the tests"));
        assertThat(open("voteAsAlternate")).hasSize(1);
    }

    @Test
    void a_seat_silent_to_the_end_escalates_and_the_heads_decide_together() throws Exception {
        voting();
        everybodyVotesGoBut("qa");
        pass(Duration.ofHours(9));
        pass(Duration.ofHours(5));
        complete(
                open("stateFacts").get(0),
                "release-manager",
                Map.of("statement", "QA is on holiday; tests are green", "dossier", dossier()));
        assertThat(open("decideJointly")).hasSize(2).allMatch(task -> task.getPriority() >= 75);
        decideJointly("head-of-product", "GO");
        decideJointly("head-of-operations", "GO");
        assertThat(outcome()).isEqualTo("GO");
        assertThat(review.of(key).dissent()).containsExactly("nobody took a position for qa");
    }

    @Test
    void if_nobody_says_anything_the_release_is_rejected() {
        standardRelease();
        start();
        for (int day = 0; day < 10 && process() != null; day++) {
            pass(Duration.ofDays(1));
        }
        assertThat(outcome()).isEqualTo("NO_GO");
        assertThat(timeline()).noneMatch(entry -> entry.contains("GO. Every"));
    }

    @Test
    void seats_are_reminded_before_their_time_is_over() throws Exception {
        voting();
        long before = mails("reminder");
        pass(Duration.ofHours(3));
        assertThat(mails("reminder")).isGreaterThan(before);
        everybodyVotesGoBut();
        assertThat(outcome()).isEqualTo("GO");
    }

    @Test
    @Tag("M2.1")
    void facilitator_and_release_manager_are_reminded_of_a_meeting_that_is_not_recorded() {
        release("critical", noChange());
        start();
        pass(Duration.ofHours(5));
        assertThat(reminders())
                .containsExactly(
                        "facilitator release-manager | Still open: record the meeting of the readiness review, "
                                + title());
        assertThat(open("holdMeeting")).as("a reminder ends nothing").hasSize(1);
    }

    @Test
    @Tag("M2.1")
    void the_heads_are_reminded_to_name_delegates() {
        release("critical", noChange());
        start();
        pass(Duration.ofHours(25));
        forget();
        pass(Duration.ofMinutes(121));
        assertThat(reminders())
                .containsExactly(
                        "head-of-operations head-of-product | Still open: name delegates for the absent seats, "
                                + title());
        assertThat(open("appointDelegates")).hasSize(1);
    }

    @Test
    void only_the_alternates_of_silent_seats_are_reminded() throws Exception {
        voting();
        everybodyVotesGoBut("qa");
        pass(Duration.ofHours(9));
        forget();
        pass(Duration.ofMinutes(61));
        assertThat(reminders()).containsExactly("support | Still open: vote on readiness as alternate, " + title());
        assertThat(open("voteAsAlternate")).hasSize(1);
    }

    @Test
    void the_owner_of_an_open_condition_is_reminded_each_day_until_it_is_met() throws Exception {
        voting();
        everybodyVotesGoBut("qa");
        vote(
                "qa",
                "qa",
                ballot(
                        "GO_WITH_CONDITIONS",
                        "conditions",
                        List.of(condition("Run the load test again", "sre", Duration.ofDays(5)))));
        forget();
        pass(Duration.ofHours(25));
        pass(Duration.ofHours(24));
        assertThat(reminders())
                .hasSize(2)
                .containsOnly("sre | Still open: meet a condition before rollout, " + title());
        complete(open("meetCondition").get(0), "sre", Map.of("how", "The test ran"));
        assertThat(outcome()).isEqualTo("GO");
    }

    @Test
    void the_heads_are_reminded_of_an_escalation() throws Exception {
        voting();
        everybodyVotesGoBut("operations");
        vote("operations", "operations", ballot("NO_GO", "reason", "No capacity"));
        pass(Duration.ofMinutes(31));
        forget();
        pass(Duration.ofMinutes(31));
        assertThat(reminders())
                .containsExactly(
                        "head-of-operations head-of-product | Still open: decide an escalation together, " + title());
        assertThat(open("decideJointly")).hasSize(2);
    }

    // Disagreement

    @Test
    void a_no_of_a_required_seat_goes_to_the_heads_and_when_they_disagree_to_the_executive() throws Exception {
        voting();
        everybodyVotesGoBut("operations");
        vote("operations", "operations", ballot("NO_GO", "reason", "No capacity", "criterion", "capacity"));
        pass(Duration.ofMinutes(31));
        assertThat(open("stateFacts")).isEmpty();
        decideJointly("head-of-product", "GO");
        decideJointly("head-of-operations", "NO_GO");
        Task task = open("decideAsExecutive").get(0);
        assertThat(task.getPriority()).isGreaterThanOrEqualTo(75);
        complete(task, "executive", answer("GO"));
        assertThat(outcome()).isEqualTo("GO");
        assertThat(review.of(key).dissent()).containsExactly("operations voted NO_GO");
        assertThat(review.of(key).escalations().get(0).statements()).hasSize(3);
    }

    @Test
    void heads_who_say_no_together_reject_the_release() throws Exception {
        voting();
        everybodyVotesGoBut("operations");
        vote("operations", "operations", ballot("NO_GO", "reason", "No capacity"));
        pass(Duration.ofMinutes(31));
        decideJointly("head-of-product", "NO_GO");
        decideJointly("head-of-operations", "NO_GO");
        assertThat(outcome()).isEqualTo("NO_GO");
    }

    @Test
    void silent_heads_and_a_silent_executive_reject_the_release() throws Exception {
        voting();
        everybodyVotesGoBut("operations");
        vote("operations", "operations", ballot("NO_GO", "reason", "No capacity"));
        pass(Duration.ofMinutes(31));
        pass(Duration.ofMinutes(61));
        assertThat(open("decideAsExecutive")).hasSize(1);
        pass(Duration.ofMinutes(61));
        assertThat(outcome()).isEqualTo("NO_GO");
        assertThat(review.of(key).why()).contains("silence never approves");
    }

    @Test
    void one_head_does_not_answer_for_both() throws Exception {
        voting();
        everybodyVotesGoBut("operations");
        vote("operations", "operations", ballot("NO_GO", "reason", "No capacity"));
        pass(Duration.ofMinutes(31));
        decideJointly("head-of-product", "GO");
        identity.createMembership("head-of-product", "head-of-operations");
        try {
            assertThatThrownBy(() -> complete(
                            task("decideJointly", "group", "head-of-operations"), "head-of-product", answer("GO")))
                    .hasMessageContaining("one person, one voice");
        } finally {
            identity.deleteMembership("head-of-product", "head-of-operations");
        }
    }

    // Tasks that a model puts before the wrong group

    @Test
    void a_joint_decision_counts_from_its_own_group_only_whomever_the_model_asks() throws Exception {
        voting();
        everybodyVotesGoBut("operations");
        vote("operations", "operations", ballot("NO_GO", "reason", "No capacity"));
        pass(Duration.ofMinutes(31));
        Task task = task("decideJointly", "group", "head-of-operations");
        tasks.addCandidateGroup(task.getId(), "process-owner");
        assertThatThrownBy(() -> complete(task, "process-owner", answer("GO")))
                .isInstanceOf(TaskRefused.class)
                .hasMessage("process-owner is not in the group head-of-operations and does not decide for it");
    }

    @Test
    void a_veto_is_not_lifted_by_another_group_that_the_model_asks() throws Exception {
        voting();
        everybodyVotesGoBut("security");
        vote("security", "security", ballot("NO_GO", "reason", "Open finding"));
        Task task = open("appealVeto").get(0);
        tasks.addCandidateGroup(task.getId(), "process-owner");
        assertThatThrownBy(() -> complete(task, "process-owner", appealed("lift")))
                .isInstanceOf(TaskRefused.class)
                .hasMessage("process-owner is not in the group head-of-security and does not decide for it");
    }

    @Test
    void a_condition_is_not_met_by_another_group_that_the_model_asks() throws Exception {
        standardRelease();
        start();
        pass(Duration.ofHours(9));
        everybodyVotesGoBut();
        Task task = open("meetCondition").get(0);
        tasks.addCandidateGroup(task.getId(), "process-owner");
        assertThatThrownBy(() -> complete(task, "process-owner", Map.of("how", "Trust me")))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining("belongs to head-of-operations");
    }

    // Veto

    @Test
    void a_veto_is_lifted_only_by_its_own_authority_line() throws Exception {
        voting();
        everybodyVotesGoBut("security");
        vote("security", "security", ballot("NO_GO", "reason", "Open finding"));
        assertThat(open("stateFacts")).isEmpty();
        Task appeal = open("appealVeto").get(0);
        assertThatThrownBy(() -> complete(appeal, "executive", appealed("lift")))
                .isInstanceOf(AuthorizationException.class);
        complete(appeal, "head-of-security", appealed("lift"));
        assertThat(outcome()).isEqualTo("GO");
        assertThat(review.of(key).dissent()).containsExactly("security voted NO_GO");
    }

    @Test
    void the_log_holds_what_was_voted_and_only_a_commitment_to_who_and_why() throws Exception {
        voting();
        vote("operations", "operations", ballot("NO_GO", "reason", "The team of Ms Example is away"));
        List<String> leaves = db.sql("select content from log_outbox where release_key = ?")
                .param(key)
                .query(String.class)
                .list();
        assertThat(leaves)
                .anyMatch(leaf -> leaf.contains("\"choice\":\"NO_GO\""))
                .noneMatch(leaf -> leaf.contains("Ms Example"));
        assertThat(db.sql(
                                "select path from personal_value join log_outbox on log_outbox.leaf_id = personal_value.leaf_id"
                                        + " where release_key = ? and value_ like '%Ms Example%' order by path")
                        .param(key)
                        .query(String.class)
                        .list())
                .containsExactlyInAnyOrder("/answer/reason", "/reason", "/text");
    }

    @Test
    void an_upheld_veto_is_final() throws Exception {
        voting();
        everybodyVotesGoBut("security");
        vote("security", "security", ballot("NO_GO", "reason", "Open finding"));
        complete(open("appealVeto").get(0), "head-of-security", appealed("uphold"));
        assertThat(outcome()).isEqualTo("NO_GO");
        assertThat(review.of(key).rule()).isEqualTo(1);
    }

    @Test
    void a_veto_nobody_lifts_in_time_is_final() throws Exception {
        voting();
        everybodyVotesGoBut("security");
        vote("security", "security", ballot("NO_GO", "reason", "Open finding"));
        pass(Duration.ofMinutes(61));
        assertThat(outcome()).isEqualTo("NO_GO");
    }

    @Test
    void who_voted_for_security_does_not_lift_its_veto() throws Exception {
        voting();
        everybodyVotesGoBut("security");
        vote("security", "security", ballot("ABSTAIN", "reason", "New here"));
        complete(
                task("voteAsAlternate", "seat", "security"),
                "head-of-security",
                ballot("NO_GO", "reason", "Open finding"));
        assertThatThrownBy(() -> complete(open("appealVeto").get(0), "head-of-security", appealed("lift")))
                .hasMessageContaining("does not decide about this review as well");
        complete(open("appealVeto").get(0), "head-of-security-2", appealed("lift"));
        assertThat(outcome()).isEqualTo("GO");
    }

    // Conditions

    @Test
    void an_open_condition_holds_the_decision_and_at_its_date_escalates() throws Exception {
        voting();
        everybodyVotesGoBut("qa");
        vote(
                "qa",
                "qa",
                ballot(
                        "GO_WITH_CONDITIONS",
                        "conditions",
                        List.of(condition("Load test", "developer-2", Duration.ofDays(1)))));
        assertThat(open("meetCondition")).hasSize(1);
        pass(Duration.ofHours(25));
        assertThat(open("meetCondition")).isEmpty();
        assertThat(review.of(key).why()).contains("was not met in time");
        pass(Duration.ofMinutes(31));
        decideJointly("head-of-product", "GO");
        decideJointly("head-of-operations", "GO");
        assertThat(outcome()).isEqualTo("GO");
        assertThat(review.of(key).dissent()).hasSize(1);
    }

    @Test
    void a_condition_by_date_does_not_hold_the_decision() throws Exception {
        voting();
        everybodyVotesGoBut("qa");
        var later = new java.util.HashMap<>(condition("Write the manual", "support", Duration.ofDays(20)));
        later.put("beforeRollout", false);
        vote("qa", "qa", ballot("GO_WITH_CONDITIONS", "conditions", List.of(later)));
        assertThat(outcome()).isEqualTo("GO");
        assertThat(review.of(key).conditions())
                .extracting(Review.Condition::metAt)
                .containsOnlyNulls();
    }

    // Dissent and change

    @Test
    void the_no_of_product_is_recorded_and_does_not_stop_the_release() throws Exception {
        voting();
        everybodyVotesGoBut("product");
        vote("product", "product", ballot("NO_GO", "reason", "Wrong season"));
        assertThat(outcome()).isEqualTo("GO");
        assertThat(review.of(key).dissent()).containsExactly("product voted NO_GO");
        assertThat(review.of(key).rule()).isEqualTo(6);
    }

    @Test
    void after_a_change_only_those_concerned_are_asked_again() throws Exception {
        voting();
        everybodyVotesGoBut();
        assertThat(outcome()).isEqualTo("GO");
        changeWindow();
        assertThat(review.of(key).decision()).isEqualTo("OPEN");
        start();
        assertThat(open("reviewHistory")).isEmpty();
        assertThat(open("voteOnReadiness"))
                .extracting(task -> tasks.getVariable(task.getId(), "seat"))
                .containsExactly("operations");
        vote("operations", "operations", ballot("GO"));
        assertThat(outcome()).isEqualTo("GO");
        assertThat(review.of(key).decision()).isEqualTo("GO");
    }

    @Test
    void a_change_of_what_everybody_saw_voids_every_vote_and_says_so() throws Exception {
        voting();
        vote("qa", "qa", ballot("GO"));
        vote("operations", "operations", ballot("GO"));
        changeCommit();
        assertThat(review.of(key).seats())
                .filteredOn(seat -> seat.vote() != null)
                .hasSize(2)
                .allMatch(seat -> seat.vote().voidedAt() != null);
        assertThat(timeline())
                .filteredOn(entry -> entry.startsWith("vote.voided"))
                .hasSize(2);
    }

    @Test
    void a_decision_on_another_dossier_clears_nothing() throws Exception {
        voting();
        everybodyVotesGoBut();
        var release = releases.get(key);
        assertThat(cleared.missing(release, release.materialDigest())).isEmpty();
        changeWindow();
        var changed = releases.get(key);
        assertThat(cleared.missing(changed, changed.materialDigest()))
                .singleElement()
                .asString()
                .contains("another dossier");
    }

    @Test
    void a_process_started_at_the_rule_decides_nothing_without_votes() {
        standardRelease();
        process = runtime.createProcessInstanceByKey("readiness-review")
                .businessKey(key)
                .startBeforeActivity("decideReview")
                .execute();
        runJobs();
        assertThat(outcome()).isNull();
        assertThat(open("voteAsAlternate")).hasSize(5);
        assertThat(cleared.missing(releases.get(key), dossier())).isNotEmpty();
    }

    @Test
    void a_process_started_at_its_end_clears_nothing() {
        standardRelease();
        process = runtime.createProcessInstanceByKey("readiness-review")
                .businessKey(key)
                .setVariable("decision", "GO")
                .startBeforeActivity("reviewedGo")
                .execute();
        assertThat(cleared.missing(releases.get(key), dossier()))
                .containsExactly("the readiness review has not decided");
    }

    @Test
    void personal_data_gives_privacy_a_seat() {
        release("standard", noChange().replace("\"personalData\":false", "\"personalData\":true"));
        start();
        assertThat(review.of(key).seats()).extracting(Review.Seat::id).contains("privacy");
    }

    // What the tests say

    private void voting() throws Exception {
        standardRelease();
        start();
        reviewHistory();
    }

    private void meeting(String task, String person, String presence, String... delegate) throws Exception {
        var rows = new ArrayList<Map<String, Object>>();
        MANDATORY.forEach(seat -> rows.add(
                delegate.length == 0
                        ? Map.of("seat", seat, "presence", presence)
                        : Map.of("seat", seat, "presence", presence, "person", delegate[0])));
        complete(open(task).get(0), person, Map.of("attendance", rows, "minutes", "All agreed"));
    }

    private void decideJointly(String head, String answer) throws Exception {
        complete(task("decideJointly", "group", head), head, answer(answer));
    }

    private Map<String, Object> answer(String answer) {
        return Map.of("answer", answer, "statement", "I have read both sides", "dossier", dossier());
    }

    private Map<String, Object> appealed(String answer) {
        return Map.of("answer", answer, "reason", "I have read the finding", "dossier", dossier());
    }

    private static Map<String, Object> condition(String text, String owner, Duration in) {
        Instant due = ClockUtil.getCurrentTime().toInstant().plus(in).truncatedTo(ChronoUnit.SECONDS);
        return Map.of("text", text, "owner", owner, "due", due.toString(), "beforeRollout", true);
    }
}
