package dev.countersign.gate.contract;

import dev.countersign.evidence.Evidence.Document;
import dev.countersign.gate.contract.Consent.Change;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** A contract held against the one before it, as its document says. */
record Comparison(Document document) {
    static final Set<String> TYPES = Set.of("openapi", "avro", "json-schema");
    private static final String BREAKING = "breaking";

    boolean breaks() {
        return TYPES.contains(document.type()) && count(BREAKING) > 0;
    }

    long count(String name) {
        return document.summary().get(name) instanceof Number number ? number.longValue() : 0;
    }

    /** The changes that break somebody and that the document lists. */
    List<Change> changes() {
        return document.findings().stream()
                .filter(finding -> finding.counts().contains(BREAKING))
                .map(finding -> new Change(finding.id(), finding.title(), finding.place(), finding.position()))
                .toList();
    }

    /** Whether consent is all that is missing: the version has a new major number, or that it has none is waived for each change. */
    boolean isOnlyForConsumers(Set<String> waived) {
        return count("breakingWithinMajor") == 0
                || (changes().size() == count(BREAKING)
                        && changes().stream().allMatch(change -> waived.contains(change.id())));
    }

    String base() {
        return String.valueOf(document.details().get("base"));
    }

    /** What a consent is bound to. */
    String digest() {
        StringBuilder compared = new StringBuilder();
        for (String part : List.of(document.type(), document.source(), document.sha256(), base())) {
            compared.append(part).append('\n');
        }
        changes().stream().map(Change::id).sorted().forEach(id -> compared.append(id)
                .append('\n'));
        try {
            byte[] bytes = compared.toString().getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
