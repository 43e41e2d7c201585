package dev.countersign.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.camunda.bpm.engine.AuthorizationException;
import org.camunda.bpm.engine.impl.util.ClockUtil;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.camunda.bpm.engine.task.IdentityLink;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a GO leaves open is not forgotten. */
@Tag("M2.2")
class AgreedConditionTests extends ReviewFixture {
    @Test
    void its_owner_is_reminded_and_when_it_is_late_it_is_raised_until_it_is_met() throws Exception {
        go("qa", promise("Write the manual", "support"));
        follow("Write the manual");
        forget();

        pass(Duration.ofDays(8).plusHours(23));
        assertThat(reminders()).isEmpty();
        pass(Duration.ofHours(2));
        assertThat(reminders()).containsExactly("support | Condition due soon: " + title());

        pass(Duration.ofDays(1));
        assertThat(timeline())
                .filteredOn(entry -> entry.startsWith("condition.overdue"))
                .hasSize(1);
        pass(Duration.ofDays(3));
        assertThat(timeline())
                .filteredOn(entry -> entry.startsWith("condition.overdue"))
                .hasSize(2)
                .last()
                .asString()
                .contains("request 2 to support: Write the manual");
        assertThat(open("fulfilCondition").get(0).getPriority()).isEqualTo(90);
        assertThat(overdueMails()).hasSize(2).allMatch(groups -> groups.contains("head-of-operations"));
        assertThat(overdueMails()).allMatch(groups -> groups.contains("qa") && groups.contains("support"));

        var task = open("fulfilCondition").get(0);
        assertThatThrownBy(() -> complete(task, "product", Map.of("how", "I would say so")))
                .isInstanceOf(AuthorizationException.class);
        complete(task, "support", Map.of("how", "The manual is at docs/checkout"));
        assertThat(process()).isNull();
        assertThat(timeline()).anyMatch(entry -> entry.startsWith("condition.met") && entry.contains("docs/checkout"));
    }

    @Test
    void it_falls_with_its_vote_and_no_other_falls_with_it() throws Exception {
        go("qa", promise("Write the manual", "support"), "operations", promise("Order disks", "sre"));
        changeWindow();
        // A message that meets a busy process comes again a second later.
        Awaitility.await().atMost(Duration.ofMinutes(1)).pollInSameThread().untilAsserted(() -> {
            hands.settle();
            assertThat(instanceOf("Order disks")).isNull();
        });

        follow("Write the manual");
        assertThat(open("fulfilCondition")).hasSize(1);
        assertThat(fell("Order disks")).isTrue();
    }

    @Test
    void a_second_go_does_not_track_it_twice() throws Exception {
        go("qa", promise("Write the manual", "support"));
        changeWindow();
        start();
        vote("operations", "operations", ballot("GO"));
        assertThat(outcome()).isEqualTo("GO");
        hands.settle();
        assertThat(runtime.createProcessInstanceQuery()
                        .processDefinitionKey("agreed-condition")
                        .processInstanceBusinessKey(key)
                        .count())
                .isEqualTo(1);
        follow("Write the manual");
    }

    @Test
    void where_its_owner_has_left_the_release_managers_get_it() throws Exception {
        go("qa", promise("Write the manual", "support"));
        db.sql("update review_condition set owner = 'somebody-who-left' where release_key = ?")
                .param(key)
                .update();
        follow("Write the manual");
        pass(Duration.ofDays(11));
        assertThat(tasks.getIdentityLinksForTask(open("fulfilCondition").get(0).getId()))
                .extracting(IdentityLink::getGroupId)
                .contains("release-manager");
    }

    /** A review that ends GO, with a promise of each named seat. */
    private void go(Object... seatsAndPromises) throws Exception {
        standardRelease();
        start();
        reviewHistory();
        everybodyVotesGoBut(
                Stream.of(seatsAndPromises).filter(String.class::isInstance).toArray(String[]::new));
        for (int i = 0; i < seatsAndPromises.length; i += 2) {
            String seat = (String) seatsAndPromises[i];
            vote(seat, seat, ballot("GO_WITH_CONDITIONS", "conditions", List.of(seatsAndPromises[i + 1])));
        }
        assertThat(outcome()).isEqualTo("GO");
    }

    private static Map<String, Object> promise(String text, String owner) {
        var due =
                ClockUtil.getCurrentTime().toInstant().plus(Duration.ofDays(10)).truncatedTo(ChronoUnit.SECONDS);
        return Map.of("text", text, "owner", owner, "due", due.toString(), "beforeRollout", false);
    }

    /** From here on the fixture speaks of the process that tracks this condition. */
    private void follow(String condition) {
        process = instanceOf(condition);
        assertThat(process).as("the process of " + condition).isNotNull();
    }

    private ProcessInstance instanceOf(String condition) {
        return runtime.createProcessInstanceQuery()
                .processDefinitionKey("agreed-condition")
                .processInstanceBusinessKey(key)
                .variableValueEquals("condition", idOf(condition))
                .singleResult();
    }

    private boolean fell(String condition) {
        String instance = history.createHistoricVariableInstanceQuery()
                .variableName("condition")
                .variableValueEquals("condition", idOf(condition))
                .singleResult()
                .getProcessInstanceId();
        return history.createHistoricActivityInstanceQuery()
                        .processInstanceId(instance)
                        .activityId("conditionFell")
                        .count()
                == 1;
    }

    private String idOf(String condition) {
        return db.sql("select id from review_condition where release_key = ? and text = ?")
                .params(key, condition)
                .query(Long.class)
                .single()
                .toString();
    }

    private List<String> overdueMails() {
        return db.sql("select groups_ from mail where release_key = ? and kind = 'escalation' order by id")
                .param(key)
                .query(String.class)
                .list();
    }
}
