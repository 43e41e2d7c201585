package dev.countersign.evidence.ci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.api.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

/** What an event says of a run, a commit and an artifact, in the words of each version. */
@Tag("M1.5")
class CdeventTests {
    private static final String COMMIT = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
    private static final String DIGEST = "sha256:" + "0b".repeat(32);

    private static Cdevent event(String type, String subject, String content, String custom) throws Exception {
        return Cdevent.of(new ObjectMapper()
                .readTree(
                        "{\"context\":{\"version\":\"0.3.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"dev.%s\",\"timestamp\":\"2026-11-26T15:00:00+01:00\"},\"subject\":{\"id\":\"%s\",\"content\":%s},\"customData\":%s}"
                                .formatted(type, subject, content, custom)));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '|',
            textBlock =
                    """
                    cdevents.pipelinerun.finished.0.1.1  | {"pipelineName":"build"}              | pipeline build
                    cdevents.pipelinerun.finished.0.2.0  | {}                                    | pipeline run s1
                    cdevents.testsuiterun.finished.0.1.0 | {"testSuite":{"id":"7"}}              | test suite 7
                    cdevents.testsuiterun.finished.0.3.0 | {"testSuite":{"id":"7","name":"unit"}} | test suite unit
                    cdevents.pipelinerun.started.0.1.1   | {"pipelineName":"build"}              |
                    cdevents.taskrun.finished.0.2.0      | {}                                    |
                    cdeventsx.tool-x.run.finished.0.1.0  | {}                                    |
                    """)
    void a_run_is_known_by_what_stays_when_it_is_repeated(String type, String content, String run) throws Exception {
        assertThat(event(type, "s1", content, "{}").run().orElse(null)).isEqualTo(run);
    }

    @Test
    void long_names_that_differ_at_their_end_stay_two() throws Exception {
        String name = "x".repeat(200);
        String one = event("cdevents.pipelinerun.finished.0.1.1", "s", "{\"pipelineName\":\"" + name + "1\"}", "{}")
                .run()
                .orElseThrow();
        assertThat(one)
                .hasSizeLessThan(160)
                .isNotEqualTo(
                        event("cdevents.pipelinerun.finished.0.1.1", "s", "{\"pipelineName\":\"" + name + "2\"}", "{}")
                                .run()
                                .orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({"success, true", "PASS, true", "failure, false", "error, false", "cancel, false", "ok, false", ", false"
    })
    void only_the_words_of_the_specification_are_good(String outcome, boolean good) throws Exception {
        String content = outcome == null ? "{}" : "{\"outcome\":\"%s\"}".formatted(outcome);
        assertThat(Cdevent.isGood(event("cdevents.pipelinerun.finished.0.1.1", "s", content, "{}")
                        .outcome()))
                .isEqualTo(good);
    }

    @Test
    void commit_and_digest_are_the_senders_own_word_or_the_events() throws Exception {
        Cdevent own = event(
                "cdevents.pipelinerun.finished.0.1.1",
                "s",
                "{}",
                "{\"commit\":\"%s\",\"digest\":\"%s\"}".formatted(COMMIT.toUpperCase(java.util.Locale.ROOT), DIGEST));
        assertThat(own.commit()).contains(COMMIT);
        assertThat(own.digest()).contains(DIGEST);
        Cdevent packaged = event(
                "cdevents.artifact.packaged.0.2.0",
                "pkg:oci/app@" + DIGEST.replace(":", "%3A") + "?repository_url=r",
                "{\"change\":{\"id\":\"%s\"}}".formatted(COMMIT),
                "{}");
        assertThat(packaged.commit()).contains(COMMIT);
        assertThat(packaged.digest()).contains(DIGEST);
        Cdevent neither =
                event("cdevents.artifact.published.0.2.0", "pkg:golang/app@234fd47e07d1004f0aed9c", "{}", "\"x\"");
        assertThat(neither.commit()).isEmpty();
        assertThat(neither.digest()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"context\":{},\"subject\":{}}",
                "{\"context\":{\"id\":\"1\",\"source\":\"/s\",\"type\":\"dev.cdevents.pipelinerun.finished.0.1.1\",\"timestamp\":\"2026-11-26T15:00:00Z\"},\"subject\":{\"id\":\"1\",\"content\":{}}}",
                "{\"context\":{\"version\":\"0.3.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"dev.cdevents.pipelinerun.finished.0.1.1\",\"timestamp\":\"yesterday, at about ten\"},\"subject\":{\"id\":\"1\",\"content\":{}}}",
                "{\"context\":{\"version\":\"0.3.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"org.example.pipelinerun.finished.0.1.1\",\"timestamp\":\"2026-11-26T15:00:00Z\"},\"subject\":{\"id\":\"1\",\"content\":{}}}",
                "{\"context\":{\"version\":\"0.3.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"dev.cdevents.pipelinerun.finished.0.1.1\",\"timestamp\":\"2026-11-26T15:00:00Z\"},\"subject\":{\"id\":\"1\",\"content\":[]}}",
            })
    void what_lacks_what_every_version_has_is_refused(String event) {
        assertThatThrownBy(() -> Cdevent.of(new ObjectMapper().readTree(event)))
                .isInstanceOfSatisfying(
                        Problem.class,
                        refusal -> assertThat(refusal.getStatusCode().value()).isEqualTo(422));
    }

    private static MockHttpServletRequest request(String contentType) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setContentType(contentType);
        return request;
    }

    @Test
    void data_in_base64_is_the_same_event_and_batches_are_not_read() throws Exception {
        String event = "{\"context\":{\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\"}}";
        String envelope =
                "{\"specversion\":\"%s\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"data_base64\":\"%s\"}";
        byte[] body = envelope.formatted(
                        "1.0", Base64.getEncoder().encodeToString(event.getBytes(StandardCharsets.UTF_8)))
                .getBytes(StandardCharsets.UTF_8);
        assertThat(CloudEvents.event(request("application/cloudevents+json"), body))
                .isEqualTo(new ObjectMapper().readTree(event));
        for (String[] broken : new String[][] {
            {"application/cloudevents+json", envelope.formatted("1.0", "%%"), "422"},
            {"application/cloudevents+json", envelope.formatted("0.3", "e30="), "422"},
            {"application/cloudevents+json", envelope.formatted("1.0", "e30="), "422"},
            {"application/cloudevents+json", "[]", "400"},
            {"application/cloudevents+json", "{", "400"},
            {"application/cloudevents-batch+json", "[" + envelope + "]", "415"},
            {"application/json", event, "415"},
        }) {
            assertThatThrownBy(() -> CloudEvents.event(request(broken[0]), broken[1].getBytes(StandardCharsets.UTF_8)))
                    .as(broken[1])
                    .isInstanceOfSatisfying(Problem.class, refusal -> assertThat(
                                    refusal.getStatusCode().value())
                            .isEqualTo(Integer.parseInt(broken[2])));
        }
    }
}
