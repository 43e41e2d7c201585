package dev.countersign.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import java.io.IOException;
import java.net.URI;
import java.security.Principal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.camunda.bpm.engine.AuthorizationException;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.json.Jackson2ObjectMapperBuilder;
import org.springframework.http.converter.json.MappingJackson2HttpMessageConverter;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.MvcResult;
import org.springframework.test.web.servlet.request.MockHttpServletRequestBuilder;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

class ApiConventionsTest {
    private static final Principal CI = () -> "ci";
    private static final Principal QA = () -> "qa";

    private final AtomicInteger effects = new AtomicInteger();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final MovingClock clock = new MovingClock();
    private IdempotencyStore store;
    private MockMvc http;

    @BeforeEach
    void setUp() {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        new ResourceDatabasePopulator(new ClassPathResource("db/migration/V14__api.sql")).execute(database);
        store = new IdempotencyStore(JdbcClient.create(database), clock);
        ObjectMapper json = Jackson2ObjectMapperBuilder.json()
                .featuresToEnable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        http = MockMvcBuilders.standaloneSetup(new Orders())
                .setControllerAdvice(new ApiAdvice())
                .setMessageConverters(new MappingJackson2HttpMessageConverter(json))
                .addFilters(new Idempotency(store, json))
                .build();
    }

    enum Size {
        SMALL,
        LARGE
    }

    record Line(@NotBlank String article, int count) {}

    record Order(Size size, Instant due, @NotEmpty @Valid List<Line> lines) {}

    @RestController
    class Orders {
        @PostMapping("/api/orders")
        ResponseEntity<Order> order(@Valid @RequestBody Order order) {
            int number = effects.incrementAndGet();
            return ResponseEntity.created(URI.create("/api/orders/" + number)).body(order);
        }

        @PostMapping("/api/raw")
        String raw(HttpServletRequest request) throws IOException {
            effects.incrementAndGet();
            return "\"" + request.getInputStream().readAllBytes().length + "\"";
        }

        @PostMapping("/api/refused")
        void refused() {
            if (effects.incrementAndGet() == 1) {
                throw Problem.conflict("Not yet");
            }
        }

        @PostMapping("/api/slow")
        void slow() throws InterruptedException {
            effects.incrementAndGet();
            entered.countDown();
            release.await();
        }

        @PostMapping("/api/engine")
        void engine() {
            throw new AuthorizationException("qa", "UPDATE", "Task", "4711");
        }
    }

    private static final String GOOD = "{\"size\": \"SMALL\", \"lines\": [{\"article\": \"pen\", \"count\": 2}]}";

    // What is wrong, where, and what would be right

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            {"lines": []}                                              | /lines           | must not be empty
            {"lines": [{"article": "pen"}, {"article": " "}]}          | /lines/1/article | must not be blank
            {"size": "HUGE", "lines": [{"article": "pen"}]}            | /size            | one of SMALL, LARGE
            {"due": "tomorrow", "lines": [{"article": "pen"}]}         | /due             | is not a time, for example
            {"lines": [{"article": "pen", "count": "two"}]}            | /lines/0/count   | is not a whole number
            {"colour": "red", "lines": [{"article": "pen"}]}           | /colour          | known are due, lines, size
            {"lines": {"article": "pen"}}                              | /lines           | must be a list
            """)
    void a_wrong_field_is_named_by_its_pointer(String body, String pointer, String message) throws Exception {
        http.perform(asking("/api/orders", body))
                .andExpect(status().isUnprocessableEntity())
                .andExpect(content().contentTypeCompatibleWith("application/problem+json"))
                .andExpect(jsonPath("$.errors[0].pointer").value(pointer))
                .andExpect(jsonPath("$.errors[0].message").value(containsString(message)))
                .andExpect(jsonPath("$.detail").exists());
    }

    @Test
    void broken_json_is_named_by_line_and_column() throws Exception {
        http.perform(asking("/api/orders", "{\n  \"size\": \"SMALL\",\n  oops"))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.detail").value(containsString("line 3")));
    }

    @ParameterizedTest
    @CsvSource({"[], an object", "7, an object"})
    void json_of_another_shape_is_said_in_the_contracts_words(String body, String shape) throws Exception {
        http.perform(asking("/api/orders", body))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.detail").value("The body must be " + shape))
                .andExpect(content().string(not(containsString("dev.countersign"))));
    }

    @Test
    void a_missing_body_is_said_to_be_missing() throws Exception {
        http.perform(asking("/api/orders", ""))
                .andExpect(status().isBadRequest())
                .andExpect(jsonPath("$.detail").value("The body is missing or cannot be read"));
    }

    @Test
    void a_refusal_of_the_engine_is_403_without_its_internals() throws Exception {
        http.perform(asking("/api/engine", GOOD))
                .andExpect(status().isForbidden())
                .andExpect(jsonPath("$.detail").value("qa may not do this in the engine"))
                .andExpect(content().string(not(containsString("UPDATE"))));
    }

    // Idempotency-Key

    @Test
    void a_repeated_write_takes_effect_once_and_answers_the_same() throws Exception {
        for (int i = 0; i < 3; i++) {
            http.perform(asking("/api/orders", GOOD).header("Idempotency-Key", "k1"))
                    .andExpect(status().isCreated())
                    .andExpect(header().string("Location", "/api/orders/1"))
                    .andExpect(header().string("Content-Type", "application/json"))
                    .andExpect(jsonPath("$.lines[0].article").value("pen"));
        }
        assertThat(effects).hasValue(1);
    }

    @Test
    void without_a_key_every_write_takes_effect() throws Exception {
        http.perform(asking("/api/orders", GOOD)).andExpect(header().string("Location", "/api/orders/1"));
        http.perform(asking("/api/orders", GOOD)).andExpect(header().string("Location", "/api/orders/2"));
    }

    @Test
    void another_body_or_another_address_under_the_same_key_is_refused() throws Exception {
        http.perform(asking("/api/raw", "one").header("Idempotency-Key", "k1")).andExpect(status().isOk());
        http.perform(asking("/api/raw", "two").header("Idempotency-Key", "k1"))
                .andExpect(status().isUnprocessableEntity());
        http.perform(asking("/api/raw?type=x", "one").header("Idempotency-Key", "k1"))
                .andExpect(status().isUnprocessableEntity());
        http.perform(asking("/api/refused", "one").header("Idempotency-Key", "k1"))
                .andExpect(status().isUnprocessableEntity());
        assertThat(effects).hasValue(1);
    }

    @Test
    void a_key_belongs_to_its_actor() throws Exception {
        http.perform(asking("/api/orders", GOOD).header("Idempotency-Key", "k1"))
                .andExpect(header().string("Location", "/api/orders/1"));
        http.perform(asking("/api/orders", GOOD).principal(QA).header("Idempotency-Key", "k1"))
                .andExpect(header().string("Location", "/api/orders/2"));
    }

    @Test
    void what_failed_may_be_tried_again_under_the_same_key() throws Exception {
        http.perform(asking("/api/refused", "x").header("Idempotency-Key", "k1"))
                .andExpect(status().isConflict());
        http.perform(asking("/api/refused", "x").header("Idempotency-Key", "k1"))
                .andExpect(status().isOk());
    }

    @Test
    void a_duplicate_while_the_first_is_under_way_is_409() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<MvcResult> first =
                    other.submit(() -> http.perform(asking("/api/slow", "x").header("Idempotency-Key", "k1"))
                            .andReturn());
            entered.await();
            http.perform(asking("/api/slow", "x").header("Idempotency-Key", "k1"))
                    .andExpect(status().isConflict())
                    .andExpect(header().string("Retry-After", "1"));
            release.countDown();
            assertThat(first.get().getResponse().getStatus()).isEqualTo(200);
            http.perform(asking("/api/slow", "x").header("Idempotency-Key", "k1"))
                    .andExpect(status().isOk());
            assertThat(effects).hasValue(1);
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void an_answer_is_kept_for_24_hours() throws Exception {
        http.perform(asking("/api/orders", GOOD).header("Idempotency-Key", "k1"));
        clock.forward(Duration.ofHours(23).plusMinutes(59));
        store.forgetOld();
        http.perform(asking("/api/orders", GOOD).header("Idempotency-Key", "k1"))
                .andExpect(header().string("Location", "/api/orders/1"));
        clock.forward(Duration.ofMinutes(2));
        http.perform(asking("/api/orders", GOOD).header("Idempotency-Key", "k1"))
                .andExpect(header().string("Location", "/api/orders/2"));
    }

    @Test
    void a_key_whose_request_died_with_its_node_is_free_after_ten_minutes() {
        assertThat(store.claim("ci", "k1")).isTrue();
        clock.forward(Duration.ofMinutes(9));
        assertThat(store.claim("ci", "k1")).isFalse();
        clock.forward(Duration.ofMinutes(2));
        assertThat(store.claim("ci", "k1")).isTrue();
    }

    private static MockHttpServletRequestBuilder asking(String path, String body) {
        return post(path).principal(CI).contentType("application/json").content(body);
    }

    private static final class MovingClock extends Clock {
        private Instant now = Instant.parse("2026-11-23T12:00:00Z");

        void forward(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
