package dev.countersign.gate.contract;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.evidence.Evidence;
import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.identity.Role;
import dev.countersign.release.Release;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/**
 * The consumers of an API and what they say to changes that break it. Consent counts for the comparison that it was given for and for no other; whoever has not
 * answered has not consented.
 */
@Component
public class Consents {
    private final ConsentRepository repository;
    private final Catalog catalog;
    private final Evidence evidence;

    Consents(ConsentRepository repository, Catalog catalog, Evidence evidence) {
        this.repository = repository;
        this.catalog = catalog;
        this.evidence = evidence;
    }

    /** What was asked for, oldest first, whether it still counts or not. */
    public List<Consent> of(String releaseKey) {
        return repository.of(releaseKey);
    }

    /** What counts: asked for the contracts as they are compared now. */
    public List<Consent> current(String releaseKey) {
        Set<String> compared = evidence.current(releaseKey, Comparison.TYPES).stream()
                .map(Comparison::new)
                .filter(Comparison::breaks)
                .map(Comparison::digest)
                .collect(java.util.stream.Collectors.toSet());
        return compared.isEmpty()
                ? List.of()
                : of(releaseKey).stream()
                        .filter(consent -> compared.contains(consent.comparison()))
                        .toList();
    }

    /** Whether a gate that reads these types depends on consent. */
    public static boolean concern(Collection<String> types) {
        return types.stream().anyMatch(Comparison.TYPES::contains);
    }

    /** Counts, in each contract that breaks somebody, who has consented, who has not yet, and who will not. */
    public List<Document> apply(Release release, List<Document> documents) {
        if (documents.stream().map(Comparison::new).noneMatch(Comparison::breaks)) {
            return documents;
        }
        List<Consent> asked = repository.of(release.key());
        return documents.stream()
                .map(Comparison::new)
                .map(compared -> compared.breaks() ? counted(release, compared, asked) : compared.document())
                .toList();
    }

    private Document counted(Release release, Comparison compared, List<Consent> asked) {
        Map<String, Consent> answers = answers(compared, asked);
        Map<String, String> consumers = consumers(release.service());
        answers.keySet().forEach(consumer -> consumers.putIfAbsent(consumer, ""));
        long given = 0;
        long open = 0;
        long refused = 0;
        List<Finding> findings = new ArrayList<>(compared.document().findings());
        for (String consumer : consumers.keySet()) {
            Consent answer = answers.get(consumer);
            if (answer != null && answer.isGiven()) {
                given++;
            } else if (answer == null || answer.isOpen()) {
                open++;
                findings.add(finding(compared, consumer, "open", consumer + " has not consented yet", "consentsOpen"));
            } else {
                refused++;
                findings.add(finding(compared, consumer, word(answer), words(answer), "consentsRefused"));
            }
        }
        Map<String, Object> summary = new LinkedHashMap<>(compared.document().summary());
        summary.put("consentsGiven", given);
        summary.put("consentsOpen", open);
        summary.put("consentsRefused", refused);
        return with(compared.document(), summary, findings);
    }

    private static Map<String, Consent> answers(Comparison compared, List<Consent> asked) {
        String digest = compared.digest();
        Map<String, Consent> answers = new TreeMap<>();
        asked.stream()
                .filter(consent -> consent.comparison().equals(digest))
                .forEach(consent -> answers.put(consent.consumer(), consent));
        return answers;
    }

    private static String word(Consent answer) {
        return answer.answer().toLowerCase(java.util.Locale.ROOT);
    }

    private static String words(Consent answer) {
        return "SILENT".equals(answer.answer())
                ? answer.consumer() + " did not answer in time: that is no consent"
                : answer.consumer() + " does not consent: " + answer.reason();
    }

    /** The same id however it stands: a waiver of a consent is one of the consent, whatever becomes of it. */
    private static Finding finding(Comparison compared, String consumer, String word, String title, String count) {
        return new Finding(
                "consent:" + consumer + "@" + compared.digest().substring(0, 12),
                word,
                title,
                "",
                List.of(count),
                "consent",
                consumer,
                null,
                null);
    }

    /** Those whom the release's service breaks, with the group that answers for each. Nobody is asked for a service without an owner but the alternate. */
    Map<String, String> consumers(String service) {
        Map<String, String> owners = new TreeMap<>();
        for (Service consumer : catalog.consumersOf(service)) {
            owners.put(consumer.name(), consumer.team() == null ? alternate() : consumer.team());
        }
        return owners;
    }

    /** Who is asked where an owner is silent: whoever answers for what the consumers' users lose. */
    static String alternate() {
        return Role.HEAD_OF_PRODUCT.id();
    }

    private static Document with(Document of, Map<String, Object> summary, List<Finding> findings) {
        return new Document(
                of.sha256(),
                of.type(),
                of.source(),
                of.bytes(),
                of.subject(),
                of.assertedBy(),
                summary,
                of.details(),
                of.complete(),
                of.gap(),
                findings,
                of.receivedAt(),
                of.receivedBy(),
                of.environment());
    }
}
