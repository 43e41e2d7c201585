package dev.countersign.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.catalog.Catalog.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("M5.1")
class JourneyTests {
    private static final String TEXT =
            """
            journeys: shop
            service: cart
            run:
              - id: buy
                within: PT3S
                steps:
                  - id: login
                    method: POST
                    path: /login
                    json: {user: probe, password: "${secret.password}"}
                    expect: {status: [200, 204], json: [{at: /role, is: user}], headers: {Content-Type: json}}
                    keep: [{name: token, json: /token}]
                  - id: order
                    path: /orders/${token}
                    headers: {Authorization: "Bearer ${token}"}
                    within: PT0.5S
                    expect: {status: 200, contains: [placed]}
            """;

    private static Declaration.Read<JourneyFile> read(String text) {
        return JourneyReader.read(Texts.file("shop.yaml", text));
    }

    @Test
    void steps_are_read_with_what_they_send_expect_and_keep() {
        Journey journey = read(TEXT).said().orElseThrow().journeys().get(0);
        assertThat(journey.service()).isEqualTo("cart");
        assertThat(journey.within()).isEqualTo(Duration.ofSeconds(3));
        assertThat(journey.steps())
                .extracting(Journey.Step::method, Journey.Step::path, Journey.Step::within)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("POST", "/login", Duration.ofSeconds(2)),
                        org.assertj.core.groups.Tuple.tuple("GET", "/orders/${token}", Duration.ofMillis(500)));
        assertThat(journey.steps().get(0).expected().status()).containsExactlyInAnyOrder(200, 204);
        assertThat(journey.steps().get(0).kept().get(0).json()).isEqualTo("/token");
        assertThat(journey.steps().get(1).headers()).containsEntry("authorization", "Bearer ${token}");
        assertThat(journey.digest())
                .isNotEqualTo(read(TEXT + "# a comment\n")
                        .said()
                        .orElseThrow()
                        .journeys()
                        .get(0)
                        .digest());
    }

    @Test
    void the_sample_journey_keeps_to_the_schema() throws IOException {
        Path sample = Path.of("src/main/resources/sample/journeys/checkout.yaml");
        Declaration.Read<JourneyFile> read =
                JourneyReader.read(new SourceFile("checkout.yaml", Files.readAllBytes(sample)));
        assertThat(read.problems()).isEmpty();
        assertThat(read.said().orElseThrow().journeys()).extracting(Journey::id).containsExactly("buy");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "path: /login | path: https://elsewhere.example/ | 9",
                "path: /login | path: login | 9",
                "'path: /orders/${token}' | 'path: /orders/${tokan}' | 14",
                "'path: /login' | 'path: /${token}' | 9",
                "Authorization | Host | 15",
                "'Bearer ${token}' | 'Bearer ${secret.Not A Name}' | 15",
                "json: /token | regex: order | 12",
                "json: /token | 'regex: \"(a\"' | 12",
                "json: /token | json: token | 12",
                "within: PT3S | within: PT11S | 5",
                "within: PT3S | within: P1D | 5",
                "'id: order' | 'id: login' | 13",
                "status: 200, | status: 600, | 17",
                "GET_NOT_THERE | x | 0"
            })
    void what_would_not_test_or_would_lead_elsewhere_is_refused_with_its_place(String there, String wrong, int line) {
        String text = TEXT.replace(there, wrong);
        Declaration.Read<JourneyFile> read = read(text);
        if (line == 0) {
            assertThat(read.problems()).isEmpty();
            return;
        }
        assertThat(read.said()).isEmpty();
        assertThat(read.problems()).extracting(Problem::line).contains(line);
    }

    @Test
    void hostile_yaml_is_refused() {
        assertThat(read("journeys: !!javax.script.ScriptEngineManager [x]").said())
                .isEmpty();
        assertThat(read("a: &a [x]\nb: &b [*a,*a]\njourneys: *b").said()).isEmpty();
        assertThat(read(TEXT + TEXT.replace("journeys: shop", "---\njourneys: shop"))
                        .said())
                .isEmpty();
        assertThat(read(TEXT.replace("id: buy", "id: buy\n    hook: rm")).problems())
                .isNotEmpty();
    }
}
