package dev.countersign.gate;

import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.Evidence.Finding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The findings of all documents of a gate, each under a name that no other has, and what a waiver of it remembers: the document's type and source beside the name, for the
 * next document of another source may have a finding of the same name.
 */
final class FindingNames {
    /** Scanners that name the same vulnerability of the same package mean the same; equal names of tests or resources do not. */
    private static final Set<String> OF_PACKAGES =
            Set.of("trivy", "grype", "dependency-check", "cyclonedx", "vex", "npm-audit", "osv-scanner");

    private final List<Document> documents;
    private final Map<String, String> references = new HashMap<>();
    /** Whether a bare name can mean one document only: waivers that remember no source hold there. */
    private final boolean single;

    FindingNames(List<Document> received) {
        List<Document> apart = received.stream()
                .map(document -> replaced(document, Finding.apart(document.findings())))
                .toList();
        single = apart.stream()
                        .filter(document -> !OF_PACKAGES.contains(document.type()))
                        .count()
                <= 1;
        Map<String, Long> owners = apart.stream()
                .flatMap(document -> document.findings().stream()
                        .filter(finding -> !isShared(document, finding))
                        .map(Finding::id)
                        .distinct())
                .collect(Collectors.groupingBy(id -> id, Collectors.counting()));
        Set<String> taken = new HashSet<>(owners.keySet());
        documents =
                apart.stream().map(document -> named(document, owners, taken)).toList();
    }

    private Document named(Document document, Map<String, Long> owners, Set<String> taken) {
        List<Finding> named = new ArrayList<>();
        for (Finding finding : document.findings()) {
            String name = finding.id();
            if (!isShared(document, finding)) {
                if (owners.get(finding.id()) > 1) {
                    name = finding.id() + "~" + document.source();
                    while (!taken.add(name)) {
                        name = String.join("~", name, document.type());
                    }
                }
                references.put(name, reference(document, finding.id()));
            }
            named.add(name.equals(finding.id()) ? finding : finding.named(name));
        }
        return replaced(document, named);
    }

    private static Document replaced(Document document, List<Finding> findings) {
        return findings.equals(document.findings()) ? document : document.with(document.summary(), findings);
    }

    private static boolean isShared(Document document, Finding finding) {
        return OF_PACKAGES.contains(document.type()) && (finding.rule() == null || finding.namesPackage());
    }

    private static String reference(Document document, String id) {
        return document.type() + "\n" + document.source() + "\n" + id;
    }

    /** The name of a finding in its own document. */
    static String own(String reference) {
        return reference.substring(reference.lastIndexOf('\n') + 1);
    }

    List<Document> documents() {
        return documents;
    }

    /** What a waiver of the finding remembers. */
    String reference(String name) {
        return references.getOrDefault(name, name);
    }

    boolean isWaived(Finding finding, Set<String> waived) {
        String reference = reference(finding.id());
        return waived.contains(reference) || (single && waived.contains(finding.id()));
    }
}
