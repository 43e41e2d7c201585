package dev.countersign.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.release.ClearanceMissing;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.StateConflict;
import dev.countersign.review.Review;
import dev.countersign.workflow.TaskRefused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.camunda.bpm.engine.FormService;
import org.camunda.bpm.engine.task.IdentityLink;
import org.camunda.bpm.engine.task.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A hotfix from its opening to its review, on the real models, with the real gates, seats and clearance. */
@Tag("M6.7")
class HotfixRolloutTests extends RolloutTest {
    private static final String FIXES = "INC-7: carts are lost";
    private static final Map<String, Object> NEEDED =
            Map.of("needed", "yes", "finding", "Carts were lost; a day would have been too late", "actions", List.of());

    @Autowired
    private FormService forms;

    @AfterEach
    void reviewAll() {
        database.update("update hotfix_review set reviewed_at = current_timestamp where reviewed_at is null");
    }

    private String hotfix() throws Exception {
        String key = open("hotfix", FIXES, List.of("developer"));
        for (String file : List.of("junit.xml", "results.sarif")) {
            http.perform(post("/api/releases/{key}/evidence", key)
                            .queryParam("commit", "6dcb09b5b57875f334f61aebed695e2e4193db5e")
                            .contentType("application/octet-stream")
                            .content(Files.readAllBytes(Path.of("docs/tour", file)))
                            .with(httpBasic("ci", "ci")))
                    .andExpect(status().isCreated());
        }
        settle();
        return key;
    }

    @Override
    Map<String, Boolean> changes() {
        return Map.of(
                "externalEndpoints", false,
                "authentication", false,
                "personalData", false,
                "databaseMigration", false,
                "infrastructure", false,
                "apiContract", false);
    }

    /** Answers what is asked until somebody is to vote, or to watch. Says who was asked for what. */
    private Set<String> answerUntil(String key, String last) throws Exception {
        Set<String> asked = new java.util.TreeSet<>();
        for (int round = 0; round < 20 && open(key, last).isEmpty(); round++) {
            for (Task task :
                    tasks.createTaskQuery().processInstanceBusinessKey(key).list()) {
                asked.add(task.getTaskDefinitionKey());
                answer(task);
            }
            settle();
        }
        return asked;
    }

    private List<Task> open(String key, String task) {
        return tasks.createTaskQuery()
                .processInstanceBusinessKey(key)
                .taskDefinitionKey(task)
                .list();
    }

    private void answer(Task task) throws Exception {
        Map<String, Object> shown = forms.getTaskFormVariables(task.getId());
        Map<String, Object> fields = new HashMap<>();
        switch (task.getTaskDefinitionKey()) {
            case "signOff" -> {
                fields.put("dossier", String.valueOf(shown.get("dossier")));
                fields.put("decision", "approve");
            }
            case "tickChecklist" -> {
                JsonNode rows = json.readTree(String.valueOf(shown.get("items")));
                rows.forEach(row -> ((ObjectNode) row).put("ticked", true).put("evidence", "https://ci.example.org/7"));
                fields.put("items", json.writeValueAsString(rows));
                fields.put("seen", String.valueOf(shown.get("seen")));
            }
            case "voteOnReadiness" -> {
                fields.put("dossier", String.valueOf(shown.get("dossier")));
                fields.put("vote", "GO");
            }
            default -> throw new AssertionError("Nobody should be asked for " + task.getTaskDefinitionKey());
        }
        String form = Files.readString(Path.of("forms", task.getTaskDefinitionKey() + ".form"));
        fields.keySet().removeIf(field -> !form.contains('"' + field + '"'));
        String person = tasks.getIdentityLinksForTask(task.getId()).stream()
                .map(IdentityLink::getGroupId)
                .filter(group -> group != null)
                .findFirst()
                .orElseThrow();
        hands.as(person, () -> {
            tasks.complete(task.getId(), fields);
            return null;
        });
    }

    private void vote(String key) throws Exception {
        for (Task seat : open(key, "voteOnReadiness")) {
            answer(seat);
        }
        settle();
    }

    /** Approved by two and cleared, with somebody to watch. */
    private String rollingOutHotfix() throws Exception {
        String key = hotfix();
        answerUntil(key, "voteOnReadiness");
        vote(key);
        watch(key);
        assertThat(target.share).isEqualTo(0.1);
        return key;
    }

    /** A day after the decision has come; the timer of the model says so where it is asked to. */
    private void dayIsOver(String key, boolean timer) {
        OffsetDateTime past = OffsetDateTime.now(ZoneOffset.UTC).minusMinutes(1);
        database.update("update hotfix_approval set ends_at = ? where release_key = ?", past, key);
        database.update("update release_clearance set valid_until = ? where release_key = ?", past, key);
        if (timer) {
            String waiting = management
                    .createJobQuery()
                    .processInstanceId(instance(key, "hotfix-approval"))
                    .timers()
                    .singleResult()
                    .getId();
            management.executeJob(waiting);
            settle();
        }
    }

    private String stableHotfix() throws Exception {
        String key = rollingOutHotfix();
        for (int step = 0; step < 3; step++) {
            judge(key, "PASS", true);
        }
        assertThat(state(key)).isEqualTo(ReleaseState.STABILISING);
        // All users are on it: that its approval ends now takes nobody back.
        dayIsOver(key, true);
        assertThat(target.share).isEqualTo(1);
        judge(key, "PASS", true);
        assertThat(state(key)).isEqualTo(ReleaseState.STABLE);
        assertThat(told(key, "hotfix.approval-ended")).isEmpty();
        return key;
    }

    @Test
    void it_is_decided_by_two_without_negotiation_meeting_or_plan_and_for_a_day() throws Exception {
        String key = hotfix();
        Set<String> asked = answerUntil(key, "voteOnReadiness");

        assertThat(asked).containsExactlyInAnyOrder("signOff", "tickChecklist");
        assertThat(told(key, "criteria.agreed")).singleElement().asString().contains("as proposed");
        assertThat(open(key, "voteOnReadiness"))
                .extracting(task -> tasks.getVariable(task.getId(), "seat"))
                .containsExactlyInAnyOrder("security", "operations");
        assertThat(open(key, "voteOnReadiness"))
                .allMatch(task ->
                        Duration.between(clock.instant(), task.getDueDate().toInstant())
                                        .compareTo(Duration.ofHours(1))
                                <= 0);

        vote(key);
        assertThat(told(key, "hotfix.approved"))
                .singleElement()
                .asString()
                .contains("by operations, security", "hotfix-rules 1.0");
        Instant ends = database.queryForObject(
                        "select valid_until from release_clearance where release_key = ?", OffsetDateTime.class, key)
                .toInstant();
        assertThat(Duration.between(clock.instant(), ends)).isBetween(Duration.ofHours(23), Duration.ofHours(24));
        http.perform(get("/api/releases/{key}", key).with(httpBasic("ci", "ci")))
                .andExpect(jsonPath("$.fixes").value(FIXES))
                .andExpect(jsonPath("$.hotfix.approvals.length()").value(1))
                .andExpect(jsonPath("$.hotfix.approvalOver").value(false))
                .andExpect(jsonPath("$.hotfix.review").doesNotExist());

        database.update("update hotfix_approval set deciders = 'on-call,security' where release_key = ?", key);
        assertThatThrownBy(() -> watch(key)).hasMessageContaining("on-call decided on the hotfix");
        act(key, "abort", "release-manager", "The cause was elsewhere").andExpect(status().isOk());
        assertThat(runtime.createProcessInstanceQuery()
                        .processInstanceBusinessKey(key)
                        .processDefinitionKey("hotfix-approval")
                        .count())
                .as("nothing is left of its approval")
                .isZero();
        assertThat(isOpen(key, "reviewHotfix")).as("no user was on it").isFalse();
    }

    /** The contract asks nobody for it: who names nothing is told on by those words, and not refused in the middle of an incident. */
    @Test
    void one_that_does_not_say_what_it_answers_is_known_by_that() throws Exception {
        String key = open("hotfix", " ", List.of("developer"));
        assertThat(releases.get(key).fixes()).isNull();
        assertThat(releases.get(key).answers()).isEqualTo("nothing that was named; its summary: One-page checkout");
    }

    @Test
    void after_a_day_nothing_goes_forward_and_it_is_decided_anew() throws Exception {
        String key = rollingOutHotfix();

        dayIsOver(key, false);
        assertThatThrownBy(() -> traffic.forward(key))
                .isInstanceOf(ClearanceMissing.class)
                .hasMessageContaining("has ended by its time");
        assertThatThrownBy(() -> clearances.grant(key))
                .isInstanceOf(StateConflict.class)
                .hasMessageContaining("the approval of this hotfix ended at");
        http.perform(get("/api/deployments/allowed")
                        .queryParam("service", "checkout")
                        .queryParam(
                                "digest", releases.get(key).artifacts().get(0).digest())
                        .queryParam("environment", "production")
                        .with(httpBasic("ci", "ci")))
                .andExpect(jsonPath("$.allowed").value(false))
                .andExpect(jsonPath("$.reasons", hasItem(containsString("has ended by its time"))));

        dayIsOver(key, true);
        assertThat(target.share).isZero();
        assertThat(told(key, "hotfix.approval-ended")).hasSize(1);
        assertThat(told(key, "vote.voided")).hasSize(2);
        answerUntil(key, "voteOnReadiness");
        assertThat(state(key)).isEqualTo(ReleaseState.REVIEW);
        assertThat(isCleared(key)).isFalse();

        vote(key);
        assertThat(told(key, "hotfix.approved")).hasSize(2);
        assertThat(isCleared(key)).isTrue();
    }

    @Test
    void the_same_votes_counted_once_more_make_an_approval_no_younger() throws Exception {
        String key = rollingOutHotfix();
        transaction.executeWithoutResult(status -> events.publishEvent(
                new Review.Decided(key, clock.instant().plus(Duration.ofHours(20)), Set.of("security", "operations"))));
        assertThat(database.queryForList("select distinct ends_at from hotfix_approval where release_key = ?", key))
                .as("the day counts from the first approval")
                .hasSize(1);
        assertThat(database.queryForObject(
                        "select count(*) from hotfix_approval where release_key = ?", Integer.class, key))
                .isEqualTo(2);

        dayIsOver(key, false);
        transaction.executeWithoutResult(status ->
                events.publishEvent(new Review.Decided(key, clock.instant(), Set.of("security", "operations"))));

        assertThat(database.queryForList(
                        "select ends_at from hotfix_approval where release_key = ? and ends_at > current_timestamp",
                        key))
                .isEmpty();
        settle();
        assertThat(target.share)
                .as("the timer of the second approval was due at once")
                .isZero();
    }

    @Test
    void until_it_is_reviewed_by_others_the_next_release_is_not_cleared_and_the_next_hotfix_is() throws Exception {
        String key = stableHotfix();
        String next = open();
        String another = open("hotfix", "INC-8: the fix of carts slows payments", List.of("developer"));

        assertThat(isOpen(key, "reviewHotfix")).isTrue();
        assertThatThrownBy(() -> clearances.grant(next)).hasMessageContaining(key + ", due");
        assertThatThrownBy(() -> clearances.grant(another)).message().doesNotContain("not reviewed");
        http.perform(get("/api/deployments/allowed")
                        .queryParam("service", "checkout")
                        .queryParam(
                                "digest", releases.get(next).artifacts().get(0).digest())
                        .queryParam("environment", "production")
                        .with(httpBasic("ci", "ci")))
                .andExpect(jsonPath("$.allowed").value(false))
                .andExpect(jsonPath("$.reasons", hasItem(containsString("a hotfix of checkout is not reviewed yet"))));

        tasks.addCandidateGroup(open(key, "reviewHotfix").get(0).getId(), "operations");
        assertThatThrownBy(() -> hands.answer(key, "reviewHotfix", "operations", NEEDED))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining("operations decided on " + key);
        hands.answer(key, "reviewHotfix", "sre", NEEDED);
        settle();

        assertThat(told(key, "hotfix.reviewed")).singleElement().asString().contains("was needed");
        assertThatThrownBy(() -> clearances.grant(next)).message().doesNotContain("not reviewed");
        http.perform(get("/api/releases/{key}", key).with(httpBasic("ci", "ci")))
                .andExpect(jsonPath("$.hotfix.review.reviewedBy").value("sre"))
                .andExpect(jsonPath("$.hotfix.review.needed").value(true));
    }
}
