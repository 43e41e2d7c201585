package dev.countersign.evidence;

import dev.countersign.evidence.Evidence.Document;
import dev.countersign.release.DossierPart;
import dev.countersign.release.Release;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/** The set of documents that count, by type: {@code evidence.junit}, {@code evidence.sarif}; what was measured during the rollout apart, {@code evidence.migration-check.rollout}. */
@Component
class EvidenceParts implements DossierPart {
    private final Evidence evidence;

    EvidenceParts(Evidence evidence) {
        this.evidence = evidence;
    }

    private static String part(Document document) {
        return "evidence." + document.type() + (PlatformEvidence.isOfRollout(document) ? ".rollout" : "");
    }

    @Override
    public Map<String, Object> of(Release release) {
        Map<String, Map<String, String>> bySource = new TreeMap<>();
        for (Document document : evidence.of(release.key())) {
            bySource.computeIfAbsent(part(document), part -> new TreeMap<>()).put(document.source(), document.sha256());
        }
        return new TreeMap<>(bySource);
    }
}
