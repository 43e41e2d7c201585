package dev.countersign.sandbox;

import static dev.countersign.sandbox.SandboxFixture.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.sun.net.httpserver.HttpServer;
import dev.countersign.TestDatabase;
import dev.countersign.catalog.Catalog;
import dev.countersign.identity.Actors;
import dev.countersign.observe.CanaryMetric;
import dev.countersign.observe.Observations;
import dev.countersign.observe.Observations.Judgement;
import dev.countersign.observe.Observations.Observation;
import dev.countersign.observe.Observations.Order;
import dev.countersign.observe.Observations.Triggers;
import dev.countersign.observe.SyntheticJourneys;
import dev.countersign.observe.SyntheticJourneys.Side;
import dev.countersign.observe.SyntheticJourneys.Walk;
import dev.countersign.rollout.Deployer;
import dev.countersign.rollout.TrafficRouter;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.web.context.WebServerApplicationContext;
import org.springframework.boot.web.context.WebServerInitializedEvent;
import org.springframework.boot.web.server.WebServer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/** Candidate, router, load, measurements, scheduler and judge together, on real requests. */
@Tag("alone")
class RealTrafficTests {
    private static final String CANDIDATE = "sha256:" + "cd".repeat(32);
    private AnnotationConfigApplicationContext platform;
    private Scheduler scheduler;
    private Observations observations;
    private SandboxTargets targets;

    @BeforeEach
    void start() throws IOException {
        platform = new AnnotationConfigApplicationContext();
        TestPropertyValues.of(
                        "countersign.sandbox.enabled=true",
                        "countersign.sandbox.startup=PT0.02S",
                        "countersign.observe.rum.interval=PT1S")
                .applyTo(platform);
        platform.register(Platform.class);
        platform.refresh();
        observations = platform.getBean(Observations.class);
        targets = platform.getBean(SandboxTargets.class);
        scheduler = Scheduler.create(platform.getBean(DataSource.class))
                .startTasks(platform.getBean("observeTask", RecurringTask.class))
                .pollingInterval(Duration.ofMillis(500))
                .threads(2)
                .build();
        scheduler.start();
        Deployer deployer = platform.getBean(Deployer.class);
        deployer.deployCandidate(SERVICE, "2.0.0", CANDIDATE);
        await().atMost(Duration.ofMinutes(1))
                .until(() -> deployer.candidateDigest(SERVICE).isPresent());
        platform.getBean(TrafficRouter.class).setShare(SERVICE, 0.1);
    }

    @AfterEach
    void stop() {
        scheduler.stop();
        platform.close();
    }

    @Test
    @Tag("M3.4")
    void a_good_candidate_passes_its_step() throws IOException {
        Judgement judgement = judged();
        assertThat(judgement.verdict()).as(judgement.sentence()).isEqualTo("PASS");
        assertThat(judgement.sentence()).contains("errors 0 of ", "not compared by the table: latency p95");
        assertThat(observations.samplesOf("checkout@2.0.0"))
                .extracting(sample -> sample.version())
                .contains(CANDIDATE);
    }

    @Test
    @Tag("M1.2")
    void twenty_percent_errors_fail_for_the_stated_reason() throws IOException {
        targets.get(SERVICE).suffer(new Faults(0.2, 0, 0, 0, null), false);
        Judgement judgement = judged();
        assertThat(judgement.verdict()).as(judgement.sentence()).isEqualTo("FAIL");
        assertThat(judgement.sentence()).startsWith("Error rate").contains("over the limit of 5 %");
    }

    @Test
    @Tag("M1.2")
    void three_hundred_milliseconds_more_fail_for_the_stated_reason() throws IOException {
        targets.get(SERVICE).suffer(new Faults(0, 300, 0, 0, null), false);
        Judgement judgement = judged();
        assertThat(judgement.verdict()).as(judgement.sentence()).isEqualTo("FAIL");
        assertThat(judgement.sentence()).startsWith("p95 latency").contains("over the limit of +200 ms");
    }

    @Test
    @Tag("M5.1")
    void the_sample_journey_passes_on_both_versions_until_the_fault_makes_it_fail_on_one() throws IOException {
        SyntheticJourneys journeys = platform.getBean(SyntheticJourneys.class);
        List<Side> both = List.of(Side.CANARY, Side.STABLE);
        assertThat(journeys.walk(SERVICE, both)).extracting(Walk::verdict).containsExactly("PASS", "PASS");
        targets.get(SERVICE).suffer(new Faults(0, 0, 0, 0, "buy"), false);
        List<Walk> broken = journeys.walk(SERVICE, both);
        assertThat(broken).extracting(Walk::verdict).containsExactly("FAIL", "PASS");
        assertThat(broken.get(0).sentence())
                .isEqualTo("Journey buy failed on the canary at 'basket': answered 500, must be 200");
        platform.getBean(Deployer.class).withdrawCandidate(SERVICE);
        assertThat(journeys.walk(SERVICE, both)).extracting(Walk::verdict).containsExactly("ERROR", "PASS");
    }

    @Test
    @Tag("M5.6")
    void lost_orders_fail_for_the_stated_reason() throws IOException {
        targets.get(SERVICE).suffer(new Faults(0, 0, 0.5, 0, null), false);
        Judgement judgement = judged(ORDERS);
        assertThat(judgement.verdict()).as(judgement.sentence()).isEqualTo("FAIL");
        assertThat(judgement.sentence())
                .startsWith("Kpi orders of the candidate is")
                .contains("% less than the baseline's beside it, 10 % tolerated");
    }

    @Test
    @Tag("M5.6")
    void orders_as_before_pass() throws IOException {
        Judgement judgement = judged(ORDERS);
        assertThat(judgement.verdict()).as(judgement.sentence()).isEqualTo("PASS");
        assertThat(judgement.sentence()).contains("; kpi orders 0.");
    }

    @Test
    @Tag("M3.3")
    void pages_that_shift_hold_by_real_beacons_and_are_never_rolled_back_for_it() throws IOException {
        HttpServer platformsServer = collect();
        try {
            targets.get(SERVICE).suffer(new Faults(0, 0, 0, 0.2, null), false);
            begin(SHIFT);
            Judgement held = await().atMost(Duration.ofSeconds(50))
                    .until(
                            () -> observations.find(ID).orElseThrow().latest(),
                            latest -> latest != null && "rum CLS".equals(latest.metric()) && latest.sample() >= 20);
            assertThat(held.verdict()).as(held.sentence()).isEqualTo("INCONCLUSIVE");
            assertThat(held.sentence()).startsWith("Held back: Rum CLS p75 of").contains("is 0.2");
            assertThat(observations.find(ID).orElseThrow().ended()).isFalse();
        } finally {
            platformsServer.stop(0);
        }
    }

    /** The platform's collector on a port of its own, as a browser meets it. */
    private HttpServer collect() throws IOException {
        MockMvc collector = MockMvcBuilders.standaloneSetup(platform.getBean("rumController"))
                .build();
        HttpServer server = Loopback.server();
        server.createContext("/api/rum", exchange -> {
            try {
                int status = collector
                        .perform(post(exchange.getRequestURI())
                                .header("Origin", exchange.getRequestHeaders().getFirst("Origin"))
                                .contentType(exchange.getRequestHeaders().getFirst("Content-Type"))
                                .content(exchange.getRequestBody().readAllBytes()))
                        .andReturn()
                        .getResponse()
                        .getStatus();
                Loopback.answer(exchange, status, new byte[0]);
            } catch (Exception failed) {
                throw new IOException(failed);
            }
        });
        server.start();
        WebServer web = mock(WebServer.class);
        when(web.getPort()).thenReturn(server.getAddress().getPort());
        WebServerInitializedEvent started = mock(WebServerInitializedEvent.class);
        when(started.getWebServer()).thenReturn(web);
        when(started.getApplicationContext()).thenReturn(mock(WebServerApplicationContext.class));
        platform.getBean(SandboxPages.class).on(started);
        return server;
    }

    private static final String ID = "checkout@2.0.0/step-1#1";
    private static final CanaryMetric ORDERS = new CanaryMetric(
            "kpi orders",
            "window",
            "less",
            1,
            0,
            0,
            0.01,
            true,
            "canary-metrics 1.0",
            new CanaryMetric.Kpi("orders", "requests", "sha256:file", 0.1, true, false));
    private static final CanaryMetric SHIFT =
            new CanaryMetric("rum CLS", "p75", "more", 1, 0, 50, 0.01, false, "canary-metrics 1.0");

    private Judgement judged(CanaryMetric... more) throws IOException {
        begin(more);
        return await().atMost(Duration.ofSeconds(70))
                .until(() -> observations.find(ID).orElseThrow(), Observation::ended)
                .latest();
    }

    private void begin(CanaryMetric... more) throws IOException {
        List<CanaryMetric> metrics = new ArrayList<>(List.of(more));
        metrics.add(new CanaryMetric("error ratio", "ratio", "more", 3, 0.01, 0, 0.01, true, "canary-metrics 1.0"));
        metrics.add(
                new CanaryMetric("latency p95", "not applied", "more", 1, 0, 50, 0.01, false, "canary-metrics 1.0"));
        observations.begin(new Order(
                ID,
                "checkout@2.0.0",
                SERVICE,
                "step",
                CANDIDATE,
                platform.getBean(Deployer.class).stableDigest(SERVICE).orElseThrow(),
                0.1,
                Duration.ofSeconds(6),
                Duration.ofSeconds(60),
                new Triggers(
                        0.05,
                        Duration.ofSeconds(5),
                        20,
                        200,
                        Duration.ofSeconds(2),
                        2,
                        3,
                        "rollback-triggers 1.0",
                        // With the sandbox's rows of canary-metrics.
                        metrics)));
    }

    @Configuration(proxyBeanMethods = false)
    @ComponentScan(
            basePackages = {"dev.countersign.observe", "dev.countersign.sandbox"},
            // Beans that other tests of these packages keep for themselves.
            excludeFilters = @ComponentScan.Filter(type = FilterType.REGEX, pattern = ".*Tests\\$.*"))
    @ConfigurationPropertiesScan({"dev.countersign.observe", "dev.countersign.sandbox"})
    @EnableTransactionManagement
    static class Platform {
        @Bean
        DataSource dataSource() {
            return TestDatabase.with(
                    "V10__audit.sql",
                    "V55__observe.sql",
                    "V56__observe_slo.sql",
                    "V66__sandbox.sql",
                    "V170__observe_segments.sql",
                    "V171__observe_false_alarms.sql",
                    "V186__observe_readings.sql",
                    "V232__observe_points.sql",
                    "V187__rum.sql",
                    "V246__observe_own_counts.sql",
                    "V252__observe_baseline_last.sql",
                    "V285__observe_canary.sql",
                    "V286__observe_rule_version.sql");
        }

        @Bean
        JdbcTemplate jdbcTemplate(DataSource database) {
            return new JdbcTemplate(database);
        }

        @Bean
        JdbcClient jdbcClient(DataSource database) {
            return JdbcClient.create(database);
        }

        @Bean
        PlatformTransactionManager transactionManager(DataSource database) {
            return new JdbcTransactionManager(database);
        }

        @Bean
        ObjectMapper json() {
            return JsonMapper.builder().findAndAddModules().build();
        }

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }

        @Bean
        Catalog catalog() {
            return SandboxFixture.catalog();
        }

        @Bean
        Actors actors() {
            return mock(Actors.class);
        }
    }
}
