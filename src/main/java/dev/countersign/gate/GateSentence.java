package dev.countersign.gate;

import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.EvidenceSources.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** One sentence that explains an outcome: what holds or does not, what is only advised, who did not answer, what was excused, how much was looked at, by which rules and documents. */
final class GateSentence {
    private static final int MOST_SAID = 3;
    private final List<Document> documents;
    private final List<Standing> missing;
    private final List<String> held = new ArrayList<>();
    private final List<String> limits = new ArrayList<>();
    private final List<String> advice = new ArrayList<>();

    /** @param missing systems that hold such documents and did not bring them all */
    GateSentence(List<Document> documents, List<Standing> missing) {
        this.documents = documents;
        this.missing = missing;
    }

    /** @param limit what it was held to, with what was counted */
    void holds(String words, String limit) {
        held.add(words);
        limits.add(limit);
    }

    void advises(String words) {
        advice.add(words);
    }

    /** The value of an outcome in whose way nothing stands. */
    String heldInShort() {
        return held.stream().limit(MOST_SAID).collect(Collectors.joining(", "));
    }

    /** What those values were held to. */
    String limitsInShort() {
        return limits.stream().limit(MOST_SAID).collect(Collectors.joining(", "));
    }

    String whyMissing() {
        return missing.isEmpty()
                ? ""
                : "; " + missing.stream().map(Standing::words).collect(Collectors.joining("; "));
    }

    String of(List<Breach> breaches, Counts.Sample sample, String ruleVersion) {
        String what = breaches.isEmpty()
                ? "Holds: " + String.join(", ", held)
                : breaches.stream().map(Breach::sentence).limit(5).collect(Collectors.joining("; "));
        return "%s%s%s%s%s (%s%s)"
                .formatted(
                        what,
                        advice.isEmpty() ? "" : "; worth a look: " + String.join(", ", advice),
                        documents.isEmpty() ? "" : whyMissing(),
                        excused(),
                        sample == null ? "" : " in " + sample.size() + " " + sample.word(),
                        ruleVersion,
                        seen());
    }

    /** What does not count because somebody said so: nobody should have to look for it. */
    private String excused() {
        List<String> all = documents.stream()
                .map(document -> document.details().get(Vex.EXCUSED))
                .filter(List.class::isInstance)
                .flatMap(list -> ((List<?>) list).stream())
                .map(String::valueOf)
                .toList();
        return all.isEmpty()
                ? ""
                : "; excused: %s%s"
                        .formatted(
                                String.join(", ", all.subList(0, Math.min(3, all.size()))),
                                all.size() > 3 ? " and %d more".formatted(all.size() - 3) : "");
    }

    private String seen() {
        return documents.isEmpty()
                ? ""
                : documents.stream()
                        .map(document -> document.sha256().substring(0, 12) + " of " + document.source())
                        .limit(3)
                        .collect(Collectors.joining(", ", ", document ", ""));
    }
}
