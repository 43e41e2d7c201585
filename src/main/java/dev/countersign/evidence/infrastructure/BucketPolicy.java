package dev.countersign.evidence.infrastructure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A bucket's policy, as far as it demands TLS: by a statement that denies whatever comes without it, or because each statement that allows asks for it.
 *
 * @param statements as in the policy's JSON; null where they are not told
 */
record BucketPolicy(List<JsonNode> statements) {
    static final String DOCUMENT = "data.aws_iam_policy_document";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    /** AWS takes 20 KB. */
    private static final int LONGEST = 50_000;

    private static final int LONGEST_NAME = 1000;
    private static final Pattern BUCKET = Pattern.compile("aws_s3_bucket[.][\\w-]+[.](arn|id|bucket)");
    private static final Pattern ARN = Pattern.compile("arn:[a-z-]+:s3:::");
    private static final String ALL_OF_IT = "/*";

    private static final Set<String> JSONS = Set.of("json", "minified_json");
    private static final String CONDITION = "aws:securetransport";

    static BucketPolicy of(JsonNode policy, Resources all) {
        if (policy.isObject()) {
            return new BucketPolicy(Values.blocks(policy.path("Statement")));
        }
        String text = (policy.isTextual() ? policy.asText() : Untold.text(policy)).strip();
        if (text.length() > LONGEST) {
            return new BucketPolicy(null);
        }
        String document = document(text);
        if (!document.isEmpty()) {
            return all.ofKind(DOCUMENT).stream()
                    .filter(one -> one.address().equals(document))
                    .findFirst()
                    .map(BucketPolicy::ofDocument)
                    .orElse(new BucketPolicy(null));
        }
        try {
            JsonNode parsed = text.startsWith("{") ? JSON.readTree(text) : null;
            return parsed != null && parsed.isObject() ? of(parsed, all) : new BucketPolicy(null);
        } catch (JsonProcessingException noJson) {
            return new BucketPolicy(null);
        }
    }

    /** The address of the document that it refers to, without the key of an instance; empty where to none. */
    private static String document(String text) {
        int dot = text.lastIndexOf('.');
        if (text.startsWith("{") || !text.contains(DOCUMENT + ".") || !JSONS.contains(text.substring(dot + 1))) {
            return "";
        }
        String address = text.substring(0, dot);
        int key = address.indexOf('[');
        return key < 0 ? address : address.substring(0, key);
    }

    private static BucketPolicy ofDocument(Resource document) {
        for (String other :
                List.of("source_policy_documents", "override_policy_documents", "source_json", "override_json")) {
            if (!document.value(other).isMissingNode()) {
                return new BucketPolicy(null);
            }
        }
        return new BucketPolicy(Values.blocks(document.value("statement")).stream()
                .map(BucketPolicy::asJson)
                .toList());
    }

    /** The words of Terraform's document in those of the policy. */
    private static JsonNode asJson(JsonNode block) {
        if (!block.isObject()) {
            return block;
        }
        ObjectNode statement = JsonNodeFactory.instance.objectNode();
        JsonNode effect = Resource.said(block.path("effect"));
        statement.set("Effect", effect.isMissingNode() ? JsonNodeFactory.instance.textNode("Allow") : effect);
        statement.set("Action", block.path("actions"));
        statement.set("Resource", block.path("resources"));
        statement.set("NotResource", block.path("not_resources"));
        ArrayNode principals = statement.putArray("Principal");
        Values.blocks(block.path("principals"))
                .forEach(one -> Values.blocks(Untold.is(one) ? one : one.path("identifiers"))
                        .forEach(principals::add));
        ObjectNode conditions = statement.putObject("Condition");
        for (JsonNode one : Values.blocks(block.path("condition"))) {
            JsonNode test = one.path("test");
            JsonNode variable = one.path("variable");
            if (test.isTextual() && variable.isTextual()) {
                conditions.withObjectProperty(test.asText()).set(variable.asText(), one.path("values"));
            } else {
                conditions.set("not told", Untold.of(""));
            }
        }
        return statement;
    }

    Answer demandsTls() {
        if (statements == null) {
            return Answer.UNTOLD;
        }
        Answer denied = Answer.NO;
        Answer allowed = Answer.NO;
        Answer asked = Answer.YES;
        for (JsonNode statement : statements) {
            Answer allows = is(statement.path("Effect"), "Allow");
            denied = denied.or(() -> is(statement.path("Effect"), "Deny").and(() -> deniesWithout(statement)));
            allowed = allowed.or(() -> allows);
            asked = asked.and(() -> allows.not().or(() -> allowsOnlyWith(statement)));
        }
        Answer each = asked;
        Answer any = allowed;
        return denied.or(() -> any.and(() -> each));
    }

    private static Answer is(JsonNode value, String word) {
        return value.isTextual() && !isFilled(value.asText())
                ? Answer.of(value.asText().equals(word))
                : Answer.UNTOLD;
    }

    /** Whoever, whatever and on this condition alone. */
    private static Answer deniesWithout(JsonNode statement) {
        JsonNode conditions = statement.path("Condition");
        if (conditions.size() != 1 || conditions.iterator().next().size() > 1) {
            return Untold.is(conditions) ? Answer.UNTOLD : Answer.NO;
        }
        return any(statement.path("Principal"), "*")
                .and(() -> any(statement.path("Action"), "*", "s3:*"))
                .and(() -> coversAll(statement))
                .and(() -> secure(conditions, "false", "bool", "boolifexists"));
    }

    /** What denies for some objects leaves the others; a policy is about no bucket but its own. */
    private static Answer coversAll(JsonNode statement) {
        if (!Resource.said(statement.path("NotResource")).isMissingNode()) {
            return Answer.NO;
        }
        JsonNode resources = Resource.said(statement.path("Resource"));
        Answer found = Answer.of(resources.isMissingNode());
        for (JsonNode one : Values.blocks(resources)) {
            found = found.or(() -> isAll(one));
        }
        return found;
    }

    /** All that is in the bucket, whichever it is called; its ARN alone too, as other tools read it. */
    private static boolean isOwnBucket(String text) {
        if (!text.endsWith(ALL_OF_IT)) {
            return text.endsWith(".arn") && BUCKET.matcher(withoutKey(text)).matches();
        }
        String name = text.substring(0, text.length() - ALL_OF_IT.length());
        int filled = name.indexOf("${");
        return filled >= 0
                && name.endsWith("}")
                && (filled == 0 || ARN.matcher(name.substring(0, filled)).matches())
                && BUCKET.matcher(withoutKey(name.substring(filled + 2, name.length() - 1)))
                        .matches();
    }

    /** Of several of a kind, whichever. */
    private static String withoutKey(String reference) {
        int open = reference.indexOf('[');
        int close = reference.indexOf(']');
        return open < 0 || close < open ? reference : reference.substring(0, open) + reference.substring(close + 1);
    }

    private static Answer isAll(JsonNode resource) {
        String text = resource.isTextual() ? resource.asText() : Untold.text(resource);
        if (text.length() <= LONGEST_NAME && isOwnBucket(text)) {
            return Answer.YES;
        }
        return Untold.is(resource) || isFilled(text)
                ? Answer.UNTOLD
                : Answer.of(text.equals("*") || (text.endsWith("/*") && text.indexOf('/') == text.length() - 2));
    }

    private static boolean isFilled(String text) {
        return text.contains("${") || text.contains("%{");
    }

    private static Answer allowsOnlyWith(JsonNode statement) {
        return secure(statement.path("Condition"), "true", "bool");
    }

    private static Answer secure(JsonNode conditions, String wanted, String... tests) {
        if (Untold.is(conditions)) {
            return Answer.UNTOLD;
        }
        Answer found = Answer.NO;
        for (Map.Entry<String, JsonNode> test : conditions.properties()) {
            if (!List.of(tests).contains(test.getKey().toLowerCase(Locale.ROOT))) {
                continue;
            }
            for (Map.Entry<String, JsonNode> key : test.getValue().properties()) {
                if (key.getKey().toLowerCase(Locale.ROOT).equals(CONDITION)) {
                    List<JsonNode> values = Values.blocks(key.getValue());
                    found = found.or(() -> values.size() == 1 ? value(values.get(0), wanted) : Answer.NO);
                }
            }
        }
        return found;
    }

    private static Answer value(JsonNode value, String wanted) {
        return Untold.is(value) || isFilled(value.asText())
                ? Answer.UNTOLD
                : Answer.of(value.asText().equalsIgnoreCase(wanted));
    }

    /** Also of {@code {"AWS": "*"}}. */
    private static Answer any(JsonNode values, String... words) {
        if (Untold.is(values)) {
            return Answer.UNTOLD;
        }
        Answer found = Answer.NO;
        for (JsonNode one : values.isObject() ? Values.blocks(values.path("AWS")) : Values.blocks(values)) {
            found = found.or(() ->
                    Untold.is(one) ? Answer.UNTOLD : Answer.of(List.of(words).contains(one.asText())));
        }
        return found;
    }
}
