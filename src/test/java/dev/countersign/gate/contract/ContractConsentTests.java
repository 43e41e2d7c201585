package dev.countersign.gate.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.countersign.DatabaseTest;
import dev.countersign.Engine.Hands;
import dev.countersign.gate.Gates;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.release.ChangeFacts;
import dev.countersign.release.ChangeFacts.Shown;
import dev.countersign.release.Dossiers;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.release.Verdict;
import dev.countersign.workflow.ModelDeployment;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.AuthorizationException;
import org.camunda.bpm.engine.RuntimeService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.task.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;

/** A contract that breaks its consumers: what it shows, who is asked, and what becomes of their answers. */
@DatabaseTest
@Tag("M8.6")
class ContractConsentTests {
    private static final String COMMIT = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String BEFORE = contract("3.0.0", "/users", "/users/{id}");

    @Autowired
    private MockMvc http;

    @Autowired
    private JdbcClient db;

    @Autowired
    private ModelDeployment models;

    @Autowired
    private Dossiers dossiers;

    @Autowired
    private Timeline timeline;

    @Autowired
    private Gates gates;

    @Autowired
    private Releases releases;

    @Autowired
    private ChangeFacts facts;

    @Autowired
    private Consents consents;

    @Autowired
    private RuntimeService runtime;

    @Autowired
    private TaskService tasks;

    @Autowired
    private Hands hands;

    private String key;

    @BeforeEach
    void release() throws Exception {
        int number = NUMBER.incrementAndGet();
        key = "identity-platform@4.0." + number;
        var now = OffsetDateTime.now(ZoneOffset.UTC);
        db.sql("insert into release (key_, service, version, attempt, kind, state, state_since, closed, tier, owner,"
                        + " requested_by, summary, environment, commit_, authors, artifacts, changes, depends_on,"
                        + " success_metrics, policy, opened_at) values (?, 'identity-platform', ?, 1, 'standard', 'GATES', ?,"
                        + " false, 'critical', 'team-foundations', 'sre-2', 'Sessions', 'production', ?,"
                        + " '[\"developer\"]', '[]', ?, '[]', '[]', ?, ?)")
                .params(
                        key,
                        key.substring("identity-platform@".length()),
                        now,
                        COMMIT,
                        "{\"externalEndpoints\":false,\"authentication\":false,\"personalData\":false,"
                                + "\"databaseMigration\":false,\"infrastructure\":true,\"apiContract\":false}",
                        models.current(),
                        now)
                .update();
        dossiers.changed(key, "opened");
        send(BEFORE, "base").andExpect(status().isCreated());
    }

    @AfterEach
    void end() {
        hands.resetTime();
        runtime.createProcessInstanceQuery()
                .processInstanceBusinessKey(key)
                .list()
                .forEach(instance -> runtime.deleteProcessInstance(instance.getId(), "test over"));
    }

    private static String contract(String version, String... paths) {
        StringBuilder text =
                new StringBuilder("openapi: 3.0.3\ninfo: {title: Identity, version: %s}\npaths:\n".formatted(version));
        for (String path : paths) {
            text.append("  %s:\n    get:\n      responses:\n        '200': {description: found}\n".formatted(path));
        }
        return text.toString();
    }

    private ResultActions send(String contract, String source) throws Exception {
        return http.perform(post("/api/releases/{key}/evidence", key)
                .content(contract.getBytes(StandardCharsets.UTF_8))
                .queryParam("type", "openapi")
                .queryParam("source", source)
                .queryParam("commit", COMMIT)
                .with(httpBasic("ci", "ci")));
    }

    private Gate gate() {
        return gates.find(key, "api-contract").orElseThrow();
    }

    private Map<String, String> asked() {
        return tasks.createTaskQuery().processInstanceBusinessKey(key).list().stream()
                .filter(task -> task.getTaskDefinitionKey().startsWith("consent"))
                .collect(Collectors.toMap(
                        task -> consent(task).consumer(),
                        task -> task.getTaskDefinitionKey() + " "
                                + tasks.getIdentityLinksForTask(task.getId())
                                        .get(0)
                                        .getGroupId()));
    }

    private Consent consent(Task task) {
        long id = Long.parseLong((String) tasks.getVariable(task.getId(), "consent"));
        return consents.of(key).stream()
                .filter(one -> one.id() == id)
                .findFirst()
                .orElseThrow();
    }

    private Task task(String consumer) {
        return tasks.createTaskQuery().processInstanceBusinessKey(key).list().stream()
                .filter(task -> task.getTaskDefinitionKey().startsWith("consent"))
                .filter(task -> consent(task).consumer().equals(consumer))
                .findFirst()
                .orElseThrow(() -> new AssertionError(consumer + " is not asked, but " + asked()));
    }

    private void answer(String consumer, String person, Map<String, Object> fields) throws Exception {
        Task task = task(consumer);
        Map<String, Object> all = new HashMap<>(fields);
        all.putIfAbsent("comparison", consent(task).comparison());
        all.put("dossier", dossiers.of(key).digest());
        hands.as(person, () -> {
            tasks.complete(task.getId(), all);
            return null;
        });
        hands.settle();
    }

    private void consent(String consumer, String person) throws Exception {
        answer(consumer, person, Map.of("answer", "consent"));
    }

    private List<String> timelineOf(String type) {
        return timeline.of(key).stream()
                .filter(entry -> entry.type().equals(type))
                .map(Timeline.Entry::text)
                .toList();
    }

    /** A new major version without {@code /users} and with a new path. */
    private void breaking() throws Exception {
        send(contract("4.0.0", "/users/{id}", "/sessions"), "api").andExpect(status().isCreated());
    }

    @Test
    @Tag("M4.3")
    void a_difference_raises_facts_that_were_stated_false_and_the_gates_that_they_ask_for() throws Exception {
        assertThat(releases.get(key).changes("apiContract")).isFalse();
        assertThat(gates.find(key, "penetration-test")).isEmpty();
        String before = dossiers.of(key).digest();
        send(contract("3.1.0", "/users", "/users/{id}", "/sessions"), "api")
                .andExpect(status().isCreated())
                .andExpect(
                        jsonPath("$.gates[?(@.gate == 'api-contract')].verdict").value("PASS"));
        assertThat(releases.get(key).changes("apiContract")).isTrue();
        assertThat(releases.get(key).changes("externalEndpoints")).isTrue();
        assertThat(gates.find(key, "penetration-test").orElseThrow().verdict()).isEqualTo(Verdict.NO_DATA);
        assertThat(dossiers.of(key).digest()).isNotEqualTo(before);
        String sha256 = gate().evidence();
        assertThat(facts.shown(key))
                .extracting(Shown::fact)
                .containsExactlyInAnyOrder("apiContract", "externalEndpoints");
        assertThat(facts.shown(key)).allMatch(shown -> shown.sha256().equals(sha256));
        assertThat(timelineOf("fact.raised")).anyMatch(text -> text.contains("new are GET /sessions"));
        http.perform(get("/api/releases/{key}", key).with(httpBasic("auditor", "auditor")))
                .andExpect(jsonPath("$.changes.externalEndpoints").value(true))
                .andExpect(jsonPath("$.changesShown.length()").value(2))
                .andExpect(jsonPath("$.changesShown[0].sha256").value(sha256));

        send(BEFORE, "api").andExpect(status().isCreated());
        assertThat(releases.get(key).changes("externalEndpoints"))
                .as("a later document lowers nothing")
                .isTrue();
    }

    @Test
    @Tag("M4.3")
    void a_fact_that_was_stated_false_may_make_the_release_riskier_and_never_less_risky() throws Exception {
        tier("standard");
        send(contract("3.1.0", "/users", "/users/{id}", "/sessions"), "api").andExpect(status().isCreated());
        assertThat(releases.get(key).tier()).as("as the service's own").isEqualTo("high");
        assertThat(timelineOf("risk.assessed")).hasSize(1);

        release();
        tier("critical");
        send(contract("3.1.0", "/users", "/users/{id}", "/sessions"), "api").andExpect(status().isCreated());
        assertThat(releases.get(key).tier()).isEqualTo("critical");
        assertThat(timelineOf("risk.assessed")).isEmpty();
    }

    private void tier(String tier) {
        db.sql("update release set tier = ?, service = 'cart' where key_ = ?")
                .params(tier, key)
                .update();
    }

    @Test
    void no_difference_contradicts_nothing() throws Exception {
        send(BEFORE, "api").andExpect(status().isCreated());
        assertThat(releases.get(key).changes("apiContract")).isFalse();
        assertThat(facts.shown(key)).isEmpty();
        assertThat(asked()).isEmpty();
    }

    @Test
    void every_consumer_is_asked_and_the_gate_passes_with_the_consent_of_all() throws Exception {
        breaking();
        assertThat(gate().verdict()).isEqualTo(Verdict.NO_DATA);
        assertThat(asked())
                .containsOnly(
                        Map.entry("cart", "consentToChanges team-storefront"),
                        Map.entry("storefront-web", "consentToChanges team-storefront"),
                        Map.entry("payments", "consentToChanges team-payments"));
        http.perform(get("/api/releases/{key}/gates/api-contract", key).with(httpBasic("auditor", "auditor")))
                .andExpect(jsonPath("$.consents.length()").value(3))
                .andExpect(jsonPath("$.consents[0].consumer").value("cart"))
                .andExpect(jsonPath("$.consents[0].changes[0].title").value("GET /users is gone"));

        consent("cart", "developer-2");
        consent("storefront-web", "developer-2");
        assertThat(gate().verdict()).isEqualTo(Verdict.NO_DATA);
        assertThat(gate().findings()).singleElement().satisfies(open -> assertThat(open.component())
                .isEqualTo("payments"));
        consent("payments", "sre");
        assertThat(gate().verdict()).isEqualTo(Verdict.PASS);
        assertThat(timelineOf("consent.consented")).hasSize(3);
        assertThat(dossiers.of(key).parts()).containsKey("consents");
    }

    @Test
    void a_consumer_is_spoken_for_by_its_owner_and_by_nobody_who_wrote_or_requested_the_release() throws Exception {
        breaking();
        assertThatThrownBy(() -> consent("cart", "sre")).isInstanceOf(AuthorizationException.class);
        assertThatThrownBy(() -> consent("cart", "developer")).hasMessageContaining("wrote or requested");
        assertThatThrownBy(() -> consent("payments", "sre-2")).hasMessageContaining("wrote or requested");
        assertThatThrownBy(
                        () -> answer("cart", "developer-2", Map.of("answer", "consent", "comparison", "0".repeat(64))))
                .hasMessageContaining("not what is asked any more");
        assertThat(consents.of(key)).allMatch(Consent::isOpen);
    }

    @Test
    void a_refusal_says_why_and_fails_the_gate() throws Exception {
        breaking();
        assertThatThrownBy(() -> answer("payments", "sre", Map.of("answer", "refuse")))
                .hasMessageContaining("Say what the change would break");
        answer("payments", "sre", Map.of("answer", "refuse", "reason", "we list users every night"));
        assertThat(gate().verdict()).isEqualTo(Verdict.FAIL);
        assertThat(gate().findings().get(0).title()).contains("payments", "we list users every night");
    }

    @Test
    void silence_of_the_owner_is_the_alternates_matter_and_silence_of_both_is_no_consent() throws Exception {
        breaking();
        consent("storefront-web", "developer-2");
        hands.pass(Duration.ofHours(9));
        assertThat(db.sql("select count(*) from mail where release_key = ? and kind = 'reminder'")
                        .param(key)
                        .query(Integer.class)
                        .single())
                .isEqualTo(2);
        hands.pass(Duration.ofHours(16));
        assertThat(asked())
                .containsOnly(
                        Map.entry("cart", "consentAsAlternate head-of-product"),
                        Map.entry("payments", "consentAsAlternate head-of-product"));
        assertThatThrownBy(() -> consent("payments", "sre")).isInstanceOf(AuthorizationException.class);
        consent("cart", "head-of-product");
        hands.pass(Duration.ofHours(25));
        assertThat(asked()).isEmpty();
        assertThat(gate().verdict()).isEqualTo(Verdict.FAIL);
        assertThat(gate().findings()).singleElement().satisfies(silent -> assertThat(silent.title())
                .isEqualTo("payments did not answer in time: that is no consent"));
        assertThat(timelineOf("consent.silent")).hasSize(1);
    }

    @Test
    void another_difference_asks_again_and_what_was_asked_before_is_let_go() throws Exception {
        breaking();
        consent("cart", "developer-2");
        consent("storefront-web", "developer-2");
        consent("payments", "sre");
        send(contract("4.0.0", "/sessions"), "api").andExpect(status().isCreated());
        assertThat(gate().verdict()).isEqualTo(Verdict.NO_DATA);
        assertThat(asked()).hasSize(3);
        Set<String> first = comparisons();

        send(contract("4.0.0", "/users/{name}", "/tokens"), "api").andExpect(status().isCreated());
        hands.settle();
        assertThat(asked()).hasSize(3);
        assertThat(timelineOf("consent.moot")).hasSize(3);
        assertThat(comparisons()).hasSize(first.size() + 1);
        assertThat(consents.current(key)).hasSize(3).allMatch(Consent::isOpen);

        send(contract("3.0.1", "/users", "/users/{id}"), "api").andExpect(status().isCreated());
        hands.settle();
        assertThat(asked()).isEmpty();
        assertThat(gate().verdict()).isEqualTo(Verdict.PASS);
    }

    private Set<String> comparisons() {
        return consents.of(key).stream().map(Consent::comparison).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void the_same_contract_sent_again_asks_nobody_again() throws Exception {
        breaking();
        consent("cart", "developer-2");
        breaking();
        assertThat(asked()).containsOnlyKeys("storefront-web", "payments");
    }

    @Test
    void consent_does_not_stand_for_a_new_major_version_nor_a_waiver_of_that_for_consent() throws Exception {
        send(contract("3.1.0", "/users/{id}"), "api").andExpect(status().isCreated());
        assertThat(gate().verdict()).isEqualTo(Verdict.FAIL);
        assertThat(asked()).as("nobody is bothered with what fails anyway").isEmpty();

        String finding = gate().findings().stream()
                .filter(one -> one.counts().contains("breakingWithinMajor"))
                .findFirst()
                .orElseThrow()
                .id();
        db.sql(
                        "insert into gate_waiver (release_key, gate, findings, reason, expires, authority, status, requested_by, requested_at,"
                                + " decided_by, decided_at) values (?, 'api-contract', ?, 'a slip', ?, 'head-of-operations', 'APPROVED',"
                                + " 'developer', ?, 'head-of-operations', ?)")
                .params(
                        key,
                        "[{\"name\": \"%1$s\", \"reference\": \"openapi\\napi\\n%1$s\"}]".formatted(finding),
                        OffsetDateTime.now(ZoneOffset.UTC).plusDays(3),
                        OffsetDateTime.now(ZoneOffset.UTC),
                        OffsetDateTime.now(ZoneOffset.UTC))
                .update();
        send(contract("3.1.0", "/users/{id}") + "tags: [{name: users}]\n", "api")
                .andExpect(status().isCreated());
        assertThat(asked()).hasSize(3);
        assertThat(gate().waiver()).isNull();
        consent("cart", "developer-2");
        consent("storefront-web", "developer-2");
        assertThat(gate().waiver()).isNull();
        consent("payments", "sre");
        assertThat(gate().waiver()).isNotNull();
    }

    @Test
    void when_the_release_is_over_nobody_is_asked_any_more() throws Exception {
        breaking();
        releases.enter(key, ReleaseState.ABORTED, "withdrawn");
        hands.settle();
        assertThat(asked()).isEmpty();
        assertThat(consents.of(key)).extracting(Consent::answer).containsOnly("MOOT");
    }
}
