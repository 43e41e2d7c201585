package dev.countersign.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.release.RiskFacts;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.TaskRefused;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.AuthorizationException;
import org.camunda.bpm.engine.FormService;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.impl.util.ClockUtil;
import org.camunda.bpm.engine.task.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;

@ModelTests
@Tag("M6.4")
@Tag("M6.6")
class PostMortemModelTests {
    private static final Instant START = Instant.parse("2026-11-23T09:00:00Z");

    @Autowired
    ReleaseFollowUp followUp;

    @Autowired
    Incidents incidents;

    @Autowired
    Timeline timeline;

    @Autowired
    FormService forms;

    @Autowired
    IdentityService identity;

    @Autowired
    TaskService tasks;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    @Qualifier("incidentRisk")
    RiskFacts risk;

    private String release;
    private static int count;

    @BeforeEach
    void rollBack() {
        ClockUtil.setCurrentTime(Date.from(START));
        jdbc.sql("update post_mortem_action set service = 'another'").update();
        jdbc.sql("update incident set service = 'another'").update();
        release = followUp.release("6.6." + ++count, "ROLLED_BACK");
        incidents.openForRollback(release, trouble("error rate 20 % of 312 requests", START.minusSeconds(240)));
    }

    @AfterEach
    void reset() {
        ClockUtil.reset();
    }

    private static Incidents.Trouble trouble(String cause, Instant detectedAt) {
        return new Incidents.Trouble(
                cause,
                "monitoring",
                detectedAt,
                detectedAt.plusSeconds(1),
                true,
                "Users are back on the stable version",
                false);
    }

    private static Map<String, Object> action(String text, String ownerIs, String owner, LocalDate due) {
        return Map.of("text", text, "type", "prevent", "ownerIs", ownerIs, "owner", owner, "due", due.toString());
    }

    private static LocalDate day(int offset) {
        return LocalDate.ofInstant(START, ZoneOffset.UTC).plusDays(offset);
    }

    @SafeVarargs
    private static Map<String, Object> written(Map<String, Object>... actions) {
        var answer = new HashMap<String, Object>();
        answer.put("impact", "312 customers could not pay for 4 minutes");
        answer.put("contributingFactors", "The canary had no synthetic payment");
        answer.put("rootCause", "A timeout shorter than the bank's answer");
        answer.put("wentWell", "Traffic was back within a minute");
        answer.put("actions", Arrays.asList(actions));
        return answer;
    }

    @Test
    void an_incident_has_roles_and_tells_the_stakeholders_once() {
        String key = incidents.ofRelease(release).orElseThrow().key();

        assertThat(incidents.openForRollback(release, trouble("again", START))).isEqualTo(key);

        var report = incidents.reportOf(release).orElseThrow();
        assertThat(report.incident().severity()).isEqualTo("SEV1");
        assertThat(report.roles().communications()).isEqualTo("support");
        assertThat(report.roles().facilitator()).isEqualTo("facilitator");
        assertThat(report.roles().commander()).isNotBlank();
        assertThat(followUp.mails(release, "incident"))
                .containsExactly("SEV1 %s: %s is being rolled back".formatted(key, release));
        assertThat(jdbc.sql("select groups_ from mail where release_key = ?")
                        .param(release)
                        .query(String.class)
                        .single())
                .contains("on-call", "operations", "support", "release-manager", "product");
        assertThat(firstLines()).containsExactly("Users are back on the stable version");

        assertThat(report.incident().openedAt())
                .as("when its rollback began, whenever it was written")
                .isEqualTo(START.minusSeconds(239));

        String stuck = "roll back by hand: the router gives the candidate %s %%";
        incidents.rollbackFailed(release, "Users may still be on the candidate", stuck.formatted("10.0"));
        incidents.rollbackFailed(release, "Told already", stuck.formatted("9.8"));
        incidents.rollbackOver(release, "Users are safe");
        incidents.rollbackOver(release, "Told already");
        assertThat(followUp.mails(release, "incident"))
                .endsWith(
                        "SEV1 %s: the rollback of %s failed and waits for a person".formatted(key, release),
                        "SEV1 %s: %s is rolled back".formatted(key, release));
        assertThat(firstLines()).endsWith("Users may still be on the candidate", "Users are safe");
        assertThat(timeline.of(release)).extracting(Timeline.Entry::type).containsOnlyOnce("incident.opened");
    }

    /** Whether users are safe stands before everything else. */
    private List<String> firstLines() {
        return jdbc
                .sql("select text_ from mail where release_key = ? order by id")
                .param(release)
                .query(String.class)
                .list()
                .stream()
                .map(text -> text.strip().lines().findFirst().orElseThrow())
                .toList();
    }

    @Test
    void a_post_mortem_is_written_its_actions_are_done_and_the_incident_closes() {
        String instance = followUp.start("post-mortem", release);
        Task writing = followUp.only(instance);
        assertThat(writing.getTaskDefinitionKey()).isEqualTo("writePostMortem");
        assertThat(followUp.groupsOf(writing)).containsExactly("facilitator");
        assertThat(writing.getDueDate()).isEqualTo(Date.from(START.plus(Duration.ofDays(5))));
        assertThat(forms.getTaskFormVariables(writing.getId()).get("timeline").toString())
                .contains("error rate 20 % of 312 requests");

        followUp.complete(
                writing,
                "facilitator",
                written(
                        action("Pay in the canary", "person", "qa", day(10)),
                        action("Lengthen the timeout", "group", "operations", day(20))));

        List<Task> open = followUp.open(instance);
        assertThat(open).hasSize(2).allMatch(task -> task.getTaskDefinitionKey().equals("completeAction"));
        Task ofPerson = open.stream()
                .filter(task -> task.getAssignee() != null)
                .findFirst()
                .orElseThrow();
        Task ofGroup = open.stream()
                .filter(task -> task.getAssignee() == null)
                .findFirst()
                .orElseThrow();
        assertThat(ofPerson.getAssignee()).isEqualTo("qa");
        assertThat(ofPerson.getDueDate()).isEqualTo(Date.from(Instant.parse("2026-12-04T00:00:00Z")));
        assertThat(followUp.groupsOf(ofGroup)).containsExactly("operations");
        assertThat(followUp.mails(release, "action")).hasSize(2);
        assertThat(forms.getTaskFormVariables(ofPerson.getId()).get("actionText"))
                .isEqualTo("Pay in the canary");
        assertThatThrownBy(() -> followUp.complete(ofPerson, "operations", Map.of("result", "done by me")))
                .isInstanceOf(AuthorizationException.class);

        followUp.complete(ofPerson, "qa", Map.of("result", "Journey pay.yaml added"));
        assertThat(incidents.ofRelease(release).orElseThrow().closedAt()).isNull();
        followUp.complete(ofGroup, "operations-2", Map.of("result", "Timeout is 30 s now"));

        assertThat(followUp.isEnded(instance)).isTrue();
        var report = incidents.reportOf(release).orElseThrow();
        assertThat(report.incident().closedAt()).isNotNull();
        assertThat(report.postMortem().rootCause()).isEqualTo("A timeout shorter than the bank's answer");
        assertThat(report.postMortem().timeline()).isNotEmpty();
        assertThat(report.actions()).hasSize(2).allMatch(action -> action.doneAt() != null);
        assertThat(timeline.of(release))
                .extracting(Timeline.Entry::type)
                .contains("post-mortem.written", "action.registered", "action.done", "incident.closed");
    }

    @Test
    void a_post_mortem_that_nobody_writes_is_asked_for_without_end() {
        String instance = followUp.start("post-mortem", release);

        followUp.pass(instance, Duration.ofDays(4));
        assertThat(followUp.mails(release, "reminder")).hasSize(1);
        assertThat(followUp.mails(release, "escalation")).isEmpty();
        followUp.pass(instance, Duration.ofDays(1));
        assertThat(followUp.mails(release, "escalation")).hasSize(1);
        followUp.pass(instance, Duration.ofDays(10));
        assertThat(followUp.mails(release, "escalation")).hasSize(3);

        Task writing = followUp.only(instance);
        assertThat(writing.getPriority()).isEqualTo(80);
        assertThat(followUp.groupsOf(writing)).containsExactly("facilitator", "head-of-operations");
        followUp.complete(writing, "head-of-operations", written(action("Fix it", "person", "qa", day(30))));
        assertThat(followUp.only(instance).getTaskDefinitionKey()).isEqualTo("completeAction");
    }

    @Test
    void an_overdue_action_nags_grows_urgent_and_raises_the_risk_until_it_is_done() {
        String instance = followUp.start("post-mortem", release);
        followUp.complete(followUp.only(instance), "facilitator", written(action("Fix it", "person", "qa", day(10))));
        assertThat(risk.factsOf("checkout")).containsEntry("overdueActions", 0).containsEntry("rollbacks90d", 1);

        followUp.pass(instance, Duration.ofDays(9));
        assertThat(followUp.mails(release, "reminder")).hasSize(1);
        assertThat(risk.factsOf("checkout")).containsEntry("overdueActions", 0);

        followUp.pass(instance, Duration.ofDays(2));
        assertThat(followUp.mails(release, "escalation")).hasSize(1);
        assertThat(followUp.only(instance).getPriority()).isEqualTo(70);
        assertThat(risk.factsOf("checkout")).containsEntry("overdueActions", 1);

        followUp.pass(instance, Duration.ofDays(9));
        assertThat(followUp.mails(release, "escalation")).hasSize(4);
        assertThat(followUp.only(instance).getPriority()).isEqualTo(100);
        assertThat(followUp.only(instance).getAssignee()).isEqualTo("qa");
        assertThat(followUp.isEnded(instance)).isFalse();

        followUp.complete(followUp.only(instance), "qa", Map.of("result", "Late, but done"));
        assertThat(followUp.isEnded(instance)).isTrue();
        assertThat(risk.factsOf("checkout")).containsEntry("overdueActions", 0);
    }

    @Test
    void an_overdue_action_whose_owner_has_left_goes_to_the_facilitators() {
        identity.saveUser(identity.newUser("leaver"));
        String instance = followUp.start("post-mortem", release);
        followUp.complete(
                followUp.only(instance), "facilitator", written(action("Fix it", "person", "leaver", day(1))));
        identity.deleteUser("leaver");

        followUp.pass(instance, Duration.ofDays(2));
        Task orphan = followUp.only(instance);
        assertThat(orphan.getAssignee()).isNull();
        assertThat(followUp.groupsOf(orphan)).containsExactly("facilitator");
        tasks.setAssignee(orphan.getId(), "facilitator-2");
        followUp.pass(instance, Duration.ofDays(3));
        assertThat(followUp.only(instance).getAssignee()).isEqualTo("facilitator-2");
        followUp.complete(followUp.only(instance), "facilitator-2", Map.of("result", "Done in their place"));
        assertThat(followUp.isEnded(instance)).isTrue();
    }

    @Test
    void nobody_does_an_action_of_others_whoever_is_given_the_task_and_whatever_action_the_process_names() {
        String instance = followUp.start("post-mortem", release);
        followUp.complete(
                followUp.only(instance),
                "facilitator",
                written(
                        action("Pay in the canary", "person", "qa", day(10)),
                        action("Lengthen the timeout", "group", "operations", day(20))));
        for (Task task : followUp.open(instance)) {
            tasks.addCandidateGroup(task.getId(), "sre");
            tasks.setAssignee(task.getId(), "sre");
            assertThatThrownBy(() -> followUp.complete(task, "sre", Map.of("result", "done by me")))
                    .isInstanceOf(TaskRefused.class)
                    .hasMessageContaining("belongs to");
            tasks.deleteCandidateGroup(task.getId(), "sre");
        }
        assertThat(incidents.reportOf(release).orElseThrow().actions()).allMatch(action -> action.doneAt() == null);

        Task ofQa = followUp.open(instance).stream()
                .filter(task -> forms.getTaskFormVariables(task.getId())
                        .get("actionText")
                        .equals("Pay in the canary"))
                .findFirst()
                .orElseThrow();
        String other = followUp.release("6.6." + ++count, "ROLLED_BACK");
        incidents.openForRollback(other, trouble("error rate 30 %", START));
        String elsewhere = followUp.start("post-mortem", other);
        followUp.complete(
                followUp.only(elsewhere), "facilitator", written(action("Of the other", "person", "qa", day(10))));
        Task ofOther = followUp.only(elsewhere);
        Object foreign = tasks.getVariable(ofOther.getId(), "action");
        tasks.setAssignee(ofQa.getId(), "qa");
        tasks.setVariable(ofQa.getId(), "action", foreign);
        assertThatThrownBy(() -> followUp.complete(ofQa, "qa", Map.of("result", "done")))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining("is not one of " + release);
    }

    @Test
    void without_actions_a_reason_is_needed() {
        String instance = followUp.start("post-mortem", release);
        Task writing = followUp.only(instance);
        assertThatThrownBy(() -> followUp.complete(writing, "facilitator", written()))
                .hasMessageContaining("at least one action");

        Map<String, Object> reasoned = written();
        reasoned.put("noActionsBecause", "The service is switched off next week");
        followUp.complete(writing, "facilitator", reasoned);

        assertThat(followUp.isEnded(instance)).isTrue();
        assertThat(incidents.ofRelease(release).orElseThrow().closedAt()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "person, nobody-we-know, 10, There is no person",
        "group, nobody-we-know, 10, Nobody is in a group",
        "person, qa, -1, between today and a year from now",
        "person, qa, 366, between today and a year from now"
    })
    void an_action_needs_somebody_who_can_do_it_and_an_end(String ownerIs, String owner, int days, String refusal) {
        String instance = followUp.start("post-mortem", release);
        Task writing = followUp.only(instance);

        assertThatThrownBy(() ->
                        followUp.complete(writing, "facilitator", written(action("Fix it", ownerIs, owner, day(days)))))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining(refusal);
        assertThat(incidents.reportOf(release).orElseThrow().postMortem()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"critical, SEV1", "high, SEV2", "standard, SEV3", "unheard-of, SEV1", ", SEV1"})
    void severity_follows_the_tier_and_the_unknown_counts_as_worst(String tier, Severity severity) {
        assertThat(Severity.ofTier(tier)).isEqualTo(severity);
    }
}
