package dev.countersign.portfolio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.security.test.web.servlet.setup.SecurityMockMvcConfigurers.springSecurity;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import dev.countersign.Engine;
import dev.countersign.Statements;
import dev.countersign.criteria.Criteria;
import dev.countersign.release.OpenRelease;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseOpening;
import dev.countersign.release.Timeline;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.camunda.bpm.engine.TaskService;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.context.WebApplicationContext;

/** What an open page asks of the database every two seconds. */
@Tag("M8.2")
@CountedTest
class PollingStatementsTests {
    @Autowired
    private WebApplicationContext context;

    @Autowired
    private ReleaseOpening opening;

    @Autowired
    private Engine.Hands hands;

    @Autowired
    private Statements statements;

    @Autowired
    private Timeline timeline;

    @Autowired
    private TaskService tasks;

    @Autowired
    private Criteria criteria;

    @Autowired
    private TransactionTemplate transaction;

    private static int number;

    private MockMvc mvc;
    private String key;

    @BeforeEach
    void open() throws Exception {
        mvc = MockMvcBuilders.webAppContextSetup(context)
                .apply(springSecurity())
                .build();
        Release release = hands.as("ci", () -> opening.open(request("9.9." + ++number)));
        key = release.key();
        hands.settle();
    }

    @Test
    void a_poll_of_a_release_where_nothing_happened_takes_two_statements_and_sends_nothing() throws Exception {
        String shown = ask("live", null).getHeader("ETag");
        long before = asked();
        var poll = ask("live", shown);
        assertThat(poll.getStatus()).isEqualTo(304);
        assertThat(poll.getContentAsByteArray()).isEmpty();
        assertThat(asked() - before).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chart", "diagram"})
    void asking_again_for_what_did_not_change_takes_one(String part) throws Exception {
        String shown = ask(part, null).getHeader("ETag");
        long before = asked();
        var again = ask(part, shown);
        assertThat(again.getStatus()).isEqualTo(304);
        assertThat(again.getContentAsByteArray()).isEmpty();
        assertThat(asked() - before).isEqualTo(1);
    }

    @Test
    void the_path_takes_as_many_statements_for_many_processes_as_for_few() throws Exception {
        long before = asked();
        ask("diagram", null);
        long few = asked() - before;
        agree("product");
        agree("security");
        agree("operations");
        hands.settle();
        before = asked();
        var path = ask("diagram", null).getContentAsString();
        assertThat(path).contains("\"release-gates\"");
        assertThat(asked() - before).isEqualTo(few).isEqualTo(4);
    }

    @Test
    void an_answer_a_fact_and_a_step_of_the_engine_are_each_seen() throws Exception {
        String page = ask("live", null).getHeader("ETag");
        String path = ask("diagram", null).getHeader("ETag");
        transaction.executeWithoutResult(
                status -> timeline.record(key, "evidence.received", "ci", "A document came", Map.of()));
        String after = ask("live", page).getHeader("ETag");
        assertThat(after).isNotEqualTo(page);
        assertThat(ask("diagram", path).getStatus()).isEqualTo(304);

        agree("product");
        assertThat(ask("live", after).getStatus()).isEqualTo(200);
        assertThat(ask("diagram", path).getStatus()).isEqualTo(200);
    }

    @Test
    void a_release_that_is_not_there_is_not_found() throws Exception {
        key = "checkout@none";
        assertThat(ask("live", "\"x\"").getStatus()).isEqualTo(404);
        assertThat(ask("chart", null).getStatus()).isEqualTo(404);
        assertThat(ask("diagram", null).getStatus()).isEqualTo(404);
    }

    private void agree(String party) throws Exception {
        String task = tasks.createTaskQuery()
                .processInstanceBusinessKey(key)
                .taskCandidateGroup(party)
                .singleResult()
                .getId();
        String seen = criteria.current(key).orElseThrow().digest();
        hands.as(party, () -> {
            tasks.complete(task, Map.of("answer", "agree", "dossier", seen));
            return null;
        });
    }

    private long asked() {
        statements.on();
        return statements.of(table -> true).statements();
    }

    private MockHttpServletResponse ask(String part, String version) throws Exception {
        var request = get("/releases/{key}/" + part, key).with(user("qa").authorities(() -> "qa"));
        if (version != null) {
            request.header("If-None-Match", version);
        }
        return mvc.perform(request).andReturn().getResponse();
    }

    private static OpenRelease request(String version) {
        var changes = new TreeMap<String, Boolean>();
        List.of(
                        "externalEndpoints",
                        "authentication",
                        "personalData",
                        "databaseMigration",
                        "infrastructure",
                        "apiContract")
                .forEach(change -> changes.put(change, false));
        return new OpenRelease(
                "checkout",
                version,
                "standard",
                "One-page checkout",
                null,
                "6dcb09b5b57875f334f61aebed695e2e4193db5e",
                null,
                List.of("developer"),
                List.of(new Release.Artifact("registry.example/checkout", "sha256:" + "a".repeat(64))),
                changes,
                null,
                List.of(),
                null,
                List.of());
    }
}
