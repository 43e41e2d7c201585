package dev.countersign.portfolio;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.jayway.jsonpath.JsonPath;
import dev.countersign.DatabaseTest;
import dev.countersign.Engine.Hands;
import dev.countersign.OpenedReleases;
import dev.countersign.gate.Gates;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Release;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;

/** What a pipeline is told before it deploys. */
@DatabaseTest
@Tag("M1.5")
@Tag("M3.1")
class DeploymentsAllowedTests {
    private static final String COMMIT = OpenedReleases.COMMIT;

    @Autowired
    private MockMvc http;

    @Autowired
    private JdbcClient db;

    @Autowired
    private OpenedReleases opened;

    @Autowired
    private Dossiers dossiers;

    @Autowired
    private Gates gates;

    @Autowired
    private Hands hands;

    private String key;
    private String digest;

    @AfterEach
    void resetTime() {
        hands.resetTime();
        db.sql("update release set state = 'ABORTED' where key_ = ?").param(key).update();
    }

    /** A release whose gates are clear and whose clearance is current. */
    private void cleared(String service) throws Exception {
        open(service);
        send("junit.xml");
        send("results.sarif");
        clear();
    }

    private void open(String service) {
        Release release = opened.withoutProcess(service, "standard", "standard", "developer");
        key = release.key();
        digest = release.artifacts().get(0).digest();
    }

    private void send(String file) throws Exception {
        http.perform(post("/api/releases/{key}/evidence", key)
                        .queryParam("commit", COMMIT)
                        .contentType("application/octet-stream")
                        .content(Files.readAllBytes(Path.of("docs/tour", file)))
                        .with(httpBasic("ci", "ci")))
                .andExpect(status().isCreated());
    }

    private void clear() {
        db.sql("insert into release_clearance (release_key, material_digest, granted_at) values (?, ?, ?)")
                .params(key, dossiers.anew(key).digest(), OffsetDateTime.now(ZoneOffset.UTC))
                .update();
    }

    private void enters(String state) {
        db.sql("update release set state = ?, state_since = ? where key_ = ?")
                .params(state, OffsetDateTime.now(ZoneOffset.UTC), key)
                .update();
    }

    private void rollout(String status, String baseline) {
        db.sql("insert into rollout (release_key, service, candidate, baseline, plan, plan_version, status,"
                        + " status_because, step, wanted, actual, epoch, started_at)"
                        + " values (?, ?, ?, ?, ?, '1.0', ?, 'error rate', 1, 0, 0, 1, ?)")
                .params(
                        key,
                        key.substring(0, key.indexOf('@')),
                        digest,
                        baseline,
                        "{\"steps\":[],\"stabilisationWindow\":\"PT1H\",\"stabilisationMaximum\":\"PT1H\",\"triggers\":null,\"version\":\"1.0\"}",
                        status,
                        OffsetDateTime.now(ZoneOffset.UTC))
                .update();
    }

    private ResultActions ask(String service, String what) throws Exception {
        return http.perform(get("/api/deployments/allowed")
                        .queryParam("service", service)
                        .queryParam("digest", what)
                        .queryParam("environment", "production")
                        .with(httpBasic("ci", "ci")))
                .andExpect(status().isOk());
    }

    private ResultActions isAllowed() throws Exception {
        return ask(key.substring(0, key.indexOf('@')), digest)
                .andExpect(jsonPath("$.allowed").value(true));
    }

    private void isRefused(String... reasons) throws Exception {
        ResultActions answer = ask(key.substring(0, key.indexOf('@')), digest)
                .andExpect(jsonPath("$.allowed").value(false));
        for (String reason : reasons) {
            answer.andExpect(jsonPath("$.reasons", hasItem(containsString(reason))));
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "CRITERIA, false",
        "GATES, false",
        "REVIEW, false",
        "SCHEDULED, true",
        "ROLLING_OUT, true",
        "HELD, false",
        "STABILISING, true",
        "ROLLING_BACK, false",
        "ROLLED_BACK, false",
        "ROLLBACK_FAILED, false",
        "REJECTED, false",
        "ABORTED, false",
    })
    void a_cleared_digest_may_go_only_while_its_release_moves_forward(String state, boolean allowed) throws Exception {
        cleared("cart");
        enters(state);
        if (allowed) {
            isAllowed().andExpect(jsonPath("$.reasons[0]").value(key + " is " + state + " and cleared"));
        } else {
            isRefused(key + " is " + state);
        }
    }

    @Test
    void not_without_a_clearance_for_the_dossier_as_it_is_now() throws Exception {
        cleared("cart");
        enters("SCHEDULED");
        isAllowed();
        db.sql("update release set rfc = 'CHG0031337' where key_ = ?")
                .param(key)
                .update();
        isRefused("no clearance");
    }

    @Test
    void not_in_another_environment() throws Exception {
        cleared("cart");
        enters("ROLLING_OUT");
        http.perform(get("/api/deployments/allowed")
                        .queryParam("service", "cart")
                        .queryParam("digest", digest)
                        .queryParam("environment", "staging")
                        .with(httpBasic("ci", "ci")))
                .andExpect(jsonPath("$.allowed").value(false));
    }

    @Test
    void not_on_evidence_that_has_grown_old_since_the_clearance() throws Exception {
        cleared("cart");
        enters("ROLLING_OUT");
        isAllowed();
        hands.pass(Duration.ofDays(31));
        isRefused("Gate tests of " + key + " is NO_DATA: Too old", "Gate sast of " + key + " is NO_DATA");
    }

    @Test
    void not_on_a_waiver_that_has_expired_since_the_clearance() throws Exception {
        open("cart");
        send("junit.xml");
        send("results-failing.sarif");
        String findings = gates.find(key, "sast").orElseThrow().findings().stream()
                .map(finding -> "\"" + finding.id().replace("\"", "\\\"") + "\"")
                .toList()
                .toString();
        var now = OffsetDateTime.now(ZoneOffset.UTC);
        db.sql("insert into gate_waiver (release_key, gate, findings, reason, expires, authority, status, requested_by,"
                        + " requested_at, decided_by, decided_at) values (?, 'sast', ?, 'reviewed by two', ?,"
                        + " 'head-of-security', 'APPROVED', 'security', ?, 'head-of-security', ?)")
                .params(key, findings, now.plusDays(2), now, now)
                .update();
        send("results-failing.sarif");
        clear();
        enters("ROLLING_OUT");
        isAllowed();
        hands.pass(Duration.ofDays(3));
        isRefused("Gate sast of " + key + " is FAIL");
    }

    @Test
    void not_before_the_window_opens() throws Exception {
        cleared("cart");
        db.sql("update release set window_start = ? where key_ = ?")
                .params(OffsetDateTime.now(ZoneOffset.UTC).plusHours(1), key)
                .update();
        dossiers.changed(key, "a window");
        clear();
        enters("SCHEDULED");
        isRefused("the window opens at");
    }

    @ParameterizedTest
    @CsvSource({"BACK", "HALTED", "PAUSED"})
    void not_while_traffic_is_taken_back_or_held_although_the_process_has_not_said_so_yet(String status)
            throws Exception {
        cleared("shipping");
        enters("ROLLING_OUT");
        isAllowed();
        rollout(status, "sha256:" + "5".repeat(64));
        isRefused("The rollout of " + key + " is " + status + ": error rate");
    }

    @Test
    void the_stable_version_may_always_go_back_and_an_older_one_may_not() throws Exception {
        open("inventory");
        String older = digest;
        enters("STABLE");
        ask("inventory", older)
                .andExpect(jsonPath("$.allowed").value(true))
                .andExpect(jsonPath("$.reasons[0]").value(containsString("never needs a clearance")));
        open("inventory");
        enters("STABLE");
        ask("inventory", digest)
                .andExpect(jsonPath("$.allowed").value(true))
                .andExpect(jsonPath("$.reasons[0]").value(containsString("it is " + key)));
        ask("inventory", older)
                .andExpect(jsonPath("$.allowed").value(false))
                .andExpect(jsonPath("$.reasons[0]").value(containsString("is STABLE")));
        String stable = digest;
        open("inventory");
        enters("ROLLING_BACK");
        ask("inventory", stable).andExpect(jsonPath("$.allowed").value(true));
        isRefused("is ROLLING_BACK");
    }

    @Test
    void where_none_has_become_stable_it_is_what_the_rollout_found_running() throws Exception {
        open("recommendations");
        enters("ROLLED_BACK");
        String baseline = "sha256:" + "7".repeat(64);
        rollout("BACK", baseline);
        ask("recommendations", baseline)
                .andExpect(jsonPath("$.allowed").value(true))
                .andExpect(jsonPath("$.reasons[0]").value(containsString("it ran before " + key)));
        isRefused(key + " is ROLLED_BACK");
    }

    @Test
    void where_nothing_was_ever_released_it_is_what_the_target_runs() throws Exception {
        String running = JsonPath.read(
                http.perform(get("/api/sandbox/notifications").with(httpBasic("ci", "ci")))
                        .andReturn()
                        .getResponse()
                        .getContentAsString(),
                "$.stable.digest");
        ask("notifications", running).andExpect(jsonPath("$.allowed").value(true));
        ask("notifications", "sha256:" + "8".repeat(64))
                .andExpect(jsonPath("$.allowed").value(false));
        ask("no-such-service", running).andExpect(jsonPath("$.allowed").value(false));
    }

    @Test
    void a_question_that_lacks_something_says_what() throws Exception {
        for (String missing : List.of("service", "digest", "environment")) {
            var request = get("/api/deployments/allowed").with(httpBasic("ci", "ci"));
            List.of("service", "digest", "environment").stream()
                    .filter(name -> !name.equals(missing))
                    .forEach(name -> request.queryParam(name, "x"));
            http.perform(request)
                    .andExpect(status().isUnprocessableEntity())
                    .andExpect(jsonPath("$.errors[0].pointer").value("/" + missing))
                    .andExpect(jsonPath("$.errors[0].message").exists());
        }
    }
}
