package dev.countersign.gate;

import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.gate.LicenceExpression.Ruling;
import dev.countersign.gate.LicenceExpression.Standing;
import dev.countersign.release.Release;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * Holds the licences of a bill of materials against the table of legal. Each component that is denied, worth a look or without a licence is a finding of its own, so that a waiver names it.
 */
@Component
class LicenceAssessment implements Assessment {
    private static final int MOST_FINDINGS = 200;

    private static final Map<Standing, String> COUNTS = new EnumMap<>(Map.of(
            Standing.ALLOWED, "allowed",
            Standing.ADVISE, "advised",
            Standing.UNKNOWN, "unknown",
            Standing.DENIED, "denied"));

    private final LicencePolicy policy;

    LicenceAssessment(LicencePolicy policy) {
        this.policy = policy;
    }

    /** A licence as a document states it, how many components have it, and those that the record lists. */
    private record Stated(String text, long count, List<Place> components, Ruling ruling) {}

    private record Place(String component, String place) {}

    @Override
    public boolean concerns(Requirement gate) {
        return gate.gate().equals("licences");
    }

    @Override
    public Assessed of(Requirement gate, Release release, List<Document> documents) {
        if (!policy.isThere(release.policy())) {
            // Without a table nothing is counted, and a limit on nothing shows nothing.
            return Assessed.unchanged(documents);
        }
        String version = policy.version(release.policy());
        if (!documents.isEmpty() && documents.stream().allMatch(LicenceAssessment::namesNoLicence)) {
            return new Assessed(
                    documents.stream().map(LicenceAssessment::showingNothing).toList(), version, List.of());
        }
        return new Assessed(
                documents.stream()
                        .map(document -> judged(document, release.policy(), version))
                        .toList(),
                version,
                List.of());
    }

    /** What it lists is the release itself, or files and a system as a whole: no component was looked at. */
    private static boolean namesNoLicence(Document document) {
        return document.details().get("licences") instanceof Map<?, ?> licences && licences.isEmpty();
    }

    private static Document showingNothing(Document document) {
        return document.gap() != null
                ? document
                : document.showingNothing("it lists no component that could have a licence, but the one it describes");
    }

    private Document judged(Document document, String policyOfRelease, String version) {
        if (!(document.details().get("licences") instanceof Map<?, ?> licences)) {
            return document;
        }
        Map<Standing, Long> counts = new EnumMap<>(Standing.class);
        List.of(Standing.values()).forEach(standing -> counts.put(standing, 0L));
        List<Stated> notAllowed = new ArrayList<>();
        licences.forEach((text, said) -> {
            Stated stated = stated(String.valueOf(text), said, policyOfRelease);
            counts.merge(stated.ruling().standing(), stated.count(), Long::sum);
            if (stated.ruling().standing() != Standing.ALLOWED) {
                notAllowed.add(stated);
            }
        });
        Map<String, Object> summary = new HashMap<>(document.summary());
        counts.forEach((standing, count) -> summary.put(COUNTS.get(standing), count));
        List<Finding> findings = notAllowed.stream()
                .sorted(Comparator.comparing((Stated one) -> one.ruling().standing())
                        .reversed()
                        .thenComparing(Stated::text))
                .flatMap(one -> one.components().stream().map(component -> finding(one, component, version)))
                .limit(MOST_FINDINGS)
                .toList();
        return document.with(summary, findings);
    }

    private Stated stated(String text, Object said, String policyOfRelease) {
        long count = 0;
        List<Place> components = new ArrayList<>();
        if (said instanceof Map<?, ?> map) {
            count = map.get("count") instanceof Number number ? number.longValue() : 0;
            if (map.get("components") instanceof List<?> list) {
                list.forEach(one -> components.add(place(one)));
            }
        }
        return new Stated(text, count, components, policy.ruling(policyOfRelease, text));
    }

    /** Records of earlier versions name the component only. */
    private static Place place(Object one) {
        return one instanceof Map<?, ?> map
                ? new Place(String.valueOf(map.get("component")), String.valueOf(map.get("place")))
                : new Place(String.valueOf(one), "");
    }

    private static Finding finding(Stated stated, Place at, String version) {
        Ruling ruling = stated.ruling();
        String standing = ruling.standing() == Standing.ADVISE
                ? "worth a look"
                : ruling.standing().name().toLowerCase(Locale.ROOT);
        String licence = ruling.standing() == Standing.UNKNOWN ? "no licence" : stated.text();
        String decisive = stated.text().equals(ruling.licence()) || ruling.standing() == Standing.UNKNOWN
                ? ""
                : " (by " + ruling.licence() + ")";
        return new Finding(
                licence + "@" + at.component(),
                standing,
                "%s: %s%s is %s: %s (%s)"
                        .formatted(at.component(), licence, decisive, standing, ruling.rule(), version),
                at.place(),
                List.of(COUNTS.get(ruling.standing())),
                ruling.licence(),
                at.component(),
                null,
                null);
    }
}
