package dev.countersign.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.identity.Actors;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Takes what is about people out of a leaf: who they are, and what they wrote. The leaf keeps {@code {"commitment": sha256(salt ‖ value)}},
 * which proves the value as long as somebody keeps it and says nothing once it is erased; without the salt a name could be guessed.
 */
final class PersonalData {
    private static final String ANSWER = "answer";
    private static final String ACTOR = "/actor";
    /** Not people. */
    private static final Set<String> MACHINES = Set.of(Actors.PLATFORM, OutboxLeaves.ENGINE);
    /** Persons, and texts that persons write or that name them. Keys that end with {@code By} name a person too. */
    private static final Set<String> PERSONAL = Set.of(
            "text",
            "person",
            "principal",
            "delegate",
            "onBehalfOf",
            "owner",
            "commander",
            "communications",
            "facilitator",
            "attendance",
            "reason",
            "why",
            "cause",
            "statement",
            "comment",
            "assignee",
            "user",
            "deleteReason");
    /** What people choose and point at in a form. Everything else that they submit as text is theirs. */
    private static final Set<String> CHOICES = Set.of(
            "answer",
            "choice",
            "decision",
            "vote",
            "next",
            "ending",
            "mitigationNeeded",
            "needed",
            "legalBasis",
            "transfers",
            "rights",
            "level",
            "officer",
            "ownerIs",
            "binding",
            "effect",
            "kind",
            "presence",
            "type",
            "changeFacts",
            "findings",
            "proposals",
            "dossier",
            "waiver",
            "seat",
            "service",
            "version",
            "artifact",
            "digest",
            "commit",
            "due",
            "expires",
            "windowStart",
            "windowEnd",
            "status",
            "audience",
            "channel",
            "moment",
            "onRollback",
            "item");

    private final SecureRandom random = new SecureRandom();

    /** @param path JSON pointer @param value as JSON */
    record Value(String path, String salt, String value) {}

    /** A leaf without personal data, and what was taken out of it. */
    record Sealed(String actor, JsonNode content, List<Value> values) {}

    static boolean isChoice(String answer) {
        return CHOICES.contains(answer);
    }

    Sealed seal(String actor, ObjectNode content) {
        List<Value> values = new ArrayList<>();
        JsonNode sealed = fields("", content, false, values);
        String who = MACHINES.contains(actor)
                ? actor
                : "sha256:" + commitment(ACTOR, JsonNodeFactory.instance.textNode(actor), values);
        return new Sealed(who, sealed, List.copyOf(values));
    }

    /** Keys in order, so that equal contents are equal bytes. */
    private ObjectNode fields(String path, JsonNode object, boolean answered, List<Value> values) {
        Map<String, JsonNode> ordered = new TreeMap<>();
        object.fields().forEachRemaining(field -> ordered.put(field.getKey(), field.getValue()));
        ObjectNode sealed = JsonNodeFactory.instance.objectNode();
        ordered.forEach((key, value) -> {
            String at = path + "/" + key.replace("~", "~0").replace("/", "~1");
            boolean answer = answered || ANSWER.equals(key) && value.isObject();
            boolean personal = answered ? !isChoice(key) : PERSONAL.contains(key) || key.endsWith("By");
            sealed.set(key, of(at, value, answer, personal, values));
        });
        return sealed;
    }

    private JsonNode of(String path, JsonNode value, boolean answered, boolean personal, List<Value> values) {
        if (value.isObject()) {
            return fields(path, value, answered, values);
        }
        if (value.isArray()) {
            ArrayNode sealed = JsonNodeFactory.instance.arrayNode();
            for (int index = 0; index < value.size(); index++) {
                sealed.add(of(path + "/" + index, value.get(index), answered, personal, values));
            }
            return sealed;
        }
        // Numbers and yes or no are facts, whoever gave them.
        return personal && value.isTextual()
                ? JsonNodeFactory.instance.objectNode().put("commitment", commitment(path, value, values))
                : value;
    }

    private String commitment(String path, JsonNode value, List<Value> values) {
        byte[] salt = new byte[16];
        random.nextBytes(salt);
        String text = value.toString();
        values.add(new Value(path, HexFormat.of().formatHex(salt), text));
        return commitment(salt, text);
    }

    static String commitment(byte[] salt, String value) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            return HexFormat.of().formatHex(digest.digest(value.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
