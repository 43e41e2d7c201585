package dev.countersign.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.options;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.countersign.TestDatabase;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.observe.Observations.Observation;
import dev.countersign.observe.Observations.Order;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.util.unit.DataSize;

/** From a beacon to what the judge reads, by way of the database. */
@Tag("M3.3")
@Tag("database")
class RumTests {
    private static final String NEW = "sha256:" + "a".repeat(64);
    private static final String OLD = "sha256:" + "b".repeat(64);
    private static final String SHOP = "https://shop.example.org";
    private static final RumProperties PROPERTIES =
            new RumProperties(Duration.ofMinutes(1), Duration.ofDays(7), DataSize.ofKilobytes(4), 10, 1, 5, 100);
    private Instant now = Instant.parse("2026-11-24T20:00:05Z");
    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };
    private JdbcTemplate database;
    private RumCollector collector;
    private RumStore store;
    private MockMvc http;

    @BeforeEach
    void start() {
        Catalog catalog = mock(Catalog.class);
        when(catalog.service("web"))
                .thenReturn(Optional.of(service(Map.of(RealUsers.ORIGINS, SHOP + ", https://m.example.org"))));
        when(catalog.services())
                .thenReturn(List.of(service(Map.of(RealUsers.ORIGINS, SHOP + ", https://m.example.org"))));
        when(catalog.service("open")).thenReturn(Optional.of(service(Map.of(RealUsers.ORIGINS, "*"))));
        when(catalog.service("batch")).thenReturn(Optional.of(service(Map.of())));
        database = new JdbcTemplate(TestDatabase.with("V55__observe.sql", "V187__rum.sql"));
        collector = new RumCollector(PROPERTIES, clock);
        store = new RumStore(database, PROPERTIES, clock);
        http = MockMvcBuilders.standaloneSetup(new RumController(
                        new RumOrigins(catalog), PROPERTIES, new RumThrottle(PROPERTIES, clock), collector))
                .addFilters(new RumPreflight(new RumOrigins(catalog)))
                .build();
    }

    private static Service service(Map<String, String> annotations) {
        return new Service(
                "web",
                "Web",
                "",
                "t",
                "t",
                "u",
                "critical",
                "production",
                "on-call",
                false,
                List.of(),
                annotations,
                "f");
    }

    private ResultActions beacon(String query, String origin, String type, String body) throws Exception {
        var request = post("/api/rum?" + query).contentType(type).content(body);
        return http.perform(origin == null ? request : request.header("Origin", origin));
    }

    /** As {@code JSON.stringify(metric)} of web-vitals 5 writes it. */
    private static String metric(String name, double value, String id) {
        return """
                {"name": "%s", "value": %s, "rating": "good", "delta": %s, "entries": [{"startTime": 12.3, "element": {}}],
                 "id": "%s", "navigationType": "back-forward-cache"}"""
                .formatted(name, value, value, id);
    }

    private void store() {
        now = now.plusSeconds(60);
        List<RumCount> counts = collector.complete();
        if (!counts.isEmpty()) {
            store.insert(counts);
        }
    }

    private List<Reading> read(String... metrics) {
        List<CanaryMetric> asked = java.util.Arrays.stream(metrics)
                .map(name -> new CanaryMetric(name, "p75", "more", 1, 0, 50, 0.01, false, "canary-metrics 1.0"))
                .toList();
        Order order = new Order(
                "web@2/step-1#1",
                "web@2",
                "web",
                "step",
                NEW,
                OLD,
                0.1,
                Duration.ofMinutes(30),
                Duration.ofHours(2),
                Series.minutes().with(asked));
        Instant since = Instant.parse("2026-11-24T20:00:00Z");
        Watched watched = Courses.watched(
                1,
                new Observation(order, since, null, false, false, null, List.of()),
                since,
                since,
                0,
                null,
                List.of(),
                List.of(),
                List.of());
        return store.read(List.of(watched)).get(1L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain;charset=UTF-8", "application/json"})
    void a_beacon_of_the_library_is_taken_in_however_it_is_sent(String type) throws Exception {
        beacon("service=web&version=" + NEW, SHOP, type, metric("LCP", 2412.5, "v5-1-1"))
                .andExpect(status().isNoContent())
                .andExpect(header().string("Access-Control-Allow-Origin", SHOP));
        beacon(
                        "service=web&version=" + NEW,
                        SHOP,
                        type,
                        "[" + metric("CLS", 0.05, "v5-1-2") + "," + metric("TTFB", 9, "x") + "]")
                .andExpect(status().isNoContent());
        beacon("service=web&variant=stable", "https://m.example.org", type, metric("LCP", 1800, "v4-2-1"))
                .andExpect(status().isNoContent());
        beacon("service=web&version=web@2", SHOP, type, metric("LCP", 2300, "v5-1-3"))
                .andExpect(status().isNoContent());
        store();
        assertThat(database.queryForObject("select count(*) from rum_count", Integer.class))
                .isEqualTo(4);
        Reading lcp = read("rum LCP").get(0);
        assertThat(lcp.candidate().of()).isEqualTo(2);
        assertThat(lcp.candidate().latencies().percentile(0.75)).isBetween(2000.0, 2500.0);
        assertThat(lcp.baseline().of()).isEqualTo(1);
        Instant end = Instant.parse("2026-11-24T20:01:00Z");
        now = now.plusSeconds(600);
        Reading later = read("rum LCP").get(0);
        assertThat(later.candidate().until())
                .as("the end of the last interval that pages told of, and not now")
                .isEqualTo(end);
        assertThat(later.baseline().until()).isEqualTo(end);
        now = now.plusSeconds(60);
        List<Reading> others = read("rum CLS", "rum JS errors");
        assertThat(others.get(0).candidate().until()).isEqualTo(end);
        assertThat(others.get(0).baseline().until()).as("never told").isNull();
        assertThat(others.get(1).candidate().until()).isEqualTo(end);
    }

    @Test
    void a_page_of_the_stable_version_may_name_the_release_that_became_it() throws Exception {
        String stabilised =
                """
                insert into observation (id, release_key, service, kind, candidate, share, window_ms, maximum_ms, triggers, objectives, since,
                  clock_since, paused, ended, revision, read_until, verdict)
                values (?, ?, ?, 'stabilisation', ?, 1, 1, 1, '', '', now(), now(), false, true, 0, now(), ?)""";
        database.update(stabilised, "web@1/stabilisation#1", "web@1", "web", OLD, "PASS");
        database.update(stabilised, "web@0/stabilisation#1", "web@0", "web", OLD, "NO_DATA");
        database.update(stabilised, "shop@7/stabilisation#1", "shop@7", "shop", OLD, "PASS");
        for (String key : List.of("web@1", "web@0", "shop@7")) {
            beacon("service=web&version=" + key, SHOP, "text/plain", metric("LCP", 1800, "page of " + key))
                    .andExpect(status().isNoContent());
        }
        store();
        assertThat(read("rum LCP").get(0).baseline().of()).isEqualTo(1);
    }

    /** As browsers ask before {@code fetch} or {@code sendBeacon} sends JSON. */
    private ResultActions preflight(String query, String origin, String method) throws Exception {
        return http.perform(options("/api/rum?" + query)
                .header("Origin", origin)
                .header("Access-Control-Request-Method", method)
                .header("Access-Control-Request-Headers", "content-type"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"service=web&version=web@2", "variant=canary"})
    void a_browser_may_send_json_from_an_origin_of_the_services_pages(String query) throws Exception {
        preflight(query, SHOP, "POST")
                .andExpect(status().isNoContent())
                .andExpect(header().string("Access-Control-Allow-Origin", SHOP))
                .andExpect(header().string("Access-Control-Allow-Credentials", "true"))
                .andExpect(header().string("Access-Control-Allow-Methods", "POST"))
                .andExpect(header().string("Access-Control-Allow-Headers", "content-type"))
                .andExpect(header().string("Vary", "Origin"));
        beacon(query, SHOP, "application/json", metric("LCP", 1, "x"))
                .andExpect(status().isNoContent())
                .andExpect(header().string("Access-Control-Allow-Origin", SHOP))
                .andExpect(header().string("Access-Control-Allow-Credentials", "true"));
    }

    @ParameterizedTest
    @CsvSource({
        "service=web, https://elsewhere.example, POST",
        "service=web, null, POST",
        "service=batch, https://shop.example.org, POST",
        "service=nobody, https://shop.example.org, POST",
        "service=open, https://shop.example.org, POST",
        "variant=canary, https://elsewhere.example, POST",
        "service=web, https://shop.example.org, DELETE"
    })
    void a_browser_is_told_of_no_other_origin_and_no_other_method(String query, String origin, String method)
            throws Exception {
        preflight(query, origin, method)
                .andExpect(status().isForbidden())
                .andExpect(header().doesNotExist("Access-Control-Allow-Origin"))
                .andExpect(header().doesNotExist("Access-Control-Allow-Credentials"));
    }

    @ParameterizedTest
    @CsvSource({
        "service=web, https://elsewhere.example, 403",
        "service=web, , 403",
        "service=batch, https://shop.example.org, 403",
        "service=nobody, https://shop.example.org, 403"
    })
    void only_pages_of_the_services_origins_are_heard(String query, String origin, int status) throws Exception {
        beacon(query + "&version=" + NEW, origin, "text/plain", metric("LCP", 1, "x"))
                .andExpect(status().is(status));
        store();
        assertThat(database.queryForObject("select count(*) from rum_count", Integer.class))
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "version=latest | {\"name\":\"LCP\",\"value\":1}",
                "variant=other | {\"name\":\"LCP\",\"value\":1}",
                "variant=canary | no json",
                "variant=canary | {\"name\":\"LCP\",\"value\":\"1\"}",
                "variant=canary | {\"name\":\"LCP\",\"value\":NaN}",
                "variant=canary | [[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]",
                "variant=canary | {\"name\":\"LCP\",\"value\":1} {}"
            })
    void what_is_no_beacon_is_refused(String label, String body) throws Exception {
        beacon("service=web&" + label, SHOP, "text/plain", body).andExpect(status().is4xxClientError());
        store();
        assertThat(database.queryForObject("select count(*) from rum_count", Integer.class))
                .isZero();
    }

    @Test
    void a_body_is_bounded_in_size_and_number() throws Exception {
        beacon("service=web&variant=canary", SHOP, "text/plain", " ".repeat(5000))
                .andExpect(status().isPayloadTooLarge());
        String many = "[" + String.join(",", java.util.Collections.nCopies(11, metric("LCP", 1, "x"))) + "]";
        beacon("service=web&variant=canary", SHOP, "text/plain", many).andExpect(status().isUnprocessableEntity());
    }

    @Test
    void an_address_may_send_so_much_for_a_service_and_again_later() throws Exception {
        for (int body = 0; body < 5; body++) {
            beacon("service=web&variant=canary", SHOP, "text/plain", metric("LCP", 1, "x" + body))
                    .andExpect(status().isNoContent());
        }
        beacon("service=web&variant=canary", SHOP, "text/plain", metric("LCP", 1, "y"))
                .andExpect(status().isTooManyRequests())
                .andExpect(header().exists("Retry-After"));
        now = now.plusSeconds(1);
        beacon("service=web&variant=canary", SHOP, "text/plain", metric("LCP", 1, "y"))
                .andExpect(status().isNoContent());
    }

    @Test
    void a_form_of_boomerang_counts_its_vitals_once_a_page() throws Exception {
        String form =
                "u=https%3A%2F%2Fshop.example.org%2F&v=1.737.60&pid=7tkns0lz&pt.lcp=1569&c.cls=0.02&et.inp=x&t_done=1636";
        for (int again = 0; again < 2; again++) {
            beacon("service=web&version=" + NEW, SHOP, "application/x-www-form-urlencoded", form)
                    .andExpect(status().isNoContent());
        }
        store();
        assertThat(database.queryForList("select vital from rum_count order by vital", String.class))
                .containsExactly("CLS", "LCP");
        assertThat(database.queryForList("select pages from rum_count", Long.class))
                .containsOnly(1L);
    }

    @Test
    void values_that_no_page_can_have_are_not_counted() {
        collector.take("web", NEW, RumBeacon.read("{\"name\":\"LCP\",\"value\":-1}".getBytes(), 10));
        collector.take("web", NEW, RumBeacon.read("{\"name\":\"LCP\",\"value\":1e12}".getBytes(), 10));
        store();
        assertThat(database.queryForObject("select count(*) from rum_count", Integer.class))
                .isZero();
    }

    @Test
    void a_page_that_tells_its_value_again_counts_once_also_over_intervals() {
        tell("CLS", 0.02, "page-1");
        tell("CLS", 0.05, "page-1");
        tell("CLS", 0.05, "page-2");
        store();
        tell("CLS", 0.3, "page-1");
        store();
        Reading cls = read("rum CLS").get(0);
        assertThat(cls.candidate().of()).isEqualTo(2);
        assertThat(cls.candidate().latencies().atMost(50)).isEqualTo(1);
    }

    private void tell(String name, double value, String id) {
        collector.take("web", NEW, RumBeacon.read(metric(name, value, id).getBytes(), 10));
    }

    @Test
    void errors_of_scripts_are_counted_beside_the_pages_and_old_counts_are_forgotten() {
        tell("LCP", 1000, "p1");
        tell("LCP", 1000, "p2");
        tell("JS_ERROR", 1, "e1");
        store();
        Reading errors = read("rum JS errors").get(0);
        assertThat(errors.candidate().events()).isEqualTo(1);
        assertThat(errors.candidate().of()).isEqualTo(2);
        now = now.plus(Duration.ofDays(8));
        store.forgetOld();
        assertThat(database.queryForObject("select count(*) from rum_count", Integer.class))
                .isZero();
    }

    @Test
    void made_up_labels_do_not_fill_the_memory() {
        for (int label = 0; label < 1000; label++) {
            collector.take(
                    "web", "web@" + label, RumBeacon.read(metric("LCP", 1, "x").getBytes(), 10));
        }
        now = now.plusSeconds(60);
        assertThat(collector.complete()).hasSizeLessThanOrEqualTo(200);
    }

    @Test
    void what_is_made_up_for_one_service_keeps_no_other_from_being_counted() {
        collector.take("batch", NEW, RumBeacon.read(metric("CLS", 0.5, "early").getBytes(), 10));
        for (int label = 0; label < 30_000; label++) {
            collector.take(
                    "web",
                    "web@" + label % 300,
                    RumBeacon.read(metric("LCP", 1, "x" + label).getBytes(), 10));
        }
        collector.take("batch", NEW, RumBeacon.read(metric("LCP", 1, "y").getBytes(), 10));
        collector.take("batch", NEW, RumBeacon.read(metric("CLS", 0.2, "early").getBytes(), 10));
        now = now.plusSeconds(60);
        List<RumCount> counts = collector.complete();
        assertThat(counts).filteredOn(count -> count.service().equals("web")).hasSize(200);
        assertThat(counts)
                .filteredOn(count -> count.service().equals("batch"))
                .extracting(RumCount::pages)
                .as("one page of each vital: the early one is still remembered")
                .containsExactly(1L, 1L);
    }

    /** One interval in which nobody told anything, between two in which pages did. */
    @Test
    void a_hole_in_what_pages_tell_is_known_to_the_reading() {
        for (int page = 0; page < 30; page++) {
            tell("LCP", 1000, "p" + page);
        }
        store();
        assertThat(read("rum LCP").get(0).candidate().resumed()).isNull();
        now = now.plusSeconds(240);
        tell("LCP", 1000, "later");
        store();
        assertThat(read("rum LCP").get(0).candidate().resumed()).isEqualTo(Instant.parse("2026-11-24T20:05:00Z"));
    }

    /** An open tab tells its value again: that is no sign of new pages. */
    @Test
    void what_a_page_tells_anew_keeps_no_silence_from_being_seen() {
        tell("LCP", 1000, "p1");
        store();
        Instant until = read("rum LCP").get(0).candidate().until();
        now = now.plusSeconds(240);
        tell("LCP", 1200, "p1");
        store();
        assertThat(read("rum LCP").get(0).candidate().of()).isEqualTo(1);
        assertThat(read("rum LCP").get(0).candidate().until()).isEqualTo(until);
    }

    /** One page in some minutes: that none tells anything in four is chance. */
    @Test
    void what_is_seldom_told_has_no_holes() {
        tell("LCP", 1000, "p1");
        store();
        now = now.plusSeconds(240);
        tell("LCP", 1000, "p2");
        store();
        assertThat(read("rum LCP").get(0).candidate().of()).isEqualTo(2);
        assertThat(read("rum LCP").get(0).candidate().resumed()).isNull();
    }

    @Test
    void json_that_is_sent_as_a_form_is_refused_and_not_lost() throws Exception {
        beacon("service=web&version=web@2", SHOP, "application/x-www-form-urlencoded", metric("LCP", 1, "x"))
                .andExpect(status().isUnprocessableEntity());
    }
}
