package dev.countersign.incident.reported;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.DatabaseTest;
import dev.countersign.Engine.Hands;
import dev.countersign.OpenedReleases;
import dev.countersign.incident.AttributedIncidents;
import dev.countersign.incident.ReportedIncidents;
import dev.countersign.incident.ReportedIncidents.Reported;
import dev.countersign.incident.ReportedIncidents.Status;
import dev.countersign.release.BegunRollouts;
import dev.countersign.release.Release;
import dev.countersign.release.RiskFacts;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.ModelDeployment;
import dev.countersign.workflow.Processes;
import dev.countersign.workflow.TaskRefused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.camunda.bpm.engine.AuthorizationException;
import org.camunda.bpm.engine.FormService;
import org.camunda.bpm.engine.ManagementService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.task.IdentityLink;
import org.camunda.bpm.engine.task.Task;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.UserRequestPostProcessor;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;

/** Incidents come in, and a person says which release caused them. */
@DatabaseTest
@Tag("E4")
class IncidentWebhookTests {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String SERVICE = "checkout";

    @Autowired
    private MockMvc http;

    @Autowired
    private OpenedReleases opened;

    @Autowired
    private ReportedIncidents incidents;

    @Autowired
    private AttributedIncidents attributed;

    @Autowired
    private ReportedIncidentStore store;

    @Autowired
    private AttributionQuestions questions;

    @Autowired
    private ReportedProperties properties;

    @Autowired
    private BegunRollouts rollouts;

    @Autowired
    private Attributors attributors;

    @Autowired
    private AttributionMail mail;

    @Autowired
    private Processes processes;

    @Autowired
    private Timeline timeline;

    @Autowired
    private TaskService tasks;

    @Autowired
    private FormService forms;

    @Autowired
    private ManagementService jobs;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private Hands hands;

    @Autowired
    @Qualifier("incidentRisk")
    private RiskFacts risk;

    private static String secret(String system) {
        return system + "-" + DatabaseTest.INCIDENTS_SECRET;
    }

    private static String hmac(String secret, byte[] body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(body));
    }

    private static byte[] sample(String name) throws IOException {
        return Files.readAllBytes(Path.of("src/test/resources/incidents").resolve(name));
    }

    private MockHttpServletResponse send(byte[] body, String header, String value) throws Exception {
        MockHttpServletRequestBuilder request =
                post("/api/webhooks/incidents").contentType("application/json").content(body);
        return http.perform(header == null ? request : request.header(header, value))
                .andReturn()
                .getResponse();
    }

    private JsonNode own(String body) throws Exception {
        MockHttpServletResponse answer = send(
                body.replace('\'', '"').getBytes(StandardCharsets.UTF_8), "Authorization", "Bearer " + secret("own"));
        assertThat(answer.getStatus()).as(answer.getContentAsString()).isEqualTo(200);
        hands.settle();
        return JSON.readTree(answer.getContentAsString()).get("incidents");
    }

    /** An incident of our own form, begun an hour ago unless it is said otherwise. */
    private static String incident(String id, String service, Instant began, String more) {
        return "{'id':'%s','title':'Payments time out','service':'%s','startedAt':'%s'%s}"
                .formatted(id, service, began, more);
    }

    private static String id() {
        return "own-" + NUMBER.incrementAndGet();
    }

    private static Instant hoursAgo(int hours) {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofHours(hours));
    }

    /** A release whose rollout began then. */
    private Release rolledOut(String author, Instant began) {
        return rolledOut(SERVICE, author, began);
    }

    private Release rolledOut(String service, String author, Instant began) {
        Release release = opened.withoutProcess(service, "standard", "critical", author);
        jdbc.sql(
                        """
                        insert into rollout (release_key, service, candidate, baseline, plan, plan_version, status, step, wanted, epoch, started_at)
                        values (?, ?, 'sha256:c', 'sha256:b', '{"steps": [], "version": "1.0"}', '1.0', 'COMPLETE', 1, 1, 1, ?)
                        """)
                .params(release.key(), service, began.atOffset(ZoneOffset.UTC))
                .update();
        return release;
    }

    private Task task(String key) {
        return tasks.createTaskQuery().processInstanceBusinessKey(key).singleResult();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "pagerduty, pagerduty-webhook.json, X-PagerDuty-Signature, v1=",
        "pagerduty, pagerduty-list.json, X-Countersign-Signature, sha256=",
        "servicenow, servicenow-record.json, X-Countersign-Signature, sha256=",
        "jira, jira-webhook.json, X-Hub-Signature, sha256=",
        "own, own-form.json, X-Countersign-Signature, sha256="
    })
    void a_system_is_known_by_its_signature_or_its_secret_and_nobody_else_is_let_in(
            String system, String file, String header, String prefix) throws Exception {
        byte[] body = sample(file);
        String good = prefix + hmac(secret(system), body);
        for (MockHttpServletResponse refused : List.of(
                send(body, null, null),
                send(body, header, ""),
                send(body, header, prefix + "00"),
                send(body, header, good.toUpperCase(java.util.Locale.ROOT)),
                send(body, header, prefix + hmac("another secret 0123", body)),
                send(body, "Authorization", "Bearer " + secret(system) + "x"),
                send(body, "Authorization", "Basic " + secret(system)))) {
            assertThat(refused.getStatus()).isEqualTo(401);
        }
        String other = system.equals("own") ? "jira" : "own";
        assertThat(send(body, "Authorization", "Bearer " + secret(other)).getStatus())
                .as("nobody tells of another system's incidents")
                .isEqualTo(403);
        assertThat(send(body, header, good + "," + prefix + "00").getStatus()).isEqualTo(200);
        MockHttpServletResponse again = send(body, "Authorization", "Bearer " + secret(system));
        JsonNode answer = JSON.readTree(again.getContentAsString());
        assertThat(answer.get("source").asText()).isEqualTo(system);
        assertThat(answer.get("incidents"))
                .isNotEmpty()
                .allSatisfy(one -> assertThat(one.get("outcome").asText()).isEqualTo("KNOWN"));
        assertThat(jdbc.sql("select count(*) from reported_incident where source = ? and source_id in (:ids)"
                                .replace("?", ":source"))
                        .param("source", system)
                        .param(
                                "ids",
                                ReportsTests.sample(file).stream()
                                        .map(Report::id)
                                        .toList())
                        .query(Long.class)
                        .single())
                .isEqualTo(answer.get("incidents").size());
    }

    @Test
    void what_cannot_be_read_is_refused_with_its_place_and_nothing_of_it_is_kept() throws Exception {
        String id = id();
        String good = incident(id, SERVICE, hoursAgo(1), "");
        for (Map.Entry<String, String> hostile : Map.of(
                        "{'incidents':[" + good + ",{'id':7}]}",
                        "/incidents/1/startedAt",
                        "{'incidents':[" + good + ",[]]}",
                        "/incidents/1",
                        "[" + good + "]",
                        "",
                        "{'what':'else'}",
                        "",
                        "{'incidents':[" + good + "]",
                        "",
                        "{'a':".repeat(2000) + "1" + "}".repeat(2000),
                        "")
                .entrySet()) {
            MockHttpServletResponse answer = send(
                    hostile.getKey().replace('\'', '"').getBytes(StandardCharsets.UTF_8),
                    "Authorization",
                    "Bearer " + secret("own"));
            assertThat(answer.getStatus()).as(answer.getContentAsString()).isEqualTo(422);
            assertThat(JSON.readTree(answer.getContentAsString())
                            .at("/errors/0/pointer")
                            .asText("none"))
                    .isEqualTo(hostile.getValue());
        }
        assertThat(store.find(Source.OWN, List.of(id))).isEmpty();
        byte[] large = new byte[5 * 1024 * 1024 + 1];
        assertThat(send(large, "Authorization", "Bearer " + secret("own")).getStatus())
                .isEqualTo(413);
        assertThat(http.perform(post("/api/webhooks/incidents?source=somebody")
                                .header("Authorization", "Bearer " + secret("own"))
                                .content(good.replace('\'', '"')))
                        .andReturn()
                        .getResponse()
                        .getStatus())
                .isEqualTo(422);
    }

    @Test
    void a_delivery_that_comes_late_or_twice_changes_nothing_and_one_that_is_newer_does() throws Exception {
        String id = id();
        Instant began = hoursAgo(3);
        String resolved = ",'status':'resolved','resolvedAt':'" + began.plusSeconds(1800) + "'";
        assertThat(own(incident(id, "nowhere", began, resolved))
                        .at("/0/outcome")
                        .asText())
                .isEqualTo("NEW");
        assertThat(own(incident(id, "nowhere", began, "")).at("/0/outcome").asText())
                .as("it began: older")
                .isEqualTo("KNOWN");
        assertThat(own(incident(id, "nowhere", began, resolved))
                        .at("/0/outcome")
                        .asText())
                .isEqualTo("KNOWN");
        Reported known = store.find(Source.OWN, List.of(id)).get(id);
        assertThat(known.status()).isEqualTo(Status.RESOLVED);
        assertThat(known.resolvedAt()).isEqualTo(began.plusSeconds(1800));

        own(incident(id, "nowhere", began, ",'status':'open','changedAt':'" + began.plusSeconds(3600) + "'"));
        Reported open = store.find(Source.OWN, List.of(id)).get(id);
        assertThat(open.status()).isEqualTo(Status.TRIGGERED);
        assertThat(open.resolvedAt()).isNull();
        assertThat(open.key()).isEqualTo(known.key());
        assertThat(open.askedAt()).as("of a service that nobody knows").isNull();
        assertThat(task(open.key())).isNull();
    }

    @Test
    void two_states_in_one_delivery_are_one_incident() throws Exception {
        String id = id();
        Instant began = hoursAgo(3);
        JsonNode taken = own("{'incidents':[%s,%s]}"
                .formatted(
                        incident(id, "nowhere", began, ",'resolvedAt':'" + began.plusSeconds(60) + "'"),
                        incident(id, "nowhere", began, "")));
        assertThat(taken).hasSize(1);
        assertThat(taken.at("/0/status").asText()).isEqualTo("RESOLVED");
    }

    @Test
    @Tag("M7.5")
    void the_owners_say_which_release_caused_it_and_nobody_clears_their_own() throws Exception {
        Release release = rolledOut("developer", hoursAgo(5));
        Release later = rolledOut("somebody", hoursAgo(1));
        String id = id();
        JsonNode taken = own(incident(id, SERVICE, hoursAgo(2), ",'address':'https://wiki.example/1'"));
        assertThat(taken.at("/0/asked").asBoolean()).isTrue();
        String key = taken.at("/0/incident").asText();
        assertThat(own(incident(id, SERVICE, hoursAgo(2), ",'changedAt':'" + hoursAgo(1) + "'"))
                        .at("/0/asked")
                        .asBoolean())
                .as("asked once")
                .isFalse();
        assertThat(jdbc.sql(
                                "select count(*) from mail where kind = 'action' and groups_ like '%team-storefront%' and text_ like ?")
                        .param("%" + id + "%")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);

        Task task = task(key);
        assertThat(task.getTaskDefinitionKey()).isEqualTo("attributeIncident");
        assertThat(tasks.getIdentityLinksForTask(task.getId()))
                .extracting(IdentityLink::getGroupId)
                .containsExactly("team-storefront");
        var shown = hands.as("developer-2", () -> forms.getTaskFormVariables(task.getId()));
        assertThat(shown.get("suggestions").toString()).contains(release.key()).doesNotContain(later.key());
        assertThat(shown.get("facts").toString()).contains("Payments time out", "https://wiki.example/1");

        Map<String, Object> none = Map.of("choice", "none", "reason", "the network was down");
        assertThatThrownBy(() -> hands.answer(key, "attributeIncident", "developer", none))
                .isInstanceOfSatisfying(TaskRefused.class, refused -> assertThat(refused.status())
                        .isEqualTo(403));
        assertThatThrownBy(() -> hands.answer(key, "attributeIncident", "qa", none))
                .isInstanceOf(AuthorizationException.class);
        assertThatThrownBy(() -> hands.answer(
                        key, "attributeIncident", "developer-2", Map.of("choice", "suggested", "reason", "why")))
                .isInstanceOf(TaskRefused.class);
        for (String wrong : List.of("checkout@0.0.0", later.key())) {
            assertThatThrownBy(() -> hands.answer(
                            key,
                            "attributeIncident",
                            "developer-2",
                            Map.of("choice", "other", "other", wrong, "reason", "a guess")))
                    .isInstanceOfSatisfying(TaskRefused.class, refused -> assertThat(refused.status())
                            .isEqualTo(422));
        }
        assertThat(attributed.of(List.of(release.key()))).isEmpty();
        Object before = risk.factsOf(SERVICE).get("incidents90d");

        hands.answer(
                key,
                "attributeIncident",
                "developer",
                Map.of("choice", "suggested", "suggested", release.key(), "reason", "a timeout was shortened"));

        assertThat(task(key)).isNull();
        assertThat(attributed.of(List.of(release.key(), later.key())))
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.id()).isEqualTo(key);
                    assertThat(one.releaseKey()).isEqualTo(release.key());
                    assertThat(one.source()).isEqualTo("own");
                    assertThat(one.address()).isEqualTo("https://wiki.example/1");
                });
        assertThat(timeline.of(release.key()))
                .filteredOn(entry -> entry.type().equals("incident.attributed"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.actor()).isEqualTo("developer"));
        assertThat(risk.factsOf(SERVICE).get("incidents90d")).isEqualTo((int) before + 1);

        own(incident(id, SERVICE, hoursAgo(2), ",'status':'cancelled','changedAt':'" + Instant.now() + "'"));
        assertThat(attributed.of(List.of(release.key()))).as("it was none").isEmpty();
        assertThat(incidents.attributedTo(SERVICE, hoursAgo(24)))
                .noneMatch(one -> one.id().equals(key));

        assertThat(say(key, "qa", null).getStatus()).isEqualTo(403);
        assertThat(say(key, "developer", null).getStatus()).as("their own").isEqualTo(403);
        assertThat(say(key, "release-manager-2", null).getStatus()).isEqualTo(200);
        assertThat(attributed.of(List.of(release.key()))).isEmpty();
        assertThat(incidents.attributionsOf(key))
                .extracting(ReportedIncidents.Attribution::releaseKey)
                .containsExactly(release.key(), null);
        assertThat(timeline.of(release.key()))
                .extracting(Timeline.Entry::type)
                .contains("incident.attribution-withdrawn");
    }

    private MockHttpServletResponse say(String key, String person, String release) throws Exception {
        return http.perform(post("/api/incidents/{key}/attribution", key)
                        .with(httpBasic(person, person))
                        .contentType("application/json")
                        .content("{\"release\": %s, \"reason\": \"what the logs show\"}"
                                .formatted(release == null ? "null" : '"' + release + '"')))
                .andReturn()
                .getResponse();
    }

    @Test
    void what_is_said_by_the_api_ends_the_task() throws Exception {
        Release release = rolledOut("somebody", hoursAgo(5));
        String key =
                own(incident(id(), SERVICE, hoursAgo(2), "")).at("/0/incident").asText();
        assertThat(task(key)).isNotNull();

        MockHttpServletResponse said = say(key, "release-manager-2", release.key());

        assertThat(said.getStatus()).as(said.getContentAsString()).isEqualTo(200);
        assertThat(JSON.readTree(said.getContentAsString())
                        .at("/incident/attributedBy")
                        .asText())
                .isEqualTo("release-manager-2");
        hands.settle();
        assertThat(task(key)).isNull();
        assertThat(http.perform(get("/api/incidents?service=checkout&unattributed=true&size=200")
                                .with(httpBasic("qa", "qa")))
                        .andReturn()
                        .getResponse()
                        .getContentAsString())
                .doesNotContain("\"" + key + "\"");
        assertThat(say("EXT-999999999", "release-manager-2", null).getStatus()).isEqualTo(404);
        assertThat(say("nonsense", "release-manager-2", null).getStatus()).isEqualTo(404);
    }

    @Test
    void an_incident_that_nobody_attributes_is_asked_for_and_goes_up() throws Exception {
        rolledOut("somebody", hoursAgo(5));
        String id = id();
        String key =
                own(incident(id, SERVICE, hoursAgo(2), "")).at("/0/incident").asText();
        fire(key, "attributionDueSoon");
        assertThat(mails(id, "reminder")).isEqualTo(1);
        fire(key, "attributionLate");
        assertThat(mails(id, "escalation")).isEqualTo(1);
        assertThat(tasks.getIdentityLinksForTask(task(key).getId()))
                .extracting(IdentityLink::getGroupId)
                .containsExactlyInAnyOrder("team-storefront", "release-manager");
        assertThat(task(key).getPriority()).isEqualTo(70);
        fire(key, "attributionLate");
        assertThat(task(key).getPriority()).isEqualTo(90);

        hands.answer(
                key, "attributeIncident", "release-manager-2", Map.of("choice", "none", "reason", "the bank was down"));
        assertThat(task(key)).isNull();
        assertThat(store.find(key).orElseThrow().isAttributed()).isTrue();
    }

    private void fire(String key, String timer) {
        jobs.executeJob(jobs.createJobQuery()
                .processInstanceId(task(key).getProcessInstanceId())
                .activityId(timer)
                .singleResult()
                .getId());
    }

    private long mails(String number, String kind) {
        return jdbc.sql("select count(*) from mail where kind = ? and text_ like ?")
                .params(kind, "%own " + number + " of %")
                .query(Long.class)
                .single();
    }

    @Test
    void an_incident_is_kept_and_asked_about_later_where_the_models_in_force_do_not_know_how() throws Exception {
        rolledOut("somebody", hoursAgo(5));
        String id = id();
        byte[] body = incident(id, SERVICE, hoursAgo(2), "").replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        assertThat(send(body, "Authorization", "Bearer " + secret("own")).getStatus())
                .isEqualTo(200);
        String key = store.find(Source.OWN, List.of(id)).get(id).key();
        assertThat(task(key)).as("asked after the delivery").isNull();

        ModelDeployment older = mock(ModelDeployment.class);
        when(older.current()).thenReturn("a-set-without-the-process");
        var before = new AttributionQuestions(
                store,
                properties,
                rollouts,
                attributors,
                mail,
                processes,
                new StaticListableBeanFactory(Map.of("models", older)).getBeanProvider(ModelDeployment.class),
                Clock.systemUTC());
        assertThat(before.settle(List.of(key))).as("somebody comes again").isFalse();
        assertThat(store.find(key).orElseThrow().askedAt()).isNull();

        hands.settle();
        assertThat(task(key)).isNotNull();
        assertThat(store.find(key).orElseThrow().askedAt()).isNotNull();
        assertThat(questions.settle(List.of(key))).isTrue();
        assertThat(task(key)).as("asked once").isNotNull();
    }

    @Test
    void of_one_that_was_none_nobody_is_asked_any_more_until_it_is_opened_again() throws Exception {
        rolledOut("somebody", hoursAgo(5));
        String id = id();
        String key =
                own(incident(id, SERVICE, hoursAgo(2), "")).at("/0/incident").asText();
        assertThat(task(key)).isNotNull();

        own(incident(id, SERVICE, hoursAgo(2), ",'status':'cancelled','changedAt':'" + hoursAgo(1) + "'"));
        assertThat(task(key)).isNull();
        assertThat(store.find(key).orElseThrow().askedAt()).isNull();

        JsonNode again = own(incident(
                id, SERVICE, hoursAgo(2), ",'changedAt':'" + hoursAgo(1).plusSeconds(60) + "'"));
        assertThat(again.at("/0/asked").asBoolean()).isTrue();
        assertThat(task(key)).isNotNull();

        jdbc.sql("update reported_incident set status = 'CANCELLED' where source_id = ?")
                .param(id)
                .update();
        fire(key, "attributionDueSoon");
        fire(key, "attributionLate");
        hands.settle();
        assertThat(mails(id, "reminder") + mails(id, "escalation")).isZero();
        assertThat(task(key)).as("asked before it was known that it was none").isNull();
    }

    @Test
    void whoever_owned_the_service_before_does_not_answer_for_the_one_that_it_turns_out_to_be_of() throws Exception {
        rolledOut("somebody", hoursAgo(5));
        String id = id();
        String key =
                own(incident(id, SERVICE, hoursAgo(2), "")).at("/0/incident").asText();
        jdbc.sql("update reported_incident set service = 'payments' where source_id = ?")
                .param(id)
                .update();
        assertThatThrownBy(() -> hands.answer(
                        key, "attributeIncident", "developer-2", Map.of("choice", "none", "reason", "the network")))
                .isInstanceOfSatisfying(TaskRefused.class, refused -> assertThat(refused.status())
                        .isEqualTo(403));
        assertThat(say(key, "release-manager-2", null).getStatus()).isEqualTo(200);
    }

    @Test
    void where_it_turns_out_to_be_of_another_service_its_people_are_asked_instead() throws Exception {
        rolledOut("somebody", hoursAgo(5));
        String id = id();
        String key =
                own(incident(id, SERVICE, hoursAgo(2), "")).at("/0/incident").asText();
        assertThat(askedGroup(key)).isEqualTo("team-storefront");

        own(incident(id, "payments", hoursAgo(2), ",'changedAt':'" + hoursAgo(1) + "'"));
        assertThat(task(key)).as("nothing was deployed of it before").isNull();
        assertThat(store.find(key).orElseThrow().askedAt()).isNull();

        rolledOut("payments", "somebody", hoursAgo(4));
        own(incident(id, SERVICE, hoursAgo(2), ",'changedAt':'" + hoursAgo(1).plusSeconds(60) + "'"));
        assertThat(askedGroup(key)).isEqualTo("team-storefront");
        JsonNode moved = own(incident(
                id, "payments", hoursAgo(2), ",'changedAt':'" + hoursAgo(1).plusSeconds(120) + "'"));
        assertThat(moved.at("/0/asked").asBoolean()).isTrue();
        assertThat(askedGroup(key)).isEqualTo("team-payments");
        assertThat(store.find(key).orElseThrow().askedOf()).isEqualTo("payments");
        assertThat(questions.settle(List.of(key))).isTrue();
        assertThat(task(key)).as("asked once").isNotNull();
    }

    private String askedGroup(String key) {
        return tasks.getIdentityLinksForTask(task(key).getId()).stream()
                .map(IdentityLink::getGroupId)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void nobody_clears_their_own_release_however_many_began_after_it() throws Exception {
        int hours = 24 * 20;
        Release own = rolledOut("developer", hoursAgo(hours + 50));
        for (int one = 1; one <= 20; one++) {
            rolledOut("somebody", hoursAgo(hours + one));
        }
        String key = own(incident(id(), SERVICE, hoursAgo(hours), ""))
                .at("/0/incident")
                .asText();
        assertThat(incidents.suggestionsFor(store.find(key).orElseThrow()))
                .hasSize(20)
                .noneMatch(one -> one.releaseKey().equals(own.key()));
        assertThat(say(key, "developer", null).getStatus()).isEqualTo(403);
        assertThat(say(key, "developer", own.key()).getStatus()).isEqualTo(200);
    }

    @Test
    void nobody_is_asked_where_nothing_was_deployed_before_or_it_was_none_or_it_is_long_ago() throws Exception {
        rolledOut("somebody", hoursAgo(5));
        assertThat(own(incident(id(), "loyalty", hoursAgo(1), ""))
                        .at("/0/asked")
                        .asBoolean())
                .isFalse();
        assertThat(own(incident(id(), SERVICE, hoursAgo(1), ",'status':'cancelled'"))
                        .at("/0/asked")
                        .asBoolean())
                .isFalse();
        rolledOut("somebody", hoursAgo(24 * 41));
        JsonNode old = own(incident(id(), SERVICE, hoursAgo(24 * 40), ""));
        assertThat(old.at("/0/asked").asBoolean()).isFalse();
        assertThat(incidents.suggestionsFor(
                        store.find(old.at("/0/incident").asText()).orElseThrow()))
                .isNotEmpty();
    }

    @Test
    @Tag("M2.3")
    void pages_show_what_strangers_wrote_as_text_and_let_those_who_may_say_what_caused_it() throws Exception {
        Release release = rolledOut("somebody", hoursAgo(5));
        String id = id();
        String key = own(incident(id, SERVICE, hoursAgo(2), ",'urgency':'<i>high</i>'")
                        .replace("Payments time out", "<img src=x onerror=alert(1)>"))
                .at("/0/incident")
                .asText();
        for (String page : List.of(
                "/incidents?service=checkout&status=TRIGGERED&unattributed=true",
                "/incidents/" + key,
                "/services/checkout")) {
            assertThat(page("release-manager-2", page))
                    .as(page)
                    .contains("&lt;img src=x onerror=alert(1)&gt;", "/incidents/" + key)
                    .doesNotContain("<img src=x", "<i>high");
        }
        assertThat(page("release-manager-2", "/incidents/" + key)).contains("name=\"reason\"", release.key());
        assertThat(page("qa", "/incidents/" + key)).doesNotContain("name=\"reason\"");
        assertThat(page("developer", "/tasks")).contains("/incidents/" + key);

        assertThat(saidOnPage(key, "checkout@0.0.0").getContentAsString())
                .contains("There is no release checkout@0.0.0", "what the logs show");
        assertThat(saidOnPage(key, release.key()).getRedirectedUrl()).isEqualTo("/incidents/" + key);
        assertThat(page("qa", "/incidents/" + key)).contains("release-manager-2", "what the logs show");
        assertThat(page("qa", "/releases/" + release.key()))
                .contains("Incidents attributed to this release", "own " + id, "&lt;img src=x")
                .doesNotContain("<img src=x");
        assertThat(page("qa", "/incidents?unattributed=true&service=checkout"))
                .doesNotContain("/incidents/" + key + "\"");
        assertThat(http.perform(get("/incidents/EXT-999999999").with(someone("qa")))
                        .andReturn()
                        .getResponse()
                        .getStatus())
                .isEqualTo(404);
    }

    /** With the groups of the sample organisation. */
    private static UserRequestPostProcessor someone(String person) {
        String group = person.equals("developer") ? "team-storefront" : person.replaceAll("-2$", "");
        return user(person).authorities(new SimpleGrantedAuthority(group));
    }

    private String page(String person, String address) throws Exception {
        MockHttpServletResponse answer =
                http.perform(get(address).with(someone(person))).andReturn().getResponse();
        assertThat(answer.getStatus()).as(address).isEqualTo(200);
        return answer.getContentAsString();
    }

    private MockHttpServletResponse saidOnPage(String key, String release) throws Exception {
        return http.perform(post("/incidents/{key}/attribution", key)
                        .with(someone("release-manager-2"))
                        .with(csrf())
                        .param("release", release)
                        .param("reason", "what the logs show"))
                .andReturn()
                .getResponse();
    }
}
