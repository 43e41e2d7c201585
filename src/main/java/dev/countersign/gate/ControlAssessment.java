package dev.countersign.gate;

import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.gate.Gates.Check;
import dev.countersign.gate.Gates.Control;
import dev.countersign.release.Release;
import dev.countersign.release.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/**
 * Reads the policy reports of a release by control: of each control the checks that ran and how they went. A control that the service must show and that no check looked at stands in the gate's way.
 * A check that failed stands in its way whatever it shows, so nothing here can make a report better than it is.
 */
@Component
class ControlAssessment implements Assessment {
    /** Required controls that no check looked at. */
    static final String WITHOUT_CHECK = "controlsWithoutCheck";

    private final ControlPolicy policy;

    ControlAssessment(ControlPolicy policy) {
        this.policy = policy;
    }

    @Override
    public boolean concerns(Requirement gate) {
        return gate.gate().equals("infrastructure-compliance");
    }

    @Override
    public Assessed of(Requirement gate, Release release, List<Document> documents) {
        if (documents.isEmpty() || !policy.isThere(release.policy())) {
            return Assessed.unchanged(documents);
        }
        Map<String, Set<String>> mapping = new HashMap<>();
        Map<String, List<Check>> behind = new TreeMap<>();
        List<Document> told = new ArrayList<>();
        for (Document received : documents) {
            Document document = UncountedChecks.without(
                    received, check -> policy.isUncounted(release.policy(), tool(received), check));
            for (Check check : checks(document)) {
                Set<String> shown = mapping.computeIfAbsent(
                        check.tool() + " " + check.id(),
                        key -> policy.shownBy(release.policy(), check.tool(), check.id()));
                shown.forEach(control -> behind.computeIfAbsent(control, key -> new ArrayList<>())
                        .add(check));
            }
            told.add(document.with(document.summary(), findings(document, mapping)));
        }
        Map<String, String> required = policy.required(release);
        List<Control> controls = controls(required, behind);
        List<Control> missing = controls.stream()
                .filter(control -> control.verdict() == Verdict.NO_DATA)
                .toList();
        Document last = told.remove(told.size() - 1);
        told.add(withMissing(last, missing));
        return new Assessed(told, policy.version(release), controls);
    }

    private static String tool(Document document) {
        return String.valueOf(document.details().get("tool"));
    }

    /** What ran, by the report; a check that failed more often than the record lists stays one that failed. */
    private static List<Check> checks(Document document) {
        String tool = tool(document);
        Map<String, Long> failed = new HashMap<>(counts(document.details().get("failedChecks")));
        if (failed.isEmpty()) {
            // Records of earlier versions have their findings only.
            document.findings().stream()
                    .filter(ControlAssessment::isCheck)
                    .forEach(finding -> failed.merge(finding.rule(), 1L, Long::sum));
        }
        Map<String, Long> ran = new TreeMap<>(counts(document.details().get("checks")));
        failed.forEach((check, count) -> ran.merge(check, count, Math::max));
        List<Check> checks = new ArrayList<>();
        ran.forEach((check, count) ->
                checks.add(new Check(tool, check, count, failed.getOrDefault(check, 0L), document.sha256())));
        return checks;
    }

    private static boolean isCheck(Finding finding) {
        return finding.rule() != null
                && (finding.counts().contains("failed") || finding.counts().contains("error"));
    }

    private static Map<String, Long> counts(Object details) {
        Map<String, Long> counts = new TreeMap<>();
        if (details instanceof Map<?, ?> map) {
            map.forEach((check, count) -> {
                if (count instanceof Number number && number.longValue() > 0) {
                    counts.put(String.valueOf(check), number.longValue());
                }
            });
        }
        return counts;
    }

    private static List<Finding> findings(Document document, Map<String, Set<String>> mapping) {
        String tool = tool(document);
        return document.findings().stream()
                .map(finding -> isCheck(finding)
                        ? told(finding, mapping.getOrDefault(tool + " " + finding.rule(), Set.of()))
                        : finding)
                .toList();
    }

    private static Finding told(Finding finding, Set<String> controls) {
        return new Finding(
                finding.id(),
                finding.severity(),
                "%s (%s)"
                        .formatted(
                                finding.title(),
                                controls.isEmpty() ? "of no named control" : String.join(", ", controls)),
                finding.place(),
                finding.counts(),
                finding.rule(),
                finding.component(),
                finding.status(),
                finding.justification(),
                finding.position());
    }

    private static List<Control> controls(Map<String, String> required, Map<String, List<Check>> behind) {
        Set<String> all = new LinkedHashSet<>(required.keySet());
        all.addAll(new TreeSet<>(behind.keySet()));
        return all.stream()
                .map(control -> control(control, required, behind.getOrDefault(control, List.of())))
                .toList();
    }

    private static Control control(String id, Map<String, String> required, List<Check> checks) {
        long failed = checks.stream().mapToLong(Check::failed).sum();
        long ran = checks.stream().mapToLong(Check::ran).sum();
        Verdict verdict = checks.isEmpty() ? Verdict.NO_DATA : failed > 0 ? Verdict.FAIL : Verdict.PASS;
        String sentence = checks.isEmpty()
                ? "No check that shows it ran: the table control-checks names those that do"
                : "%d of %d results of %d checks failed".formatted(failed, ran, checks.size());
        return new Control(id, required.getOrDefault(id, ""), required.containsKey(id), verdict, sentence, checks);
    }

    private static Document withMissing(Document document, List<Control> missing) {
        Map<String, Object> summary = new HashMap<>(document.summary());
        summary.put(WITHOUT_CHECK, (long) missing.size());
        List<Finding> findings = new ArrayList<>(document.findings());
        missing.forEach(control -> findings.add(new Finding(
                "control:" + control.id(),
                "NO_DATA",
                "%s, %s: no check that shows it ran".formatted(control.id(), control.title()),
                "",
                List.of(WITHOUT_CHECK),
                control.id(),
                null,
                null,
                null)));
        return document.with(summary, findings);
    }
}
