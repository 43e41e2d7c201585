package dev.countersign.criteria;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.DatabaseTest;
import dev.countersign.Engine.Hands;
import dev.countersign.release.OpenRelease;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseOpening;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.workflow.TaskRefused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.HistoryService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.task.IdentityLink;
import org.camunda.bpm.engine.task.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The model in the real engine, from the request of a release on. */
@Tag("M1.3")
@DatabaseTest
class AcceptanceCriteriaModelTests {
    private static int count;

    @Autowired
    private Hands hands;

    @Autowired
    private ReleaseOpening opening;

    @Autowired
    private Releases releases;

    @Autowired
    private Criteria criteria;

    @Autowired
    private TaskService tasks;

    @Autowired
    private HistoryService history;

    private String key;

    @BeforeEach
    void open() throws Exception {
        String version = "1.3." + ++count;
        key = hands.as("ci", () -> opening.open(request(version)).key());
        hands.settle();
    }

    @AfterEach
    void reset() {
        hands.resetTime();
    }

    @Test
    void three_parties_agree_and_the_release_goes_on() throws Exception {
        assertThat(open("agreeOnCriteria")).hasSize(3);
        for (String party : Party.all()) {
            agree(party);
        }
        hands.settle();
        assertThat(criteria.agreed(key)).isTrue();
        assertThat(releases.get(key).state()).isNotIn(ReleaseState.CRITERIA, ReleaseState.REJECTED);
        assertThat(visited("freezeCriteria")).isOne();
        assertThat(visited("settleCriteria")).isZero();
    }

    @Test
    void a_counter_proposal_is_adopted_and_everybody_is_asked_again() throws Exception {
        agree("product");
        agree("security");
        answer(
                task("agreeOnCriteria", "operations"),
                "operations",
                Map.of(
                        "answer",
                        "counter",
                        "dossier",
                        digest(),
                        "counterProposals",
                        List.of(Map.of(
                                "criterion",
                                errorRate(),
                                "drop",
                                false,
                                "limit",
                                "<= 2 %",
                                "reason",
                                "five is many"))));
        hands.settle();

        assertThat(criteria.current(key).orElseThrow().version()).isEqualTo(2);
        assertThat(open("agreeOnCriteria")).hasSize(3);
        for (String party : Party.all()) {
            agree(party);
        }
        hands.settle();
        assertThat(criteria.agreed(key)).isTrue();
        assertThat(visited("adoptCounterProposals")).isOne();
    }

    @Test
    void silence_goes_up_to_the_executive_and_ends_as_not_agreed() {
        hands.pass(Duration.ofMinutes(4 * 60 + 1));
        assertThat(visited("remindParties")).isOne();
        hands.pass(Duration.ofHours(4));
        assertThat(open("settleCriteria")).hasSize(1);
        hands.pass(Duration.ofMinutes(4 * 60 + 1));
        assertThat(open("decideOnCriteria")).hasSize(3);
        hands.pass(Duration.ofMinutes(4 * 60 + 1));
        assertThat(open("ruleOnCriteria")).hasSize(1);
        hands.pass(Duration.ofMinutes(4 * 60 + 1));
        assertThat(criteria.current(key).orElseThrow().status()).isEqualTo("REFUSED");
        assertThat(releases.get(key).state()).isEqualTo(ReleaseState.REJECTED);
    }

    @Test
    void the_release_manager_asks_once_more_and_the_heads_decide() throws Exception {
        hands.pass(Duration.ofMinutes(8 * 60 + 1));
        answer(
                open("settleCriteria").get(0),
                "release-manager",
                Map.of("statement", "Everybody was on a train", "next", "again"));
        hands.settle();
        assertThat(open("agreeOnCriteria")).hasSize(3);
        hands.pass(Duration.ofMinutes(8 * 60 + 1));
        Task again = open("settleCriteria").get(0);
        assertThatThrownBy(() ->
                        answer(again, "release-manager", Map.of("statement", "Still on the train", "next", "again")))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining("once already");
        answer(again, "release-manager", Map.of("statement", "Still on the train", "next", "heads"));
        hands.settle();
        for (String head : Party.heads()) {
            answer(
                    task("decideOnCriteria", head),
                    head,
                    Map.of("answer", "accept", "comment", "good enough", "dossier", digest()));
        }
        hands.settle();
        assertThat(criteria.agreed(key)).isTrue();
        assertThat(visited("weighHeads")).isOne();
    }

    @Test
    void a_head_who_rejects_leads_to_the_executive_who_may_accept() throws Exception {
        toTheHeads();
        for (String head : Party.heads()) {
            String answer = head.equals("head-of-security") ? "reject" : "accept";
            answer(
                    task("decideOnCriteria", head),
                    head,
                    Map.of("answer", answer, "comment", "because", "dossier", digest()));
        }
        hands.settle();
        answer(
                open("ruleOnCriteria").get(0),
                "executive",
                Map.of("answer", "accept", "comment", "go", "dossier", digest()));
        hands.settle();
        assertThat(criteria.current(key).orElseThrow().settledBy()).contains("executive");
    }

    @Test
    void an_executive_who_rejects_ends_the_release() throws Exception {
        toTheHeads();
        hands.pass(Duration.ofMinutes(4 * 60 + 1));
        answer(
                open("ruleOnCriteria").get(0),
                "executive",
                Map.of("answer", "reject", "comment", "no", "dossier", digest()));
        hands.settle();
        assertThat(releases.get(key).state()).isEqualTo(ReleaseState.REJECTED);
    }

    @Test
    void contradicting_counter_proposals_are_settled_by_the_release_manager() throws Exception {
        for (String party : List.of("product", "operations")) {
            answer(
                    task("agreeOnCriteria", party),
                    party,
                    Map.of(
                            "answer",
                            "counter",
                            "dossier",
                            digest(),
                            "counterProposals",
                            List.of(Map.of(
                                    "criterion",
                                    errorRate(),
                                    "drop",
                                    false,
                                    "limit",
                                    party.equals("product") ? "<= 9 %" : "<= 1 %",
                                    "reason",
                                    "ours"))));
        }
        agree("security");
        hands.settle();
        List<String> proposals = criteria.current(key).orElseThrow().counterProposals().stream()
                .map(proposal -> String.valueOf(proposal.id()))
                .toList();
        answer(
                open("settleCriteria").get(0),
                "release-manager",
                Map.of("statement", "One it is", "next", "again", "proposals", proposals.subList(1, 2)));
        hands.settle();
        assertThat(criteria.current(key).orElseThrow().version()).isEqualTo(2);
        assertThat(open("agreeOnCriteria")).hasSize(3);
    }

    private void toTheHeads() {
        hands.pass(Duration.ofMinutes(8 * 60 + 1));
        hands.pass(Duration.ofMinutes(4 * 60 + 1));
    }

    private void agree(String party) throws Exception {
        answer(task("agreeOnCriteria", party), party, Map.of("answer", "agree", "dossier", digest()));
    }

    private void answer(Task task, String person, Map<String, Object> fields) throws Exception {
        hands.as(person, () -> {
            tasks.complete(task.getId(), new HashMap<>(fields));
            return null;
        });
    }

    private List<Task> open(String id) {
        return new ArrayList<>(tasks.createTaskQuery()
                .processInstanceBusinessKey(key)
                .taskDefinitionKey(id)
                .list());
    }

    private Task task(String id, String group) {
        return open(id).stream()
                .filter(task -> tasks.getIdentityLinksForTask(task.getId()).stream()
                        .map(IdentityLink::getGroupId)
                        .anyMatch(group::equals))
                .findFirst()
                .orElseThrow(() -> new AssertionError(id + " does not wait for " + group));
    }

    private long visited(String activity) {
        return history.createHistoricActivityInstanceQuery().activityId(activity).finished().list().stream()
                .filter(one -> history.createHistoricProcessInstanceQuery()
                                .processInstanceId(one.getProcessInstanceId())
                                .processInstanceBusinessKey(key)
                                .count()
                        > 0)
                .count();
    }

    private String digest() {
        return criteria.current(key).orElseThrow().digest();
    }

    private String errorRate() {
        return criteria.current(key).orElseThrow().criteria().stream()
                .filter(criterion -> criterion.binding().equals(MetricCriteria.ERROR_RATE))
                .map(criterion -> String.valueOf(criterion.number()))
                .findFirst()
                .orElseThrow();
    }

    private static OpenRelease request(String version) {
        return new OpenRelease(
                "checkout",
                version,
                "standard",
                "Criteria",
                "production",
                "6dcb09b5b57875f334f61aebed695e2e4193db5e",
                null,
                List.of("developer"),
                List.of(new Release.Artifact("registry.example/checkout", "sha256:" + "4".repeat(64))),
                Map.of("personalData", false),
                null,
                List.of(),
                null,
                List.of());
    }
}
