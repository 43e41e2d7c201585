package dev.countersign.preparation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.release.ReleaseState;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.task.Task;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

@Tag("M2.5")
class AnnouncingTests extends PreparationCase {
    @Autowired
    private Announcing announcing;

    @Autowired
    private Preparedness preparedness;

    private record Written(String kind, String groups, String addresses, String subject, String text) {}

    private List<Written> announced() {
        return db.sql("select * from mail where release_key = ? and kind = 'announcement' order by id")
                .param(key)
                .query((row, n) -> new Written(
                        row.getString("kind"),
                        row.getString("groups_"),
                        row.getString("addresses"),
                        row.getString("subject"),
                        row.getString("text_")))
                .list();
    }

    private List<String> states() {
        return db.sql("select state from communication_message where release_key = ? order by id")
                .param(key)
                .query(String.class)
                .list();
    }

    private static Map<String, Object> with(Map<String, Object> message, String field, Object value) {
        Map<String, Object> other = new HashMap<>(message);
        other.put(field, value);
        return other;
    }

    private static Map<String, Object> replaced(Map<String, Object> message, String how) {
        return with(with(message, "onRollback", how), "replacement", "It was taken back.");
    }

    private void startWith(List<Map<String, Object>> messages) throws Exception {
        start();
        plan("final", messages);
        assertThat(open()).doesNotContain("planCommunication");
    }

    @Test
    void the_form_begins_with_a_proposal_that_tells_people_inside_and_outside() throws Exception {
        start();
        assertThat(rows(task("planCommunication", null), "messages"))
                .extracting(row -> row.get("audience"), row -> row.get("recipients"), row -> row.get("moment"))
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple("internal", "support", "rollout-start"),
                        org.assertj.core.api.Assertions.tuple("external", "customers@example.org", "stable"));
        plan();
        assertThat(document().at("/preparation/communication/status").asText()).isEqualTo("final");
        assertThat(document().at("/dossier/parts/communicationPlan/material").asBoolean())
                .isTrue();
        assertThat(states()).containsExactly("PLANNED", "PLANNED");
    }

    @Test
    void a_plan_that_is_sent_as_a_document_is_a_draft_until_product_makes_it_final() throws Exception {
        String before = dossiers.of(key).digest();
        sendPlan("Everything on one page.", 201);
        sendPlan("All on one page.", 201);
        assertThat(states()).containsExactly("WITHDRAWN", "WITHDRAWN", "DRAFT", "DRAFT");
        assertThat(dossiers.of(key).digest()).as("a proposal is not material").isEqualTo(before);
        start();
        assertThat(preparedness.missing(current(), "digest")).contains("the communication plan is not final");
        Task task = task("planCommunication", null);
        assertThat(shown(task, "origin").toString()).contains("from a document that ci sent");
        assertThat(rows(task, "messages"))
                .extracting(
                        row -> row.get("recipients"),
                        row -> row.get("delay"),
                        row -> row.get("at"),
                        row -> row.get("words"))
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple(
                                "support, operations",
                                10,
                                "",
                                "One page instead of three.\n\nQuestions about it belong to this release."),
                        org.assertj.core.api.Assertions.tuple(
                                "customers@example.org", 0, "2099-11-24T19:00:00Z", "All on one page."));
        assertThat(document().at("/preparation/communication/status").asText()).isEqualTo("draft");
        assertThat(document().at("/preparation/communication/document").asText())
                .hasSize(64);
        plan();
        assertThat(document().at("/preparation/communication/status").asText()).isEqualTo("final");
        assertThat(states().subList(4, 6)).containsExactly("PLANNED", "PLANNED");
    }

    @Test
    void a_document_does_not_take_the_place_of_what_a_person_wrote() throws Exception {
        startWith(List.of(message("internal", "support", "stable"), message("external", "a@example.org", "stable")));
        sendPlan("Everything on one page.", 201);
        assertThat(states()).containsExactly("PLANNED", "PLANNED");
        assertThat(document().at("/preparation/communication/status").asText()).isEqualTo("final");
        assertThat(timelineOf("communication.proposed"))
                .singleElement()
                .asString()
                .contains("what a person wrote stays");
    }

    @Test
    void a_document_that_breaks_the_format_is_refused_and_no_draft() throws Exception {
        sendPlan("Everything on one page.\n  recipients2: [x]", 422);
        assertThat(states()).isEmpty();
        assertThat(timelineOf("evidence.refused")).hasSize(1);
    }

    @Test
    void a_draft_is_kept_asked_for_again_and_holds_the_release() throws Exception {
        start();
        plan("draft", List.of(message("internal", "support", "stable")));
        assertThat(preparedness.missing(current(), "digest")).contains("the communication plan is not final");
        assertThat(open()).contains("planCommunication");
        assertThat(rows(task("planCommunication", null), "messages"))
                .singleElement()
                .satisfies(row -> assertThat(row.get("moment")).isEqualTo("stable"));
        enter(ReleaseState.STABLE);
        assertThat(announced()).isEmpty();
        plan(
                "final",
                List.of(message("internal", "support", "stable"), message("external", "a@example.org", "stable")));
        assertThat(states()).containsExactly("WITHDRAWN", "PLANNED", "PLANNED");
    }

    @ParameterizedTest(name = "{0} = {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "recipients|nobodys-group|nobody is in a group 'nobodys-group'",
                "owner|a stranger|nobody knows the owner",
                "moment|time|say its time",
                "at|2020-01-01T00:00Z|its time is over",
                "at|tomorrow|written with its offset",
                "onRollback|replace|write the other text",
                "audience|external|'support' is no mail address",
                "channel|fax|must be one of",
                "delay|-1|out of its range",
                "delay|20161|out of its range",
            })
    void a_message_that_could_not_be_sent_is_refused_with_the_reason(String field, String value, String reason)
            throws Exception {
        start();
        Map<String, Object> message = with(message("internal", "support", "rollout-start"), field, value);
        if (field.equals("at")) {
            message.put("moment", "time");
        }
        assertThatThrownBy(() -> plan("final", List.of(message))).hasMessageContaining(reason);
        assertThat(states()).isEmpty();
    }

    @Test
    void a_mail_address_brings_no_header_with_it() throws Exception {
        start();
        for (String address : List.of(
                "a@example.org\r\nBcc:b@example.org",
                "Name <a@example.org>",
                "a@example.org%0ABcc:b@example.org",
                "a@localhost",
                "\"a b\"@example.org",
                "a@@example.org",
                "@example.org")) {
            assertThatThrownBy(() -> plan("final", List.of(message("external", address, "stable"))))
                    .hasMessageContaining("is no mail address");
        }
        assertThatThrownBy(() -> plan(
                        "final",
                        List.of(with(
                                message("internal", "support", "stable"), "subject", "News\r\nBcc: b@example.org"))))
                .hasMessageContaining("the subject is one line");
    }

    @Test
    void a_final_plan_tells_somebody_inside_and_says_why_nobody_outside() throws Exception {
        start();
        assertThatThrownBy(() -> plan("final", List.of(message("external", "a@example.org", "stable"))))
                .hasMessageContaining("add an internal message");
        assertThatThrownBy(() -> plan("final", List.of(message("internal", "support", "stable"))))
                .hasMessageContaining("why nobody outside is told");
        Task task = task("planCommunication", null);
        answer(
                task,
                "product-2",
                Map.of(
                        "messages",
                        List.of(message("internal", "support", "stable")),
                        "noExternalBecause",
                        "Only colleagues use it",
                        "status",
                        "final",
                        "seen",
                        shown(task, "seen")));
        assertThat(document().at("/preparation/communication/noExternalBecause").asText())
                .isEqualTo("Only colleagues use it");
    }

    @Test
    void only_product_plans() {
        start();
        Task task = task("planCommunication", null);
        Map<String, Object> fields = Map.of(
                "messages",
                List.of(message("internal", "support", "stable")),
                "noExternalBecause",
                "none",
                "status",
                "final",
                "seen",
                shown(task, "seen"));
        for (String stranger : List.of("qa", "developer", "admin", "support")) {
            assertThatThrownBy(() -> answer(task, stranger, fields)).isInstanceOf(ProcessEngineException.class);
        }
    }

    @Test
    void messages_are_sent_at_their_moments_and_once() throws Exception {
        startWith(List.of(
                with(message("internal", "support, operations", "rollout-start"), "delay", 30),
                message("external", "a@example.org, b@example.org", "stable"),
                message("internal", "support", "decided")));
        enter(ReleaseState.SCHEDULED);
        assertThat(announced()).extracting(Written::subject).containsExactly("Checkout for support");
        enter(ReleaseState.ROLLING_OUT);
        hands.pass(Duration.ofMinutes(29));
        assertThat(announced()).hasSize(1);
        hands.pass(Duration.ofMinutes(2));
        assertThat(announced()).hasSize(2);
        assertThat(announced().get(1).groups()).isEqualTo("operations support");
        assertThat(announced().get(1).text()).contains("It goes out.", "/releases/" + key, "because of your role");
        enter(ReleaseState.STABILISING);
        enter(ReleaseState.STABLE);
        assertThat(announced()).hasSize(3);
        assertThat(announced().get(2).addresses()).isEqualTo("a@example.org b@example.org");
        assertThat(announced().get(2).text())
                .as("people outside are shown no page of ours and no task")
                .doesNotContain("/releases/", "your role");
        assertThat(db.sql("select d.person from mail_delivery d join mail m on m.id = d.mail_id"
                                + " where m.release_key = ? and m.addresses <> '' order by 1")
                        .param(key)
                        .query(String.class)
                        .list())
                .containsExactly("a@example.org", "b@example.org");
        sendAgain();
        assertThat(announced()).hasSize(3);
        assertThat(timelineOf("communication.sent")).hasSize(3).noneMatch(text -> text.contains("@example.org"));
        assertThat(timeline.of(key).toString())
                .as("the log keeps for ever what it is told: how many people outside, not who")
                .contains("2 outside")
                .doesNotContain("@example.org");
        assertThat(states()).containsOnly("SENT");
    }

    private void sendAgain() {
        db.sql("select id from communication_message where release_key = ?")
                .param(key)
                .query(Long.class)
                .list()
                .forEach(announcing::send);
        hands.settle();
    }

    @Test
    void a_time_is_kept_and_nothing_is_announced_that_was_not_decided() throws Exception {
        String soon = Instant.now()
                .plus(Duration.ofHours(1))
                .atOffset(ZoneOffset.ofHours(1))
                .toString();
        String later =
                Instant.now().plus(Duration.ofHours(3)).atOffset(ZoneOffset.UTC).toString();
        startWith(List.of(
                with(message("internal", "support", "time"), "at", soon),
                with(message("internal", "operations", "time"), "at", later),
                message("external", "a@example.org", "stable")));
        hands.pass(Duration.ofHours(2));
        assertThat(announced()).as("its time is over, and nobody has decided").isEmpty();
        enter(ReleaseState.SCHEDULED);
        assertThat(announced()).extracting(Written::groups).containsExactly("support");
        hands.pass(Duration.ofMinutes(58));
        assertThat(announced()).hasSize(1);
        hands.pass(Duration.ofMinutes(3));
        assertThat(announced()).extracting(Written::groups).containsExactly("support", "operations");
    }

    @Test
    void while_a_rollout_is_held_its_messages_are_held() throws Exception {
        startWith(List.of(
                with(message("internal", "support", "rollout-start"), "delay", 10),
                message("external", "a@example.org", "stable")));
        enter(ReleaseState.ROLLING_OUT);
        enter(ReleaseState.HELD);
        hands.pass(Duration.ofMinutes(11));
        assertThat(announced()).isEmpty();
        enter(ReleaseState.ROLLING_OUT);
        assertThat(announced()).hasSize(1);
    }

    @Test
    void a_rollback_cancels_what_was_not_sent_and_replaces_what_was() throws Exception {
        startWith(List.of(
                replaced(message("internal", "support", "rollout-start"), "correct"),
                replaced(message("external", "a@example.org", "stable"), "correct"),
                replaced(message("external", "b@example.org", "stable"), "replace"),
                message("internal", "operations", "rollout-start"),
                message("internal", "qa", "stable")));
        enter(ReleaseState.ROLLING_OUT);
        assertThat(announced()).extracting(Written::groups).containsExactlyInAnyOrder("support", "operations");
        enter(ReleaseState.ROLLING_BACK);
        assertThat(states()).containsExactly("SENT", "CANCELLED", "CANCELLED", "SENT", "CANCELLED");
        assertThat(announced())
                .as("nobody is told that it was taken back before it was")
                .hasSize(2);
        enter(ReleaseState.ROLLED_BACK);
        assertThat(announced().subList(2, 4))
                .extracting(Written::groups, Written::addresses, Written::subject)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple("support", "", "Update: Checkout for support"),
                        org.assertj.core.api.Assertions.tuple("", "b@example.org", "Update: Checkout for b"));
        assertThat(announced()).hasSize(4);
        assertThat(states()).containsExactly("REPLACED", "CANCELLED", "REPLACED", "SENT", "CANCELLED");
        assertThat(timelineOf("communication.cancelled")).hasSize(3);
        assertThat(timelineOf("communication.replaced")).hasSize(2);
        sendAgain();
        hands.pass(Duration.ofDays(2));
        assertThat(announced()).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource({"REJECTED", "ABORTED"})
    void a_release_that_nobody_met_replaces_only_what_was_sent(ReleaseState end) throws Exception {
        startWith(List.of(
                replaced(message("internal", "support", "decided"), "correct"),
                replaced(message("external", "b@example.org", "stable"), "replace")));
        enter(ReleaseState.SCHEDULED);
        assertThat(announced()).hasSize(1);
        enter(end);
        assertThat(states()).containsExactly("REPLACED", "CANCELLED");
        assertThat(announced()).hasSize(2);
    }

    @Test
    void a_plan_that_was_written_for_something_else_is_not_sent_and_asked_for_again() throws Exception {
        startWith(List.of(
                message("internal", "support", "rollout-start"), message("external", "a@example.org", "stable")));
        transaction.executeWithoutResult(status -> {
            db.sql("update release set commit_ = 'abcd' where key_ = ?")
                    .param(key)
                    .update();
            dossiers.changed(key, "another commit");
        });
        assertThat(timelineOf("communication.voided"))
                .singleElement()
                .asString()
                .contains("commit");
        assertThat(document().at("/preparation/communication/status").asText()).isEqualTo("outdated");
        assertThat(preparedness.missing(current(), "digest")).contains("the communication plan is not final");
        enter(ReleaseState.ROLLING_OUT);
        assertThat(announced()).isEmpty();
        start();
        assertThat(open()).contains("planCommunication");
    }
}
