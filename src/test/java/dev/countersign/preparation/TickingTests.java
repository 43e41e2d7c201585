package dev.countersign.preparation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import dev.countersign.workflow.TaskRefused;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.task.Task;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@Tag("M1.4")
class TickingTests extends PreparationCase {
    private static final String LINK = "https://ci.example.org/runs/7";
    private static final String REPORT = "<testsuite name=\"s\"><testcase name=\"%s\"/></testsuite>";

    @Autowired
    private Preparedness preparedness;

    @Test
    void each_role_ticks_its_own_items_and_the_release_shows_who_did() throws Exception {
        start();
        assertThat(open()).containsExactly("planCommunication", "tickChecklist/operations", "tickChecklist/qa");
        assertThat(rows(task("tickChecklist", "qa"), "items"))
                .extracting(row -> row.get("item"))
                .containsExactly("tests-cover-the-change", "exploratory-test-done", "load-tested");
        assertThat(document().at("/waitingFor"))
                .as("the deadline of the whole preparation shows at each task")
                .hasSize(3)
                .allSatisfy(
                        task -> assertThat(task.path("escalatesTo").asText()).isEqualTo("Remind those who are asked"));
        assertThat(preparedness.missing(current(), "digest"))
                .hasSize(7)
                .contains("the communication plan is not final");

        tick("qa", "qa", LINK);
        tick("operations", "operations", LINK);
        assertThat(preparedness.missing(current(), "digest")).containsExactly("the communication plan is not final");
        plan();

        assertThat(ended()).isEqualTo("releaseIsPrepared");
        assertThat(outcome("prepared")).isEqualTo(true);
        assertThat(preparedness.missing(current(), "digest")).isEmpty();
        assertThat(timelineOf("checklist.ticked"))
                .containsExactly(
                        "3 items of qa on the checklist 'critical' were ticked",
                        "3 items of operations on the checklist 'critical' were ticked");
        var document = document();
        String version = document.at("/dossier/checklist").asText();
        assertThat(http.perform(get("/api/catalog/checklists").with(httpBasic("auditor", "auditor")))
                        .andReturn()
                        .getResponse()
                        .getContentAsString(StandardCharsets.UTF_8))
                .as("the exact version is one that the catalog has")
                .contains(version);
        assertThat(version).matches("sha256:[0-9a-f]{64}");
        assertThat(document.at("/dossier/parts/checklist/material").asBoolean()).isTrue();
        assertThat(document.at("/preparation/checklist/items"))
                .filteredOn(item -> item.path("id").asText().equals("load-tested"))
                .singleElement()
                .satisfies(item -> {
                    assertThat(item.path("tickedBy").asText()).isEqualTo("qa");
                    assertThat(item.path("evidence").asText()).isEqualTo(LINK);
                });
        assertThat(document.at("/preparation/checklist/items"))
                .filteredOn(item -> item.path("role").asText().equals("compliance"))
                .allSatisfy(item -> assertThat(item.path("asked").asBoolean()).isFalse());
        assertThat(http.perform(get("/releases/{key}", key).with(httpBasic("auditor", "auditor")))
                        .andReturn()
                        .getResponse()
                        .getStatus())
                .isNotEqualTo(500);
    }

    @Test
    void what_is_prepared_is_not_asked_again() throws Exception {
        start();
        tick("qa", "qa", LINK);
        tick("operations", "operations", LINK);
        plan();
        start();
        assertThat(ended()).isEqualTo("releaseIsPrepared");
        assertThat(timelineOf("preparation.asked")).hasSize(1);
    }

    @Test
    void nobody_ticks_for_another_role() throws Exception {
        start();
        for (String stranger : List.of("operations", "product", "developer", "admin", "release-manager")) {
            assertThatThrownBy(() -> tick("qa", stranger, LINK)).isInstanceOf(ProcessEngineException.class);
        }
        assertThat(open()).contains("tickChecklist/qa");
        assertThat(timelineOf("checklist.ticked")).isEmpty();
    }

    @Test
    void whoever_wrote_the_release_ticks_nothing_but_what_developers_answer_for() throws Exception {
        release("checkout", "standard", "qa");
        start();
        assertThatThrownBy(() -> tick("qa", "qa", LINK))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining("'qa' wrote");
        tick("qa", "qa-2", LINK);
        assertThat(open()).doesNotContain("tickChecklist/qa");
    }

    @Test
    void an_item_without_its_tick_or_its_evidence_is_named_in_the_refusal() throws Exception {
        start();
        Task task = task("tickChecklist", "qa");
        Object seen = shown(task, "seen");
        List<Map<String, Object>> rows = rows(task, "items");
        rows.forEach(row -> row.put("ticked", true));
        assertThatThrownBy(() -> answer(task, "qa", Map.of("items", rows, "seen", seen)))
                .hasMessageContaining(
                        "'Someone who did not write the change has used it in staging.' needs its evidence");
        rows.forEach(row -> row.put("evidence", LINK));
        rows.get(0).put("ticked", false);
        assertThatThrownBy(() -> answer(task, "qa", Map.of("items", rows, "seen", seen)))
                .hasMessageContaining("Not ticked: 'New behaviour has automated tests");
        assertThatThrownBy(() -> answer(task, "qa", Map.of("items", rows.subList(1, 3), "seen", seen)))
                .hasMessageContaining("Not ticked: 'New behaviour has automated tests");
        List<Map<String, Object>> another = new ArrayList<>(rows);
        another.add(Map.of("item", "runbook-current", "ticked", true));
        assertThatThrownBy(() -> answer(task, "qa", Map.of("items", another, "seen", seen)))
                .hasMessageContaining("not 'runbook-current'");
        assertThat(timelineOf("checklist.ticked")).isEmpty();
    }

    @Test
    void evidence_is_a_link_or_a_document_of_this_release() throws Exception {
        start();
        for (String bad :
                List.of("tested", "javascript:alert(1)", "https://me:secret@x.org/", "f".repeat(64), "https:"))
            assertThatThrownBy(() -> tick("qa", "qa", bad)).hasMessageContaining("is neither a link");
        upload(REPORT.formatted("a"), 201);
        String sha = document().at("/dossier/evidence/0/sha256").asText();
        tick("qa", "qa", "sha256:" + sha);
        assertThat(document().at("/preparation/checklist/items"))
                .filteredOn(item -> item.path("role").asText().equals("qa"))
                .allSatisfy(item -> assertThat(item.path("document").asText()).isEqualTo(sha));
    }

    @Test
    void a_tick_is_void_when_what_its_role_saw_changes_and_is_asked_for_again() throws Exception {
        upload(REPORT.formatted("a"), 201);
        start();
        Task stale = task("tickChecklist", "operations");
        tick("qa", "qa", LINK);
        upload(REPORT.formatted("b"), 201);
        assertThat(timelineOf("checklist.voided"))
                .singleElement()
                .asString()
                .contains("What qa ticked is void", "evidence.junit");
        assertThat(stale.getId())
                .as("test reports concern no one in operations")
                .isEqualTo(task("tickChecklist", "operations").getId());
        tick("operations", "operations", LINK);
        plan();
        assertThat(open()).containsExactly("tickChecklist/qa");
        tick("qa", "qa", LINK);
        assertThat(ended()).isEqualTo("releaseIsPrepared");
    }

    @Test
    void an_answer_to_what_was_seen_before_a_change_is_refused() throws Exception {
        start();
        Task task = task("tickChecklist", "qa");
        List<Map<String, Object>> rows = rows(task, "items");
        rows.forEach(row -> row.putAll(Map.of("ticked", true, "evidence", LINK)));
        Object before = shown(task, "seen");
        upload(REPORT.formatted("a"), 201);
        assertThatThrownBy(() -> answer(task, "qa", Map.of("items", rows, "seen", before)))
                .isInstanceOf(TaskRefused.class)
                .hasMessageContaining("has changed since you opened the task");
    }

    @Test
    void silence_is_reminded_of_escalated_and_prepares_nothing() throws Exception {
        start();
        hands.pass(Duration.ofHours(5));
        assertThat(db.sql("select groups_ from mail where release_key = ? and kind = 'reminder'")
                        .param(key)
                        .query(String.class)
                        .list())
                .containsExactly("operations product qa");
        hands.pass(Duration.ofHours(20));
        assertThat(open()).containsExactly("decideMissingPreparation");
        Task late = task("decideMissingPreparation", null);
        assertThat(rows(late, "missing")).hasSize(7);
        assertThatThrownBy(() -> answer(late, "qa", Map.of("decision", "extend", "reason", "ill")))
                .isInstanceOf(ProcessEngineException.class);
        answer(late, "head-of-product", Map.of("decision", "extend", "reason", "ill"));
        assertThat(open()).hasSize(3);
        hands.pass(Duration.ofHours(25));
        assertThat(open()).containsExactly("decideMissingPreparation");
        hands.pass(Duration.ofHours(25));
        assertThat(ended()).isEqualTo("releaseIsNotPrepared");
        assertThat(outcome("prepared")).isEqualTo(false);
        assertThat(timelineOf("preparation.missed")).singleElement().asString().contains("qa has not ticked");
    }

    @Test
    void a_service_without_a_checklist_waits_for_a_person() throws Exception {
        release("unlisted", "standard", "developer");
        start();
        plan(
                "final",
                List.of(message("internal", "support", "stable"), message("external", "a@example.org", "stable")));
        assertThat(open()).containsExactly("decideMissingPreparation");
        assertThat(preparedness.missing(current(), "digest")).containsExactly("no checklist applies to unlisted");
        answer(
                task("decideMissingPreparation", null),
                "release-manager",
                Map.of("decision", "stop", "reason", "It has none"));
        assertThat(ended()).isEqualTo("releaseIsNotPrepared");
    }
}
