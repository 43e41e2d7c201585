package dev.countersign.evidence.reader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.evidence.Evidence.Finding;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schemas of data: both sides must go on understanding each other. */
@Tag("M8.6")
class ContractSchemaTests {
    private static Content content(String text) {
        return () -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Reading compare(DocumentReader reader, String old, String now, Boolean newMajor) throws Exception {
        return reader.read(content(now), producer -> new Base.Earlier(content(old), "before", newMajor));
    }

    private static String order(String fields) {
        return "{\"type\":\"record\",\"name\":\"Order\",\"namespace\":\"dev.example\",\"fields\":[{\"name\":\"id\",\"type\":\"string\"}"
                + fields + "]}";
    }

    @ParameterizedTest(name = "from [{0}] to [{1}]: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | '' | 0 | none",
                "'' | ',{\"name\":\"note\",\"type\":\"string\",\"default\":\"\"}' | 0 | none",
                "',{\"name\":\"note\",\"type\":\"string\",\"default\":\"\"}' | '' | 0 | none",
                "'' | ',{\"name\":\"note\",\"type\":\"string\"}' | 1 | backward:reader_field_missing_default_value",
                "',{\"name\":\"note\",\"type\":\"string\"}' | '' | 1 | forward:reader_field_missing_default_value",
                "',{\"name\":\"n\",\"type\":\"int\"}' | ',{\"name\":\"n\",\"type\":\"long\"}' | 1 | forward:type_mismatch",
                "',{\"name\":\"n\",\"type\":\"long\"}' | ',{\"name\":\"n\",\"type\":\"int\"}' | 1 | backward:type_mismatch",
            })
    void avro_by_its_own_rules(String old, String now, long breaking, String rule) throws Exception {
        Reading reading = compare(new AvroReader(), order(old), order(now), false);
        assertThat(reading.summary())
                .containsEntry("breaking", breaking)
                .containsEntry("breakingWithinMajor", breaking);
        assertThat(reading.findings()).hasSize((int) breaking).allMatch(one -> one.rule()
                .equals(rule));
        assertThat(reading.producer()).isEqualTo("avro dev.example.Order");
        assertThat(new Detection().typeOf(content(order(now)))).contains(DocumentType.AVRO);
    }

    @ParameterizedTest(name = "from [{0}] to [{1}]: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"} | {\"type\":\"long\",\"logicalType\":\"timestamp-micros\"} | 1",
                "{\"type\":\"long\"} | {\"type\":\"long\",\"logicalType\":\"timestamp-millis\"} | 1",
                "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":9,\"scale\":2} | {\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":9,\"scale\":4} | 1",
                "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":9,\"scale\":2} | {\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":12,\"scale\":2} | 0",
                "[\"null\",{\"type\":\"int\",\"logicalType\":\"date\"}] | [\"null\",{\"type\":\"int\",\"logicalType\":\"time-millis\"}] | 1",
                "{\"type\":\"array\",\"items\":{\"type\":\"int\",\"logicalType\":\"date\"}} | {\"type\":\"array\",\"items\":\"int\"} | 1",
                "{\"type\":\"int\",\"logicalType\":\"date\"} | {\"type\":\"int\",\"logicalType\":\"date\"} | 0",
            })
    void another_logical_type_of_the_same_bytes_breaks(String old, String now, long breaking) throws Exception {
        String field = ",{\"name\":\"n\",\"type\":%s}";
        Reading reading = compare(new AvroReader(), order(field.formatted(old)), order(field.formatted(now)), false);
        assertThat(reading.summary()).containsEntry("breaking", breaking);
        assertThat(reading.findings()).allMatch(one -> one.rule().equals("both:logical_type_changed"));
    }

    private static String schema(String members) {
        return "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\"" + members + "}";
    }

    @ParameterizedTest(name = "from [{0}] to [{1}]: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | '' | none",
                "'' | ',\"properties\":{\"a\":{\"type\":\"string\"}}' | none",
                "',\"properties\":{\"a\":{\"type\":\"string\"}}' | '' | taken-property-removed",
                "',\"properties\":{\"a\":{\"type\":\"string\"}}' | ',\"properties\":{\"a\":{\"type\":\"integer\"}}' | taken-property-type-changed",
                "',\"properties\":{\"a\":{\"type\":\"string\"}}' | ',\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"]' | taken-property-became-required",
                "',\"properties\":{\"a\":{}},\"required\":[\"a\"]' | ',\"properties\":{\"a\":{}}' | given-property-became-optional",
                "',\"properties\":{\"a\":{\"enum\":[1]}}' | ',\"properties\":{\"a\":{\"enum\":[1,2]}}' | given-property-enum-value-added",
                "',\"properties\":{\"a\":{\"$ref\":\"#\"}}' | ',\"properties\":{\"a\":{\"$ref\":\"#\"}}' | none",
                "',\"$defs\":{\"x\":{\"type\":\"string\"}},\"properties\":{\"a\":{\"$ref\":\"#/$defs/x\"}}' | ',\"$defs\":{\"x\":{\"type\":\"null\"}},\"properties\":{\"a\":{\"$ref\":\"#/$defs/x\"}}' | taken-property-type-changed",
            })
    void json_schema_by_the_rules_of_an_api(String old, String now, String rule) throws Exception {
        Reading reading = compare(new JsonSchemaReader(), schema(old), schema(now), false);
        assertThat(reading.gap()).isNull();
        if (rule.equals("none")) {
            assertThat(reading.summary()).containsEntry("breaking", 0L);
        } else {
            assertThat(reading.findings()).extracting(Finding::rule).contains(rule);
            assertThat(reading.summary().get("breaking"))
                    .isEqualTo((long) reading.findings().size());
        }
        assertThat(new Detection().typeOf(content(schema(now)))).contains(DocumentType.JSON_SCHEMA);
    }

    /** Each is written so in its draft, and each change breaks somebody or cannot be told. */
    @ParameterizedTest(name = "{0}: from [{1}] to [{2}]")
    @CsvSource(
            delimiter = '|',
            value = {
                "draft-07 | \"items\":[{\"type\":\"string\"}] | \"items\":[{\"type\":\"integer\"}]",
                "draft-07 | \"items\":[{\"type\":\"string\"},{\"type\":\"string\"}] | \"items\":[{\"type\":\"string\"}]",
                "draft-07 | \"items\":[{}],\"additionalItems\":{\"type\":\"string\"} | \"items\":[{}],\"additionalItems\":{\"type\":\"integer\"}",
                "draft-07 | \"items\":[{}] | \"items\":[{}],\"additionalItems\":false",
                "draft-07 | \"items\":{\"type\":\"string\"} | \"items\":[{\"type\":\"string\"}]",
                "draft-07 | \"dependencies\":{\"a\":[\"b\"]} | \"dependencies\":{\"a\":[\"b\",\"c\"]}",
                "draft-07 | \"dependencies\":{\"a\":{\"required\":[\"b\"]}} | \"dependencies\":{\"a\":{\"required\":[\"c\"]}}",
                "draft-04 | \"type\":\"object\" | \"type\":\"object\",\"dependencies\":{\"a\":[\"b\"]}",
                "draft-07 | \"not\":{\"$ref\":\"#/definitions/x\"},\"definitions\":{\"x\":{\"type\":\"string\"}} | \"not\":{\"$ref\":\"#/definitions/x\"},\"definitions\":{\"x\":{\"type\":\"integer\"}}",
                "draft-07 | \"if\":{\"required\":[\"a\"]},\"then\":{\"required\":[\"b\"]} | \"if\":{\"required\":[\"a\"]},\"then\":{\"required\":[\"c\"]}",
                "draft-07 | \"contains\":{\"type\":\"string\"} | \"contains\":{\"type\":\"integer\"}",
                "draft-07 | \"propertyNames\":{\"maxLength\":9} | \"propertyNames\":{\"maxLength\":8}",
                "draft-07 | \"contentEncoding\":\"base64\" | \"contentEncoding\":\"base16\"",
                "draft-07 | \"patternProperties\":{\"^a\":{\"$ref\":\"#/definitions/x\"}},\"definitions\":{\"x\":{\"minLength\":1}} | \"patternProperties\":{\"^a\":{\"$ref\":\"#/definitions/x\"}},\"definitions\":{\"x\":{\"minLength\":2}}",
                "draft-03 | \"properties\":{\"a\":{\"type\":\"string\"}} | \"properties\":{\"a\":{\"type\":\"string\",\"required\":true}}",
                "draft-03 | \"type\":[\"string\",{\"properties\":{}}] | \"type\":[\"string\",{\"properties\":{\"a\":{}}}]",
                "draft-03 | \"extends\":{\"type\":\"object\"} | \"extends\":{\"type\":\"array\"}",
                "2019-09 | \"dependentSchemas\":{\"a\":{\"required\":[\"b\"]}} | \"dependentSchemas\":{\"a\":{}}",
                "2019-09 | \"dependentRequired\":{\"a\":[\"b\"]} | \"dependentRequired\":{\"a\":[\"c\"]}",
                "2019-09 | \"contains\":{},\"minContains\":1 | \"contains\":{},\"minContains\":2",
                "2019-09 | \"unevaluatedProperties\":true | \"unevaluatedProperties\":false",
                "2020-12 | \"prefixItems\":[{\"type\":\"string\"}] | \"prefixItems\":[{\"type\":\"integer\"}]",
                "2020-12 | \"prefixItems\":[{\"$ref\":\"#/$defs/x\"}],\"$defs\":{\"x\":{\"type\":\"string\"}} | \"prefixItems\":[{\"$ref\":\"#/$defs/x\"}],\"$defs\":{\"x\":{\"type\":\"integer\"}}",
                "2020-12 | \"unevaluatedItems\":true | \"unevaluatedItems\":false",
            })
    void a_change_of_a_keyword_of_any_draft_is_seen(String draft, String old, String now) throws Exception {
        String start = "{\"$schema\":\"http://json-schema.org/" + draft + "/schema\",";
        assertThat(compare(new JsonSchemaReader(), start + old + "}", start + now + "}", false)
                        .findings())
                .isNotEmpty();
        assertThat(compare(new JsonSchemaReader(), start + old + "}", start + old + "}", false)
                        .findings())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"not\":{\"$ref\":\"#/definitions/x\"},\"definitions\":{\"x\":{\"type\":\"string\"}} | \"not\":{\"$ref\":\"#/$defs/y\"},\"$defs\":{\"y\":{\"type\":\"string\"}}",
                "\"items\":[{\"type\":\"string\"}],\"additionalItems\":false | \"prefixItems\":[{\"type\":\"string\"}],\"items\":false",
                "\"dependencies\":{\"a\":[\"b\"]} | \"dependentRequired\":{\"a\":[\"b\"]}",
            })
    void what_is_only_written_otherwise_breaks_nobody(String old, String now) throws Exception {
        String start = "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",";
        assertThat(compare(new JsonSchemaReader(), start + old + "}", start + now + "}", false)
                        .findings())
                .isEmpty();
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(
            strings = {
                "\"properties\":{\"a\":{\"$dynamicRef\":\"#node\"}}",
                "\"properties\":{\"a\":{\"$recursiveRef\":\"#\"}}",
                "\"properties\":{\"a\":{\"$ref\":\"#anchor\"}}"
            })
    void a_reference_that_is_not_followed_makes_the_answer_unknown(String members) throws Exception {
        String text = "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\"," + members + "}";
        assertThat(compare(new JsonSchemaReader(), text, text, false).gap()).contains("not fetched");
    }

    @Test
    void nothing_is_fetched_for_a_schema() throws Exception {
        String text = schema(",\"properties\":{\"a\":{\"$ref\":\"http://127.0.0.1:1/a.json\"}}");
        assertThat(compare(new JsonSchemaReader(), text, text, false).gap()).contains("not fetched");
    }

    @Test
    void a_new_major_version_may_break_and_one_without_a_base_shows_nothing() throws Exception {
        Reading reading = compare(new AvroReader(), order(""), order(",{\"name\":\"note\",\"type\":\"string\"}"), true);
        assertThat(reading.summary()).containsEntry("breaking", 1L).containsEntry("breakingWithinMajor", 0L);
        Reading alone = new AvroReader().read(content(order("")), producer -> null);
        assertThat(alone.gap()).contains("source=base");
        assertThat(alone.summary()).doesNotContainKey("breakingWithinMajor");
    }

    static java.util.stream.Stream<Samples.Sample> contracts() {
        return Samples.in("contracts");
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.MethodSource("contracts")
    void a_contract_breaks_the_one_before_it_or_not(Samples.Sample sample) throws Exception {
        byte[] before = java.nio.file.Files.readAllBytes(
                sample.file().resolveSibling(sample.expected().get("base").asText()));
        DocumentType type = new Detection().typeOf(sample.content()).orElseThrow();
        assertThat(type.id()).isEqualTo(sample.expected().get("type").asText());
        Reading reading = Readers.all().get(type).read(sample.content(), Readers.before(before));
        assertThat(reading.gap()).isNull();
        assertThat((Long) reading.summary().get("breaking") > 0)
                .as("%s", reading.findings())
                .isEqualTo(sample.expected().get("breaking").asBoolean());
        assertThat(reading.findings().isEmpty())
                .isNotEqualTo(sample.expected().get("breaking").asBoolean());
    }
}
