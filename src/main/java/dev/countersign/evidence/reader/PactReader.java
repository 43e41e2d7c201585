package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.Evidence.Finding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/** A Pact broker's answer to "can I deploy" (GET /can-i-deploy, or the matrix): whether each consumer and provider has verified the other. */
@Component
class PactReader implements DocumentReader {
    private static final int MOST_ROWS = 10_000;

    @Override
    public DocumentType type() {
        return DocumentType.PACT;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        JsonNode[] said = new JsonNode[1];
        String[] saidAt = new String[1];
        List<Finding> unverified = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        Map<String, String> versions = new TreeMap<>();
        List<String> ignored = new ArrayList<>();
        int[] rows = new int[1];
        JsonCursor.document(content, json -> field -> {
            switch (field) {
                case "summary" -> {
                    saidAt[0] = json.at() + ", /summary";
                    said[0] = json.tree(field);
                }
                case "matrix" ->
                    json.array(field, () -> {
                        String place = json.at() + ", /matrix/" + rows[0]++;
                        if (rows[0] > MOST_ROWS) {
                            throw json.fault("more than " + MOST_ROWS + " rows are not read");
                        }
                        JsonNode row = json.tree("a row");
                        if (!row(row, place, versions, findings, unverified)) {
                            ignored.add(pair(row));
                        }
                    });
                default -> {
                    Misspelt.refuse(json, field, Set.of("summary", "matrix"));
                    json.skip();
                }
            }
        });
        if (said[0] == null || !said[0].isObject() || !said[0].has("deployable")) {
            throw new Unreadable("not a Pact broker's answer: summary.deployable is missing", "line 1, column 1");
        }
        Reading reading = reading(said[0], saidAt[0], versions, findings, unverified);
        return ignored.isEmpty() ? reading : without(reading, ignored, rows[0]);
    }

    /** Whoever asked the broker told it what not to wait for: that is said, and what is left must be something. */
    private static Reading without(Reading reading, List<String> ignored, int rows) {
        Map<String, Object> details = new LinkedHashMap<>(reading.details());
        details.put(
                "excused",
                ignored.stream()
                        .distinct()
                        .limit(Reading.MOST_FINDINGS)
                        .map(pair -> pair + ", which the broker was told to ignore")
                        .toList());
        return new Reading(
                reading.producer(),
                reading.stated(),
                reading.summary(),
                details,
                reading.complete(),
                ignored.size() == rows ? "the broker was told to ignore everything that it knows" : reading.gap(),
                reading.findings());
    }

    private static String pair(JsonNode row) {
        return Words.of(row.at("/consumer/name").asText("")) + " and "
                + Words.of(row.at("/provider/name").asText(""));
    }

    private static Reading reading(
            JsonNode said, String place, Map<String, String> versions, List<Finding> findings, List<Finding> unverified)
            throws Unreadable {
        JsonNode deployable = said.path("deployable");
        if (!deployable.isBoolean() && !deployable.isNull()) {
            throw new Unreadable("summary.deployable must be true, false or null", "/summary/deployable");
        }
        long failed = Math.max(said.path("failed").asLong(0), findings.size());
        // A broker that says yes beside a failed verification contradicts itself.
        boolean no = deployable.isBoolean() && (!deployable.asBoolean() || failed > 0);
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("deployable", deployable.asBoolean(false) && !no ? 1L : 0L);
        summary.put("notDeployable", no ? Math.max(1, findings.size()) : 0L);
        summary.put("success", said.path("success").asLong(0));
        summary.put("failed", failed);
        summary.put("unknown", said.path("unknown").asLong(0));
        List<Finding> told = new ArrayList<>(findings);
        if (no && findings.isEmpty()) {
            // Its rows do not say why.
            told.add(new Finding(
                    "pact@summary",
                    "failed",
                    Words.of(said.path("reason").asText("it cannot be deployed")),
                    place,
                    List.of("notDeployable")));
        }
        told.addAll(unverified);
        return new Reading(
                "pact",
                stated(versions),
                summary,
                Map.of("reason", Words.of(said.path("reason").asText(""))),
                true,
                // One that says yes beside what nobody verified does not know it either.
                deployable.isNull() || said.path("unknown").asLong(0) > 0 || !unverified.isEmpty()
                        ? "the broker does not know: not everything was verified"
                        : null,
                told.stream().limit(Reading.MOST_FINDINGS).toList());
    }

    /** Whether it counts. */
    private static boolean row(
            JsonNode row,
            String place,
            Map<String, String> versions,
            List<Finding> findings,
            List<Finding> unverified) {
        String consumer = Words.of(row.at("/consumer/name").asText(""));
        String provider = Words.of(row.at("/provider/name").asText(""));
        versions.put(consumer, row.at("/consumer/version/number").asText(""));
        versions.put(provider, row.at("/provider/version/number").asText(""));
        if (row.path("ignored").asBoolean(false)) {
            return false; // the broker was told not to wait for it, and leaves it out of its summary
        }
        JsonNode success = row.at("/verificationResult/success");
        if (!success.isBoolean()) {
            unverified.add(new Finding(
                    "pact@" + consumer + " and " + provider,
                    "unverified",
                    "nobody verified that " + provider + " gives what " + consumer + " expects",
                    place,
                    List.of("unknown"),
                    "pact",
                    consumer + " and " + provider,
                    null,
                    null));
        } else if (!success.asBoolean()) {
            findings.add(new Finding(
                    "pact@" + consumer + " and " + provider,
                    "failed",
                    provider + " does not give what " + consumer + " expects",
                    place,
                    List.of("notDeployable"),
                    "pact",
                    consumer + " and " + provider,
                    null,
                    null));
        }
        return true;
    }

    /** Versions of participants are often commits; a mixture names versions. Who has never verified anything has none. */
    private static Stated stated(Map<String, String> versions) {
        Stated stated = Stated.nothing();
        versions.replaceAll((name, number) -> number.isBlank() ? "unspecified" : number);
        boolean commits = versions.values().stream().allMatch(number -> number.matches("[0-9a-f]{7,40}"));
        versions.forEach((name, number) -> {
            if (commits) {
                stated.participant(number);
            } else {
                stated.version(name, number);
            }
        });
        return stated;
    }
}
