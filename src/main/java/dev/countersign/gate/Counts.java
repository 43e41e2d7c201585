package dev.countersign.gate;

import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.Evidence.Finding;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the documents of a gate count, one by one and together.
 *
 * @param documents without statements about vulnerabilities, which excuse what is counted in the scans; one that rates open vulnerabilities counts itself
 */
record Counts(List<Document> documents) {
    /** What a document counts that was looked at, and what of that its findings are. */
    private static final List<String> SAMPLES =
            List.of("tests", "results", "components", "checks", "lines", "drills", "statements");

    /** Where nothing of the kind is counted, how many documents there are that count the first. */
    private static final Map<String, String> DECLARED = new TreeMap<>(
            Map.of("records", "change records", "rejected", "assessments", "signedOff", "penetration tests"));

    private static final String SCANNED = "scanned";
    private static final Map<String, String> SAMPLE_WORDS = Map.of(SCANNED, "targets and packages");

    /** How much was looked at, and what that is called. */
    record Sample(long size, String word) {}

    static Counts of(List<Document> all) {
        return new Counts(all.stream()
                .filter(document -> !document.type().equals("vex")
                        || Boolean.TRUE.equals(document.details().get("open")))
                .toList());
    }

    boolean isCounted(Threshold threshold) {
        return documents.stream().anyMatch(document -> isCounted(document, threshold));
    }

    private static boolean isCounted(Document document, Threshold threshold) {
        return threshold.share() == null
                ? count(document, threshold.metric()) != null
                : total(document, threshold.share()) > 0;
    }

    double value(Threshold threshold) {
        return threshold.share() == null ? sum(threshold.metric()) : share(threshold);
    }

    private double sum(String metric) {
        return documents.stream()
                .map(document -> count(document, metric))
                .filter(Objects::nonNull)
                .mapToDouble(Number::doubleValue)
                .sum();
    }

    /** Of all documents together: a small module that is well tested does not make up for a large one that is not. */
    private double share(Threshold threshold) {
        double covered = sum(threshold.share() + "Covered");
        double all = covered + sum(threshold.share() + "Missed");
        return (threshold.isPerCent() ? 100 : 1) * covered / all;
    }

    private static double total(Document document, String share) {
        return Stream.of("Covered", "Missed")
                .map(part -> count(document, share + part))
                .filter(Objects::nonNull)
                .mapToDouble(Number::doubleValue)
                .sum();
    }

    /** Null where the document does not count it. */
    static Number count(Document document, String metric) {
        if (metric.startsWith("suite ")) {
            return document.details().get("suites") instanceof Map<?, ?> suites
                            && suites.get(metric.substring("suite ".length())) instanceof Number passed
                    ? passed
                    : Integer.valueOf(0);
        }
        return document.summary().get(metric) instanceof Number number ? number : null;
    }

    /** Whose count is less than none, or no number: whatever it is compared with would hold. */
    List<Document> impossible(String metric) {
        return documents.stream()
                .filter(document -> isImpossible(count(document, metric)))
                .toList();
    }

    private static boolean isImpossible(Number count) {
        return count != null && !(count.doubleValue() >= 0 && count.doubleValue() < Double.POSITIVE_INFINITY);
    }

    /** The one document that counts it; null where there are several. */
    Document only(Threshold threshold) {
        List<Document> counting = documents.stream()
                .filter(document -> isCounted(document, threshold))
                .toList();
        return counting.size() == 1 ? counting.get(0) : null;
    }

    List<Finding> findings(String metric) {
        return documents.stream()
                .flatMap(document -> findings(document, metric))
                .toList();
    }

    private static Stream<Finding> findings(Document document, String metric) {
        return document.findings().stream().filter(finding -> finding.counts().contains(metric));
    }

    /** The first that counts more than its record lists: there the others stand. Null where none does. */
    Document longer(String metric) {
        return documents.stream()
                .filter(document -> {
                    Number all = count(document, metric);
                    return all != null
                            && all.doubleValue() > findings(document, metric).count();
                })
                .findFirst()
                .orElse(null);
    }

    /** Null where no document tells. A report may count checks of another gate beside what it scanned for this one. */
    Sample sample(List<Threshold> rows) {
        boolean scan = rows.stream().anyMatch(row -> row.metric().equals(SCANNED));
        return (scan ? Stream.of("components", SCANNED) : SAMPLES.stream())
                .filter(count -> documents.stream()
                        .anyMatch(document -> document.summary().containsKey(count)))
                .findFirst()
                .map(count -> new Sample(size(count), SAMPLE_WORDS.getOrDefault(count, count)))
                .or(this::declared)
                .orElse(null);
    }

    private Optional<Sample> declared() {
        return DECLARED.entrySet().stream()
                .map(kind -> new Sample(counting(kind.getKey()), kind.getValue()))
                .filter(sample -> sample.size() > 0)
                .findFirst();
    }

    private long counting(String count) {
        return documents.stream()
                .filter(document -> document.summary().containsKey(count))
                .count();
    }

    private long size(String count) {
        return documents.stream()
                .map(document -> document.summary().get(count))
                .filter(Number.class::isInstance)
                .mapToLong(number -> ((Number) number).longValue())
                .sum();
    }
}
