package dev.countersign.rollout.reported;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.countersign.DatabaseTest;
import dev.countersign.release.DeploymentReport;
import dev.countersign.release.DeploymentReport.State;
import dev.countersign.release.DeploymentsReported;
import dev.countersign.rollout.ReportedDeployments;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;

/** What auditors, and everybody else who may look, see of deployments that others reported. */
@DatabaseTest
@Tag("E2")
class ReportedHttpTests {
    private static final String COMMIT = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
    private static final Instant BEGAN = Instant.parse("2025-03-04T09:00:00Z");

    @Autowired
    private MockMvc http;

    @Autowired
    private ApplicationEventPublisher events;

    @Autowired
    private JdbcClient db;

    @Autowired
    private ReportedDeployments deployments;

    @Autowired
    private List<MultiCollector> series;

    @BeforeEach
    void report() {
        events.publishEvent(new DeploymentsReported(List.of(
                said("101", "production", State.SUCCESS),
                said("102", "production", State.FAILURE),
                said("103", "staging", State.SUCCESS),
                said("104", "<b>unheard-of</b>", State.SUCCESS))));
    }

    @AfterEach
    void forget() {
        db.sql("delete from reported_deployment").update();
    }

    private static DeploymentReport said(String id, String environment, State state) {
        return new DeploymentReport(
                "github",
                id,
                "acme/no-service-of-ours",
                environment,
                COMMIT,
                null,
                state,
                BEGAN,
                BEGAN.plusSeconds(Long.parseLong(id)),
                BEGAN.plusSeconds(600),
                BEGAN.plusSeconds(600),
                "https://github.example/acme/no-service-of-ours/deployments/production");
    }

    private ResultActions ask(String who, MockHttpServletRequestBuilder what) throws Exception {
        return http.perform(what.with(httpBasic(who, who)));
    }

    private static MockHttpServletRequestBuilder march(String path) {
        return get(path).queryParam("from", "2025-03-01").queryParam("to", "2025-03-31");
    }

    @Test
    void auditors_see_what_went_past_the_platform() throws Exception {
        ask("auditor", march("/api/deployments/reported").queryParam("approved", "false"))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.total").value(2))
                .andExpect(jsonPath("$.items[0].id").value("github:102"))
                .andExpect(jsonPath("$.items[0].state").value("FAILURE"))
                .andExpect(jsonPath("$.items[0].approved").value(false))
                .andExpect(jsonPath("$.items[1].id").value("github:101"))
                .andExpect(jsonPath("$.items[1].service").doesNotExist())
                .andExpect(jsonPath("$.items[1].repository").value("acme/no-service-of-ours"))
                .andExpect(jsonPath("$.items[1].commit").value(COMMIT))
                .andExpect(jsonPath("$.items[1].startedAt").value("2025-03-04T09:01:41Z"))
                .andExpect(jsonPath("$.items[1].because")
                        .value("No service of the catalog is built from acme/no-service-of-ours"));
        assertThat(deployments.unapproved(BEGAN, BEGAN.plusSeconds(102)))
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.id()).isEqualTo("github:101");
                    assertThat(one.result()).isEqualTo("SUCCESS");
                    assertThat(one.finishedAt()).isEqualTo(BEGAN.plusSeconds(600));
                });
    }

    @Test
    void what_is_not_known_to_be_production_is_shown_and_not_counted() throws Exception {
        ask("auditor", march("/api/deployments/reported"))
                .andExpect(jsonPath("$.total").value(4))
                .andExpect(jsonPath("$.items[0].standing").value("UNKNOWN"))
                .andExpect(jsonPath("$.items[0].approved").doesNotExist())
                .andExpect(jsonPath("$.items[1].standing").value("ELSEWHERE"));
        ask("auditor", march("/api/deployments/reported").queryParam("approved", "true"))
                .andExpect(jsonPath("$.total").value(0));
        ask(
                        "auditor",
                        march("/api/deployments/reported")
                                .queryParam("size", "1")
                                .queryParam("page", "3"))
                .andExpect(jsonPath("$.items.length()").value(1))
                .andExpect(jsonPath("$.items[0].id").value("github:101"));
        ask("auditor", march("/api/deployments/reported").queryParam("source", "gitlab"))
                .andExpect(jsonPath("$.total").value(0));
        ask("auditor", march("/api/deployments/reported").queryParam("service", "checkout"))
                .andExpect(jsonPath("$.total").value(0));
    }

    @Test
    void of_one_that_only_waits_it_is_not_said_that_it_began() throws Exception {
        events.publishEvent(new DeploymentsReported(List.of(said("105", "production", State.WAITING))));
        ask("auditor", march("/api/deployments/reported"))
                .andExpect(jsonPath("$.items[0].id").value("github:105"))
                .andExpect(jsonPath("$.items[0].standing").value("WAITING"))
                .andExpect(jsonPath("$.items[0].startedAt").value(nullValue()));
        look(march("/deployments/reported").queryParam("approved", "any"))
                .andExpect(content().string(containsString("asked for 2025-03-04 09:01:45 UTC")));
    }

    @ParameterizedTest
    @CsvSource({
        "approved, maybe, /approved",
        "from, yesterday, /from",
        "to, 2025-02-28, /from",
        "page, -1, /page",
        "size, 0, /size",
    })
    void a_question_that_is_none_is_refused_with_its_place(String name, String value, String pointer) throws Exception {
        MockHttpServletRequestBuilder question =
                get("/api/deployments/reported").queryParam(name, value);
        if (name.equals("to")) {
            question.queryParam("from", "2025-03-01");
        }
        ask("auditor", question)
                .andExpect(status().isUnprocessableEntity())
                .andExpect(jsonPath("$.errors[0].pointer").value(pointer));
    }

    @Test
    void nobody_sees_them_without_a_login() throws Exception {
        http.perform(get("/api/deployments/reported")).andExpect(status().isUnauthorized());
    }

    /** Pages have a login of their own. */
    private ResultActions look(MockHttpServletRequestBuilder what) throws Exception {
        return http.perform(what.with(user("auditor").authorities(new SimpleGrantedAuthority("auditor"))));
    }

    @Test
    void the_page_shows_them_by_what_stands_in_its_address_and_takes_no_markup_from_strangers() throws Exception {
        look(march("/deployments/reported"))
                .andExpect(status().isOk())
                .andExpect(content().string(containsString("acme/no-service-of-ours")))
                .andExpect(content().string(containsString("past the platform")))
                .andExpect(content().string(not(containsString("unheard-of"))));
        look(march("/deployments/reported").queryParam("approved", "any"))
                .andExpect(content().string(containsString("&lt;b&gt;unheard-of")))
                .andExpect(content().string(not(containsString("<b>unheard-of"))));
        look(get("/deployments/reported")).andExpect(content().string(containsString("No deployment to show")));
        look(march("/deployments/reported").queryParam("approved", "maybe"))
                .andExpect(status().isUnprocessableEntity());
    }

    @Test
    void they_are_logged_told_once_and_counted() {
        assertThat(db.sql(
                                "select content from log_outbox where type = 'deployment.unapproved' order by id desc limit 1")
                        .query(String.class)
                        .single())
                .contains("github:10", COMMIT);
        String told =
                "select count(*) from mail where kind = 'bypass' and subject like '%went past the platform%no-service-of-ours'";
        long mails = db.sql(told).query(Long.class).single();
        assertThat(mails).isPositive();
        report();
        assertThat(db.sql(told).query(Long.class).single()).isEqualTo(mails);
        assertThat(series.stream()
                        .flatMap(one -> one.collect().stream())
                        .filter(one -> one.getMetadata().getName().equals("countersign_reported_deployments"))
                        .flatMap(one -> ((GaugeSnapshot) one).getDataPoints().stream())
                        .filter(point -> "unapproved".equals(point.getLabels().get("standing"))))
                .singleElement()
                .satisfies(point -> assertThat(point.getValue()).isEqualTo(2));
    }
}
