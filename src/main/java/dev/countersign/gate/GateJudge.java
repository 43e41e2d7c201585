package dev.countersign.gate;

import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.evidence.EvidenceSources.Outcome;
import dev.countersign.evidence.EvidenceSources.Standing;
import dev.countersign.evidence.Position;
import dev.countersign.gate.Assessment.Assessed;
import dev.countersign.gate.GatePolicy.Thresholds;
import dev.countersign.release.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Holds the documents of a gate against its limits. Pure: the same documents, limits, waived findings and time give the same
 * verdict. Whatever is missing, unknown, unfinished or too old never passes.
 */
final class GateJudge {
    private final Requirement gate;
    private final FindingNames names;
    private final List<Document> documents;
    private final Counts counts;
    private final Thresholds thresholds;
    private final Set<String> waived;
    /** Systems that hold such documents and did not bring them all. */
    private final List<Standing> missing;

    private final Instant now;
    private final List<Breach> breaches = new ArrayList<>();
    private final GateSentence sentence;
    private final List<Gates.Control> controls;
    /** Whether some limit that may stop the release was applied to what the documents say. */
    private boolean heldToALimit;

    private GateJudge(
            Requirement gate,
            List<Document> documents,
            List<Gates.Control> controls,
            Thresholds thresholds,
            Set<String> waived,
            List<Standing> missing,
            Instant now) {
        this.gate = gate;
        this.controls = controls;
        this.names = new FindingNames(documents);
        this.documents = names.documents();
        this.counts = Counts.of(this.documents);
        this.sentence = new GateSentence(this.documents, missing);
        this.thresholds = thresholds;
        this.waived = waived;
        this.missing = missing;
        this.now = now;
    }

    /** Where no system is asked for them. */
    static Judgement judge(
            Requirement gate, List<Document> documents, Thresholds thresholds, Set<String> waived, Instant now) {
        return judge(gate, Assessed.unchanged(documents), thresholds, waived, List.of(), now);
    }

    /**
     * The same of documents that a table of their own may have judged before; both tables are named then.
     *
     * @param waived what valid waivers cover: names, or what {@link FindingNames} remembers of them
     * @param missing systems that hold such documents and did not bring them all: said, and an error where nothing else has arrived
     */
    static Judgement judge(
            Requirement gate,
            Assessed assessed,
            Thresholds thresholds,
            Set<String> waived,
            List<Standing> missing,
            Instant now) {
        Thresholds named = assessed.version() == null
                ? thresholds
                : new Thresholds(thresholds.version() + ", " + assessed.version(), thresholds.rows());
        return new GateJudge(gate, assessed.documents(), assessed.controls(), named, waived, missing, now).judge();
    }

    private Judgement judge() {
        if (documents.isEmpty()) {
            boolean failed = missing.stream().anyMatch(system -> system.outcome() == Outcome.FAILED);
            add(Breach.of(
                    failed ? Verdict.ERROR : Verdict.NO_DATA,
                    "no-document",
                    "none",
                    "at least 1",
                    "No document of type " + gate.readsInWords() + " has arrived" + sentence.whyMissing()));
        } else if (thresholds.rows().stream().noneMatch(Threshold::isOfContent)) {
            add(Breach.of(
                    Verdict.ERROR,
                    "no-limit",
                    null,
                    null,
                    "The table gate-thresholds has no limit for " + gate.gate()));
        } else {
            documents.forEach(this::checkDocument);
            documents.forEach(this::checkEnd);
            thresholds.rows().forEach(this::check);
            checkThatSomethingWasHeld();
        }
        breaches.sort(Breach.GRAVEST_FIRST);
        return judgement();
    }

    private void checkDocument(Document document) {
        if (!document.complete()) {
            add(Breach.of(
                    Verdict.ERROR,
                    "not-complete:" + ofTool(document),
                    "not finished",
                    "finished",
                    document.source() + " says itself that it did not finish"
                            + (document.details().get("unfinished") instanceof String what ? ": " + what : ""),
                    document));
        }
        if (document.gap() != null) {
            add(Breach.of(
                    Verdict.NO_DATA,
                    document.gapName(),
                    "nothing shown",
                    "something shown",
                    "The document of " + document.source() + " shows nothing: " + document.gap(),
                    document));
        }
    }

    /** Several formats may come under one source: a waiver of one says nothing about the others. */
    private static String ofTool(Document document) {
        return document.type() + ":" + document.source();
    }

    /** Rows that only advise, or count what no document counts, are no criterion: nothing would ever stop there. */
    private void checkThatSomethingWasHeld() {
        if (!heldToALimit && breaches.isEmpty()) {
            add(Breach.of(
                    Verdict.ERROR,
                    "no-limit",
                    null,
                    null,
                    "No row of gate-thresholds holds the documents of %s to a limit that could stop the release"
                            .formatted(gate.gate())));
        }
    }

    private void checkEnd(Document document) {
        if (Lifetime.isOfTheFuture(document)) {
            add(Breach.of(
                    Verdict.ERROR,
                    "future:" + ofTool(document) + ":" + document.details().get("at"),
                    "made " + document.details().get("at"),
                    "made before it arrived",
                    "The document of %s says itself that it was made at %s, after it arrived"
                            .formatted(document.source(), document.details().get("at")),
                    document));
        }
        Instant end = Lifetime.end(document);
        if (end != null && now.isAfter(end)) {
            String until = String.valueOf(document.details().get("validUntil"));
            add(Breach.of(
                    Verdict.NO_DATA,
                    "ended:" + ofTool(document) + ":" + until,
                    "valid until " + until,
                    "still valid",
                    "The document of %s says itself that it counts until %s".formatted(document.source(), until),
                    document));
        }
    }

    private void check(Threshold threshold) {
        if (!threshold.isUnderstood()) {
            add(Breach.of(
                    Verdict.ERROR,
                    "rule:" + threshold.metric(),
                    null,
                    null,
                    "A row of gate-thresholds for " + threshold.metric() + " cannot be understood"));
        } else if (threshold.isAge()) {
            documents.forEach(document -> checkAge(threshold, document));
        } else if (threshold.isFreshness()) {
            // Asked right before the rollout: FreshLook.
            return;
        } else if (threshold.isValidity()) {
            documents.forEach(document -> checkValidity(threshold, document));
        } else {
            checkCount(threshold);
        }
    }

    private void checkAge(Threshold threshold, Document document) {
        if (now.isAfter(Lifetime.until(document, threshold))) {
            long age = Duration.between(Lifetime.since(document), now).toHours();
            add(Breach.of(
                    Verdict.NO_DATA,
                    "stale:" + ofTool(document),
                    age + " h old",
                    threshold.limitInWords() + " h",
                    "The document of %s is %d hours old, allowed are %s"
                            .formatted(document.source(), age, threshold.limitInWords()),
                    document));
        }
    }

    private void checkValidity(Threshold threshold, Document document) {
        Instant end = Lifetime.end(document);
        if (end != null && threshold.holds(Duration.between(now, end).toSeconds() / 86_400.0)) {
            sentence.holds(
                    "valid until " + document.details().get("validUntil"),
                    "valid for %s days more".formatted(threshold.limitInWords()));
        } else if (end == null || !now.isAfter(end)) {
            String until =
                    end == null ? "no day" : String.valueOf(document.details().get("validUntil"));
            add(Breach.of(
                    Verdict.NO_DATA,
                    "validity:" + ofTool(document) + ":" + until,
                    "valid until " + until,
                    threshold.limitInWords() + " days",
                    "The document of %s is valid until %s, wanted are %s days more"
                            .formatted(document.source(), until, threshold.limitInWords()),
                    document));
        }
    }

    private void checkCount(Threshold threshold) {
        counts.impossible(threshold.metric())
                .forEach(document -> add(Breach.of(
                        Verdict.ERROR,
                        "no-number:" + threshold.metric() + ":" + ofTool(document),
                        String.valueOf(Counts.count(document, threshold.metric())),
                        threshold.limitInWords(),
                        "The document of %s gives %s for %s, which is no count"
                                .formatted(
                                        document.source(),
                                        Counts.count(document, threshold.metric()),
                                        threshold.metric()),
                        document)));
        if (!counts.isCounted(threshold)) {
            if (threshold.isOnlyWhereCounted()) {
                return;
            }
            add(Breach.of(
                    Verdict.NO_DATA,
                    "no-count:" + threshold.metric(),
                    null,
                    threshold.limitInWords(),
                    "No document says anything about %s: %s".formatted(threshold.metric(), threshold.meaning())));
            return;
        }
        heldToALimit |= !threshold.isAdvice();
        double value = counts.value(threshold);
        List<Finding> behind = counts.findings(threshold.metric());
        List<Finding> open = new ArrayList<>(behind.stream()
                .filter(finding -> !names.isWaived(finding, waived))
                .toList());
        double unlisted = Math.max(0, value - behind.size());
        if (threshold.isAtMost()) {
            // The record lists only the gravest: the rest of a very long list can only be waived as what it is in these
            // documents.
            Finding rest = rest(threshold.metric(), unlisted);
            boolean restOpen = unlisted > 0 && !names.isWaived(rest, waived);
            if (restOpen) {
                open.add(rest);
            }
            value = open.size() - (restOpen ? 1 : 0) + (restOpen ? unlisted : 0);
        }
        String words = "%s %s (%s)".formatted(threshold.metric(), threshold.say(value), threshold.limitInWords());
        if (threshold.holds(value)) {
            sentence.holds(words, threshold.metric() + " " + threshold.limitInWords());
        } else if (threshold.isAdvice()) {
            sentence.advises(words);
        } else if (threshold.isAtLeast()) {
            add(Breach.of(
                    Verdict.valueOf(threshold.breach()),
                    "limit:" + threshold.metric(),
                    threshold.metric() + " " + threshold.say(value),
                    threshold.limitInWords(),
                    words + ": " + threshold.meaning(),
                    counts.only(threshold)));
        } else {
            breaches.add(new Breach(
                    Verdict.valueOf(threshold.breach()),
                    threshold.metric() + " " + threshold.say(value),
                    threshold.limitInWords(),
                    words + ": " + threshold.meaning(),
                    open));
        }
    }

    private Finding rest(String metric, double unlisted) {
        Document longer = counts.longer(metric);
        String digests = documents.stream().map(Document::sha256).collect(Collectors.joining());
        return new Finding(
                "rest:" + metric + ":" + Integer.toHexString(digests.hashCode()),
                metric,
                "%s more, beyond the %s that the record lists".formatted(Threshold.number(unlisted), metric),
                "in the document",
                List.of(metric),
                null,
                null,
                null,
                null,
                longer == null ? null : new Position(1, null, null, longer.sha256()));
    }

    private void add(Breach breach) {
        if (breach.findings().stream().allMatch(finding -> names.isWaived(finding, waived))) {
            return;
        }
        breaches.add(breach);
    }

    private Judgement judgement() {
        List<String> digests = documents.stream().map(Document::sha256).toList();
        Breach gravest = breaches.isEmpty() ? null : breaches.get(0);
        Counts.Sample sample = counts.sample(thresholds.rows());
        Set<Finding> findings = new LinkedHashSet<>();
        breaches.forEach(breach -> findings.addAll(breach.findings()));
        return new Judgement(
                gravest == null ? Verdict.PASS : gravest.verdict(),
                cut(gravest == null ? sentence.heldInShort() : gravest.value()),
                cut(gravest == null ? sentence.limitsInShort() : gravest.limit()),
                sample == null ? null : Long.valueOf(sample.size()),
                thresholds.version(),
                sentence.of(breaches, sample, thresholds.version()),
                digests.isEmpty() ? null : digests.get(digests.size() - 1),
                digests,
                List.copyOf(findings),
                controls,
                Lifetime.firstEnd(documents, thresholds.rows()));
    }

    private static String cut(String value) {
        return value == null || value.length() <= 400 ? value : value.substring(0, 400);
    }
}
