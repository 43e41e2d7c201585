package dev.countersign.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.evidence.PlatformEvidence;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.camunda.bpm.engine.runtime.ProcessInstance;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What an assessment of the impact on personal data was approved on is tracked as what votes demand is. */
@Tag("M4.6")
class AssessmentConditionTests extends ReviewFixture {
    @Autowired
    private PlatformEvidence evidence;

    private void assess(String conditions) throws Exception {
        evidence.keep(
                key,
                "dpia",
                "questionnaire",
                """
                document: dpia
                subject: {commit: 6dcb09b}
                decision: approved-with-conditions
                decidedBy: privacy
                decidedOn: "2026-11-20"
                conditions: [%s]
                """
                        .formatted(conditions)
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static String condition(String text, boolean beforeRollout) {
        return "{text: %s, met: false, owner: sre, due: 2099-01-31, beforeRollout: %s}".formatted(text, beforeRollout);
    }

    private ProcessInstance tracking() {
        return runtime.createProcessInstanceQuery()
                .processDefinitionKey("agreed-condition")
                .processInstanceBusinessKey(key)
                .singleResult();
    }

    @Test
    void one_before_rollout_holds_the_decision_until_it_is_met() throws Exception {
        standardRelease();
        assess(condition("Delete drafts", true));
        start();
        reviewHistory();
        everybodyVotesGoBut();
        assertThat(outcome()).isNull();
        assertThat(review.of(key).why()).contains("due before rollout");
        complete(open("meetCondition").get(0), "sre", Map.of("how", "A job deletes them"));
        assertThat(outcome()).isEqualTo("GO");
    }

    @Test
    void one_by_a_date_outlives_the_review_and_falls_with_its_assessment() throws Exception {
        standardRelease();
        assess(condition("Report to the officer", false));
        start();
        reviewHistory();
        everybodyVotesGoBut();
        assertThat(outcome()).isEqualTo("GO");
        assertThat(tracking()).isNotNull();
        assess("");
        // A message that meets a busy process comes again a second later.
        Awaitility.await().atMost(Duration.ofMinutes(1)).pollInSameThread().untilAsserted(() -> {
            hands.settle();
            assertThat(tracking()).isNull();
        });
        assertThat(timeline()).anyMatch(entry -> entry.startsWith("condition.fell"));
    }
}
