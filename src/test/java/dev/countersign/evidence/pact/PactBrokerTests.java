package dev.countersign.evidence.pact;

import static dev.countersign.evidence.AskedReleases.COMMIT;
import static dev.countersign.evidence.AskedReleases.asked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.evidence.BadAnswers;
import dev.countersign.evidence.EvidenceSource.About;
import dev.countersign.evidence.EvidenceSource.Answer;
import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.evidence.VendorServer;
import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.evidence.reader.Readers;
import dev.countersign.evidence.reader.Reading;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

/** Answers in the format that the Pact broker documents (HAL), over a real connection. */
@Tag("M4.2")
@Tag("M8.6")
class PactBrokerTests {
    private static final String OTHER = "1f2e3d4c5b6a79881f2e3d4c5b6a79881f2e3d4c";
    private static final String MATRIX = "/matrix";

    private final VendorServer server = new VendorServer();
    private final PactBrokerSource source = source("commit");

    @AfterEach
    void close() {
        server.close();
    }

    private Answer ask() throws Exception {
        return source.fetch(asked(null), Duration.ofSeconds(5));
    }

    private static String text(Answer answer) throws Exception {
        try (var in = answer.documents().get(0).body().open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Reading read(Answer answer) throws Exception {
        assertThat(answer.missing()).isNull();
        assertThat(answer.documents()).hasSize(1);
        return Readers.all()
                .get(DocumentType.of(answer.documents().get(0).type()).orElseThrow())
                .read(answer.documents().get(0).body()::open);
    }

    private PactBrokerSource source(String version) {
        return new PactBrokerSource(
                new PactBrokerProperties(
                        server.url(),
                        "countersign",
                        "password",
                        null,
                        Map.of("checkout", "Shop Checkout"),
                        version,
                        "production",
                        Duration.ofSeconds(5),
                        DataSize.ofKilobytes(100)),
                Clock.systemUTC());
    }

    private static String version(String number) {
        return "/pacticipants/Shop%20Checkout/versions/" + number;
    }

    private static String party(String role, String name, String number) {
        return "\"%s\":{\"name\":\"%s\",\"version\":{\"number\":\"%s\",\"_links\":{}}}".formatted(role, name, number);
    }

    private static String row(String consumer, String provider, String number, String verified) {
        return "{%s,%s,\"pact\":{},\"verificationResult\":%s}"
                .formatted(party("consumer", consumer, number), party("provider", provider, OTHER), verified);
    }

    private static String matrix(String deployable, int success, int failed, int unknown, String rows) {
        return ("{\"summary\":{\"deployable\":%s,\"reason\":\"words\",\"success\":%d,\"failed\":%d,\"unknown\":%d},"
                        + "\"notices\":[],\"matrix\":[%s],\"_links\":{}}")
                .formatted(deployable, success, failed, unknown, rows);
    }

    private void knows(String number, String answer) {
        server.json(version(number), "{\"number\":\"%s\",\"_links\":{}}".formatted(number));
        server.json(MATRIX, answer);
    }

    private static final String GOOD = row("Shop Checkout", "payments", COMMIT, "{\"success\":true}");

    @Test
    void a_version_that_was_verified_with_all_that_runs_is_deployable() throws Exception {
        knows(COMMIT, matrix("true", 1, 0, 0, GOOD));
        Answer answer = ask();
        Reading reading = read(answer);
        assertThat(reading.summary()).containsEntry("deployable", 1L).containsEntry("notDeployable", 0L);
        assertThat(reading.gap()).isNull();
        assertThat(reading.stated().participants()).contains(COMMIT);
        assertThat(answer.documents().get(0).about()).isEqualTo(About.named("Shop Checkout"));
        assertThat(answer.documents().get(0).live()).isTrue();
        assertThat(text(answer)).as("as it was sent").isEqualTo(matrix("true", 1, 0, 0, GOOD));
        assertThat(server.calls.get(1))
                .startsWith(MATRIX + "?q%5B%5D%5Bpacticipant%5D=Shop%20Checkout&q%5B%5D%5Bversion%5D=" + COMMIT
                        + "&latestby=cvp&environment=production Basic ");
    }

    @Test
    void a_version_of_the_service_may_be_the_number() throws Exception {
        server.json(version("2.0.0"), "{\"number\":\"2.0.0\"}");
        server.json(MATRIX, matrix("true", 1, 0, 0, row("Shop Checkout", "payments", "2.0.0", "{\"success\":true}")));
        Reading reading = read(source("version").fetch(asked(null), Duration.ofSeconds(5)));
        assertThat(reading.stated().versions()).anyMatch(one -> one.toString().equals("Shop Checkout 2.0.0"));
    }

    @ParameterizedTest(name = "deployable {0}, {1} failed, {2} unknown")
    @CsvSource({
        "null, 0, 1, 0, true",
        "true, 0, 1, 0, true",
        "false, 1, 0, 1, false",
        "false, 1, 1, 1, true",
        "true, 1, 0, 1, false"
    })
    void what_failed_and_what_is_unknown_never_passes(
            String deployable, int failed, int unknown, long notDeployable, boolean gap) throws Exception {
        String verified = failed > 0 ? "{\"success\":false}" : "null";
        knows(COMMIT, matrix(deployable, 0, failed, unknown, row("Shop Checkout", "payments", COMMIT, verified)));
        Reading reading = read(ask());
        assertThat(reading.summary()).containsEntry("notDeployable", notDeployable);
        assertThat(reading.gap() != null).isEqualTo(gap);
    }

    @Test
    void a_version_that_it_does_not_know_is_not_there_yet() throws Exception {
        assertThat(ask()).isEqualTo(Answer.nothing("it knows no version %s of Shop Checkout".formatted(COMMIT)));
        knows(COMMIT, matrix("true", 0, 0, 0, ""));
        assertThat(ask().missing()).contains("no pact of Shop Checkout");
    }

    @Test
    void rows_about_another_version_are_no_answer() {
        knows(COMMIT, matrix("true", 1, 0, 0, GOOD + "," + row("Shop Checkout", "stock", OTHER, "{\"success\":true}")));
        assertThatThrownBy(this::ask).isInstanceOf(SourceUnavailable.class).hasMessageContaining("another version");
        server.json(version(COMMIT), "{\"number\":\"%s\"}".formatted(OTHER));
        assertThatThrownBy(this::ask).hasMessageContaining("another version");
    }

    @Test
    void bad_answers_are_said() {
        knows(COMMIT, "");
        BadAnswers.areSaid(server, source, MATRIX, matrix("true", 1, 0, 0, GOOD));
        server.reply(MATRIX, 400, Map.of(), "{\"errors\":{}}".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(this::ask).hasMessageContaining("it answered 400 to " + MATRIX);
        server.reply(MATRIX, 404, Map.of(), new byte[0]);
        assertThatThrownBy(this::ask).hasMessageContaining("it has no environment production");
        BadAnswers.areSaid(server, source, version(COMMIT), "{\"number\":\"%s\"}".formatted(COMMIT));
    }

    @Test
    void what_a_version_is_there_is_one_of_two() {
        assertThatThrownBy(() -> source("digest")).hasMessageContaining("commit or version");
        assertThat(source.types(asked(null))).isEqualTo(Set.of("pact"));
    }
}
