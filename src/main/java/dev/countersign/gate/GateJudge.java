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
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Holds the documents of a gate against its limits. Pure: the same documents, limits, waived findings and time give the same
 * verdict. Whatever is missing, unknown, unfinished or too old never passes.
 */
final class GateJudge {
    /** What a document counts that was looked at, and what of that its findings are. */
    private static final List<String> SAMPLE_COUNTS =
            List.of("tests", "results", "components", "checks", "lines", "drills", "statements");

    private static final String SCANNED = "scanned";
    private static final Map<String, String> SAMPLE_WORDS = Map.of(SCANNED, "targets and packages");

    private final Requirement gate;
    private final FindingNames names;
    private final List<Document> documents;
    /** Statements about vulnerabilities excuse what is counted in the scans; a document that rates open vulnerabilities counts itself. */
    private final List<Document> counted;

    private final Thresholds thresholds;
    private final Set<String> waived;
    /** Systems that hold such documents and did not bring them all. */
    private final List<Standing> missing;

    private final Instant now;
    private final List<Breach> breaches = new ArrayList<>();
    private final List<String> held = new ArrayList<>();
    private final List<String> advice = new ArrayList<>();

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
        this.counted = this.documents.stream()
                .filter(document -> !document.type().equals("vex")
                        || Boolean.TRUE.equals(document.details().get("open")))
                .toList();
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
                    "No document of type " + gate.readsInWords() + " has arrived" + whyMissing("; ")));
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

    private String whyMissing(String before) {
        return missing.isEmpty()
                ? ""
                : before + missing.stream().map(Standing::words).collect(Collectors.joining("; "));
    }

    private void checkDocument(Document document) {
        if (!document.complete()) {
            add(Breach.of(
                    Verdict.ERROR,
                    "not-complete:" + document.source(),
                    "not finished",
                    "finished",
                    document.source() + " says itself that it did not finish"
                            + (document.details().get("unfinished") instanceof String what ? ": " + what : ""),
                    document));
        }
        if (document.gap() != null) {
            add(Breach.of(
                    Verdict.NO_DATA,
                    "gap:" + document.source(),
                    "nothing shown",
                    "something shown",
                    "The document of " + document.source() + " shows nothing: " + document.gap(),
                    document));
        }
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
        Instant end = end(document);
        if (end != null && now.isAfter(end)) {
            String until = String.valueOf(document.details().get("validUntil"));
            add(Breach.of(
                    Verdict.NO_DATA,
                    "ended:" + document.source() + ":" + until,
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
        Instant from = since(document);
        if (now.isAfter(from.plus(hours(threshold)))) {
            long age = Duration.between(from, now).toHours();
            add(Breach.of(
                    Verdict.NO_DATA,
                    "stale:" + document.source(),
                    age + " h old",
                    threshold.limitInWords() + " h",
                    "The document of %s is %d hours old, allowed are %s"
                            .formatted(document.source(), age, threshold.limitInWords()),
                    document));
        }
    }

    /** When it arrived, or earlier, where it says when that was done what it tells of. */
    private static Instant since(Document document) {
        try {
            Instant done = document.details().get("at") instanceof String at
                    ? OffsetDateTime.parse(at).toInstant()
                    : document.receivedAt();
            return done.isBefore(document.receivedAt()) ? done : document.receivedAt();
        } catch (DateTimeParseException unknown) {
            return document.receivedAt();
        }
    }

    private void checkValidity(Threshold threshold, Document document) {
        Instant end = end(document);
        if (end != null && threshold.holds(Duration.between(now, end).toSeconds() / 86_400.0)) {
            held.add("valid until " + document.details().get("validUntil"));
        } else if (end == null || !now.isAfter(end)) {
            String until =
                    end == null ? "no day" : String.valueOf(document.details().get("validUntil"));
            add(Breach.of(
                    Verdict.NO_DATA,
                    "validity:" + document.source() + ":" + until,
                    "valid until " + until,
                    threshold.limitInWords() + " days",
                    "The document of %s is valid until %s, wanted are %s days more"
                            .formatted(document.source(), until, threshold.limitInWords()),
                    document));
        }
    }

    /** The end of the last day on which it counts, as its author means it. */
    private static Instant end(Document document) {
        try {
            return document.details().get("validUntil") instanceof String day
                    ? LocalDate.parse(day)
                            .plusDays(1)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant()
                    : null;
        } catch (DateTimeParseException unknown) {
            return null;
        }
    }

    private void checkCount(Threshold threshold) {
        counted.stream()
                .filter(document -> isImpossible(count(document, threshold.metric())))
                .forEach(document -> add(Breach.of(
                        Verdict.ERROR,
                        "no-number:" + threshold.metric() + ":" + document.source(),
                        String.valueOf(count(document, threshold.metric())),
                        threshold.limitInWords(),
                        "The document of %s gives %s for %s, which is no count"
                                .formatted(document.source(), count(document, threshold.metric()), threshold.metric()),
                        document)));
        if (counted.stream().noneMatch(document -> isCounted(document, threshold))) {
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
        double value = threshold.share() == null ? sum(threshold.metric()) : share(threshold);
        List<Finding> behind = counted.stream()
                .flatMap(document -> document.findings().stream())
                .filter(finding -> finding.counts().contains(threshold.metric()))
                .toList();
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
            held.add(words);
        } else if (threshold.isAdvice()) {
            advice.add(words);
        } else if (threshold.isAtLeast()) {
            add(Breach.of(
                    Verdict.valueOf(threshold.breach()),
                    "limit:" + threshold.metric(),
                    threshold.metric() + " " + threshold.say(value),
                    threshold.limitInWords(),
                    words + ": " + threshold.meaning(),
                    counting(threshold)));
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
                counted.stream()
                        .filter(document -> isLonger(document, metric))
                        .findFirst()
                        .map(document -> new Position(1, null, null, document.sha256()))
                        .orElse(null));
    }

    /** Whether it counts more than its record lists: there the others stand. */
    private boolean isLonger(Document document, String metric) {
        Number all = count(document, metric);
        return all != null
                && all.doubleValue()
                        > document.findings().stream()
                                .filter(finding -> finding.counts().contains(metric))
                                .count();
    }

    private boolean isCounted(Document document, Threshold threshold) {
        return threshold.share() == null
                ? count(document, threshold.metric()) != null
                : total(document, threshold.share()) > 0;
    }

    /** The one document that counts it; null where there are several. */
    private Document counting(Threshold threshold) {
        List<Document> counting = counted.stream()
                .filter(document -> isCounted(document, threshold))
                .toList();
        return counting.size() == 1 ? counting.get(0) : null;
    }

    private double sum(String metric) {
        return counted.stream()
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

    private double total(Document document, String share) {
        return Stream.of("Covered", "Missed")
                .map(part -> count(document, share + part))
                .filter(Objects::nonNull)
                .mapToDouble(Number::doubleValue)
                .sum();
    }

    private Number count(Document document, String metric) {
        if (metric.startsWith("suite ")) {
            return document.details().get("suites") instanceof Map<?, ?> suites
                            && suites.get(metric.substring("suite ".length())) instanceof Number passed
                    ? passed
                    : Integer.valueOf(0);
        }
        return document.summary().get(metric) instanceof Number number ? number : null;
    }

    /** Less than none, or no number: whatever it is compared with would hold. */
    private static boolean isImpossible(Number count) {
        return count != null && !(count.doubleValue() >= 0 && count.doubleValue() < Double.POSITIVE_INFINITY);
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
        Set<Finding> findings = new LinkedHashSet<>();
        breaches.forEach(breach -> findings.addAll(breach.findings()));
        return new Judgement(
                gravest == null ? Verdict.PASS : gravest.verdict(),
                cut(gravest == null ? String.join(", ", held.stream().limit(3).toList()) : gravest.value()),
                gravest == null ? null : gravest.limit(),
                sample(),
                thresholds.version(),
                sentence(),
                digests.isEmpty() ? null : digests.get(digests.size() - 1),
                digests,
                List.copyOf(findings),
                controls,
                validUntil());
    }

    private static String cut(String value) {
        return value == null || value.length() <= 400 ? value : value.substring(0, 400);
    }

    private String sentence() {
        String what = breaches.isEmpty()
                ? "Holds: " + String.join(", ", held)
                : breaches.stream().map(Breach::sentence).limit(5).collect(Collectors.joining("; "));
        String said = (advice.isEmpty() ? "" : "; worth a look: " + String.join(", ", advice))
                + (documents.isEmpty() ? "" : whyMissing("; "));
        String sample =
                sample() == null ? "" : " in " + sample() + " " + SAMPLE_WORDS.getOrDefault(sampleWord(), sampleWord());
        String seen = documents.isEmpty()
                ? ""
                : ", document "
                        + documents.stream()
                                .map(document -> document.sha256().substring(0, 12) + " of " + document.source())
                                .limit(3)
                                .collect(Collectors.joining(", "));
        return "%s%s%s%s (%s%s)".formatted(what, said, excused(), sample, thresholds.version(), seen);
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

    private Long sample() {
        return sampleWord() == null
                ? null
                : Long.valueOf(counted.stream()
                        .map(document -> document.summary().get(sampleWord()))
                        .filter(Number.class::isInstance)
                        .mapToLong(count -> ((Number) count).longValue())
                        .sum());
    }

    private String sampleWord() {
        // A report may count checks of another gate beside what it scanned for this one.
        boolean scan = thresholds.rows().stream().anyMatch(row -> row.metric().equals(SCANNED));
        return (scan ? Stream.of("components", SCANNED) : SAMPLE_COUNTS.stream())
                .filter(count ->
                        counted.stream().anyMatch(document -> document.summary().containsKey(count)))
                .findFirst()
                .orElse(null);
    }

    private Instant validUntil() {
        Stream<Instant> byAge = thresholds.rows().stream()
                .filter(threshold -> threshold.isAge() && threshold.isUnderstood())
                .flatMap(age ->
                        documents.stream().map(document -> since(document).plus(hours(age))));
        Stream<Instant> byThemselves = documents.stream().map(GateJudge::end).filter(Objects::nonNull);
        return Stream.concat(byAge, byThemselves).min(Comparator.naturalOrder()).orElse(null);
    }

    private static Duration hours(Threshold threshold) {
        return Duration.ofSeconds((long) (threshold.limit() * 3600));
    }
}
