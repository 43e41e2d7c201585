package dev.countersign.rollout;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.httpBasic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.countersign.DatabaseTest;
import dev.countersign.Engine.Hands;
import dev.countersign.OpenedReleases;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.rollout.Rollouts.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;

@DatabaseTest
@AutoConfigureObservability(tracing = false)
@Tag("M5.5")
class MarkersTests {
    private static final String ANNOTATIONS = "/grafana/api/annotations";
    private static final String LOGS = "/otlp/v1/logs";

    @RegisterExtension
    static final WireMockExtension GRAFANA = WireMockExtension.newInstance()
            .options(WireMockConfiguration.options().dynamicPort().bindAddress("127.0.0.1"))
            .build();

    @Autowired
    private OpenedReleases opened;

    @Autowired
    private Releases releases;

    @Autowired
    private RolloutStore store;

    @Autowired
    private RolloutSteps steps;

    @Autowired
    private MockMvc http;

    @Autowired
    private Hands hands;

    @Autowired
    private JdbcTemplate jdbc;

    private Release release;

    @DynamicPropertySource
    static void grafana(DynamicPropertyRegistry properties) throws IOException {
        Path token = Files.createTempFile("grafana", "token");
        Files.writeString(token, "glsa_of_the_test\n");
        properties.add("countersign.rollout.grafana.url", () -> "http://127.0.0.1:" + GRAFANA.getPort() + "/grafana");
        properties.add("countersign.rollout.grafana.token-file", token::toString);
        properties.add(
                "countersign.rollout.opentelemetry.url", () -> "http://127.0.0.1:" + GRAFANA.getPort() + "/otlp");
        properties.add("countersign.rollout.opentelemetry.token-file", token::toString);
    }

    @AfterEach
    void theReleaseIsOver() {
        hands.resetTime();
        end(release);
    }

    private void end(Release any) {
        releases.enter(any.key(), ReleaseState.ABORTED, "test over");
        store.freeSlot(any.key());
        jdbc.update("update observation set ended = true where release_key = ?", any.key());
    }

    private void open() throws Exception {
        release = opened.byPipeline("checkout");
        BegunRollout.of(release, store);
    }

    private void starts() {
        releases.enter(release.key(), ReleaseState.ROLLING_OUT, "test");
        steps.observe(release.key());
        hands.settle();
    }

    private void grafanaAnswers() {
        GRAFANA.stubFor(post(ANNOTATIONS).willReturn(okJson("{\"message\": \"Annotation added\", \"id\": 1}")));
        GRAFANA.stubFor(get(urlPathEqualTo(ANNOTATIONS)).willReturn(okJson("[]")));
    }

    private void annotated(int times, String phase) {
        GRAFANA.verify(
                times,
                postRequestedFor(urlEqualTo(ANNOTATIONS))
                        .withHeader("Authorization", equalTo("Bearer glsa_of_the_test"))
                        .withRequestBody(matchingJsonPath("$.time"))
                        .withRequestBody(matchingJsonPath("$.tags[?(@ == 'service:checkout')]"))
                        .withRequestBody(matchingJsonPath("$.tags[?(@ == 'version:" + release.version() + "')]"))
                        .withRequestBody(matchingJsonPath("$.tags[?(@ == 'phase:" + phase + "')]")));
    }

    /** What Prometheus scrapes: the lines of our series. */
    private List<String> scraped() throws Exception {
        return scraped("countersign_deployment_marker{");
    }

    private List<String> scraped(String beginning) throws Exception {
        return http.perform(MockMvcRequestBuilders.get("/actuator/prometheus").with(httpBasic("sre", "sre")))
                .andReturn()
                .getResponse()
                .getContentAsString()
                .lines()
                .filter(line -> line.startsWith(beginning))
                .toList();
    }

    @Test
    void start_step_promotion_and_rollback_are_marked_in_grafana_and_as_series_of_the_latest_version()
            throws Exception {
        grafanaAnswers();
        open();
        starts();
        steps.observe(release.key());
        releases.enter(release.key(), ReleaseState.HELD, "test");
        releases.enter(release.key(), ReleaseState.ROLLING_OUT, "test");
        releases.enter(release.key(), ReleaseState.STABLE, "test");
        hands.settle();

        annotated(1, "start");
        annotated(1, "step");
        annotated(1, "promotion");
        annotated(0, "rollback");
        assertThat(scraped()).hasSize(3).allMatch(line -> line.contains("version=\"" + release.version() + "\""));
        assertThat(Double.parseDouble(
                        scraped().get(0).substring(scraped().get(0).lastIndexOf(' '))))
                .isCloseTo(System.currentTimeMillis() / 1000.0, org.assertj.core.api.Assertions.within(120.0));

        open();
        releases.enter(release.key(), ReleaseState.ROLLING_BACK, "test");
        hands.settle();
        annotated(1, "rollback");
        assertThat(scraped())
                .singleElement()
                .asString()
                .contains("version=\"" + release.version() + "\"")
                .contains("phase=\"rollback\"")
                .contains("service=\"checkout\"");
    }

    /** It waits for its service, where another version is still under way, or for somebody to watch it. */
    @Test
    void a_release_that_waits_for_its_rollout_has_not_started_and_takes_no_series_away() throws Exception {
        grafanaAnswers();
        open();
        Release running = release;
        starts();
        assertThat(scraped()).hasSize(2);
        store.freeSlot(running.key());
        open();
        releases.enter(release.key(), ReleaseState.ROLLING_OUT, "test");
        hands.settle();
        annotated(0, "start");
        assertThat(scraped()).hasSize(2).allMatch(line -> line.contains("version=\"" + running.version() + "\""));

        releases.enter(release.key(), ReleaseState.CRITERIA, "the clearance was lost");
        store.status(release.key(), Status.RUNNING, null, 2);
        starts();
        jdbc.update("update observation set ended = true where release_key = ?", release.key());
        store.status(release.key(), Status.RUNNING, null, 3);
        releases.enter(release.key(), ReleaseState.CRITERIA, "the clearance was lost");
        starts();
        annotated(1, "start");
        annotated(2, "step");
        end(running);
    }

    @Test
    @Tag("M5.3")
    void a_rollout_under_way_is_scraped_with_its_share_and_step_and_verdict_and_none_that_is_over() throws Exception {
        grafanaAnswers();
        open();
        releases.enter(release.key(), ReleaseState.ROLLING_OUT, "test");
        store.takeSlot(release.key());
        steps.observe(release.key());
        hands.settle();
        String of = "release=\"" + release.key() + "\",service=\"checkout\"";

        assertThat(scraped("countersign_rollout_step{")).containsExactly("countersign_rollout_step{" + of + "} 1.0");
        assertThat(scraped("countersign_rollout_steps{"))
                .containsExactly("countersign_rollout_steps{" + of + "} "
                        + (double) store.find(release.key())
                                .orElseThrow()
                                .plan()
                                .steps()
                                .size());
        assertThat(scraped("countersign_rollout_wanted_share{"))
                .containsExactly("countersign_rollout_wanted_share{" + of + "} "
                        + store.find(release.key()).orElseThrow().wanted());
        assertThat(scraped("countersign_rollout_status{"))
                .containsExactly("countersign_rollout_status{" + of + ",status=\"RUNNING\"} 1.0");
        assertThat(scraped("countersign_verdict{"))
                .singleElement()
                .asString()
                .contains("kind=\"step\"", "release=\"" + release.key() + "\"", "verdict=");
        assertThat(scraped("countersign_series_up{")).hasSize(5).allMatch(line -> line.endsWith(" 1.0"));

        store.freeSlot(release.key());
        assertThat(scraped("countersign_rollout_")).isEmpty();
    }

    /** So that no dashboard and no alert waits for a series that nobody writes. Those of error budgets need days of counts: BudgetSeriesTests holds them to the same files. */
    @Test
    @Tag("M5.3")
    void every_series_that_dashboards_and_rules_name_is_scraped() throws Exception {
        grafanaAnswers();
        open();
        releases.enter(release.key(), ReleaseState.ROLLING_OUT, "test");
        store.takeSlot(release.key());
        steps.observe(release.key());
        hands.settle();
        jdbc.update(
                "update rollout set actual = 0, tripped_at = started_at, traffic_back_at = started_at where release_key = ?",
                release.key());
        jdbc.update(
                "update observation set verdict = 'FAIL', metric = 'errors', value_ = 0.2, limit_ = 0.05, sample_ = 400 where release_key = ?",
                release.key());
        jdbc.update(
                "insert into rollback (release_key, detected_at, detected_by, cause, budget, started_at)"
                        + " select release_key, started_at, 'test', 'test', 'PT5M', started_at from rollout where release_key = ?",
                release.key());
        try {
            List<String> there = scraped("countersign_").stream()
                    .map(line -> line.substring(0, line.indexOf('{')))
                    .distinct()
                    .toList();
            assertThat(there).containsAll(named());
        } finally {
            jdbc.update("delete from rollback where release_key = ?", release.key());
        }
    }

    private static List<String> named() throws IOException {
        StringBuilder files = new StringBuilder(Files.readString(Path.of("docker/prometheus/rules.yml")));
        try (var dashboards = Files.list(Path.of("docker/grafana/dashboards"))) {
            for (Path dashboard : dashboards.toList()) {
                files.append(Files.readString(dashboard));
            }
        }
        List<String> named = Pattern.compile("countersign_[a-z_]+")
                .matcher(files)
                .results()
                .map(MatchResult::group)
                .filter(series -> !series.startsWith("countersign_slo_"))
                .distinct()
                .toList();
        assertThat(named).hasSizeGreaterThan(12);
        return named;
    }

    @Test
    void an_answer_without_end_is_cut_off_and_tried_again() throws Exception {
        GRAFANA.stubFor(
                post(ANNOTATIONS).willReturn(okJson("{\"id\": 1, \"message\": \"" + "x".repeat(70_000) + "\"}")));
        GRAFANA.stubFor(get(urlPathEqualTo(ANNOTATIONS)).willReturn(okJson("[]")));
        open();
        starts();
        annotated(1, "start");
        grafanaAnswers();
        hands.pass(Duration.ofSeconds(15));
        annotated(2, "start");
        hands.pass(Duration.ofHours(1));
        annotated(2, "start");
    }

    @Test
    void a_grafana_that_is_down_is_told_later_and_one_that_knows_already_is_not_told_twice() throws Exception {
        GRAFANA.stubFor(post(ANNOTATIONS).willReturn(aResponse().withStatus(500)));
        GRAFANA.stubFor(get(urlPathEqualTo(ANNOTATIONS)).willReturn(okJson("[]")));
        open();
        starts();
        annotated(1, "start");
        hands.pass(Duration.ofSeconds(15));
        annotated(2, "start");
        GRAFANA.stubFor(get(urlPathEqualTo(ANNOTATIONS)).willReturn(okJson("[{\"id\": 1}]")));
        hands.pass(Duration.ofSeconds(60));
        hands.pass(Duration.ofHours(1));
        annotated(2, "start");
    }

    /** The log records that an OTLP receiver got for the release, as the encoding's specification names their members. */
    private List<JsonNode> events() throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (LoggedRequest request : GRAFANA.findAll(postRequestedFor(urlEqualTo(LOGS)))) {
            assertThat(request.getHeader("Content-Type")).isEqualTo("application/json");
            assertThat(request.getHeader("Authorization")).isEqualTo("Bearer glsa_of_the_test");
            JsonNode resource = new ObjectMapper()
                    .readTree(request.getBody())
                    .required("resourceLogs")
                    .required(0);
            assertThat(attribute(resource.required("resource"), "service.name")).isEqualTo("countersign");
            JsonNode event = resource.required("scopeLogs")
                    .required(0)
                    .required("logRecords")
                    .required(0);
            if (attribute(event, "countersign.version").equals(release.version())) {
                events.add(event);
            }
        }
        return events;
    }

    private static String attribute(JsonNode of, String key) {
        for (JsonNode attribute : of.required("attributes")) {
            if (attribute.required("key").asText().equals(key)) {
                return attribute.required("value").required("stringValue").asText();
            }
        }
        throw new AssertionError("No attribute " + key + " in " + of);
    }

    private List<String> eventNames() throws IOException {
        return events().stream().map(event -> event.path("eventName").asText()).toList();
    }

    private List<JsonNode> started() throws IOException {
        return events().stream()
                .filter(event -> event.path("eventName").asText().endsWith(".start"))
                .toList();
    }

    @Test
    void start_step_and_rollback_are_opentelemetry_events_with_names() throws Exception {
        grafanaAnswers();
        GRAFANA.stubFor(post(LOGS).willReturn(okJson("{}")));
        open();
        releases.enter(release.key(), ReleaseState.ROLLING_OUT, "test");
        steps.observe(release.key());
        releases.enter(release.key(), ReleaseState.ROLLING_BACK, "test");
        hands.settle();

        assertThat(eventNames())
                .containsExactlyInAnyOrder(
                        "countersign.rollout.start", "countersign.rollout.step", "countersign.rollout.rollback");
        for (JsonNode event : events()) {
            assertThat(attribute(event, "event.name"))
                    .isEqualTo(event.path("eventName").asText());
            assertThat(attribute(event, "countersign.service")).isEqualTo("checkout");
            assertThat(attribute(event, "log.record.uid")).matches("countersign-[0-9]+");
            assertThat(event.required("body").required("stringValue").asText())
                    .startsWith("checkout " + release.version() + ": ");
            assertThat(event.required("timeUnixNano").isTextual()).isTrue();
            assertThat(Long.parseLong(event.required("timeUnixNano").asText()) / 1_000_000_000)
                    .isCloseTo(Instant.now().getEpochSecond(), within(120L));
            assertThat(event.required("severityNumber").asInt())
                    .isEqualTo(event.path("eventName").asText().endsWith("rollback") ? 13 : 9);
        }
    }

    @Test
    void a_receiver_that_is_busy_gets_the_same_event_again_and_one_that_refuses_does_not() throws Exception {
        grafanaAnswers();
        GRAFANA.stubFor(post(LOGS).willReturn(aResponse().withStatus(503)));
        open();
        starts();
        assertThat(started()).hasSize(1);
        GRAFANA.stubFor(post(LOGS)
                .willReturn(okJson(
                        "{\"partialSuccess\": {\"rejectedLogRecords\": \"1\", \"errorMessage\": \"too old\"}}")));
        hands.pass(Duration.ofSeconds(15));
        hands.pass(Duration.ofHours(1));
        assertThat(started()).hasSize(2);
        assertThat(started().stream()
                        .map(event -> attribute(event, "log.record.uid"))
                        .distinct())
                .hasSize(1);

        GRAFANA.stubFor(post(LOGS).willReturn(aResponse().withStatus(400)));
        releases.enter(release.key(), ReleaseState.ROLLING_BACK, "test");
        hands.settle();
        hands.pass(Duration.ofHours(1));
        assertThat(eventNames()).filteredOn(name -> name.endsWith("rollback")).hasSize(1);
    }

    @Test
    void a_receiver_that_nobody_reaches_keeps_neither_the_release_nor_grafana_waiting() throws Exception {
        grafanaAnswers();
        GRAFANA.stubFor(post(LOGS).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
        open();
        starts();
        annotated(1, "start");
        GRAFANA.stubFor(post(LOGS).willReturn(okJson("{}")));
        hands.pass(Duration.ofSeconds(15));
        assertThat(eventNames()).contains("countersign.rollout.start");
    }
}
