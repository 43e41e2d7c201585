package dev.countersign.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.security.test.web.servlet.setup.SecurityMockMvcConfigurers.springSecurity;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.context.WebApplicationContext;

/** Who may vote on what: each attempt to cheat is refused, and stands in the timeline. */
@Tag("M2.2")
class VotingTests extends ReviewFixture {
    @Autowired
    WebApplicationContext web;

    @Autowired
    ObjectMapper json;

    private MockMvc http;

    @BeforeEach
    void voting() throws Exception {
        http = MockMvcBuilders.webAppContextSetup(web).apply(springSecurity()).build();
        standardRelease();
        start();
        reviewHistory();
    }

    @Test
    void a_vote_by_http_completes_the_task_and_shows_in_the_review() throws Exception {
        post("qa", "/votes", ballotOf("qa", "GO"))
                .andExpect(status().isCreated())
                .andExpect(jsonPath("$.seats[?(@.id == 'qa')].vote.vote").value("GO"));
        assertThat(open("voteOnReadiness")).hasSize(5);
        http.perform(get("/api/releases/{key}/review", key).with(httpBasic("auditor", "auditor")))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.decision").value("OPEN"))
                .andExpect(jsonPath("$.why").value(containsString("Waiting for 5 of 6 seats")));
    }

    @Test
    void a_vote_with_a_condition_by_http() throws Exception {
        var ballot = ballotOf("qa", "GO_WITH_CONDITIONS");
        ballot.put(
                "conditions",
                List.of(Map.of("text", "Load test", "owner", "developer-2", "due", "2099-01-01", "check", "Report")));
        post("qa", "/votes", ballot)
                .andExpect(status().isCreated())
                .andExpect(jsonPath("$.conditions[0].owner").value("developer-2"))
                .andExpect(jsonPath("$.conditions[0].beforeRollout").value(true));
    }

    @ParameterizedTest(name = "text {0}, check {1}: {2}")
    @CsvSource({
        ", The report of the load test, The report of the load test",
        "' ', Report, Report",
        "Load test, Report, Load test"
    })
    void where_a_condition_has_no_text_its_check_says_what_must_be_true(String text, String check, String stands)
            throws Exception {
        var ballot = ballotOf("qa", "GO_WITH_CONDITIONS");
        var condition = new java.util.HashMap<String, Object>(
                Map.of("owner", "developer-2", "due", "2099-01-01", "check", check));
        condition.put("text", text);
        ballot.put("conditions", List.of(condition));
        post("qa", "/votes", ballot)
                .andExpect(status().isCreated())
                .andExpect(jsonPath("$.conditions[0].text").value(stands))
                .andExpect(jsonPath("$.conditions[0].check").value(check));
    }

    @Test
    void a_condition_that_says_too_little_is_refused_at_its_place() throws Exception {
        var ballot = ballotOf("qa", "GO_WITH_CONDITIONS");
        ballot.put(
                "conditions",
                java.util.Arrays.asList(
                        Map.of("text", "Load test", "owner", "developer-2", "due", "2099-01-01"),
                        Map.of("owner", "developer-2", "due", "2099-01-01"),
                        Map.of("check", "Report"),
                        null));
        post("qa", "/votes", ballot)
                .andExpect(status().isUnprocessableEntity())
                .andExpect(jsonPath(
                        "$.errors[*].pointer",
                        contains("/conditions/1/check", "/conditions/2/owner", "/conditions/2/due", "/conditions/3")));
        assertThat(review.of(key).conditions()).isEmpty();
    }

    @Test
    void a_no_go_names_its_reason_and_may_name_the_criterion() throws Exception {
        var ballot = ballotOf("qa", "NO_GO");
        ballot.put("reason", "Two journeys fail");
        ballot.put("criterion", "Journeys pass");
        post("qa", "/votes", ballot).andExpect(status().isCreated());
        assertThat(db.sql("select criterion from review_vote where release_key = ? and seat = 'qa'")
                        .param(key)
                        .query(String.class)
                        .single())
                .isEqualTo("Journeys pass");
    }

    @Test
    void a_second_vote_of_a_seat_is_a_conflict() throws Exception {
        post("qa", "/votes", ballotOf("qa", "GO"));
        post("qa-2", "/votes", ballotOf("qa", "GO")).andExpect(status().isConflict());
        assertRefused("vote.refused");
    }

    @Test
    void a_vote_for_another_seat_is_forbidden() throws Exception {
        post("qa", "/votes", ballotOf("operations", "GO")).andExpect(status().isForbidden());
        assertRefused("vote.refused");
        var task = task("voteOnReadiness", "seat", "operations");
        assertThatThrownBy(() -> complete(task, "qa", ballot("GO"))).isNotNull();
        assertThat(review.of(key).seats()).extracting(Review.Seat::vote).containsOnlyNulls();
    }

    @Test
    void the_author_does_not_vote() throws Exception {
        post("developer", "/votes", ballotOf("developer", "GO"))
                .andExpect(status().isForbidden())
                .andExpect(jsonPath("$.detail").value(containsString("wrote or requested")));
        assertRefused("task.refused");
        post("developer-2", "/votes", ballotOf("developer", "GO")).andExpect(status().isCreated());
    }

    @Test
    void the_requester_does_not_vote() throws Exception {
        db.sql("update release set requested_by = 'qa' where key_ = ?")
                .param(key)
                .update();
        post("qa", "/votes", ballotOf("qa", "GO")).andExpect(status().isForbidden());
        post("qa-2", "/votes", ballotOf("qa", "GO")).andExpect(status().isCreated());
    }

    @Test
    void one_person_sits_on_one_seat() throws Exception {
        identity.createMembership("qa-2", "operations");
        try {
            post("qa-2", "/votes", ballotOf("qa", "GO")).andExpect(status().isCreated());
            post("qa-2", "/votes", ballotOf("operations", "GO"))
                    .andExpect(status().isForbidden())
                    .andExpect(jsonPath("$.detail").value(containsString("one person, one seat")));
        } finally {
            identity.deleteMembership("qa-2", "operations");
        }
    }

    @Test
    void nobody_is_their_own_alternate() throws Exception {
        everybodyVotesGoBut("qa");
        vote("qa", "qa-2", ballot("ABSTAIN", "reason", "Not sure"));
        identity.createMembership("qa-2", "support");
        try {
            post("qa-2", "/votes", ballotOf("qa", "GO"))
                    .andExpect(status().isForbidden())
                    .andExpect(jsonPath("$.detail").value(containsString("not its alternate")));
        } finally {
            identity.deleteMembership("qa-2", "support");
        }
    }

    @Test
    void an_old_dossier_is_refused_with_the_difference() throws Exception {
        var ballot = ballotOf("qa", "GO");
        changeWindow();
        post("qa", "/votes", ballot)
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.submitted").value(ballot.get("dossier")))
                .andExpect(jsonPath("$.current").value(dossier()))
                .andExpect(jsonPath("$.changed").value(hasItem("window")))
                .andExpect(jsonPath("$.detail").value(containsString("changed since you opened it, in window")));
        assertRefused("task.refused");
        assertThat(review.of(key).seats()).extracting(Review.Seat::vote).containsOnlyNulls();
    }

    @Test
    void a_dossier_that_never_was_is_refused() throws Exception {
        var ballot = ballotOf("qa", "GO");
        ballot.put("dossier", "sha256:made-up");
        post("qa", "/votes", ballot)
                .andExpect(status().isConflict())
                .andExpect(jsonPath("$.detail").value(containsString("ever was")));
    }

    @Test
    void a_vote_names_the_dossier() throws Exception {
        var ballot = ballotOf("qa", "GO");
        ballot.remove("dossier");
        post("qa", "/votes", ballot).andExpect(status().isUnprocessableEntity());
    }

    @ParameterizedTest
    @ValueSource(strings = {"NO_GO", "ABSTAIN", "RECUSE"})
    void a_vote_that_is_no_go_needs_a_reason(String choice) throws Exception {
        post("qa", "/votes", ballotOf("qa", choice))
                .andExpect(status().isUnprocessableEntity())
                .andExpect(jsonPath("$.errors[0].pointer").value("/reason"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"go", "YES", ""})
    void a_word_that_is_no_vote_is_refused(String choice) throws Exception {
        post("qa", "/votes", ballotOf("qa", choice)).andExpect(status().isUnprocessableEntity());
    }

    @ParameterizedTest
    @CsvSource({
        "2020-01-01, developer-2, in the future",
        "2099-01-01, nobody,      nobody knows nobody",
        "soon,       developer-2, is no date",
        "2099-01-01, ,            is required",
    })
    void a_condition_says_whose_it_is_and_by_when(String due, String owner, String refusal) throws Exception {
        var ballot = ballotOf("qa", "GO_WITH_CONDITIONS");
        var condition = new java.util.HashMap<String, Object>(Map.of("text", "Load test", "due", due));
        condition.put("owner", owner);
        ballot.put("conditions", List.of(condition));
        post("qa", "/votes", ballot)
                .andExpect(status().isUnprocessableEntity())
                .andExpect(jsonPath("$.detail").value(containsString(refusal)));
        assertThat(review.of(key).conditions()).isEmpty();
    }

    @Test
    void conditions_come_with_a_conditional_go_only() throws Exception {
        post("qa", "/votes", ballotOf("qa", "GO_WITH_CONDITIONS")).andExpect(status().isUnprocessableEntity());
        var ballot = ballotOf("qa", "GO");
        ballot.put("conditions", List.of(Map.of("text", "x", "owner", "qa", "due", "2099-01-01")));
        post("qa", "/votes", ballot).andExpect(status().isUnprocessableEntity());
    }

    @Test
    void a_seat_that_there_is_not() throws Exception {
        post("qa", "/votes", ballotOf("janitor", "GO")).andExpect(status().isUnprocessableEntity());
    }

    @Test
    void a_variable_of_somebodys_own_is_refused_and_decides_nothing() {
        var task = task("voteOnReadiness", "seat", "qa");
        assertThatThrownBy(() -> complete(task, "qa", ballot("GO", "decision", "GO")))
                .hasMessageContaining("no field");
        assertThat(outcome()).isNull();
    }

    @Test
    void a_delegate_votes_on_behalf_of_the_principal() throws Exception {
        post("qa", "/delegations", Map.of("seat", "qa", "delegate", "qa-2", "until", "2099-01-01"))
                .andExpect(status().isCreated());
        post("qa-2", "/votes", ballotOf("qa", "GO"))
                .andExpect(status().isCreated())
                .andExpect(jsonPath("$.seats[?(@.id == 'qa')].vote.onBehalfOf").value("qa"));
    }

    @Test
    void a_delegation_ends_at_its_date() throws Exception {
        post(
                "qa",
                "/delegations",
                Map.of(
                        "seat",
                        "qa",
                        "delegate",
                        "qa-2",
                        "until",
                        java.time.OffsetDateTime.now().plusHours(1).toString()));
        pass(Duration.ofHours(2));
        post("qa-2", "/votes", ballotOf("qa", "GO"))
                .andExpect(jsonPath("$.seats[?(@.id == 'qa')].vote.onBehalfOf").value((Object) null));
    }

    @ParameterizedTest
    @CsvSource({
        "qa,         qa,           2099-01-01, 422",
        "qa,         operations,   2099-01-01, 422",
        "qa,         nobody,       2099-01-01, 422",
        "qa,         qa-2,         2020-01-01, 422",
        "qa,         qa-2,         later,      422",
        "operations, operations-2, 2099-01-01, 403",
    })
    void a_delegation_is_to_somebody_else_of_the_same_group_and_dated(
            String principal, String delegate, String until, int expected) throws Exception {
        post(principal, "/delegations", Map.of("seat", "qa", "delegate", delegate, "until", until))
                .andExpect(status().is(expected));
        assertRefused("delegation.refused");
    }

    @Test
    void the_author_delegates_nothing_and_is_nobodys_delegate() throws Exception {
        post("developer", "/delegations", Map.of("seat", "developer", "delegate", "developer-2", "until", "2099-01-01"))
                .andExpect(status().isForbidden());
        post("developer-2", "/delegations", Map.of("seat", "developer", "delegate", "developer", "until", "2099-01-01"))
                .andExpect(status().isForbidden());
    }

    @Test
    void a_delegation_is_one_hop() throws Exception {
        post("qa", "/delegations", Map.of("seat", "qa", "delegate", "qa-2", "until", "2099-01-01"));
        post("qa-2", "/delegations", Map.of("seat", "qa", "delegate", "qa", "until", "2099-01-01"))
                .andExpect(status().isForbidden())
                .andExpect(jsonPath("$.detail").value(containsString("one hop")));
    }

    @Test
    void who_handed_a_seat_over_takes_it_back_and_nobody_else_does() throws Exception {
        handQaOver();
        show("qa").andExpect(jsonPath("$.delegations[0].delegate").value("qa-2"));
        for (String other : List.of("qa-2", "operations", "admin", "head-of-product")) {
            withdraw(other, "qa").andExpect(status().isForbidden());
        }
        withdraw("qa", "operations").andExpect(status().isForbidden());
        assertRefused("delegation.refused");
        show("qa").andExpect(jsonPath("$.delegations.length()").value(1));

        withdraw("qa", "qa").andExpect(status().isNoContent());
        show("qa").andExpect(jsonPath("$.delegations.length()").value(0));
        assertRefused("seat.delegation-withdrawn");
        withdraw("qa", "qa").andExpect(status().isForbidden());
        // The open task is the seat's own again: its principal votes, for nobody else.
        post("qa", "/votes", ballotOf("qa", "GO"))
                .andExpect(status().isCreated())
                .andExpect(jsonPath("$.seats[?(@.id == 'qa')].vote.onBehalfOf").value((Object) null));
    }

    @Test
    void a_vote_that_a_delegate_gave_stays_when_the_delegation_is_withdrawn() throws Exception {
        handQaOver();
        post("qa-2", "/votes", ballotOf("qa", "GO")).andExpect(status().isCreated());
        withdraw("qa", "qa").andExpect(status().isNoContent());
        show("qa")
                .andExpect(jsonPath("$.seats[?(@.id == 'qa')].vote.onBehalfOf").value("qa"));
    }

    @ParameterizedTest
    @CsvSource({"qa", "qa-2"})
    void a_delegation_ends_when_one_of_the_two_leaves_the_group(String leaving) throws Exception {
        handQaOver();
        identity.deleteMembership(leaving, "qa");
        try {
            show("operations").andExpect(jsonPath("$.delegations.length()").value(0));
        } finally {
            identity.createMembership(leaving, "qa");
        }
    }

    private void handQaOver() throws Exception {
        post("qa", "/delegations", Map.of("seat", "qa", "delegate", "qa-2", "until", "2099-01-01"))
                .andExpect(status().isCreated());
    }

    private ResultActions show(String user) throws Exception {
        return http.perform(org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get(
                        "/api/releases/{key}/review", key)
                .with(httpBasic(user, user)));
    }

    private ResultActions withdraw(String user, String seat) throws Exception {
        return http.perform(org.springframework.test.web.servlet.request.MockMvcRequestBuilders.delete(
                        "/api/releases/{key}/review/delegations/{seat}", key, seat)
                .with(httpBasic(user, user)));
    }

    @Test
    void a_form_shows_what_is_voted_on() throws Exception {
        var task = task("voteOnReadiness", "seat", "qa");
        var shown = as("qa", () -> forms.getTaskFormVariables(task.getId()));
        assertThat(shown.get("dossier")).isEqualTo(dossier());
        assertThat(shown.keySet())
                .contains("releaseKey", "gates", "openConditions", "incidents", "votes", "changedSince", "seat");
        assertThat(shown.get("changedSince")).isEqualTo("This seat has not voted yet.");
    }

    private java.util.HashMap<String, Object> ballotOf(String seat, String vote) {
        var ballot = new java.util.HashMap<String, Object>();
        ballot.put("seat", seat);
        ballot.put("vote", vote);
        ballot.put("dossier", dossier());
        return ballot;
    }

    private ResultActions post(String user, String path, Map<String, Object> body) throws Exception {
        var result = http.perform(org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post(
                        "/api/releases/{key}/review" + path, key)
                .with(httpBasic(user, user))
                .contentType("application/json")
                .content(json.writeValueAsBytes(body)));
        runJobs();
        return result;
    }

    private void assertRefused(String type) {
        assertThat(timeline()).anyMatch(entry -> entry.startsWith(type));
    }
}
