package dev.countersign.portfolio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyCollection;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.when;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Slo;
import dev.countersign.hotfix.Hotfixes;
import dev.countersign.identity.Actors;
import dev.countersign.identity.NotEntitled;
import dev.countersign.incident.Incidents;
import dev.countersign.incident.Tracking;
import dev.countersign.notice.ReleaseMail;
import dev.countersign.observe.SloStates;
import dev.countersign.release.ReleaseNotFound;
import dev.countersign.release.ReleaseOpening;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.ReleaseWithdrawal;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.rollout.ReportedDeployments;
import dev.countersign.schedule.Rotas;
import dev.countersign.schedule.Rotas.Duty;
import dev.countersign.schedule.Rotas.Turn;
import dev.countersign.workflow.PolicyChanges;
import dev.countersign.workflow.PolicyChanges.Change;
import dev.countersign.workflow.PolicyChanges.State;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.web.servlet.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.security.test.context.support.WithMockUser;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.MockMvc;

@Tag("M5.3")
@Tag("D3")
@WebMvcTest(
        controllers = {
            ReleasesPage.class,
            ReleasePage.class,
            ReleaseApi.class,
            ServicesPage.class,
            TasksPage.class,
            OperationsPage.class,
            ChangePage.class
        },
        properties = "countersign.sandbox.enabled=true")
@Import({ReleaseSearch.class, PendingChanges.class, HotfixFacts.class})
@WithMockUser(username = "qa")
class PagesTests {
    @Autowired
    private MockMvc mvc;

    @MockitoBean
    private WholeReleases whole;

    @MockitoBean
    private Fingerprints fingerprints;

    @MockitoBean
    private Charts charts;

    @MockitoBean
    private Diagrams diagrams;

    @MockitoBean
    private ReleaseMail mail;

    @MockitoBean
    private OpenTasks tasks;

    @MockitoBean
    private Catalog catalog;

    @MockitoBean
    private Releases releases;

    @MockitoBean
    private Incidents incidents;

    @MockitoBean
    private SloStates objectives;

    @MockitoBean
    private Rotas rotas;

    @MockitoBean
    private Hotfixes hotfixes;

    @MockitoBean
    private Tracking tracking;

    @MockitoBean
    private Actors actors;

    @MockitoBean
    private PlatformHealth health;

    @MockitoBean
    private PolicyChanges policyChanges;

    @MockitoBean
    private ReleaseOpening opening;

    @MockitoBean
    private ReleaseWithdrawal withdrawal;

    @MockitoBean
    private Timeline timeline;

    @MockitoBean
    private Clock clock;

    @MockitoBean
    private ReportedDeployments reported;

    @BeforeEach
    void setUp() {
        when(clock.instant()).thenReturn(SampleRelease.NOW);
        when(rotas.onDuty("checkout", SampleRelease.NOW)).thenReturn(Duty.NONE);
        when(catalog.services()).thenReturn(List.of(SampleRelease.service()));
        when(catalog.service("checkout")).thenReturn(Optional.of(SampleRelease.service()));
        when(catalog.slosOf("checkout"))
                .thenReturn(List.of(new Slo(
                        "checkout-latency", "checkout", "latency", 0.995, 300.0, Duration.ofDays(28), "sha256:12")));
        when(objectives.of("checkout"))
                .thenReturn(List.of(new SloStates.SloState(
                        "checkout-latency",
                        "latency",
                        0.995,
                        Duration.ofDays(28),
                        "OK",
                        0.99931,
                        0.862,
                        SampleRelease.NOW,
                        12_000,
                        List.of())));
        when(actors.current()).thenReturn("qa");
        when(actors.currentGroups()).thenReturn(Set.of("qa"));
    }

    @ParameterizedTest
    @EnumSource(ReleaseState.class)
    void a_release_page_shows_every_state(ReleaseState state) throws Exception {
        when(whole.of(SampleRelease.KEY)).thenReturn(SampleRelease.in(state));
        mvc.perform(get("/releases/{key}", SampleRelease.KEY))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("Whose move")))
                .andExpect(content().string(containsString("One-page checkout")))
                .andExpect(content().string(not(containsString("<script>"))));
    }

    @Test
    void it_leads_with_what_stands_between_it_and_production() throws Exception {
        when(whole.of(SampleRelease.KEY)).thenReturn(SampleRelease.in(ReleaseState.REVIEW));
        mvc.perform(get("/releases/{key}", SampleRelease.KEY))
                .andExpect(content().string(containsString("Waiting for 2 of 4 gates (sast, slo) and 2 of 4 seats")))
                .andExpect(content().string(containsString("Risk tier high: 2 rollbacks in 90 days")))
                .andExpect(content().string(containsString("Remind the seats")))
                .andExpect(content().string(containsString("/camunda/app/tasklist/default/#/?task=task-1")))
                .andExpect(content().string(containsString("not reachable")));
    }

    @Test
    void a_step_that_waits_for_its_promotion_says_whose_move_it_is() throws Exception {
        when(whole.of(SampleRelease.KEY)).thenReturn(SampleRelease.in(ReleaseState.ROLLING_OUT));
        mvc.perform(get("/releases/{key}", SampleRelease.KEY))
                .andExpect(content().string(containsString(", passed: a person promotes it")))
                .andExpect(content().string(containsString("5 % of the users are on it, passed")))
                .andExpect(content().string(containsString("release-manager or operations")));
    }

    @Test
    void a_rolled_back_release_says_how_long_it_took_against_its_budget() throws Exception {
        when(whole.of(SampleRelease.KEY)).thenReturn(SampleRelease.in(ReleaseState.ROLLED_BACK));
        mvc.perform(get("/releases/{key}", SampleRelease.KEY))
                .andExpect(content().string(containsString("after 0.4 s")))
                .andExpect(content().string(containsString("after 9.0 s")))
                .andExpect(content().string(containsString("within the budget")))
                .andExpect(content().string(containsString("INC-7")))
                .andExpect(
                        content()
                                .string(
                                        containsString(
                                                "Users are safe: back on the stable version after 0.4 s, proved after 9 s of 5 min; nobody has to act; seen at 2026-11-24 19:00:00 UTC by the platform: Error rate 20 % of 312 requests is over 5 %; done: ")));
    }

    @Test
    void a_rollback_that_failed_says_first_whether_users_are_safe_and_then_what_to_do() throws Exception {
        when(whole.of(SampleRelease.KEY)).thenReturn(SampleRelease.in(ReleaseState.ROLLBACK_FAILED));
        mvc.perform(get("/releases/{key}", SampleRelease.KEY))
                .andExpect(
                        content()
                                .string(
                                        containsString(
                                                "Users may still be on the candidate: the budget of 60 s ends at 2026-11-24 19:01:00 UTC; roll back by hand now: ")))
                .andExpect(
                        content()
                                .string(
                                        containsString(
                                                "seen at 2026-11-24 19:00:00 UTC by on-call: Carts are lost; nothing is done yet; failed: move traffic back: the router is down")));
    }

    @Test
    void the_live_part_is_sent_only_when_something_happened() throws Exception {
        when(whole.of(SampleRelease.KEY)).thenReturn(SampleRelease.in(ReleaseState.REVIEW));
        when(fingerprints.ofPage(SampleRelease.KEY)).thenReturn("abc-1");
        mvc.perform(get("/releases/{key}/live", SampleRelease.KEY))
                .andExpect(status().isOk())
                .andExpect(header().string("ETag", "\"abc-1\""))
                .andExpect(header().string("Cache-Control", containsString("no-cache")))
                .andExpect(content().string(containsString("data-part=\"gates\"")))
                .andExpect(content().string(not(containsString("<html"))));
        mvc.perform(get("/releases/{key}/live", SampleRelease.KEY).header("If-None-Match", "\"abc-1\""))
                .andExpect(status().isNotModified());
    }

    @Test
    void the_error_budget_is_asked_for_again_by_itself() throws Exception {
        when(whole.of(SampleRelease.KEY)).thenReturn(SampleRelease.in(ReleaseState.ROLLING_OUT));
        mvc.perform(get("/releases/{key}", SampleRelease.KEY))
                .andExpect(content().string(containsString("hx-get=\"/releases/" + SampleRelease.KEY + "/budget\"")));
        mvc.perform(get("/releases/{key}/budget", SampleRelease.KEY))
                .andExpect(status().isOk())
                .andExpect(header().string("Cache-Control", containsString("no-cache")))
                .andExpect(content().string(containsString("data-budget")))
                .andExpect(content().string(not(containsString("<html"))));
    }

    @Test
    void the_page_says_which_version_it_shows_so_that_the_first_question_is_answered_without_a_body() throws Exception {
        when(whole.of(SampleRelease.KEY)).thenReturn(SampleRelease.in(ReleaseState.REVIEW));
        when(fingerprints.ofPage(SampleRelease.KEY)).thenReturn("abc-1");
        mvc.perform(get("/releases/{key}", SampleRelease.KEY))
                .andExpect(content().string(containsString("data-shown=\"&quot;abc-1&quot;\"")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"chart", "diagram"})
    void chart_and_path_are_not_gathered_again_while_nothing_moved(String part) throws Exception {
        when(fingerprints.ofChart(SampleRelease.KEY)).thenReturn("7");
        when(fingerprints.ofPath(SampleRelease.KEY)).thenReturn("7");
        mvc.perform(get("/releases/{key}/" + part, SampleRelease.KEY))
                .andExpect(status().isOk())
                .andExpect(header().string("ETag", "\"7\""));
        org.mockito.Mockito.clearInvocations(charts, diagrams);
        mvc.perform(get("/releases/{key}/" + part, SampleRelease.KEY).header("If-None-Match", "\"7\""))
                .andExpect(status().isNotModified())
                .andExpect(content().string(""));
        org.mockito.Mockito.verifyNoInteractions(charts, diagrams);
    }

    @Test
    void what_was_learned_stands_on_the_page() throws Exception {
        when(whole.of(SampleRelease.KEY)).thenReturn(SampleRelease.in(ReleaseState.ROLLED_BACK));
        mvc.perform(get("/releases/{key}", SampleRelease.KEY))
                .andExpect(content().string(containsString("Rolled back as practised")))
                .andExpect(content().string(containsString("Ask the payment team")))
                .andExpect(content().string(containsString("The breaker was quick")))
                .andExpect(content().string(containsString("silent until the deadline")))
                .andExpect(content().string(containsString("2 effective")))
                .andExpect(content().string(containsString("1 not rated")))
                .andExpect(content().string(containsString("Add a test")));
    }

    @Test
    void the_mail_about_a_release_is_reached_from_its_page() throws Exception {
        when(whole.of(SampleRelease.KEY)).thenReturn(SampleRelease.in(ReleaseState.STABLE));
        when(mail.of(SampleRelease.KEY))
                .thenReturn(List.of(new ReleaseMail.Written(12, "decision", "GO: checkout 2.4.0", SampleRelease.NOW)));
        mvc.perform(get("/releases/{key}", SampleRelease.KEY))
                .andExpect(content().string(containsString("href=\"/mail/12\"")))
                .andExpect(content().string(containsString("GO: checkout 2.4.0")))
                .andExpect(content().string(containsString("href=\"/mail?release=checkout@2.4.0\"")));
    }

    @Test
    void the_list_groups_by_state_and_says_whose_move_it_is() throws Exception {
        when(releases.list(any())).thenReturn(List.of(SampleRelease.release(ReleaseState.REVIEW)));
        when(releases.count(any())).thenReturn(1L);
        when(tasks.ofAll(anyCollection())).thenReturn(Map.of(SampleRelease.KEY, SampleRelease.waiting()));
        mvc.perform(get("/").param("unit", "retail").param("state", "REVIEW,GATES"))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("qa, security")))
                .andExpect(content().string(containsString("id=\"state-REVIEW\"")));
    }

    @Test
    void an_empty_list_says_what_to_do_next() throws Exception {
        mvc.perform(get("/"))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("No release to show")));
    }

    @ParameterizedTest
    @CsvSource({
        "state,BOGUS,is no state",
        "from,yesterday,is no time",
        "to,+300000-01-01T00:00:00Z,is no time",
        "size,0,must be from 1",
        "page,-1,must not be"
    })
    void a_filter_that_means_nothing_is_refused_in_words(String name, String value, String why) throws Exception {
        mvc.perform(get("/api/releases").param(name, value))
                .andExpect(status().isUnprocessableEntity())
                .andExpect(jsonPath("$.errors[0].pointer").value("/" + name))
                .andExpect(jsonPath("$.detail").value(containsString(why)));
    }

    @Test
    void the_document_has_the_members_of_the_contract() throws Exception {
        when(whole.of(SampleRelease.KEY)).thenReturn(SampleRelease.in(ReleaseState.ROLLED_BACK));
        mvc.perform(get("/api/releases/{key}", SampleRelease.KEY))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.key").value(SampleRelease.KEY))
                .andExpect(jsonPath("$.state").value("ROLLED_BACK"))
                .andExpect(jsonPath("$.closed").value(false))
                .andExpect(jsonPath("$.requestedBy").value("ci"))
                .andExpect(jsonPath("$.dossier.digest").isNotEmpty())
                .andExpect(jsonPath("$.dossier.evidence[0].type").value("junit"))
                .andExpect(jsonPath("$.dossier.models.deployment").value("deployment-1"))
                .andExpect(jsonPath("$.gates[0].verdict").value("PASS"))
                .andExpect(jsonPath("$.review.decision").value("GO"))
                .andExpect(jsonPath("$.review.seats[0].role").value("developer"))
                .andExpect(jsonPath("$.rollout.plan.steps[0].share").value(0.05))
                .andExpect(jsonPath("$.rollout.split.wanted").value(0.0))
                .andExpect(jsonPath("$.rollback.budget").value("PT5M"))
                .andExpect(jsonPath("$.rollback.took").value("PT9S"))
                .andExpect(jsonPath("$.links.self").value("/api/releases/checkout@2.4.0"));
    }

    @Test
    void an_unknown_release_is_404() throws Exception {
        when(whole.of(anyString())).thenThrow(new ReleaseNotFound("x@1"));
        mvc.perform(get("/api/releases/x@1")).andExpect(status().isNotFound());
        mvc.perform(get("/releases/x@1")).andExpect(status().isNotFound());
    }

    @Test
    void my_tasks_lead_into_tasklist() throws Exception {
        when(tasks.answerableBy("qa", Set.of("qa"))).thenReturn(SampleRelease.waiting());
        mvc.perform(get("/tasks"))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("#/?task=task-1")))
                .andExpect(content().string(containsString("/releases/checkout@2.4.0")));
    }

    @Test
    @Tag("M5.4")
    void a_service_shows_who_is_on_duty_and_whom_its_rota_names_in_vain() throws Exception {
        when(rotas.onDuty("checkout", SampleRelease.NOW))
                .thenReturn(
                        new Duty(
                                "payments",
                                List.of(
                                        new Turn("on-call", "On call", 1, SampleRelease.NOW.plusSeconds(3600)),
                                        new Turn("on-call-2", "On call 2", 2, null)),
                                "The rota payments names whom the platform does not know in the group on-call: nobody@example.com"));
        mvc.perform(get("/services/checkout"))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("On call 2")))
                .andExpect(content().string(containsString("level 2")))
                .andExpect(content().string(containsString("nobody@example.com")));
    }

    @Test
    void a_service_shows_what_it_promises() throws Exception {
        mvc.perform(get("/services")).andExpect(content().string(containsString("team-checkout")));
        mvc.perform(get("/services/checkout"))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("99.5 %")))
                .andExpect(content().string(containsString("99.931 %")))
                .andExpect(content().string(containsString("86 %")));
        mvc.perform(get("/services/nothing")).andExpect(status().isNotFound());
    }

    @Test
    void operations_are_for_those_who_run_the_platform() throws Exception {
        when(health.now())
                .thenReturn(new PlatformHealth.Health("0.1.0", null, "7.24.0", 3, 0, 0, 0, 2, 1, 0, List.of()));
        mvc.perform(get("/operations"))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("last community release")))
                .andExpect(content().string(containsString("docs/operators.md")))
                .andExpect(content().string(containsString("no change waits for anybody")));
        org.mockito.Mockito.doThrow(new NotEntitled("no")).when(actors).require(any(), any(), any(), any(), any());
        mvc.perform(get("/operations")).andExpect(status().isForbidden());
    }

    @Test
    void operations_show_which_changes_of_policy_wait_since_when_and_for_whom() throws Exception {
        when(health.now())
                .thenReturn(new PlatformHealth.Health("0.1.0", null, "7.24.0", 3, 0, 0, 0, 2, 1, 0, List.of()));
        var waits = new Change(
                7,
                "models",
                "sha256:4f",
                State.AWAITING_APPROVAL,
                SampleRelease.NOW,
                List.of(),
                "owen",
                "<b>Longer</b>",
                null,
                null,
                null);
        var refused = new Change(
                8,
                "checklists",
                "sha256:5a",
                State.REFUSED,
                SampleRelease.NOW,
                List.of("it is empty"),
                null,
                null,
                null,
                null,
                null);
        when(policyChanges.open()).thenReturn(List.of(waits, refused));
        when(policyChanges.approvers(7)).thenReturn(List.of("process-owner", "compliance"));
        when(policyChanges.find(7)).thenReturn(Optional.of(waits));
        when(policyChanges.difference(7)).thenReturn("-<a>\n+<b>\n");
        var task = new Waiting(
                "task-9",
                "approvePolicyChange",
                "Approve the change",
                "policy-change/7",
                "policy-change",
                null,
                List.of("process-owner", "compliance"),
                50,
                SampleRelease.NOW,
                null,
                null,
                null);
        when(tasks.ofAll(List.of("policy-change/7", "policy-change/8")))
                .thenReturn(Map.of("policy-change/7", List.of(task)));
        mvc.perform(get("/operations"))
                .andExpect(content().string(containsString("/operations/changes/7")))
                .andExpect(content().string(containsString("/camunda/app/tasklist/default/#/?task=task-9")))
                .andExpect(content().string(containsString("process-owner or compliance</span><span>, but not owen")))
                .andExpect(content().string(containsString("it is empty")))
                .andExpect(content().string(containsString("nobody: mend the files")));
        mvc.perform(get("/operations/changes/7"))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("-&lt;a&gt;")))
                .andExpect(content().string(containsString("&lt;b&gt;Longer")));
        mvc.perform(get("/operations/changes/9")).andExpect(status().isNotFound());
        when(tasks.answerableBy(any(), any())).thenReturn(List.of(task));
        mvc.perform(get("/tasks")).andExpect(content().string(containsString("href=\"/operations/changes/7\"")));
    }

    @Test
    void criteria_are_judged_on_what_was_measured() {
        var verdicts = SampleRelease.in(ReleaseState.ROLLED_BACK).criterionVerdicts();
        assertThat(verdicts)
                .extracting(verdict -> verdict.verdict().name())
                .containsExactly("NO_DATA", "FAIL", "PASS", "PASS", "NO_DATA");
        assertThat(verdicts.get(1).measured()).isEqualTo("9.50 %");
        assertThat(verdicts.get(1).sample()).isEqualTo(600);
    }
}
