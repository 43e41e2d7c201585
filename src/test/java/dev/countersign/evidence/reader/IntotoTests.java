package dev.countersign.evidence.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.reader.Samples.Sample;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Provenance: what was built, as its statements say, and whether the envelope is in one piece. */
@Tag("M4.1")
class IntotoTests {
    private final DocumentReader reader = Readers.INTOTO;

    private static Content content(String text) {
        return () -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The manifest also names the artifacts themselves, in words. */
    static Stream<Sample> statements() {
        return Samples.in("provenance").filter(sample -> sample.expected().isObject());
    }

    @ParameterizedTest
    @MethodSource("statements")
    void a_statement_names_what_its_manifest_says(Sample sample) throws Exception {
        assertThat(new Detection().typeOf(sample.content())).contains(DocumentType.INTOTO);
        Reading reading = reader.read(sample.content());
        JsonNode expected = sample.expected();
        List<String> digests = new ArrayList<>();
        expected.path("subjects")
                .forEach(subject -> digests.add("sha256:" + subject.at("/1/1").asText()));
        expected.path("payload_digests").path(0).forEach(digest -> digests.add("sha256:" + digest.asText()));
        assertThat(reading.stated().digests()).containsExactlyInAnyOrderElementsOf(digests);
        if (digests.isEmpty()) {
            // npm knows its packages by SHA-512: the package URL in the subject's name says which one it is.
            assertThat(reading.stated().versions()).hasToString("[gundam-visor 1.0.1]");
        }
        long statements = expected.has("statements")
                ? expected.get("statements").asLong()
                : Math.max(1, expected.path("attestations").size());
        assertThat(reading.summary())
                .containsEntry("statements", statements)
                .containsEntry("subjects", Math.max(digests.size(), statements))
                .containsEntry(
                        "signed",
                        expected.has("signed") ? expected.get("signed").asLong() : statements)
                .containsEntry("verified", 0L);
        if (expected.has("predicateType")) {
            assertThat(reading.details())
                    .containsEntry(
                            "predicateTypes",
                            List.of(expected.get("predicateType").asText()))
                    .containsEntry("builders", List.of(expected.get("builder").asText()));
        }
        assertThat(reading.gap()).contains("not signed by a key that counts");
        assertThat(reading.summary()).containsEntry("unverified", statements).containsEntry("signedBy", List.of());
    }

    @Test
    void the_samples_beside_the_project_were_used() {
        assumeTrue(Samples.areThere("provenance"), "The folder ../shared/samples is not there");
        assertThat(statements().count()).isGreaterThan(8);
    }

    /** Of those with a certificate or an entry in a log a changed payload is found out, without any trust in who signed. */
    @ParameterizedTest
    @MethodSource("statements")
    void a_changed_payload_is_refused_where_the_envelope_brings_what_shows_it(Sample sample) throws Exception {
        String text = Files.readString(sample.file());
        boolean shows = text.contains("rawBytes") || text.contains("BEGIN CERTIFICATE");
        assumeTrue(shows, "neither a certificate nor a log's entry is beside the signature");
        var payload = java.util.regex.Pattern.compile("\"payload\"\\s*:\\s*\"([^\"]+)\"")
                .matcher(text);
        String last = "";
        while (payload.find()) {
            last = payload.group(1);
        }
        String statement = new String(Base64.getDecoder().decode(last), StandardCharsets.UTF_8);
        String changed = statement.replaceFirst("\"digest\":\\{\"sha(256|512)\":\"..", "\"digest\":{\"sha$1\":\"00");
        assertThat(changed).isNotEqualTo(statement);
        String sent = text.replace(last, Base64.getEncoder().encodeToString(changed.getBytes(StandardCharsets.UTF_8)));
        assertThatThrownBy(() -> reader.read(content(sent)))
                .isInstanceOf(Unreadable.class)
                .hasMessageMatching(".*(does not fit the payload|for another payload).*");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "~{\"payloadType\":\"text/plain\",\"payload\":\"e30=\",\"signatures\":[]}~, expected application/vnd.in-toto+json",
                "~{\"payloadType\":\"application/vnd.in-toto+json\",\"payload\":\"e30=\",\"signatures\":[]}~, _type is missing",
                "~{\"payloadType\":\"application/vnd.in-toto+json\",\"payload\":\"%%%\"}~, not in base64",
                "~{\"payloadType\":\"application/vnd.in-toto+json\"}~, no payload",
                "~{\"mediaType\":\"x\",\"dsseEnvelope\":7}~, no dsseEnvelope",
                "~{\"_type\":\"https://in-toto.io/Statement/v9\",\"predicateType\":\"x\"}~, expected https://in-toto.io/Statement/v1",
                "~{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicateType\":\"x\",\"subject\":[{\"name\":\"a\"}]}~, no digest",
                "~{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicateType\":\"x\",\"subject\":[{\"digest\":{\"sha256\":\"zz\"}}]}~, 64 hexadecimal",
                "~{\"hello\":1}~, not an in-toto statement",
            })
    void what_is_no_statement_is_refused(String text, String words) {
        assertThatThrownBy(() -> reader.read(content(text))).isInstanceOfSatisfying(Unreadable.class, fault -> {
            assertThat(fault.getMessage()).contains(words);
            assertThat(fault.place()).contains("line 1");
        });
    }

    @Test
    void a_statement_about_nothing_shows_nothing() throws Exception {
        assertThat(reader.read(content("{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicateType\":\"x\"}"))
                        .gap())
                .contains("no subject");
    }
}
