package dev.countersign.evidence.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.countersign.evidence.Evidence.Finding;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Two versions of a contract: what breaks somebody and what does not. */
@Tag("M8.6")
class OpenApiTests {
    private static final YAMLMapper YAML = new YAMLMapper();
    private final OpenApiReader reader =
            new OpenApiReader(Clock.fixed(Instant.parse("2026-11-24T09:00:00Z"), ZoneOffset.UTC));

    private static Content content(String text) {
        return () -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private Reading compare(Content base, Content revision) throws Exception {
        return reader.read(revision, producer -> new Base.Earlier(base, "before", false));
    }

    /** @param folder of the pair */
    record Pair(String name, Path base, Path revision, JsonNode expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Pair> pairs() {
        return Samples.in("openapi_pairs")
                .filter(sample -> sample.expected().isObject())
                .filter(sample -> sample.file().toString().contains("revision"))
                .map(sample -> {
                    Path revision = sample.file();
                    Path base = Path.of(revision.toString().replace("revision", "base"));
                    Path folder = revision.getFileName().toString().startsWith("revision")
                            ? revision.getParent()
                            : revision.getParent().getParent();
                    return new Pair(folder.getFileName().toString(), base, revision, sample.expected());
                });
    }

    /** As a tool that bundles does it: what stands in files beside the document is put where it is referred to. */
    private static Content bundled(Path file) throws Exception {
        JsonNode root = YAML.readTree(file.toFile());
        inline(root, file.getParent(), null, 0);
        byte[] bytes = YAML.writeValueAsBytes(root);
        return () -> new ByteArrayInputStream(bytes);
    }

    private static void inline(JsonNode node, Path folder, String current, int depth) throws Exception {
        assertThat(depth).isLessThan(60);
        if (node.isArray()) {
            for (JsonNode element : node) {
                inline(element, folder, current, depth + 1);
            }
            return;
        }
        if (!(node instanceof ObjectNode object)) {
            return;
        }
        String reference = object.path("$ref").asText("");
        boolean other = !reference.isEmpty()
                && !reference.startsWith("http")
                && !(reference.startsWith("#") && current == null);
        if (other) {
            String[] parts = reference.split("#");
            String name = parts[0].isEmpty() ? current : parts[0];
            JsonNode target =
                    YAML.readTree(folder.resolve(name).toFile()).at(parts[1]).deepCopy();
            inline(target, folder, name, depth + 1);
            object.removeAll();
            object.setAll((ObjectNode) target);
            return;
        }
        for (Map.Entry<String, JsonNode> member : new ArrayList<>(object.properties())) {
            inline(member.getValue(), folder, current, depth + 1);
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void a_pair_breaks_what_its_manifest_says(Pair pair) throws Exception {
        for (boolean whole : new boolean[] {false, true}) {
            Content base = whole ? bundled(pair.base()) : () -> Files.newInputStream(pair.base());
            Content revision = whole ? bundled(pair.revision()) : () -> Files.newInputStream(pair.revision());
            assertThat(new Detection().typeOf(revision)).contains(DocumentType.OPENAPI);
            Reading reading = compare(base, revision);
            assertThat((Long) reading.summary().get("breaking") > 0)
                    .as("%s", reading.findings())
                    .isEqualTo(pair.expected().get("breaking").asBoolean());
            assertThat(reading.summary().get("breaking"))
                    .isEqualTo((long) reading.findings().size());
            List<String> rules =
                    reading.findings().stream().map(Finding::rule).distinct().toList();
            pair.expected().path("ids").forEach(id -> assertThat(rules)
                    .anyMatch(rule -> rule.replace("-body-", "-property-")
                            .equals(id.asText().replace("-body-", "-property-"))));
            assertThat((List<?>) reading.details().get("newEndpoints"))
                    .map(String::valueOf)
                    .containsExactlyInAnyOrderElementsOf(texts(pair.expected().path("added"), reading));
            assertThat(reading.findings())
                    .filteredOn(finding -> finding.rule().equals("api-operation-removed"))
                    .map(Finding::component)
                    .containsExactlyInAnyOrderElementsOf(texts(pair.expected().path("removed"), reading));
            // A part that stands on another server cannot be compared, whatever else was found.
            boolean elsewhere = Files.readString(pair.base()).contains(whole ? "$ref: \"http" : ".yaml#/");
            assertThat(reading.gap() != null).isEqualTo(elsewhere);
        }
    }

    private static List<String> texts(JsonNode listed, Reading reading) {
        return listed.isMissingNode()
                ? List.of()
                : listed.valueStream().map(JsonNode::asText).toList();
    }

    @Test
    void the_samples_beside_the_project_were_used() {
        assumeTrue(Samples.areThere("openapi_pairs"), "The folder ../shared/samples is not there");
        assertThat(pairs().count()).isGreaterThan(11);
    }

    private static String api(String version, String operation, String schemas) {
        return """
                openapi: %s
                info: {title: Orders, version: 1.0.0}
                paths:
                  /orders/{id}:
                    post: %s
                components: {schemas: {%s}}
                """
                .formatted(version, operation, schemas);
    }

    private static String request(String version, String schema) {
        return api(
                version,
                "{requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}, responses: {'201': {description: made}}}",
                "A: " + schema);
    }

    private static String response(String version, String schema) {
        return api(
                version,
                "{responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}",
                "A: " + schema);
    }

    @ParameterizedTest(name = "{0} to {1}: in a request {2}, in a response {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{type: string} | {type: string} | false | false",
                "{type: string} | {type: integer} | true | true",
                "{type: integer} | {type: number} | false | true",
                "{type: number} | {type: integer} | true | false",
                "{type: string} | {} | false | true",
                "{} | {type: string} | true | false",
                "{type: string} | {type: string, enum: [a]} | true | false",
                "{type: string, enum: [a]} | {type: string, enum: [a, b]} | false | true",
                "{type: string, enum: [a, b]} | {type: string, enum: [b]} | true | false",
                "{type: string, enum: [a]} | {type: string} | false | true",
                "{type: string} | {type: string, pattern: '^a$'} | true | false",
                "{type: string, pattern: '^a$'} | {type: string} | false | false",
                "{type: string, maxLength: 5} | {type: string, maxLength: 4} | true | false",
                "{type: string, maxLength: 5} | {type: string, maxLength: 6} | false | true",
                "{type: string} | {type: string, minLength: 1} | true | false",
                "{type: integer, minimum: 1} | {type: integer, minimum: 2} | true | false",
                "{type: integer, minimum: 1} | {type: integer, minimum: 1, exclusiveMinimum: true} | true | false",
                "{type: integer, maximum: 9} | {type: integer} | false | true",
                "{type: integer, format: int32} | {type: integer, format: int64} | false | true",
                "{type: string, format: date} | {type: string, format: uuid} | true | true",
                "{type: array, items: {type: string}} | {type: array, items: {type: integer}} | true | true",
                "{type: array, items: {}} | {type: array, items: {}, uniqueItems: true} | true | false",
                "{type: object, properties: {a: {type: string}}} | {type: object, properties: {}} | true | true",
                "{type: object, properties: {}} | {type: object, properties: {a: {type: string}}} | false | false",
                "{type: object} | {type: object, required: [a], properties: {a: {type: string}}} | true | false",
                "{type: object} | {type: object, required: [a], properties: {a: {type: string, default: x}}} | false | false",
                "{type: object} | {type: object, required: [a], properties: {a: {type: string, readOnly: true}}} | false | false",
                "{type: object, required: [a], properties: {a: {}}} | {type: object, properties: {a: {}}} | false | true",
                "{type: object} | {type: object, additionalProperties: false} | true | false",
                "{type: string} | {type: string, nullable: true} | false | true",
                "{type: string, nullable: true} | {type: string} | true | false",
                "{type: string} | {oneOf: [{type: string}, {type: integer}]} | false | true",
                "{oneOf: [{type: string}, {type: integer}]} | {oneOf: [{type: string}]} | true | false",
                "{oneOf: [{type: string}, {type: integer}]} | {type: string} | true | false",
                "{allOf: [{type: object, properties: {a: {type: string}}}]} | {type: object, properties: {a: {type: string}}} | false | false",
                "{allOf: [{properties: {a: {type: string}}}, {properties: {b: {type: string}}}]} | {allOf: [{properties: {a: {type: string}}}, {properties: {b: {type: integer}}}]} | true | true",
                "{$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/C'}, C: {type: string} | {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/C'}, C: {type: integer} | true | true",
                "{type: object, properties: {a: {$ref: '#/components/schemas/A'}, b: {type: string}}} | {type: object, properties: {a: {$ref: '#/components/schemas/A'}, b: {type: integer}}} | true | true",
                "{type: object, properties: {a: {$ref: '#/components/schemas/A'}}} | {type: object, properties: {a: {$ref: '#/components/schemas/A'}}} | false | false",
                "{type: object, properties: {a: {type: string, readOnly: true}}} | {type: object, properties: {}} | false | true",
                "{type: object, properties: {a: {type: string, readOnly: true}}} | {type: object, properties: {a: {type: string, readOnly: true, pattern: x}}} | true | false",
                "{not: {type: string}} | {not: {type: integer}} | true | true",
            })
    void a_change_of_a_schema(String old, String now, boolean request, boolean response) throws Exception {
        assertThat(breaks(request("3.0.3", old), request("3.0.3", now))).isEqualTo(request);
        assertThat(breaks(response("3.0.3", old), response("3.0.3", now))).isEqualTo(response);
    }

    @ParameterizedTest(name = "3.1: {0} to {1}: in a request {2}, in a response {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{type: [string, 'null']} | {type: string} | true | false",
                "{type: string} | {anyOf: [{type: string}, {type: 'null'}]} | false | true",
                "{type: [string, integer]} | {type: [string, integer, boolean]} | false | true",
                "{const: a} | {const: b} | true | true",
                "{type: integer, exclusiveMinimum: 1} | {type: integer, exclusiveMinimum: 2} | true | false",
                "{anyOf: [{$ref: '#/components/schemas/A'}, {type: 'null'}]} | {anyOf: [{$ref: '#/components/schemas/A'}, {type: 'null'}]} | false | false",
            })
    void a_change_of_a_schema_of_3_1(String old, String now, boolean request, boolean response) throws Exception {
        assertThat(breaks(request("3.1.0", old), request("3.1.0", now))).isEqualTo(request);
        assertThat(breaks(response("3.1.0", old), response("3.1.0", now))).isEqualTo(response);
    }

    @ParameterizedTest(name = "{0} to {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{responses: {'200': {}}} | {responses: {'200': {}, '404': {}}} | false",
                "{responses: {'200': {}, '404': {}}} | {responses: {'200': {}}} | false",
                "{responses: {'200': {}}} | {responses: {'201': {}}} | true",
                "{responses: {}} | {parameters: [{name: q, in: query}], responses: {}} | false",
                "{responses: {}} | {parameters: [{name: q, in: query, required: true}], responses: {}} | true",
                "{parameters: [{name: q, in: query}], responses: {}} | {parameters: [{name: q, in: query, required: true}], responses: {}} | true",
                "{parameters: [{name: q, in: query}], responses: {}} | {responses: {}} | true",
                "{parameters: [{name: H, in: header}], responses: {}} | {parameters: [{name: h, in: header}], responses: {}} | false",
                "{parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {}} | {parameters: [{name: id, in: path, required: true, schema: {type: integer}}], responses: {}} | true",
                "{responses: {}} | {requestBody: {content: {}}, responses: {}} | false",
                "{responses: {}} | {requestBody: {required: true, content: {}}, responses: {}} | true",
                "{requestBody: {content: {a/b: {}, c/d: {}}}, responses: {}} | {requestBody: {content: {a/b: {}}}, responses: {}} | true",
                "{responses: {}} | {security: [{key: []}], responses: {}} | true",
                "{security: [{key: []}], responses: {}} | {responses: {}} | false",
                "{security: [{key: []}], responses: {}} | {security: [{key: []}, {other: []}], responses: {}} | false",
                "{security: [{key: [read]}], responses: {}} | {security: [{key: [read, write]}], responses: {}} | true",
                "{responses: {'200': {headers: {X: {required: true}}}}} | {responses: {'200': {}}} | true",
            })
    void a_change_of_an_operation(String old, String now, boolean breaking) throws Exception {
        assertThat(breaks(api("3.0.3", old, ""), api("3.0.3", now, ""))).isEqualTo(breaking);
    }

    private static String events(String rest) {
        return """
                openapi: 3.1.0
                info: {title: Orders, version: 1.0.0}
                paths:
                  /orders:
                    post: {responses: {'201': {description: made}}%s
                """
                .formatted(rest);
    }

    private static String webhook(String body) {
        return events("}\nwebhooks: {paid: {post: {" + body + "}}}");
    }

    private static String callback(String body) {
        return events(", callbacks: {paid: {'{$request.body#/url}': {post: {" + body + "}}}}}");
    }

    /** The server calls: what was a request is given, and what was a response is taken. */
    @ParameterizedTest(name = "{0} to {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "responses: {'200': {}} | responses: {'200': {}} | false",
                "requestBody: {content: {a/b: {schema: {type: string}}}} | requestBody: {content: {a/b: {schema: {type: integer}}}} | true",
                "requestBody: {content: {a/b: {schema: {type: string, enum: [a]}}}} | requestBody: {content: {a/b: {schema: {type: string, enum: [a, b]}}}} | true",
                "requestBody: {content: {a/b: {schema: {type: string, enum: [a, b]}}}} | requestBody: {content: {a/b: {schema: {type: string, enum: [a]}}}} | false",
                "requestBody: {required: true, content: {a/b: {}}} | requestBody: {content: {a/b: {}}} | true",
                "requestBody: {content: {a/b: {}}} | requestBody: {content: {a/b: {}, c/d: {}}} | true",
                "requestBody: {content: {a/b: {}}} | responses: {} | true",
                "responses: {'200': {}, '204': {}} | responses: {'200': {}} | true",
                "responses: {'200': {content: {a/b: {schema: {type: string}}}}} | responses: {'200': {content: {a/b: {schema: {type: string, maxLength: 3}}}}} | true",
                "parameters: [{name: X-Sign, in: header}] | parameters: [] | true",
            })
    void a_change_of_what_the_server_calls(String old, String now, boolean breaking) throws Exception {
        assertThat(breaks(webhook(old), webhook(now))).isEqualTo(breaking);
        assertThat(breaks(callback(old), callback(now))).isEqualTo(breaking);
    }

    /** A part that stands elsewhere before and after is no change, and hides none of what stands here. */
    @Test
    void what_changes_beside_a_part_that_stays_elsewhere_breaks() throws Exception {
        String with =
                "{allOf: [{$ref: './other.yaml#/Base'}, {type: object, properties: {id: {type: string}, total: {type: number}}}]}";
        String without = "{allOf: [{$ref: './other.yaml#/Base'}, {type: object, properties: {id: {type: string}}}]}";
        Reading reading = compare(content(response("3.0.3", with)), content(response("3.0.3", without)));
        assertThat(reading.gap()).contains("other documents");
        assertThat(reading.summary()).containsEntry("breaking", 1L);
    }

    @Test
    void what_comes_home_from_another_document_is_no_new_endpoint() throws Exception {
        String elsewhere =
                "openapi: 3.0.3\ninfo: {title: Orders, version: 1.0.0}\npaths: {'/orders/{id}': {$ref: './paths.yaml'}}\n";
        Reading reading = compare(content(elsewhere), content(request("3.0.3", "{type: string}")));
        assertThat(reading.gap()).contains("other documents");
        assertThat(reading.summary()).containsEntry("newEndpoints", 0L).containsEntry("breaking", 0L);
    }

    @Test
    void a_callback_that_moved_into_another_document_is_a_gap() throws Exception {
        String moved = events(", callbacks: {paid: {$ref: './callbacks.yaml'}}}");
        Reading reading = compare(content(callback("responses: {}")), content(moved));
        assertThat(reading.gap()).contains("other documents");
        assertThat(reading.summary()).containsEntry("breaking", 0L);
    }

    @Test
    void a_webhook_or_callback_that_is_gone_breaks_and_a_new_one_does_not() throws Exception {
        Reading gone = compare(content(webhook("responses: {}")), content(events("}")));
        assertThat(gone.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo("webhook-removed");
            assertThat(finding.place()).contains("/webhooks/paid/post");
        });
        assertThat(breaks(callback("responses: {}"), events("}"))).isTrue();
        Reading more = compare(content(events("}")), content(webhook("responses: {}")));
        assertThat(more.summary())
                .containsEntry("breaking", 0L)
                .containsEntry("nonBreaking", 1L)
                .containsEntry("newEndpoints", 0L);
        assertThat(breaks(events("}"), callback("responses: {}"))).isFalse();
    }

    @ParameterizedTest(name = "{0} to {1}: breaking {2}, other {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "[{url: 'https://a.example/v1'}] | [{url: 'https://a.example/v1/'}] | 0 | 1",
                "[{url: 'https://a.example/v1'}] | [{url: 'https://a.example/v1'}, {url: 'https://b.example/v1'}] | 0 | 1",
                "[{url: 'https://a.example/v1'}] | [{url: 'https://a.example/v2'}] | 1 | 0",
                "[{url: 'https://a.example/v1'}] | [] | 1 | 0",
                "[{url: 'http://localhost:41234'}] | [{url: 'http://localhost:51234'}] | 0 | 1",
                "[{url: 'http://localhost.example'}] | [] | 1 | 0",
                "[{url: 'https://{r}.example', variables: {r: {default: eu, enum: [eu, us]}}}] | [{url: 'https://{r}.example', variables: {r: {default: eu, enum: [eu]}}}] | 1 | 0",
                "[{url: 'https://{r}.example', variables: {r: {default: eu}}}] | [{url: 'https://{r}.example', variables: {r: {default: us}}}] | 1 | 0",
                "[] | [{url: 'https://a.example/v1'}] | 0 | 1",
            })
    void a_server_that_is_gone_breaks(String old, String now, long breaking, long other) throws Exception {
        Reading reading = compare(content(events("}\nservers: " + old)), content(events("}\nservers: " + now)));
        assertThat(reading.summary()).containsEntry("breaking", breaking).containsEntry("nonBreaking", other);
        assertThat(breaks(events(", servers: " + old + "}"), events(", servers: " + now + "}")))
                .isEqualTo(breaking > 0);
    }

    @Test
    void another_base_path_of_swagger_breaks() throws Exception {
        String two =
                "--- {swagger: '2.0', host: a.example, basePath: %s, info: {version: '1'}, paths: {/a: {get: {responses: {}}}}}";
        assertThat(breaks(two.formatted("/v1"), two.formatted("/v2"))).isTrue();
        assertThat(breaks(two.formatted("/v1"), two.formatted("/v1"))).isFalse();
    }

    private boolean breaks(String old, String now) throws Exception {
        Reading reading = compare(content(old), content(now));
        assertThat(reading.gap()).isNull();
        return (Long) reading.summary().get("breaking") > 0;
    }

    @ParameterizedTest(name = "deprecated: {0}, sunset {1}: {2}")
    @CsvSource({"true, 2026-11-23, 0", "true, 2026-11-24, 1", "true, someday, 1", "false, 2026-11-23, 1"})
    void an_operation_may_go_after_the_day_that_was_announced(boolean deprecated, String sunset, long breaking)
            throws Exception {
        String old = api("3.0.3", "{deprecated: %s, x-sunset: '%s', responses: {}}".formatted(deprecated, sunset), "");
        String now = old.replace("post:", "x-gone:");
        assertThat(compare(content(old), content(now)).summary()).containsEntry("breaking", breaking);
    }

    @Test
    void a_finding_says_where_in_the_document_it_stands() throws Exception {
        Reading reading =
                compare(content(request("3.0.3", "{type: string}")), content(request("3.0.3", "{type: integer}")));
        assertThat(reading.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.place()).isEqualTo("line 5, /paths/~1orders~1{id}/post");
            assertThat(finding.counts()).containsExactly("breaking", "breakingWithinMajor");
            assertThat(finding.component()).isEqualTo("POST /orders/{id}");
        });
    }

    @Test
    void a_new_major_version_may_break() throws Exception {
        Content old = content(request("3.0.3", "{type: string}"));
        Content now = content(request("3.0.3", "{type: integer}").replace("1.0.0", "2.0.0"));
        assertThat(reader.read(now, producer -> new Base.Earlier(old, "checkout@1.9.0", true))
                        .summary())
                .containsEntry("breaking", 1L)
                .containsEntry("breakingWithinMajor", 0L);
        // The API's own number counts only where no release stands behind the base.
        assertThat(reader.read(now, producer -> new Base.Earlier(old, "checkout@1.9.0", false))
                        .summary())
                .containsEntry("breakingWithinMajor", 1L);
        assertThat(reader.read(now, producer -> new Base.Earlier(old, "base", null))
                        .summary())
                .containsEntry("breakingWithinMajor", 0L);
    }

    @Test
    void without_a_contract_before_it_nothing_is_shown_and_nothing_counted() throws Exception {
        Reading reading = reader.read(content(request("3.0.3", "{}")), producer -> null);
        assertThat(reading.gap()).contains("source=base");
        assertThat(reading.summary()).doesNotContainKey("breaking");
        assertThat(reader.read(content(request("3.0.3", "{}"))).gap()).isNull();
        Reading broken = reader.read(
                content(request("3.0.3", "{}")), producer -> new Base.Earlier(content("{"), "before", false));
        assertThat(broken.gap()).contains("cannot be read");
        assertThat(broken.summary()).doesNotContainKey("breaking");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{$ref: 'file:///etc/hostname'} | other documents",
                "{$ref: 'http://127.0.0.1:1/x.json'} | other documents",
                "{$ref: '../secret.yaml#/a'} | other documents",
            })
    void nothing_is_fetched(String schema, String words) throws Exception {
        Reading reading = compare(content(request("3.0.3", schema)), content(request("3.0.3", schema)));
        assertThat(reading.gap()).contains(words);
    }

    /** What stands elsewhere is not known: it is no change, and what changed beside it is one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{responses: {'200': {description: ok, content: {application/json: {schema: {$ref: './other.yaml#/A'}}}}}} | 0",
                "{responses: {'200': {$ref: './other.yaml#/R'}}} | 0",
                "{responses: {'200': {description: ok, content: {application/json: {schema: {allOf: [{$ref: './other.yaml#/A'}]}}}}}} | 0",
                "{parameters: [{in: query, name: q, required: true, schema: {type: string}}], responses: {'200': {$ref: './other.yaml#/R'}}} | 1",
                "{responses: {'200': {description: ok, content: {application/json: {schema: {allOf: [{$ref: './other.yaml#/A'}, {properties: {id: {type: integer}}}]}}}}}} | 1",
            })
    void what_moved_into_another_document_is_a_gap_and_no_breaking_change(String operation, long breaking)
            throws Exception {
        String schemas = "A: {type: object, required: [id], properties: {id: {type: string}}}";
        Reading reading = compare(
                content(api(
                        "3.0.3",
                        "{responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}",
                        schemas)),
                content(api("3.0.3", operation, schemas)));
        assertThat(reading.gap()).contains("other documents");
        assertThat(reading.summary()).containsEntry("breaking", breaking);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'/orders/{id}': {$ref: './paths.yaml#/orders'}",
                "'/orders/{id}': {post: {parameters: [{$ref: './other.yaml#/P'}], requestBody: {$ref: './other.yaml#/B'}, responses: {'201': {description: made}}}}",
            })
    void an_operation_whose_parts_moved_into_another_document_is_a_gap(String path) throws Exception {
        String before = api(
                "3.0.3",
                "{parameters: [{in: query, name: q, schema: {type: string, default: a}}], requestBody: {content: {application/json: {schema: {type: object}}}}, responses: {'201': {description: made}}}",
                "");
        Reading reading = compare(
                content(before),
                content("openapi: 3.0.3\ninfo: {title: Orders, version: 1.0.0}\npaths: {" + path + "}\n"));
        assertThat(reading.gap()).contains("other documents");
        assertThat(reading.summary()).containsEntry("breaking", 0L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{$ref: '#/components/schemas/A'} | leads back to itself",
                "{$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/A'} | leads back to itself",
                "{$ref: '#/components/schemas/None'} | leads to nothing",
                "{type: object, requird: [a]} | 'required' would be right",
                "{type: string, enmu: [a]} | 'enum' would be right",
            })
    void what_cannot_be_compared_is_refused(String schema, String words) {
        assertThatThrownBy(() -> compare(content(request("3.0.3", schema)), content(request("3.0.3", schema))))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining(words);
    }

    /** Each schema refers twice to the next one: two to the power of thirty, if each were looked at. */
    @ParameterizedTest
    @CsvSource({"allOf, 30", "oneOf, 30", "anyOf, 30", "properties, 30", "chain, 3000", "items, 3000"})
    void schemas_that_multiply_are_compared_once_or_refused(String how, int many) throws Exception {
        StringBuilder old = new StringBuilder("{$ref: '#/components/schemas/S0'}");
        for (int i = 0; i < many; i++) {
            String next = "{$ref: '#/components/schemas/S" + (i + 1) + "'}";
            old.append(",\n                S").append(i).append(": ");
            old.append(
                    switch (how) {
                        case "properties" -> "{type: object, properties: {a: %s, b: %s}}".formatted(next, next);
                        case "chain" -> next;
                        case "items" -> "{type: array, items: %s}".formatted(next);
                        default -> "{%s: [%s, %s]}".formatted(how, next, next);
                    });
        }
        String now = old + ", S" + many + ": {type: integer}";
        old.append(", S").append(many).append(": {type: string}");
        try {
            Reading reading = compare(content(request("3.0.3", old.toString())), content(request("3.0.3", now)));
            assertThat((Long) reading.summary().get("breaking")).isPositive();
        } catch (Unreadable refused) {
            assertThat(refused.getMessage()).contains("too deep or too many");
        }
    }
}
