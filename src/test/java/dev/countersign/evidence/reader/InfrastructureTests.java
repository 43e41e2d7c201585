package dev.countersign.evidence.reader;

import static dev.countersign.evidence.reader.InfrastructureSamples.results;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.evidence.Position;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the platform itself sees in manifests, configuration and plans, and what it does not take for told. */
@Tag("M4.2")
class InfrastructureTests {
    private static final Path SAMPLES = Path.of("src/test/resources/samples/infrastructure");
    private static final ObjectMapper JSON = new ObjectMapper();
    private final InfrastructureReader reader = new InfrastructureReader();

    private static Content content(byte[] bytes) {
        return () -> new ByteArrayInputStream(bytes);
    }

    private static Content content(String text) {
        return content(text.getBytes(StandardCharsets.UTF_8));
    }

    private Reading read(String text) throws Exception {
        return reader.read(content(text));
    }

    private static String sample(String file) throws IOException {
        return Files.readString(SAMPLES.resolve(file));
    }

    private void refused(String text, String reason, String place) {
        assertThatThrownBy(() -> read(text)).isInstanceOfSatisfying(Unreadable.class, fault -> {
            assertThat(fault.getMessage()).containsIgnoringCase(reason);
            assertThat(fault.place()).contains(place);
        });
    }

    private static String answer(Reading reading, String check) {
        Map<String, Long> results = results(reading, check);
        return results.isEmpty() ? "nothing" : String.join(" ", results.keySet());
    }

    @Test
    void a_finding_names_resource_and_check_and_stands_in_the_line_of_what_decided() throws Exception {
        assertThat(read(sample("estate-open.tf")).findings())
                .extracting(Finding::id, finding -> finding.position().line())
                .contains(
                        org.assertj.core.groups.Tuple.tuple("database-public@aws_db_instance.orders", 3),
                        org.assertj.core.groups.Tuple.tuple("database-unencrypted@aws_db_instance.orders", 1),
                        org.assertj.core.groups.Tuple.tuple("volume-unencrypted@aws_ebs_volume.orders", 9),
                        org.assertj.core.groups.Tuple.tuple("rdp-from-anywhere@aws_security_group.orders", 19),
                        org.assertj.core.groups.Tuple.tuple("unseen-module@module.network", 47));
        assertThat(read(sample("shop-open.yaml")).findings())
                .extracting(Finding::id, Finding::position)
                .contains(
                        org.assertj.core.groups.Tuple.tuple(
                                "privileged-container@CronJob store/nightly container prepare",
                                new Position(
                                        19,
                                        null,
                                        "/spec/jobTemplate/spec/template/spec/initContainers/0/securityContext/privileged",
                                        null)),
                        org.assertj.core.groups.Tuple.tuple(
                                "root-user@CronJob store/nightly container sidecar",
                                new Position(
                                        27, null, "/spec/jobTemplate/spec/template/spec/containers/1/name", null)));
        assertThat(read(sample("plan-open.json")).findings())
                .extracting(Finding::id, finding -> finding.position().pointer())
                .contains(
                        org.assertj.core.groups.Tuple.tuple(
                                "volume-unencrypted@aws_ebs_volume.orders",
                                "/resource_changes/0/change/after/encrypted"),
                        org.assertj.core.groups.Tuple.tuple(
                                "rdp-from-anywhere@aws_security_group_rule.admin",
                                "/resource_changes/1/change/after/cidr_blocks"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "encrypted = true | passed",
                "encrypted = false | failed",
                "size = 1 | failed",
                "encrypted = null | failed",
                "encrypted = var.on | error",
                "encrypted = local.on && true | error",
                "encrypted = !false | error",
                "encrypted = var.a ? true : true | error",
                "encrypted = tobool(\"true\") | error",
                "encrypted = \"true\" | passed",
                "encrypted = \"${var.on}\" | error",
                "encrypted = \"yes\" | error",
                "encrypted = [true][0] | error",
                "encrypted = (true) | passed",
                "snapshot_id = var.snapshot | error",
                "count = 2 | failed",
            })
    void a_value_counts_only_where_the_file_tells_it(String said, String expected) throws Exception {
        Reading reading = read("resource \"aws_ebs_volume\" \"a\" {\n  " + said + "\n}\n");
        assertThat(answer(reading, "volume-unencrypted")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "from_port = 22; to_port = 22; protocol = \"tcp\"; cidr_blocks = [\"0.0.0.0/0\"] | failed",
                "from_port = 22; to_port = 22; protocol = \"tcp\"; cidr_blocks = [\"128.0.0.0/1\"] | failed",
                "from_port = 22; to_port = 22; protocol = 6; ipv6_cidr_blocks = [\"0:0::/0\"] | failed",
                "from_port = 22; to_port = 22; protocol = \"udp\"; cidr_blocks = [\"0.0.0.0/0\"] | passed",
                "from_port = 22; to_port = 22; protocol = \"tpc\"; cidr_blocks = [\"0.0.0.0/0\"] | error",
                "from_port = 22; to_port = 22; protocol = var.p; cidr_blocks = [\"0.0.0.0/0\"] | error",
                "from_port = 80; to_port = 90; protocol = var.p; cidr_blocks = [\"0.0.0.0/0\"] | passed",
                "from_port = 22; to_port = 22; protocol = \"tcp\"; cidr_blocks = var.ranges | error",
                "from_port = 22; to_port = 22; protocol = \"tcp\"; cidr_blocks = [var.range] | error",
                "from_port = 22; to_port = 22; protocol = \"tcp\"; cidr_blocks = [\"10.0.0.0\"] | error",
                "from_port = 22; to_port = 22; protocol = \"tcp\"; cidr_blocks = [\"10.0.0.0/40\"] | error",
                "from_port = 22; to_port = 22; protocol = \"tcp\"; cidr_blocks = [var.range, \"0.0.0.0/0\"] | failed",
                "from_port = 22; to_port = 22; protocol = \"tcp\"; cidr_blocks = concat([\"0.0.0.0/0\"], []) | error",
                "from_port = 22; to_port = 22; protocol = \"tcp\"; cidr_blocks = toset([\"0.0.0.0/0\"]) | failed",
                "from_port = var.a; to_port = 22; protocol = \"tcp\"; cidr_blocks = [\"0.0.0.0/0\"] | error",
                "from_port = 1; to_port = 1024; protocol = \"tcp\"; cidr_blocks = [for c in var.all : c] | error",
                "from_port = 443; to_port = 443; protocol = \"tcp\"; cidr_blocks = var.ranges | passed",
                "from_port = 0; to_port = 0; protocol = \"-1\"; self = var.own; cidr_blocks = [\"0.0.0.0/0\"] | error",
            })
    void a_port_is_closed_only_where_the_file_tells_it(String said, String expected) throws Exception {
        Reading reading = read("resource \"aws_security_group\" \"a\" {\n  ingress {\n    "
                + said.replace("; ", "\n    ") + "\n  }\n}\n");
        assertThat(answer(reading, "ssh-from-anywhere")).isEqualTo(expected);
    }

    @Test
    void a_rule_that_names_its_own_group_and_everybody_passes_no_more_than_one_check() throws Exception {
        Reading reading = read(
                "resource \"aws_security_group_rule\" \"a\" {\n type = \"ingress\"\n from_port = 22\n to_port = 22\n protocol = \"tcp\"\n self = true\n cidr_blocks = [\"0.0.0.0/0\"]\n}\n");
        assertThat(answer(reading, "ssh-from-anywhere")).isEqualTo("passed");
        assertThat(answer(reading, "open-beside-self")).isEqualTo("failed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "privileged: true | failed",
                "privileged: false | passed",
                "privileged: \"false\" | error",
                "privileged: 0 | error",
                "privileged: [] | error",
                "privileged: ~ | passed",
                "runAsUser: 0 | passed",
            })
    void a_container_is_privileged_by_a_truth_and_by_nothing_else(String said, String expected) throws Exception {
        Reading reading = read(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: c\n    securityContext:\n      "
                        + said.replace("~", "null") + "\n");
        assertThat(answer(reading, "privileged-container")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{runAsNonRoot: true} | {} | passed",
                "{} | {runAsNonRoot: true} | passed",
                "{runAsNonRoot: true} | {runAsNonRoot: false} | failed",
                "{runAsUser: 1000} | {} | passed",
                "{runAsUser: 1000} | {runAsUser: 0} | failed",
                "{runAsUser: -1} | {} | failed",
                "{runAsUser: a} | {} | error",
                "{} | {} | failed",
            })
    void what_a_container_says_of_its_user_stands_before_what_its_pod_says(String pod, String own, String expected)
            throws Exception {
        Reading reading = read(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {securityContext: %s, containers: [{name: c, securityContext: %s}]}\n"
                        .formatted(pod, own));
        assertThat(answer(reading, "root-user")).isEqualTo(expected);
    }

    @Test
    void what_a_bucket_that_is_closed_passes_shows_no_control() throws Exception {
        Reading closed = read("resource \"aws_s3_bucket_acl\" \"a\" {\n  bucket = \"b\"\n  acl = \"private\"\n}\n");
        assertThat(closed.summary()).containsEntry("passed", 1L);
        assertThat(closed.details()).containsEntry("checks", Map.of());
        assertThat(read(sample("estate.tf")).details().get("checks"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsEntry("bucket-without-tls", 1L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "aws_s3_bucket.b.id | aws_s3_bucket.b.bucket | passed",
                "aws_s3_bucket.b.id | aws_s3_bucket.other.id | failed",
                "aws_s3_bucket.b.id | var.bucket | failed",
                "var.bucket | var.bucket | passed",
                "each.value | each.value | error",
                "aws_s3_bucket.b.id | each.value | error",
            })
    void a_policy_holds_for_its_own_bucket(String list, String policy, String expected) throws Exception {
        Reading reading = read(
                """
                resource "aws_s3_bucket_acl" "a" {
                  bucket = %s
                  acl    = "public-read"
                }
                resource "aws_s3_bucket_policy" "a" {
                  bucket = %s
                  policy = jsonencode({ Statement = [{ Effect = "Deny", Principal = "*", Action = ["s3:*"],
                    Condition = { Bool = { "aws:SecureTransport" = false } } }] })
                }
                """
                        .formatted(list, policy));
        assertThat(answer(reading, "bucket-without-tls")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "Principal = { AWS = \"123456789012\" }, Action = \"s3:*\", Condition = { Bool = { \"aws:SecureTransport\" = \"false\" } } | failed",
                "Principal = \"*\", Action = \"s3:PutObject\", Condition = { Bool = { \"aws:SecureTransport\" = \"false\" } } | failed",
                "Principal = \"*\", Action = \"s3:*\", Condition = { Bool = { \"aws:SecureTransport\" = \"true\" } } | failed",
                "Principal = \"*\", Action = \"s3:*\", Condition = { Bool = { \"aws:SecureTransport\" = \"false\", \"aws:ViaAWSService\" = \"true\" } } | failed",
                "Principal = \"*\", Action = \"s3:*\", Condition = { Bool = { \"aws:SecureTransport\" = var.tls } } | error",
                "Principal = \"*\", Action = var.actions, Condition = { Bool = { \"aws:SecureTransport\" = \"false\" } } | error",
                "Principal = \"*\", Action = \"*\", Condition = { BoolIfExists = { \"AWS:securetransport\" = [\"false\"] } } | passed",
            })
    void a_statement_denies_whatever_comes_without_tls_or_none(String statement, String expected) throws Exception {
        Reading reading = read(
                "resource \"aws_s3_bucket_acl\" \"a\" {\n bucket = \"b\"\n acl = \"public-read\"\n}\nresource \"aws_s3_bucket_policy\" \"a\" {\n bucket = \"b\"\n policy = jsonencode({ Statement = { Effect = \"Deny\", "
                        + statement + " } })\n}\n");
        assertThat(answer(reading, "bucket-without-tls")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "count = 1 | passed passed passed",
                "count = 2 | passed passed passed",
                "count = 0 | failed failed failed",
                "count = -1 | error error error",
                "count = var.on ? 1 : 0 | error error error",
                "count = null | error error error",
                "for_each = toset([\"a\"]) | error error error",
                "for_each = var.all | error error error",
            })
    void what_protects_a_bucket_counts_only_where_it_will_stand(String many, String expected) throws Exception {
        String bucket =
                "resource \"aws_s3_bucket\" \"b\" {\n}\nresource \"aws_s3_bucket_acl\" \"b\" {\n bucket = aws_s3_bucket.b.id\n acl = \"public-read\"\n}\n";
        String protects =
                "resource \"aws_s3_bucket_%s\" \"b\" {\n bucket = aws_s3_bucket.b.id\n " + many + "\n %s\n}\n";
        Reading block = read(bucket + protects.formatted("public_access_block", "restrict_public_buckets = true"));
        Reading website = read(bucket + protects.formatted("website_configuration", ""));
        Reading policy = read(
                bucket
                        + protects.formatted(
                                "policy",
                                "policy = jsonencode({ Statement = { Effect = \"Deny\", Principal = \"*\", Action = \"s3:*\", Condition = { Bool = { \"aws:SecureTransport\" = false } } } })"));
        Reading encryption = read(bucket
                + protects.formatted(
                        "server_side_encryption_configuration",
                        "rule {\n apply_server_side_encryption_by_default {\n sse_algorithm = \"AES256\"\n }\n }"));
        assertThat(Stream.of(block, website, policy)
                        .map(reading -> answer(reading, "bucket-without-tls"))
                        .collect(java.util.stream.Collectors.joining(" ")))
                .isEqualTo(expected);
        assertThat(answer(encryption, "bucket-unencrypted")).isEqualTo(expected.substring(0, expected.indexOf(' ')));
    }

    @Test
    void a_resource_of_which_there_will_be_none_shows_nothing() throws Exception {
        assertThat(read("resource \"aws_ebs_volume\" \"a\" {\n count = 0\n encrypted = true\n}\n")
                        .details())
                .containsEntry("checks", Map.of());
        assertThat(answer(read("resource \"aws_ebs_volume\" \"a\" {\n count = 0\n}\n"), "volume-unencrypted"))
                .isEqualTo("nothing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "count = 1 | aws_s3_bucket.b[0].id | passed",
                "count = 1 | aws_s3_bucket.b.id | passed",
                "count = 1 | aws_s3_bucket.b[1].id | error",
                "count = 2 | aws_s3_bucket.b[0].id | error",
                "count = var.on ? 1 : 0 | aws_s3_bucket.b[0].id | error",
                "count = 1 | aws_s3_bucket.other[0].id | failed",
                "# one | aws_s3_bucket.b.id | passed",
            })
    void the_only_one_that_count_makes_is_the_bucket_itself(String many, String reference, String expected)
            throws Exception {
        String file =
                """
                resource "aws_s3_bucket" "b" {
                  %s
                }
                resource "aws_s3_bucket_server_side_encryption_configuration" "b" {
                  bucket = %s
                  rule {
                    apply_server_side_encryption_by_default {
                      sse_algorithm = "AES256"
                    }
                  }
                }
                """
                        .formatted(many, reference);
        assertThat(answer(read(file), "bucket-unencrypted")).isEqualTo(expected);
    }

    @Test
    void the_line_is_that_of_the_value_and_of_the_list_that_opens_a_port() throws Exception {
        assertThat(read("resource \"aws_ebs_volume\" \"a\" {\n x = 1 + { encrypted = 1 }\n encrypted = false\n}\n")
                        .findings())
                .extracting(finding -> finding.position().line())
                .containsExactly(3);
        assertThat(
                        read("resource \"aws_security_group_rule\" \"a\" {\n type = \"ingress\"\n protocol = \"-1\"\n cidr_blocks = [\"10.0.0.0/8\"]\n ipv6_cidr_blocks = [\"::/0\"]\n}\n")
                                .findings())
                .extracting(finding -> finding.position().line())
                .containsOnly(5);
    }

    @Test
    void long_names_and_what_is_deep_in_a_plan_are_not_kept_without_end() throws Exception {
        String name = "n".repeat(50_000);
        refused(
                "resource \"aws_ebs_volume\" \"a\" {\n " + name + " = [" + "1,".repeat(1000) + "]\n}\n",
                "too long",
                "line 2");
        String kept = "resource \"aws_s3_bucket\" \"b\" {\n " + name + " = [" + "1,".repeat(300) + "]\n}\n";
        refused(kept.repeat(3), "more than 300000 values", "line");
        JsonNode plan = JSON.readTree(sample("plan.json"));
        var changes = (com.fasterxml.jackson.databind.node.ArrayNode) plan.path("resource_changes");
        for (JsonNode change : changes) {
            if (change.path("type").asText().equals("aws_s3_bucket")) {
                ObjectNode deep = ((ObjectNode) change.at("/change/after")).putObject("x");
                var list = deep.putArray("y");
                for (int i = 0; i < 10_000; i++) {
                    list.add(1);
                }
                for (int i = 0; i < 40; i++) {
                    changes.add(change);
                }
                break;
            }
        }
        refused(plan.toString(), "more than 300000 values", "/resource_changes/");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"Resource\": \"*\", | passed",
                "\"Resource\": [\"arn:aws:s3:::b\", \"arn:aws:s3:::b/*\"], | passed",
                "\"Resource\": \"arn:aws:s3:::b\", | failed",
                "\"Resource\": \"arn:aws:s3:::b/private/*\", | failed",
                "\"Resource\": \"arn:aws:s3:::b/file\", | failed",
                "\"NotResource\": \"arn:aws:s3:::b/public/*\", | failed",
                "\"Resource\": [], | failed",
                "\"Resource\": \"${aws_s3_bucket.b.arn}/*\", | passed",
                "\"Resource\": \"${aws_s3_bucket.b[0].arn}/*\", | passed",
                "\"Resource\": \"arn:aws:s3:::${aws_s3_bucket.b.id}/*\", | passed",
                "\"Resource\": \"${aws_s3_bucket.b.arn}/private/*\", | error",
                "\"Resource\": \"${var.bucket}/*\", | error",
                "\"Resource\": \"%{ if var.a }*%{ endif }\", | error",
            })
    void a_statement_that_denies_for_some_objects_leaves_the_others(String resource, String expected) throws Exception {
        String statement =
                "{ \"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"s3:*\", %s \"Condition\": { \"Bool\": { \"aws:SecureTransport\": \"false\" } } }"
                        .formatted(resource);
        String list = "resource \"aws_s3_bucket_acl\" \"a\" {\n bucket = \"b\"\n acl = \"public-read\"\n}\n";
        String policy = "resource \"aws_s3_bucket_policy\" \"a\" {\n bucket = \"b\"\n policy = %s\n}\n";
        String heredoc = "<<EOF\n\n    { \"Statement\": " + statement + " }\n  EOF";
        assertThat(answer(read(list + policy.formatted(heredoc)), "bucket-without-tls"))
                .isEqualTo(expected);
        String object = "jsonencode({ Statement = " + statement.replace("\": ", "\" = ") + " })";
        assertThat(answer(read(list + policy.formatted(object)), "bucket-without-tls"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "resources = [\"arn:aws:s3:::b/*\"] | passed",
                "resources = [\"${aws_s3_bucket.b.arn}/*\"] | passed",
                "resources = [\"arn:aws:s3:::b/private/*\"] | failed",
                "resources = var.all | error",
                "not_resources = [\"arn:aws:s3:::b/public/*\"] | failed",
            })
    void a_document_denies_for_all_objects_or_leaves_some(String resources, String expected) throws Exception {
        Reading reading = read(
                """
                resource "aws_s3_bucket_acl" "a" {
                  bucket = "b"
                  acl    = "public-read"
                }
                resource "aws_s3_bucket_policy" "a" {
                  bucket = "b"
                  policy = data.aws_iam_policy_document.a.json
                }
                data "aws_iam_policy_document" "a" {
                  statement {
                    effect  = "Deny"
                    actions = ["s3:*"]
                    %s
                    principals {
                      type        = "*"
                      identifiers = ["*"]
                    }
                    condition {
                      test     = "Bool"
                      variable = "aws:SecureTransport"
                      values   = ["false"]
                    }
                  }
                }
                """
                        .formatted(resources));
        assertThat(answer(reading, "bucket-without-tls")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"'', false", "ingress = null, false", "ingress = [], true", "'ingress {\n protocol = 17\n }', true"})
    void a_group_shows_access_controls_by_what_it_says_of_its_rules(String said, boolean shows) throws Exception {
        Reading reading = read("resource \"aws_security_group\" \"a\" {\n " + said.replace("\\n", "\n") + "\n}\n");
        assertThat(answer(reading, "ssh-from-anywhere")).isEqualTo("passed");
        assertThat(((Map<?, ?>) reading.details().get("checks")).containsKey("ssh-from-anywhere"))
                .isEqualTo(shows);
    }

    @ParameterizedTest
    @CsvSource({"6, failed", "06, error", "017, error", "17, passed", "0, passed", "1000, error", "tpc, error"})
    void a_protocol_has_one_number_or_is_not_told(String protocol, String expected) throws Exception {
        Reading reading = read(
                "resource \"aws_security_group_rule\" \"a\" {\n type = \"ingress\"\n from_port = 22\n to_port = 22\n protocol = \"%s\"\n cidr_blocks = [\"0.0.0.0/0\"]\n}\n"
                        .formatted(protocol));
        assertThat(answer(reading, "ssh-from-anywhere")).isEqualTo(expected);
    }

    @Test
    void two_files_without_a_source_of_their_own_do_not_take_each_others_place() throws Exception {
        assertThat(Stream.of("shop.yaml", "shop-open.yaml", "service-only.yaml", "estate.tf", "estate-open.tf")
                        .map(file -> {
                            try {
                                return read(sample(file)).producer();
                            } catch (Exception broken) {
                                throw new AssertionError(broken);
                            }
                        }))
                .doesNotHaveDuplicates();
        String fixed = sample("shop-open.yaml").replace("hostPID: true", "hostPID: false");
        assertThat(read(fixed).producer())
                .isEqualTo(read(sample("shop-open.yaml")).producer());
    }

    @Test
    void no_file_names_a_commit() throws Exception {
        for (String file : new String[] {"shop.yaml", "estate.tf", "plan.json"}) {
            assertThat(read(sample(file)).stated().isNothing()).isTrue();
            assertThat(read(sample(file)).stated().names()).isEmpty();
        }
    }

    @Test
    void what_is_deleted_or_forgotten_is_not_looked_at_and_what_stands_is() throws Exception {
        Reading plan = read(sample("plan.json"));
        assertThat(results(plan, "volume-unencrypted")).isEqualTo(Map.of("passed", 1L));
        String standing = sample("plan.json").replace("\"encrypted\": true", "\"encrypted\": false");
        assertThat(read(standing).findings())
                .extracting(Finding::id)
                .containsExactly("volume-unencrypted@aws_ebs_volume.orders");
        refused(sample("plan.json").replace("\"no-op\"", "\"delete\""), "aws_ebs_volume.orders will stand", "line 1");
        refused(sample("plan.json").replace("\"no-op\"", "\"forget\""), "aws_ebs_volume.orders will stand", "line 1");
        refused(sample("plan.json").replace("\"no-op\"", "\"noop\""), "'noop' is not known", "/resource_changes/0");
    }

    @Test
    void a_plan_that_broke_or_left_something_for_later_did_not_finish() throws Exception {
        assertThat(read(sample("plan.json")).complete()).isTrue();
        assertThat(read(sample("plan.json").replace("\"errored\": false", "\"errored\": true"))
                        .complete())
                .isFalse();
        assertThat(read(sample("plan.json").replace("\"complete\": true", "\"complete\": false"))
                        .complete())
                .isFalse();
    }

    /** A block that is made up while it runs looks the same as one that nobody wrote. */
    @Test
    void what_a_plan_knows_after_apply_is_not_told_whether_or_not_the_configuration_has_it() throws Exception {
        JsonNode plan = JSON.readTree(sample("plan.json"));
        ObjectNode change = (ObjectNode) plan.at("/resource_changes/4/change");
        assertThat(plan.at("/resource_changes/4/address").asText()).isEqualTo("aws_security_group.shop");
        ((ObjectNode) change.get("after")).remove("ingress");
        ((ObjectNode) change.get("after_unknown")).put("ingress", true);
        Reading reading = read(plan.toString());
        assertThat(results(reading, "ssh-from-anywhere")).isEqualTo(Map.of("error", 1L, "passed", 1L));
        assertThat(reading.findings()).extracting(Finding::id).contains("ssh-from-anywhere@aws_security_group.shop");
    }

    @Test
    void a_plan_that_does_not_say_what_is_unknown_is_refused() throws Exception {
        JsonNode plan = JSON.readTree(sample("plan.json"));
        ObjectNode change = (ObjectNode) plan.at("/resource_changes/4/change");
        change.put("after_unknown", true);
        refused(plan.toString(), "after_unknown must be an object", "/resource_changes/4");
        change.remove("after_unknown");
        refused(plan.toString(), "after_unknown must be an object", "/resource_changes/4");
    }

    @Test
    void one_of_several_instances_is_not_taken_for_another() throws Exception {
        String several = sample("plan.json")
                .replace(
                        "aws_s3_bucket_server_side_encryption_configuration.shop\"",
                        "aws_s3_bucket_server_side_encryption_configuration.shop[0]\"");
        assertThat(results(read(sample("plan.json")), "bucket-unencrypted")).isEqualTo(Map.of("passed", 1L));
        assertThat(results(read(several), "bucket-unencrypted")).isEqualTo(Map.of("error", 1L));
    }

    @Test
    void long_texts_take_no_time_and_no_stack() throws Exception {
        String[] texts = {
            ":".repeat(200_000),
            "data.aws_iam_policy_document.a[".repeat(10_000),
            "aws_s3_bucket.".repeat(10_000),
            "{".repeat(40_000),
        };
        for (String text : texts) {
            assertThat(read("resource \"aws_s3_bucket_acl\" \"a\" {\n bucket = \"${" + text.replace("{", "")
                                    + "}\"\n acl = \"public-read\"\n}\n"
                                    + "resource \"aws_s3_bucket_policy\" \"a\" {\n bucket = \"b\"\n policy = \"" + text
                                    + "\"\n}\n"
                                    + "resource \"aws_security_group_rule\" \"a\" {\n type = \"ingress\"\n protocol = \"tcp\"\n cidr_blocks = [\""
                                    + text + "\"]\n}\n")
                            .summary())
                    .containsEntry("passed", 0L);
        }
        refused(
                sample("plan.json").replace("shop[0]", "shop[\\\"" + "a".repeat(100_000) + "\\\"]"),
                "too long",
                "/resource_changes/5");
    }

    @Test
    void a_policy_report_among_manifests_is_refused_and_not_left_out() {
        refused(
                "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service}\n- {apiVersion: wgpolicyk8s.io/v1alpha2, kind: PolicyReport, results: [{policy: p, result: fail}]}\n",
                "sent alone",
                "line 5");
    }

    @Test
    void an_address_of_another_type_is_refused() throws Exception {
        refused(
                sample("plan-open.json").replace("\"type\": \"aws_ebs_volume\"", "\"type\": \"aws_ebs_volumx\""),
                "none of this type",
                "/resource_changes/0/address");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~kind: Pod\nspec: {containers: [{name: a}]}\n~ | apiVersion",
                "~apiVersion: v1\nkind: Pod\n~ | describes no pod",
                "~apiVersion: v1\nkind: Pod\nspec: {containers: []}\n~ | no containers",
                "~apiVersion: v1\nkind: Pod\nspec: {containers: a}\n~ | no containers",
                "~apiVersion: v1\nkind: Pod\nspec: {containers: [a]}\n~ | must be an object",
                "~apiVersion: v1\nkind: Pod\nspec: {hostNetwrok: true, containers: [{name: a}]}\n~ | hostNetwork",
                "~apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a, securtyContext: {}}]}\n~ | securityContext",
                "~apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a, securityContext: {priviledged: true}}]}\n~ | privileged",
                "~apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a, securityContext: []}]}\n~ | must be an object",
                "~apiVersion: apps/v1\nkind: Deploymnet\nspec: {}\n~ | Deployment",
                "~apiVersion: v1\nkind: List\nitems: a\n~ | items must be an array",
                "~apiVersion: v1\nkind: Pod\nspec: {{ .Values.spec }}\n~ | ",
                "~resource \"aws_ebs_volume\" \"a\" {\n  encrypted = true\n~ | ends here",
                "~resource \"aws_ebs_volume\" {\n}\n~ | ",
                "~resource \"aws_ebs_volume\" \"a\" {\n  encryted = true\n}\n~ | 'encrypted' would be right",
                "~resource \"aws_ebs_volume\" \"a\" {\n  encrypted = true\n  encrypted = false\n}\n~ | said twice",
                "~resource \"aws_ebs_volume\" \"a\" {\n  encrypted = true size = 1\n}\n~ | end of the line",
                "~resource \"aws_ebs_volume\" \"a\" {\n  encrypted =\n}\n~ | a value is expected",
                "~variable \"a\" {}\nresuorce \"aws_ebs_volume\" \"a\" {\n}\n~ | no block",
                "~{\"format_version\":\"1.2\",\"resource_change\":[],\"planned_values\":{}}~ | resource_changes",
                "~{\"resource_changes\":[]}~ | format_version",
                "~{\"format_version\":\"1.2\",\"resource_changes\":[{\"address\":\"a.b\",\"type\":\"a\",\"name\":\"b\",\"mode\":\"managed\",\"change\":{}}]}~ | actions",
            })
    void what_decides_and_is_missing_or_misspelt_is_refused_with_its_place(String text, String reason) {
        refused(text, reason == null ? "" : reason, "line");
    }

    @ParameterizedTest
    @CsvSource({
        "shop.yaml, UTF-16LE",
        "shop.yaml, UTF-16BE",
        "estate.tf, UTF-16LE",
        "estate.tf, UTF-16BE",
        "plan.json, UTF-16LE"
    })
    void every_encoding_is_read_and_detected_with_and_without_its_mark(String file, String encoding) throws Exception {
        Reading plain = read(sample(file));
        for (String mark : new String[] {"", "\uFEFF"}) {
            Content other = content((mark + sample(file)).getBytes(Charset.forName(encoding)));
            assertThat(new Detection().typeOf(other)).contains(DocumentType.INFRASTRUCTURE);
            assertThat(reader.read(other).summary()).isEqualTo(plain.summary());
        }
        assertThat(read("\uFEFF" + sample(file)).summary()).isEqualTo(plain.summary());
        byte[] broken = sample(file).replace("shop", "sh\u00F6p").getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> reader.read(content(broken))).isInstanceOf(Unreadable.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "apiVersion: wgpolicyk8s.io/v1alpha2\nkind: PolicyReport\nresults: []\n",
                "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: wgpolicyk8s.io/v1alpha2, kind: PolicyReport, results: []}\n",
                "openapi: 3.0.3\ninfo: {title: a, version: 1}\npaths: {}\n",
                "{\"openapi\":\"3.0.3\",\"apiVersion\":\"v1\",\"kind\":\"Pod\"}",
                "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: a}\n",
                "apiVersion: aquasecurity.github.io/v1alpha1\nkind: ConfigAuditReport\n",
                "document: pentest\nresource: a\n",
                "resource: {a: b}\n",
                "# resource \"a\" \"b\" {\nhello: world\n",
            })
    void no_other_document_is_taken_for_infrastructure(String text) throws Exception {
        assertThat(new Detection().typeOf(content(text)).orElse(DocumentType.GENERIC))
                .isNotEqualTo(DocumentType.INFRASTRUCTURE);
    }

    static Stream<String> hostile() {
        String open = "resource \"aws_ebs_volume\" \"a\" {\n x = ";
        return Stream.of(
                        "[".repeat(100_000),
                        "(".repeat(100_000),
                        "{a=".repeat(100_000),
                        "{".repeat(100_000),
                        "f(".repeat(100_000),
                        "\"${\"${".repeat(100_000),
                        "a[".repeat(100_000),
                        "a ? ".repeat(100_000),
                        "[for a in ".repeat(100_000),
                        "<<EOF\n" + "a".repeat(100_000),
                        "\"" + "\\u12")
                .map(open::concat)
                .flatMap(text -> Stream.of(text, open + "1\n}\n" + text))
                .flatMap(text -> Stream.of(
                        text, "resource \"a\" \"b\" " + "{ c ".repeat(100_000), "resource \"a\" \"b\" {\n/* ", "data"));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void a_configuration_that_is_deep_or_does_not_end_is_refused(String text) {
        refused(text.startsWith("resource") ? text : "variable \"a\" {}\n" + text, "", "line");
    }

    /** Signs are put in, taken out and changed, by seeded chance. */
    @ParameterizedTest
    @ValueSource(strings = {"estate-open.tf", "shop-open.yaml", "plan-open.json"})
    void a_changed_file_is_read_or_refused_and_never_passes(String file) throws Exception {
        String good = sample(file);
        String signs = "{}[]()\"$%\\<=,?:!-.#*/&\n a0";
        Random chance = new Random(20261126);
        int refused = 0;
        for (int i = 0; i < 1500; i++) {
            StringBuilder changed = new StringBuilder(good);
            for (int n = chance.nextInt(3); n >= 0; n--) {
                int at = chance.nextInt(changed.length());
                char sign = signs.charAt(chance.nextInt(signs.length()));
                switch (chance.nextInt(3)) {
                    case 0 -> changed.insert(at, sign);
                    case 1 -> changed.deleteCharAt(at);
                    default -> changed.setCharAt(at, sign);
                }
            }
            try {
                Map<String, Object> summary = read(changed.toString()).summary();
                assertThat((Long) summary.get("failed") + (Long) summary.get("error"))
                        .as(changed.toString())
                        .isPositive();
            } catch (Unreadable fault) {
                assertThat(fault.place()).startsWith("line ");
                refused++;
            }
        }
        assertThat(refused).isBetween(100, 1499);
    }

    @Test
    void long_chains_of_signs_and_operators_take_no_depth() throws Exception {
        assertThat(answer(
                        read("resource \"aws_ebs_volume\" \"a\" {\n encrypted = " + "!".repeat(100_000) + "true\n}\n"),
                        "volume-unencrypted"))
                .isEqualTo("error");
        assertThat(answer(
                        read("resource \"aws_ebs_volume\" \"a\" {\n encrypted = 1" + " + 1".repeat(100_000) + "\n}\n"),
                        "volume-unencrypted"))
                .isEqualTo("error");
    }

    @Test
    void a_bomb_of_aliases_and_a_type_in_yaml_make_nothing() {
        StringBuilder bomb = new StringBuilder("apiVersion: v1\nkind: Pod\na0: &a0 [x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(8)));
        }
        refused(bomb.toString(), "alias", "line");
        refused("apiVersion: v1\nkind: Pod\nspec: !!javax.script.ScriptEngineManager [[]]\n", "no pod", "line");
    }

    @Test
    void a_hundred_thousand_resources_are_counted_or_refused_and_never_kept() throws Exception {
        int many = 100_000;
        StringBuilder volumes = new StringBuilder("resource \"aws_ebs_volume\" \"open\" {\n}\n");
        for (int i = 0; i < many; i++) {
            volumes.append("resource \"aws_ebs_volume\" \"v").append(i).append("\" {\nencrypted=true\n}\n");
        }
        Reading read = read(volumes.toString());
        assertThat(read.summary()).containsEntry("passed", (long) many).containsEntry("resources", many + 1L);
        assertThat(read.findings()).hasSize(1);
        String pod = "---\napiVersion: v1\nkind: Pod\nspec: {containers: [{name: c}]}\n";
        Reading pods = read(pod.repeat(1000));
        assertThat(pods.summary()).containsEntry("resources", 1000L).containsEntry("failed", 3000L);
        assertThat(pods.findings()).hasSize(Reading.MOST_FINDINGS);
        String bucket = "resource \"aws_s3_bucket\" \"b\" {\n x = [" + "1,".repeat(1000) + "]\n}\n";
        refused(bucket.repeat(400), "more than 300000 values", "line");
        refused(
                "resource \"aws_ebs_volume\" \"a\" {\n x = [" + "1,".repeat(200_000) + "]\n}\n",
                "more than 100000 values",
                "line");
    }
}
