package dev.countersign.preparation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.asyncDispatch;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.servlet.MvcResult;
import org.springframework.test.web.servlet.RequestBuilder;

/** The checklist and the communication plan stand among the gates of a release. */
@Tag("M1.4")
@Tag("M2.5")
class PreparationGatesTests extends PreparationCase {
    private static final String LINK = "https://ci.example.org/runs/7";

    @Test
    void checklist_and_plan_are_gates_that_pass_once_people_have_confirmed_them() throws Exception {
        start();
        assertThat(gate("checklist").path("verdict").asText()).isEqualTo("NO_DATA");
        assertThat(gate("checklist").path("findings")).hasSize(6);
        assertThat(gate("communication-plan").path("verdict").asText()).isEqualTo("NO_DATA");
        assertThat(gate("communication-plan").path("value").asText()).isEqualTo("none");

        tick("qa", "qa", LINK);
        assertThat(gate("checklist").path("verdict").asText()).isEqualTo("NO_DATA");
        assertThat(gate("checklist").path("sentence").asText())
                .contains("3 of 6 items of the checklist 'critical'", "'runbook-current' of operations");
        tick("operations", "operations", LINK);
        plan("draft", rows(task("planCommunication", null), "messages"));
        assertThat(gate("communication-plan").path("verdict").asText()).isEqualTo("NO_DATA");
        plan();

        JsonNode checklist = gate("checklist");
        assertThat(checklist.path("verdict").asText()).isEqualTo("PASS");
        assertThat(checklist.path("required").asText()).isEqualTo("required");
        assertThat(checklist.path("value").asText()).isEqualTo("6 ticked");
        assertThat(checklist.path("limit").asText()).isEqualTo("all 6 that are asked for");
        assertThat(checklist.path("sample").asInt()).isEqualTo(6);
        assertThat(checklist.path("ruleVersion").asText()).startsWith("preparation-needs");
        assertThat(checklist.path("evaluatedAt").asText()).isNotEmpty();
        JsonNode plan = gate("communication-plan");
        assertThat(plan.path("verdict").asText()).isEqualTo("PASS");
        assertThat(plan.path("owner").asText()).isEqualTo("product");

        assertThat(StreamSupport.stream(
                                json(get("/api/releases/{key}/gates", key)).spliterator(), false)
                        .map(one -> one.path("gate").asText()))
                .contains("tests", "sast", "checklist", "communication-plan")
                .doesNotHaveDuplicates();
        assertThat(StreamSupport.stream(document().path("gates").spliterator(), false)
                        .filter(one -> one.path("clear").asBoolean())
                        .map(one -> one.path("gate").asText()))
                .contains("checklist", "communication-plan");
    }

    @Test
    void what_changed_since_takes_the_pass_away() throws Exception {
        upload("<testsuite name=\"s\"><testcase name=\"a\"/></testsuite>", 201);
        start();
        tick("qa", "qa", LINK);
        tick("operations", "operations", LINK);
        plan();
        assertThat(gate("checklist").path("verdict").asText()).isEqualTo("PASS");
        upload("<testsuite name=\"s\"><testcase name=\"b\"/></testsuite>", 201);
        assertThat(gate("checklist").path("verdict").asText()).isEqualTo("NO_DATA");
        assertThat(gate("checklist").path("value").asText()).isEqualTo("3 ticked");
    }

    @Test
    void a_hotfix_needs_no_plan_by_a_rule_that_is_named() throws Exception {
        release("checkout", "hotfix", "developer");
        JsonNode plan = gate("communication-plan");
        assertThat(plan.path("verdict").asText()).isEqualTo("NOT_APPLICABLE");
        assertThat(plan.path("required").asText()).isEqualTo("not-applicable");
        assertThat(plan.path("sentence").asText())
                .isEqualTo(plan.path("rule").asText())
                .isNotEmpty();
    }

    @Test
    void a_pipeline_may_wait_for_one_and_nobody_waives_it_or_asks_a_system_for_it() throws Exception {
        start();
        MvcResult asked = http.perform(get("/api/releases/{key}/gates/checklist?wait=PT60S", key)
                        .with(httpBasic("ci", "ci")))
                .andReturn();
        assertThat(asked.getRequest().isAsyncStarted()).isTrue();
        tick("qa", "qa", LINK);
        tick("operations", "operations", LINK);
        asked.getAsyncResult(30_000);
        assertThat(http.perform(asyncDispatch(asked)).andReturn().getResponse().getContentAsString())
                .contains("\"gate\":\"checklist\"", "\"verdict\":\"PASS\"");

        assertThat(status(post("/api/releases/{key}/gates/checklist/fetch", key).with(httpBasic("ci", "ci"))))
                .isEqualTo(409);
        assertThat(status(post("/api/releases/{key}/gates/communication-plan/waivers", key)
                        .contentType("application/json")
                        .content(
                                "{\"findings\":[\"plan:none\"],\"reason\":\"no time\",\"expires\":\"2099-01-01T00:00:00Z\"}")
                        .with(httpBasic("release-manager", "release-manager"))))
                .isEqualTo(409);
        assertThat(status(get("/api/releases/{key}/gates/no-such-gate", key).with(httpBasic("ci", "ci"))))
                .isEqualTo(404);
    }

    private JsonNode gate(String name) throws Exception {
        return json(get("/api/releases/{key}/gates/{gate}", key, name));
    }

    private JsonNode json(org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder request)
            throws Exception {
        return new ObjectMapper()
                .readTree(http.perform(request.with(httpBasic("auditor", "auditor")))
                        .andReturn()
                        .getResponse()
                        .getContentAsString(StandardCharsets.UTF_8));
    }

    private int status(RequestBuilder request) throws Exception {
        return http.perform(request).andReturn().getResponse().getStatus();
    }
}
