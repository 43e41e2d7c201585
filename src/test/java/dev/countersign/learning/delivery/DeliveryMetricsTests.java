package dev.countersign.learning.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.DatabaseTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;

/** Figures that were reckoned by hand, from the tables to the answer. The services are none of the catalog's, so nobody else deploys them; they count as production. */
@DatabaseTest
@Tag("M7.5")
class DeliveryMetricsTests {
    private static final String API = "/api/metrics/delivery";

    @Autowired
    private MockMvc http;

    @Autowired
    private JdbcClient db;

    private final ObjectMapper json = new ObjectMapper();
    private DeliveryRows rows;
    private String service;

    @BeforeEach
    void aServiceOfItsOwn() {
        rows = new DeliveryRows(db);
        service = "metrics-" + System.nanoTime();
    }

    private ResultActions ask(String path, String... parameters) throws Exception {
        var request = get(path).with(httpBasic("developer", "developer"));
        for (int i = 0; i < parameters.length; i += 2) {
            request.queryParam(parameters[i], parameters[i + 1]);
        }
        return http.perform(request);
    }

    private JsonNode answer(String path, String... parameters) throws Exception {
        return json.readTree(ask(path, parameters)
                .andExpect(status().isOk())
                .andReturn()
                .getResponse()
                .getContentAsString(StandardCharsets.UTF_8));
    }

    private JsonNode june() throws Exception {
        return answer(API, "service", service, "from", "2021-06-01", "to", "2021-06-30");
    }

    private static List<String> counted(JsonNode figure) {
        List<String> keys = new ArrayList<>();
        figure.at("/deployments/items").forEach(item -> {
            if (item.get("counted").asBoolean()) {
                keys.add(item.get("key").asText());
            }
        });
        return keys;
    }

    @Test
    void lead_time_is_the_median_from_commit_to_deployment_and_says_how_many_had_no_commit_time() throws Exception {
        rows.deployed(service, "standard", "2021-06-02T10:00:00Z", "2021-06-02T00:00:00Z", null);
        rows.deployed(service, "standard", "2021-06-03T10:00:00Z", "2021-06-02T10:00:00Z", null);
        rows.deployed(service, "standard", "2021-06-05T10:00:00Z", "2021-06-03T10:00:00Z", null);
        rows.deployed(service, "standard", "2021-06-08T10:00:00Z", "2021-06-05T10:00:00Z", null);
        rows.deployed(service, "2021-06-09T10:00:00Z");
        rows.deployed(service, "standard", "2021-06-10T10:00:00Z", "2021-06-11T10:00:00Z", null);
        JsonNode figure = june().get("changeLeadTime");
        // 10, 24, 48 and 72 hours: the median is 36, the 90th percentile 48 + 0.7 of 24.
        assertThat(figure.get("value").asText()).isEqualTo("PT36H");
        assertThat(figure.get("p90").asText()).isEqualTo("PT64H48M");
        assertThat(figure.at("/toAllUsers/value").asText()).isEqualTo("PT37H");
        assertThat(figure.get("numerator").asInt()).isEqualTo(4);
        assertThat(figure.get("denominator").asInt()).isEqualTo(6);
        assertThat(figure.get("withoutCommitTime").asInt()).isEqualTo(2);
        assertThat(figure.get("interval").isNull()).as("too few").isTrue();
        assertThat(counted(figure)).hasSize(4);
    }

    @Test
    void the_parts_of_a_lead_time_are_those_of_the_changes_behind_it() throws Exception {
        assertThat(june().at("/changeLeadTime/parts").isNull()).isTrue();
        String first = rows.deployed(service, "2021-06-10T10:00:00Z");
        String second = rows.deployed(service, "2021-06-20T10:00:00Z");
        rows.deployed(service, "2021-06-21T10:00:00Z");
        rows.change(
                first,
                "2021-06-08T10:00:00Z",
                "2021-06-08T14:00:00Z",
                "2021-06-08T15:00:00Z",
                "2021-06-09T10:00:00Z",
                "2021-06-10T11:00:00Z");
        rows.change(
                second,
                "2021-06-18T10:00:00Z",
                "2021-06-18T12:00:00Z",
                null,
                "2021-06-18T13:00:00Z",
                "2021-06-20T11:00:00Z");
        JsonNode parts = june().at("/changeLeadTime/parts");
        assertThat(parts.at("/coding/median").asText()).isEqualTo("PT3H");
        assertThat(parts.at("/coding/n").asInt()).isEqualTo(2);
        assertThat(parts.at("/pickup/median").asText()).isEqualTo("PT1H");
        assertThat(parts.at("/pickup/n").asInt()).isEqualTo(1);
        assertThat(parts.at("/deploy/median").asText()).isEqualTo("PT35H30M");
        assertThat(parts.at("/changes").asInt()).isEqualTo(2);
        assertThat(parts.at("/known").asInt()).isEqualTo(2);
        assertThat(ask("/metrics/delivery", "service", service, "from", "2021-06-01", "to", "2021-06-30")
                        .andReturn()
                        .getResponse()
                        .getStatus())
                .isNotEqualTo(500);
    }

    @Test
    void frequency_counts_what_was_attempted_over_the_days_of_the_period() throws Exception {
        rows.deployed(service, "2021-06-01T00:00:00Z");
        String tried = rows.deployed(service, "2021-06-12T10:00:00Z");
        rows.rolledBack(tried, "2021-06-12T10:01:00Z", "2021-06-12T10:01:01Z", "2021-06-12T10:02:00Z", false);
        rows.deployed(service, "2021-06-30T23:59:59Z");
        rows.deployed(service, "2021-05-31T23:59:59Z");
        rows.deployed(service, "2021-07-01T00:00:00Z");
        JsonNode figure = june().get("deploymentFrequency");
        assertThat(figure.get("numerator").asInt()).isEqualTo(3);
        assertThat(figure.get("denominator").asDouble()).isEqualTo(30);
        assertThat(figure.get("value").asDouble()).isCloseTo(0.1, within(1e-9));
        assertThat(figure.get("perWeek").asDouble()).isCloseTo(0.7, within(1e-9));
        assertThat(figure.at("/deployments/total").asInt()).isEqualTo(3);
    }

    @Test
    void a_deployment_failed_once_whatever_befell_it() throws Exception {
        String rolledBack = rows.deployed(service, "2021-06-02T10:00:00Z");
        rows.rolledBack(rolledBack, "2021-06-02T10:20:00Z", "2021-06-02T10:21:00Z", "2021-06-02T10:25:00Z", true);
        String incident = rows.incident(rolledBack, service, "2021-06-02T10:20:00Z");
        String unseen = rows.deployed(service, "2021-06-03T10:00:00Z");
        rows.rolledBack(unseen, "2021-06-03T10:01:00Z", "2021-06-03T10:01:00Z", "2021-06-03T10:02:00Z", false);
        String good = rows.deployed(service, "2021-06-04T10:00:00Z");
        String mended = rows.deployed(service, "2021-06-05T10:00:00Z");
        String hotfix = rows.deployed(service, "hotfix", "2021-06-05T12:00:00Z", null, "Carts are lost");
        rows.deployed(service, "hotfix", "2021-06-06T12:00:00Z", null, incident + ": it was not only the errors");
        JsonNode figure = june().get("changeFailRate");
        assertThat(counted(figure)).containsExactlyInAnyOrder(rolledBack, mended);
        assertThat(counted(figure)).doesNotContain(unseen, good, hotfix);
        assertThat(figure.get("numerator").asInt()).isEqualTo(2);
        assertThat(figure.get("denominator").asInt()).isEqualTo(6);
        assertThat(figure.get("value").asDouble()).isCloseTo(1.0 / 3, within(1e-9));
        // Wilson of 2 of 6, by hand: centre (1/3 + 0.64024/2) / 1.64024, half width by the formula.
        assertThat(figure.at("/interval/low").asDouble()).isCloseTo(0.0968, within(0.0001));
        assertThat(figure.at("/interval/high").asDouble()).isCloseTo(0.7000, within(0.0001));
        assertThat(figure.toString())
                .contains("A hotfix followed it", "[\"" + hotfix + "\"]", "before any user met it");
    }

    @Test
    void recovery_is_from_the_deployment_and_from_the_trouble_and_what_is_open_is_said() throws Exception {
        String quick = rows.deployed(service, "2021-06-02T10:00:00Z");
        rows.rolledBack(quick, "2021-06-02T10:20:00Z", "2021-06-02T10:30:00Z", "2021-06-02T10:40:00Z", true);
        String slow = rows.deployed(service, "2021-06-03T10:00:00Z");
        rows.rolledBack(slow, "2021-06-03T10:30:00Z", "2021-06-03T11:30:00Z", "2021-06-03T12:00:00Z", true);
        String open = rows.deployed(service, "2021-06-04T10:00:00Z");
        rows.rolledBack(open, "2021-06-04T10:30:00Z", "2021-06-04T10:31:00Z", null, true);
        String hardlyBegun = rows.deployed(service, "2021-06-05T10:00:00Z");
        rows.tripped(hardlyBegun, "2021-06-05T10:10:00Z");
        String mended = rows.deployed(service, "2021-06-06T10:00:00Z");
        rows.deployed(service, "hotfix", "2021-06-06T12:00:00Z", null, "Prices are wrong");
        JsonNode figure = june().get("failedDeploymentRecoveryTime");
        // 30 minutes, 90 minutes, and 3 hours until all users were on the hotfix.
        assertThat(figure.get("value").asText()).isEqualTo("PT1H30M");
        assertThat(figure.get("mean").asText()).isEqualTo("PT1H40M");
        assertThat(figure.get("numerator").asInt()).isEqualTo(3);
        assertThat(figure.get("denominator").asInt()).isEqualTo(5);
        assertThat(figure.get("open").asInt()).isEqualTo(2);
        assertThat(counted(figure)).containsExactlyInAnyOrder(quick, slow, mended);
        // 10 and 60 minutes from when it was noticed.
        assertThat(figure.at("/fromIncident/mean").asText()).isEqualTo("PT35M");
        assertThat(figure.at("/fromIncident/n").asInt()).isEqualTo(2);
    }

    @Test
    void rework_is_every_hotfix_and_every_release_that_says_what_it_fixes() throws Exception {
        rows.deployed(service, "2021-06-02T10:00:00Z");
        rows.deployed(service, "2021-06-03T10:00:00Z");
        String hotfix = rows.deployed(service, "hotfix", "2021-06-04T10:00:00Z", null, null);
        String fix = rows.deployed(service, "standard", "2021-06-05T10:00:00Z", null, "INC-7");
        JsonNode figure = june().get("reworkRate");
        assertThat(counted(figure)).containsExactlyInAnyOrder(hotfix, fix);
        assertThat(figure.get("value").asDouble()).isEqualTo(0.5);
        assertThat(figure.get("denominator").asInt()).isEqualTo(4);
    }

    @Test
    void a_hotfix_after_the_period_still_counts_against_what_it_followed() throws Exception {
        String last = rows.deployed(service, "2021-06-28T10:00:00Z");
        String hotfix = rows.deployed(service, "hotfix", "2021-07-02T10:00:00Z", null, null);
        JsonNode figure = june().get("changeFailRate");
        assertThat(counted(figure)).containsExactly(last);
        assertThat(figure.at("/deployments/items/0/followedBy/0").asText()).isEqualTo(hotfix);
    }

    @Test
    void a_hotfix_counts_against_nothing_older_than_what_was_right_before_it() throws Exception {
        rows.deployed(service, "2021-06-28T10:00:00Z");
        rows.deployed(service, "2021-07-01T10:00:00Z");
        rows.deployed(service, "hotfix", "2021-07-02T10:00:00Z", null, "The release of July, not of June");
        assertThat(counted(june().get("changeFailRate"))).isEmpty();
    }

    @Test
    void a_hotfix_of_another_service_counts_against_the_release_that_it_names() throws Exception {
        String named = rows.deployed(service, "2021-06-02T10:00:00Z");
        rows.deployed(service, "2021-06-03T10:00:00Z");
        rows.deployed(service + "-b", "2021-06-03T11:00:00Z");
        rows.deployed(service + "-b", "hotfix", "2021-06-04T10:00:00Z", null, "Answers of " + named + ".");
        assertThat(counted(june().get("changeFailRate"))).containsExactly(named);
    }

    @Test
    void the_deployments_behind_a_figure_add_up_page_by_page() throws Exception {
        for (int day = 10; day < 17; day++) {
            String key = rows.deployed(service, "2021-06-" + day + "T10:00:00Z");
            if (day % 3 == 0) {
                rows.rolledBack(
                        key,
                        "2021-06-" + day + "T11:00:00Z",
                        "2021-06-" + day + "T11:00:00Z",
                        "2021-06-" + day + "T11:01:00Z",
                        true);
            }
        }
        JsonNode figure = answer(API, "service", service, "from", "2021-06-01", "to", "2021-06-30", "size", "3")
                .get("changeFailRate");
        assertThat(figure.at("/deployments/items").size()).isEqualTo(3);
        String all = figure.at("/deployments/all").asText();
        List<String> seen = new ArrayList<>();
        int counted = 0;
        for (int page = 0; page < 3; page++) {
            JsonNode listed = json.readTree(
                    http.perform(get(java.net.URI.create(all + "&page=" + page)).with(httpBasic("qa", "qa")))
                            .andExpect(status().isOk())
                            .andReturn()
                            .getResponse()
                            .getContentAsString(StandardCharsets.UTF_8));
            assertThat(listed.get("total").asInt())
                    .isEqualTo(figure.get("denominator").asInt());
            for (JsonNode item : listed.get("items")) {
                seen.add(item.get("key").asText());
                counted += item.get("counted").asBoolean() ? 1 : 0;
            }
        }
        assertThat(seen).doesNotHaveDuplicates().hasSize(7);
        assertThat(counted).isEqualTo(figure.get("numerator").asInt()).isEqualTo(2);
        assertThat(answer(
                                API + "/change-fail-rate",
                                "service",
                                service,
                                "from",
                                "2021-06-01",
                                "to",
                                "2021-06-30",
                                "counted",
                                "true")
                        .get("total")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void nothing_deployed_is_no_figure_and_no_error() throws Exception {
        JsonNode answer = june();
        assertThat(answer.get("deployments").asInt()).isZero();
        assertThat(answer.at("/changeFailRate/value").isNull()).isTrue();
        assertThat(answer.at("/changeFailRate/interval").isNull()).isTrue();
        assertThat(answer.at("/changeLeadTime/value").isNull()).isTrue();
        assertThat(answer.at("/deploymentFrequency/value").asDouble()).isZero();
        assertThat(answer.at("/trend").size()).isEqualTo(5);
        ask(API, "unit", "nobody").andExpect(jsonPath("$.deployments").value(0));
    }

    @Test
    void the_sandbox_says_that_it_is_one_and_is_never_among_production() throws Exception {
        String key = rows.deployed("checkout", "2003-03-03T10:00:00Z");
        JsonNode answer = answer(API, "service", "checkout", "from", "2003-03-01", "to", "2003-03-31");
        assertThat(answer.get("target").asText())
                .as("all of the catalog is the sandbox's")
                .isEqualTo("sandbox");
        assertThat(answer.get("deployments").asInt()).isEqualTo(1);
        assertThat(answer.at("/deploymentFrequency/deployments/items/0/page").asText())
                .isEqualTo("/releases/" + key);
        assertThat(answer(API, "target", "production", "from", "2003-03-01", "to", "2003-03-31")
                        .get("deployments")
                        .asInt())
                .isZero();
        db.sql("delete from rollout where release_key = ?").param(key).update();
        db.sql("delete from release where key_ = ?").param(key).update();
    }

    @ParameterizedTest
    @CsvSource({
        "from, yesterday, /from",
        "to, 2026-13-01, /to",
        "from, 9999-01-01, /from",
        "from, 2001-01-01, /from",
        "target, staging, /target",
        "trend, day, /trend",
        "size, 0, /size"
    })
    void what_cannot_be_answered_is_refused_at_its_place(String name, String value, String pointer) throws Exception {
        ask(API, name, value)
                .andExpect(status().isUnprocessableEntity())
                .andExpect(jsonPath("$.errors[0].pointer").value(pointer));
    }

    @ParameterizedTest
    @ValueSource(strings = {"size", "page", "counted"})
    void what_is_of_another_type_is_a_bad_request(String name) throws Exception {
        ask(API + "/rework-rate", name, "many").andExpect(status().is4xxClientError());
    }

    @Test
    void a_page_before_the_first_and_a_figure_that_there_is_not_are_refused() throws Exception {
        ask(API + "/rework-rate", "page", "-1")
                .andExpect(status().isUnprocessableEntity())
                .andExpect(jsonPath("$.errors[0].pointer").value("/page"));
        ask(API + "/velocity").andExpect(status().isNotFound());
    }

    @Test
    void nobody_reads_them_without_a_login() throws Exception {
        http.perform(get(API)).andExpect(status().isUnauthorized());
    }
}
