package dev.countersign.hotfix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.countersign.DatabaseTest;
import dev.countersign.Engine.Hands;
import dev.countersign.OpenedReleases;
import dev.countersign.gate.Gates;
import dev.countersign.incident.Tracking;
import dev.countersign.release.Clearances;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.TaskRefused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.FormService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.task.IdentityLink;
import org.camunda.bpm.engine.task.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.transaction.support.TransactionTemplate;

/** What a hotfix owes when it is over. */
@DatabaseTest
@Tag("M6.7")
class HotfixReviewTests {
    @Autowired
    private MockMvc http;

    @Autowired
    private JdbcClient db;

    @Autowired
    private OpenedReleases opened;

    @Autowired
    private Releases releases;

    @Autowired
    private Dossiers dossiers;

    @Autowired
    private Clearances clearances;

    @Autowired
    private Hotfixes hotfixes;

    @Autowired
    private Tracking tracking;

    @Autowired
    private Gates gates;

    @Autowired
    private Timeline timeline;

    @Autowired
    private TaskService tasks;

    @Autowired
    private FormService forms;

    @Autowired
    private TransactionTemplate transaction;

    @Autowired
    private Hands hands;

    private String key;

    @AfterEach
    void leaveNothing() {
        hands.resetTime();
        db.sql("update hotfix_review set reviewed_at = current_timestamp where reviewed_at is null")
                .update();
        db.sql("update tracked_action set done_at = current_timestamp where done_at is null")
                .update();
    }

    /** A hotfix of a service of production, spared its licences, that users were on when it came to this end. */
    private void over(ReleaseState end) {
        key = opened.withoutProcess("inventory", "hotfix", "high", "developer").key();
        OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC);
        db.sql(
                        "insert into gate (release_key, name, required, owner, reads_, rule, place) values (?, 'licences', 'afterwards', 'legal',"
                                + " 'cyclonedx,spdx', 'put off: looked at in the review', 0)")
                .param(key)
                .update();
        db.sql("insert into hotfix_approval (release_key, decided_at, ends_at, deciders, rule_version)"
                        + " values (?, ?, ?, 'operations,sre', '1.0')")
                .params(key, now, now.plusHours(24))
                .update();
        db.sql(
                        "insert into rollout (release_key, service, candidate, baseline, plan, plan_version, status, status_because, step, wanted,"
                                + " actual, epoch, started_at) values (?, 'inventory', 'sha256:aa', 'sha256:bb', ?, '1.0', 'COMPLETE', null, 1, 1, 1, 1, ?)")
                .params(
                        key,
                        "{\"steps\":[],\"stabilisationWindow\":\"PT1H\",\"stabilisationMaximum\":\"PT1H\",\"triggers\":null,\"version\":\"1.0\"}",
                        now)
                .update();
        transaction.executeWithoutResult(status -> releases.enter(key, end, null));
        hands.settle();
    }

    private ResultActions send(String file) throws Exception {
        return http.perform(post("/api/releases/{key}/evidence", key)
                .queryParam("commit", OpenedReleases.COMMIT)
                .contentType("application/octet-stream")
                .content(Files.readString(Path.of("docs/tour", file)).replace("\"checkout\"", "\"inventory\""))
                .with(httpBasic("ci", "ci")));
    }

    private static Map<String, Object> found(String needed, Object... actions) {
        return new HashMap<>(
                Map.of("needed", needed, "finding", "Stock was wrong for an hour", "actions", List.of(actions)));
    }

    private static Map<String, Object> action(int days) {
        return Map.of(
                "text", "Alert on wrong stock",
                "type", "detect",
                "ownerIs", "group",
                "owner", "sre",
                "due", LocalDate.now(ZoneOffset.UTC).plusDays(days).toString());
    }

    private void review(String person, Map<String, Object> answer) throws Exception {
        hands.answer(key, "reviewHotfix", person, answer);
        hands.settle();
    }

    private Task only(String task) {
        return tasks.createTaskQuery()
                .processInstanceBusinessKey(key)
                .taskDefinitionKey(task)
                .singleResult();
    }

    private List<String> groupsOf(Task task) {
        return tasks.getIdentityLinksForTask(task.getId()).stream()
                .map(IdentityLink::getGroupId)
                .toList();
    }

    private long told(String type) {
        return timeline.of(key).stream()
                .filter(entry -> entry.type().equals(type))
                .count();
    }

    private List<String> mails(String kind) {
        return db.sql("select groups_ || ' | ' || subject from mail where release_key = ? and kind = ? order by id")
                .params(key, kind)
                .query(String.class)
                .list();
    }

    @Test
    void the_review_sees_what_persons_attributed_to_the_service_too() throws Exception {
        over(ReleaseState.STABLE);
        OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC);
        db.sql(
                        "insert into reported_incident (source, source_id, number_, title, service, status, started_at, changed_at, sender, received_at,"
                                + " escalations, release_key, attributed_by, attributed_at, attributed_because)"
                                + " values ('pagerduty', ?, '1234', 'Stock is negative', 'inventory', 'RESOLVED', ?, ?, 'pagerduty', ?, 0, ?, 'operations', ?, 'seen')")
                .params(key, now, now, now, key, now)
                .update();
        String task = only("reviewHotfix").getId();
        var shown = hands.as("facilitator", () -> forms.getTaskFormVariables(task));
        assertThat(shown.get("incidents").toString())
                .contains("pagerduty 1234", "attributed", "Stock is negative", key);
    }

    @Test
    void what_it_was_spared_is_made_up_for_before_the_review_is_done() throws Exception {
        over(ReleaseState.STABLE);
        String decidedOn = releases.get(key).materialDigest();
        assertThatThrownBy(() -> review("facilitator", found("yes")))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining("licences is NO_DATA");

        send("bom.json").andExpect(status().isCreated());
        assertThat(gates.find(key, "licences").orElseThrow().evidence()).isNotNull();
        assertThat(releases.get(key).materialDigest())
                .as("what people decided on stays what it was")
                .isEqualTo(decidedOn);
        if (!gates.find(key, "licences").orElseThrow().isGood()) {
            assertThatThrownBy(() -> review("facilitator", found("yes")))
                    .hasMessageContaining("It failed afterwards at licences");
        }
        review("facilitator", found("yes", action(10)));

        assertThat(hotfixes.unreviewed("inventory")).isEmpty();
        assertThat(told("hotfix.reviewed")).isEqualTo(1);
        send("junit.xml").andExpect(status().isConflict());
    }

    @Test
    void nobody_who_decided_wrote_or_requested_it_reviews_it() throws Exception {
        over(ReleaseState.ROLLED_BACK);
        assertThatThrownBy(() -> review("sre", found("yes"))).hasMessageContaining("decided on");
        String task = only("reviewHotfix").getId();
        for (String group : List.of("developer", "release-manager", "qa")) {
            tasks.addCandidateGroup(task, group);
        }
        assertThatThrownBy(() -> review("developer", found("yes"))).hasMessageContaining("wrote or requested");
        assertThatThrownBy(() -> review("release-manager", found("yes"))).hasMessageContaining("wrote or requested");
        assertThatThrownBy(() -> review("qa", found("yes"))).hasMessageContaining("no group that reviews");
        review("facilitator", found("yes"));
        assertThat(told("hotfix.reviewed")).isEqualTo(1);
    }

    @Test
    void one_that_was_not_needed_asks_for_an_action_which_is_tracked_until_it_is_done() throws Exception {
        over(ReleaseState.ROLLED_BACK);
        assertThatThrownBy(() -> review("facilitator", found("no"))).hasMessageContaining("at least one action");
        review("facilitator", found("no", action(10)));

        assertThat(tracking.ofRelease(key)).singleElement().satisfies(open -> {
            assertThat(open.owner()).isEqualTo("sre");
            assertThat(open.doneAt()).isNull();
        });
        assertThat(groupsOf(only("completeTrackedAction"))).containsExactly("sre");
        http.perform(get("/releases/{key}", key).with(user("operations")))
                .andExpect(content().string(containsString("It was not needed")))
                .andExpect(content().string(containsString("Alert on wrong stock")));
        http.perform(get("/services/inventory").with(user("operations")))
                .andExpect(content().string(containsString("review of a hotfix")));
        http.perform(get("/api/services/inventory").with(httpBasic("ci", "ci")))
                .andExpect(jsonPath("$.trackedActions[0].owner").value("sre"))
                .andExpect(jsonPath("$.rollbackFrequency.rollbacks").exists());
        hands.pass(Duration.ofDays(9));
        assertThat(mails("reminder")).singleElement().asString().contains("sre | Due");
        hands.pass(Duration.ofDays(3));
        assertThat(told("action.overdue")).isPositive();
        assertThat(only("completeTrackedAction").getPriority()).isEqualTo(70);
        assertThatThrownBy(() -> hands.answer(key, "completeTrackedAction", "qa", Map.of("result", "done by me")))
                .isInstanceOf(org.camunda.bpm.engine.AuthorizationException.class);
        hands.answer(key, "completeTrackedAction", "sre", Map.of("result", "Alert StockWrong"));
        assertThat(tracking.ofRelease(key)).allMatch(open -> open.doneAt() != null);
        assertThat(told("action.done")).isEqualTo(1);
    }

    @Test
    void one_that_is_late_is_asked_for_and_goes_up_until_it_is_done() throws Exception {
        over(ReleaseState.ROLLED_BACK);
        assertThat(mails("action")).singleElement().asString().contains("Please review the hotfix");
        hands.pass(Duration.ofHours(13));
        assertThat(mails("reminder")).hasSize(1);
        assertThat(mails("escalation")).isEmpty();

        hands.pass(Duration.ofHours(12));
        assertThat(mails("escalation")).singleElement().asString().contains("head-of-operations", "head-of-product");
        assertThat(only("reviewHotfix").getPriority()).isEqualTo(80);
        assertThat(groupsOf(only("reviewHotfix"))).contains("head-of-product");
        hands.pass(Duration.ofHours(12));
        assertThat(only("reviewHotfix").getPriority()).isEqualTo(100);
        assertThat(hotfixes.unreviewed("inventory"))
                .singleElement()
                .satisfies(review -> assertThat(review.escalations()).isEqualTo(2));

        review("head-of-product", found("yes"));
        assertThat(hotfixes.unreviewed("inventory")).isEmpty();
    }

    @Test
    void what_was_cleared_before_waits_too_and_says_why() throws Exception {
        Release cleared = opened.withoutProcess("inventory", "standard", "standard", "developer");
        db.sql("insert into release_clearance (release_key, material_digest, granted_at) values (?, ?, ?)")
                .params(cleared.key(), dossiers.anew(cleared.key()).digest(), OffsetDateTime.now(ZoneOffset.UTC))
                .update();
        clearances.require(cleared.key());

        over(ReleaseState.STABLE);
        assertThatThrownBy(() -> clearances.require(cleared.key())).isInstanceOf(StateConflict.class);
        assertThat(hotfixes.blocks(cleared).orElseThrow()).contains(key, "the next release waits");
        http.perform(get("/services/inventory").with(user("operations")))
                .andExpect(content().string(containsString("is not reviewed yet")));
        http.perform(get("/releases/{key}", cleared.key()).with(user("operations")))
                .andExpect(content().string(containsString("It cannot be cleared")));
        http.perform(get("/releases/{key}", key).with(user("operations")))
                .andExpect(content().string(containsString("Until it is done no ordinary release of")));
        db.sql("update release set state = 'ABORTED' where key_ = ?")
                .param(cleared.key())
                .update();
    }

    @Test
    void a_third_hotfix_in_a_row_is_no_exception_any_more() {
        over(ReleaseState.STABLE);
        Release second = opened.withoutProcess("inventory", "hotfix", "high", "developer");
        assertThat(hotfixes.blocks(second)).isEmpty();
        over(ReleaseState.STABLE);
        assertThat(hotfixes.blocks(second).orElseThrow()).contains("2 hotfixes of inventory are not reviewed yet");
    }

    @Test
    @Tag("M6.5")
    void a_service_that_is_chronically_unstable_says_so_until_it_is_repaired() throws Exception {
        Release release = opened.withoutProcess("inventory", "standard", "standard", "developer");
        transaction.executeWithoutResult(status -> tracking.open(
                release,
                Tracking.Origin.INSTABILITY,
                "inventory is chronically unstable: three or more rollbacks in 90 days",
                List.of(new Tracking.Wanted(
                        "Repair it", "sre", true, Instant.now().plus(Duration.ofDays(14))))));
        key = release.key();
        http.perform(get("/services/inventory").with(user("operations")))
                .andExpect(content().string(containsString("inventory is chronically unstable")));
        hands.answer(key, "completeTrackedAction", "sre", Map.of("result", "Stock is locked while it is counted"));
        http.perform(get("/services/inventory").with(user("operations")))
                .andExpect(content().string(not(containsString("chronically unstable"))));
    }

    @Test
    void one_that_no_user_was_on_owes_no_review() {
        Release given = opened.withoutProcess("inventory", "hotfix", "high", "developer");
        transaction.executeWithoutResult(status -> releases.enter(given.key(), ReleaseState.ABORTED, null));
        assertThat(hotfixes.unreviewed("inventory")).isEmpty();
        assertThat(hotfixes.of(given).orElseThrow().review()).isNull();
    }
}
