package dev.countersign.evidence.policy;

import static dev.countersign.evidence.AskedReleases.COMMIT;
import static dev.countersign.evidence.AskedReleases.asked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.evidence.BadAnswers;
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

/** Answers in the format that Open Policy Agent's Data API documents, over a real connection. */
@Tag("M4.2")
@Tag("M8.6")
class OpaTests {
    private static final String PATH = "/v1/data/shop/release";

    private final VendorServer server = new VendorServer();
    private final OpaSource source = new OpaSource(
            new OpaProperties(
                    server.url(),
                    "token",
                    null,
                    "countersign/release",
                    Map.of("checkout", "shop/release"),
                    Duration.ofSeconds(5),
                    DataSize.ofKilobytes(100)),
            Clock.systemUTC());

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

    private Reading decided(String result) throws Exception {
        server.json(PATH, "{\"decision_id\":\"d-1\",\"result\":" + result + "}");
        return read(ask());
    }

    @Test
    void a_policy_is_told_the_facts_of_the_release_and_no_persons() throws Exception {
        Reading reading = decided("{\"deny\":[]}");
        assertThat(reading.summary()).containsAllEntriesOf(Map.of("passed", 1L, "failed", 0L, "error", 0L));
        assertThat(reading.details()).containsEntry("decision", "d-1").containsEntry("tool", "opa");
        assertThat(reading.commits()).containsExactly(COMMIT);
        assertThat(server.calls).containsExactly(PATH + "?strict-builtin-errors=true Bearer token");
        assertThat(server.bodies.get(0))
                .startsWith("{\"input\":{\"release\":\"checkout@2.0.0\"")
                .contains(COMMIT, "\"tier\":\"critical\"", "\"target\":\"production\"")
                .doesNotContain("developer", "release-manager");
    }

    @ParameterizedTest(name = "{0}: {1} passed, {2} failed, {3} warnings")
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | 1 | 0 | 0",
                "['no owner'] | 0 | 1 | 0",
                "{'deny':[],'violation':[{'msg':'open to all'},{'msg':'no log'}],'allow':true} | 1 | 2 | 0",
                "{'deny_network':['open'],'warn':['old']} | 0 | 1 | 1",
                "{'violations':[{'code':7}]} | 0 | 1 | 0",
            })
    void each_set_is_a_check_and_each_message_a_violation(String result, long passed, long failed, long warnings)
            throws Exception {
        Reading reading = decided(result.replace('\'', '"'));
        assertThat(reading.summary())
                .containsAllEntriesOf(Map.of("passed", passed, "failed", failed, "warnings", warnings));
        assertThat(reading.gap()).isNull();
        assertThat(reading.findings()).hasSize((int) failed);
    }

    @Test
    void a_violation_is_the_same_in_the_next_decision() throws Exception {
        String first =
                decided("{\"deny\":[{\"msg\":\"no log\"}]}").findings().get(0).id();
        String again = decided("{\"deny\":[{\"msg\":\"a\"},{\"msg\":\"no log\"}]}")
                .findings()
                .get(1)
                .id();
        assertThat(again).isEqualTo(first).isEqualTo("shop/release/deny@no log");
    }

    @Test
    void what_is_not_defined_is_no_pass() throws Exception {
        server.json(PATH, "{}");
        assertThat(ask().missing()).startsWith("nothing is defined at shop/release");
        server.json(PATH, "{\"decision_id\":\"d-2\"}");
        assertThat(ask().documents()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"true", "false", "7", "null", "'\"yes\"'", "'{\"deny\":true}'", "'{\"deny\":{\"a\":1}}'"})
    void what_is_no_set_of_messages_cannot_be_understood(String result) throws Exception {
        server.json(PATH, "{\"result\":" + result + "}");
        Answer answer = ask();
        assertThatThrownBy(() -> read(answer)).isInstanceOf(dev.countersign.evidence.reader.Unreadable.class);
    }

    @Test
    void a_package_without_such_sets_shows_nothing() throws Exception {
        assertThat(decided("{\"allow\":true}").gap()).contains("no set of messages");
        assertThat(decided("{}").gap()).contains("no set of messages");
    }

    @Test
    void a_warning_about_the_question_is_an_error() {
        server.json(
                PATH,
                "{\"result\":[],\"warning\":{\"code\":\"api_usage_warning\",\"message\":\"'input' key missing\"}}");
        assertThatThrownBy(this::ask).isInstanceOf(SourceUnavailable.class).hasMessageContaining("'input' key missing");
    }

    @Test
    void bad_answers_are_said() {
        BadAnswers.areSaid(server, source, PATH, "{\"result\":[]}");
        server.reply(PATH, 400, Map.of(), "{\"code\":\"invalid_parameter\"}".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(this::ask).hasMessageContaining("it answered 400 to " + PATH);
        server.reply(PATH, 404, Map.of(), new byte[0]);
        assertThatThrownBy(this::ask).hasMessageContaining("it answered 404 to " + PATH);
    }

    @Test
    void a_path_stays_within_the_policies() {
        assertThatThrownBy(() -> new OpaProperties(
                        server.url(), null, null, "a/../b", null, Duration.ofSeconds(1), DataSize.ofKilobytes(1)))
                .hasMessageContaining("no path of a policy");
        assertThat(source.types(asked(null))).isEqualTo(Set.of("opa"));
    }
}
