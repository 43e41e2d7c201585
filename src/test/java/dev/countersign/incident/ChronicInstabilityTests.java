package dev.countersign.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.incident.Tracking.Origin;
import dev.countersign.incident.Tracking.Tracked;
import dev.countersign.release.RiskFacts;
import dev.countersign.workflow.TaskRefused;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.impl.util.ClockUtil;
import org.camunda.bpm.engine.task.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A service that is rolled back again and again is repaired, and is riskier until it is. */
@ModelTests
@Tag("M6.5")
class ChronicInstabilityTests {
    private static final Instant START = Instant.parse("2027-03-01T09:00:00Z");
    private static int count;

    @Autowired
    ReleaseFollowUp followUp;

    @Autowired
    Incidents incidents;

    @Autowired
    Tracking tracking;

    @Autowired
    TaskService tasks;

    @Autowired
    RuntimeService runtime;

    @Autowired
    IdentityService identity;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    @Qualifier("incidentRisk")
    RiskFacts risk;

    @BeforeEach
    void nothingHappened() {
        ClockUtil.setCurrentTime(Date.from(START));
        for (String table : new String[] {"incident", "post_mortem_action", "tracked_action"}) {
            jdbc.sql("update " + table + " set service = 'another'").update();
        }
    }

    @AfterEach
    void reset() {
        ClockUtil.reset();
    }

    private String rolledBack() {
        return rolledBack(true);
    }

    private String rolledBack(boolean exposed) {
        String release = followUp.release("6.5." + ++count, "ROLLED_BACK");
        incidents.openForRollback(
                release,
                new Incidents.Trouble(
                        "error rate 20 % of 312 requests",
                        "on-call",
                        ClockUtil.getCurrentTime().toInstant(),
                        ClockUtil.getCurrentTime().toInstant(),
                        exposed,
                        "Users are being moved back",
                        false));
        incidents.rollbackOver(release, "Users are safe");
        incidents.lookAtInstability(release);
        return release;
    }

    private void later(Duration time) {
        ClockUtil.setCurrentTime(
                Date.from(ClockUtil.getCurrentTime().toInstant().plus(time)));
    }

    private String process(String release) {
        return runtime.createProcessInstanceQuery()
                .processDefinitionKey("tracked-action")
                .processInstanceBusinessKey(release)
                .singleResult()
                .getId();
    }

    private String owner() {
        return tracking.openOf("checkout").get(0).owner();
    }

    private String memberOf(String group) {
        return identity.createUserQuery().memberOfGroup(group).list().get(0).getId();
    }

    private void repair(Task task, String person, String group) {
        identity.setAuthentication(person, java.util.List.of(group));
        try {
            tasks.complete(task.getId(), Map.of("result", "Payments has a timeout of its own now"));
        } finally {
            identity.clearAuthentication();
        }
    }

    @Test
    void what_no_user_met_is_neither_counted_nor_severe() {
        rolledBack();
        String unmet = rolledBack(false);
        rolledBack(false);

        assertThat(incidents.ofRelease(unmet)).hasValueSatisfying(incident -> {
            assertThat(incident.severity()).isEqualTo("SEV3");
            assertThat(incident.detectedBy()).isEqualTo("on-call");
        });
        assertThat(risk.factsOf("checkout")).containsEntry("rollbacks90d", 1).containsEntry("incidents90d", 1);
        assertThat(tracking.openOf("checkout")).isEmpty();
    }

    @Test
    void two_rollbacks_of_a_critical_service_in_a_month_open_one_repair_by_its_owner() {
        rolledBack();
        assertThat(tracking.openOf("checkout")).isEmpty();
        assertThat(risk.factsOf("checkout")).containsEntry("openRemediations", 0);

        later(Duration.ofDays(20));
        String second = rolledBack();
        assertThat(tracking.openOf("checkout")).singleElement().satisfies(repair -> {
            assertThat(repair.origin()).isEqualTo(Origin.INSTABILITY);
            assertThat(repair.releaseKey()).isEqualTo(second);
            assertThat(repair.because()).contains("2 in 30 days", "chronic-instability 1.0");
            assertThat(repair.due()).isEqualTo(START.plus(Duration.ofDays(34)));
        });
        assertThat(followUp.only(process(second)).getDueDate()).isEqualTo(Date.from(START.plus(Duration.ofDays(34))));
        assertThat(risk.factsOf("checkout")).containsEntry("openRemediations", 1);

        later(Duration.ofDays(1));
        rolledBack();
        assertThat(tracking.openOf("checkout")).as("once an episode").hasSize(1);
    }

    @Test
    void rollbacks_that_lie_apart_are_no_chronic_instability() {
        for (int month = 0; month < 3; month++) {
            rolledBack();
            later(Duration.ofDays(46));
        }
        assertThat(tracking.openOf("checkout")).isEmpty();
    }

    @Test
    void until_it_is_repaired_it_is_riskier_and_afterwards_only_new_rollbacks_count() {
        rolledBack();
        String second = rolledBack();
        String group = owner();
        Task task = followUp.only(process(second));
        assertThat(followUp.groupsOf(task)).containsExactly(group);
        tasks.addCandidateGroup(task.getId(), "qa");
        assertThatThrownBy(() -> repair(task, "qa", "qa"))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining("belongs to " + group);
        repair(task, memberOf(group), group);
        assertThat(tracking.openOf("checkout")).isEmpty();
        assertThat(risk.factsOf("checkout"))
                .containsEntry("openRemediations", 0)
                .containsEntry("rollbacks90d", 2);

        later(Duration.ofHours(1));
        rolledBack();
        assertThat(tracking.openOf("checkout"))
                .as("one rollback since the repair")
                .isEmpty();
        later(Duration.ofHours(1));
        rolledBack();
        assertThat(tracking.openOf("checkout")).as("a new episode").hasSize(1);
    }

    @Test
    void a_repair_that_is_late_is_asked_for_and_goes_up() {
        rolledBack();
        String second = rolledBack();
        String instance = process(second);
        followUp.pass(instance, Duration.ofDays(12).plusHours(1));
        assertThat(followUp.mails(second, "reminder")).hasSize(1);
        followUp.pass(instance, Duration.ofDays(3));
        assertThat(followUp.mails(second, "escalation")).hasSize(1);
        assertThat(risk.factsOf("checkout")).containsEntry("overdueActions", 1);

        jdbc.sql("update tracked_action set owner = 'nobody-any-more' where release_key = ?")
                .param(second)
                .update();
        followUp.pass(instance, Duration.ofDays(3));
        Task orphan = followUp.only(instance);
        assertThat(followUp.groupsOf(orphan)).contains("head-of-operations");
        assertThat(orphan.getPriority()).isEqualTo(90);
        followUp.complete(orphan, "head-of-operations", Map.of("result", "Done in their place"));
        assertThat(followUp.isEnded(instance)).isTrue();
        assertThat(tracking.ofRelease(second)).extracting(Tracked::doneAt).doesNotContainNull();
    }
}
