package dev.countersign.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.evidence.Excerpt.Line;
import dev.countersign.evidence.reader.Detection;
import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.evidence.reader.Readers;
import dev.countersign.evidence.reader.Reading;
import dev.countersign.evidence.reader.Unreadable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From a finding to its line: what is marked in the document says what the finding says. */
@Tag("M4.5")
class FindingPositionTests {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int EACH = 25;

    static Stream<Path> samples() {
        return Stream.concat(Readers.everySample(), Readers.others());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void the_lines_that_are_marked_say_what_the_finding_says(Path file) throws Exception {
        check(file, Files.readAllBytes(file));
    }

    /** As many tools write it: the whole document in one line. */
    @ParameterizedTest
    @MethodSource("samples")
    void so_do_those_of_a_document_in_a_single_line(Path file) throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (file.toString().matches(".*\\.(json|sarif)") && text.startsWith("{")) {
            byte[] one = JSON.writeValueAsBytes(JSON.readTree(bytes));
            Optional<Reading> read = check(file, one);
            read.map(Reading::findings).filter(findings -> findings.size() > 5).ifPresent(findings -> assertThat(
                            findings.stream().map(Finding::position))
                    .allMatch(position -> position.line() == 1)
                    .filteredOn(position -> position.column() != null)
                    .hasSizeGreaterThan(findings.size() / 2));
        } else if (file.toString().endsWith(".xml") && text.startsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"")) {
            check(file, text.replaceAll(">\\s+<", "><").getBytes(StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void so_do_those_of_a_document_in_utf_16(Path file) throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (bytes.length < 400_000 && text.startsWith("{")) {
            check(file, ("\uFEFF" + text).getBytes(StandardCharsets.UTF_16LE));
            check(file, text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_16BE));
        }
    }

    private static Optional<Reading> check(Path file, byte[] bytes) throws Exception {
        Reading reading;
        try {
            DocumentType type = new Detection()
                    .typeOf(() -> new ByteArrayInputStream(bytes))
                    .orElse(null);
            if (type == null || !Readers.all().containsKey(type)) {
                return Optional.empty();
            }
            reading = Readers.all().get(type).read(() -> new ByteArrayInputStream(bytes));
        } catch (Unreadable refused) {
            return Optional.empty();
        }
        for (Finding finding : reading.findings().stream().limit(EACH).toList()) {
            assertThat(finding.position()).as("%s: %s", file, finding).isNotNull();
            assertThat(says(finding, marked(bytes, finding.position())))
                    .as("%s: %s is marked as %s", file, finding, marked(bytes, finding.position()))
                    .isTrue();
        }
        return Optional.of(reading);
    }

    private static String marked(byte[] document, Position position) throws IOException {
        Excerpt excerpt = Excerpt.of(new ByteArrayInputStream(document), position.line(), position.column(), null);
        return excerpt.lines().stream().filter(Line::wanted).map(Line::text).collect(Collectors.joining("\n"));
    }

    /** By its rule, its name or its words; tools escape them in their own ways. */
    private static boolean says(Finding finding, String marked) {
        List<String> told = new ArrayList<>();
        told.add(finding.rule());
        told.add(finding.title());
        told.add(finding.component());
        told.addAll(Arrays.asList(finding.id()
                .replaceFirst("~[0-9a-f]{12}(~\\d+of\\d+)?$", "")
                .split("[@#]|(?<=\\w)[.:](?=\\w)|::| > ")));
        if (finding.id().startsWith("unverified@")) {
            // What the statement says stands in its payload, in base64.
            return marked.matches("(?s).*(payload|in-toto.io/Statement|dsseEnvelope|sigstore.bundle).*");
        }
        List<String> words = told.stream()
                .filter(one -> one != null && !plain(one).isEmpty())
                .toList();
        String plain = plain(marked);
        return words.isEmpty()
                ? marked.contains(finding.severity())
                : plain.contains(plain(finding.title())) && !finding.title().isEmpty()
                        || words.stream()
                                .filter(one -> one.length() > 2 || words.size() == 1)
                                .anyMatch(one -> plain.contains(plain(one)))
                        // Where the words are ours, what they are about stands in the document.
                        || words.stream()
                                .flatMap(one -> Stream.of(one.split("\\s+")))
                                .filter(one -> one.length() > 5)
                                .anyMatch(one -> plain.contains(plain(one)));
    }

    private static String plain(String text) {
        Matcher escaped = Pattern.compile("\\\\u([0-9a-fA-F]{4})").matcher(text);
        String read = escaped.replaceAll(
                code -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(code.group(1), 16))));
        return read.replaceAll("&(lt|gt|amp|quot|apos|#\\w+);", "").replaceAll("[^\\p{L}\\p{N}]", "");
    }

    @Test
    void each_type_with_findings_of_its_own_was_checked() throws Exception {
        Set<DocumentType> seen = EnumSet.noneOf(DocumentType.class);
        for (Path file : Stream.concat(Readers.samples(), Readers.others()).toList()) {
            byte[] bytes = Files.readAllBytes(file);
            try {
                DocumentType type = new Detection()
                        .typeOf(() -> new ByteArrayInputStream(bytes))
                        .orElse(null);
                if (type != null
                        && !Readers.all()
                                .get(type)
                                .read(() -> new ByteArrayInputStream(bytes))
                                .findings()
                                .isEmpty()) {
                    seen.add(type);
                }
            } catch (Unreadable refused) {
                // Checked where it is refused.
            }
        }
        assertThat(seen)
                .contains(
                        DocumentType.JUNIT,
                        DocumentType.SARIF,
                        DocumentType.CYCLONEDX,
                        DocumentType.TRIVY,
                        DocumentType.GRYPE,
                        DocumentType.DEPENDENCY_CHECK,
                        DocumentType.CHECKOV,
                        DocumentType.KYVERNO,
                        DocumentType.PACT,
                        DocumentType.PENTEST,
                        DocumentType.DPIA,
                        DocumentType.ROLLBACK_DRILL,
                        DocumentType.MIGRATION_CHECK,
                        DocumentType.MIGRATION_REHEARSAL,
                        DocumentType.CONFTEST,
                        DocumentType.CHANGE_RECORD,
                        DocumentType.CERTIFICATE_CHECK,
                        DocumentType.SONARQUBE,
                        DocumentType.OPA,
                        DocumentType.INTOTO,
                        DocumentType.INFRASTRUCTURE);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static final String API =
            """
            openapi: 3.0.3
            info: {title: a, version: 1.0.0}
            paths:
              /orders:
                get:
                  responses:
                    '200': {description: all}
                post:
                  parameters:
                    - {name: dry, in: query, schema: {type: string}}
                  responses:
                    '200': {description: made}
              /users:
                get:
                  responses:
                    '200': {description: all}
            """;

    @Test
    void a_changed_operation_is_marked_in_the_contract_and_a_removed_one_in_that_before() throws Exception {
        String after = API.replace("in: query,", "in: query, required: true,").replaceAll("(?s)  /users:.*", "");
        Reading reading = Readers.compared(DocumentType.OPENAPI, bytes(API), bytes(after));
        assertThat(reading.findings()).hasSize(2);
        for (Finding finding : reading.findings()) {
            boolean removed = finding.isInBase();
            String marked = marked(bytes(removed ? API : after), finding.position());
            assertThat(marked).startsWith(removed ? "    get:" : "    post:");
            assertThat(marked).doesNotContain(removed ? "description: made" : "/orders");
            assertThat(finding.position().pointer()).isEqualTo(removed ? "/paths/~1users/get" : "/paths/~1orders/post");
        }
        assertThat(reading.findings()).filteredOn(Finding::isInBase).hasSize(1);
    }

    @Test
    void a_changed_field_of_a_schema_is_marked() throws Exception {
        String before =
                """
                {"type": "record", "name": "Order", "fields": [
                  {"name": "id", "type": "long"},
                  {"name": "total", "type": "long"}
                ]}""";
        String after = before.replace("\"total\", \"type\": \"long\"", "\"total\", \"type\": \"string\"");
        Reading avro = Readers.compared(DocumentType.AVRO, bytes(before), bytes(after));
        assertThat(avro.findings()).hasSize(2);
        for (Finding finding : avro.findings()) {
            assertThat(marked(bytes(finding.isInBase() ? before : after), finding.position()))
                    .contains("total")
                    .contains(finding.isInBase() ? "long" : "string")
                    .doesNotContain("\"id\"");
        }
        String schema =
                """
                $schema: https://json-schema.org/draft/2020-12/schema
                type: object
                properties:
                  lines:
                    type: array
                    items: {$ref: '#/$defs/line'}
                $defs:
                  line:
                    type: object
                    properties:
                      price: {type: number}
                """;
        Reading changed = Readers.compared(
                DocumentType.JSON_SCHEMA, bytes(schema), bytes(schema.replace("type: number", "type: string")));
        assertThat(changed.findings()).isNotEmpty().allSatisfy(finding -> assertThat(
                        marked(bytes(schema.replace("type: number", "type: string")), finding.position()))
                .isEqualTo("      price: {type: string}"));
    }
}
