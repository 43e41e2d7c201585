package dev.countersign.evidence;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.countersign.evidence.reader.Digests;
import dev.countersign.evidence.reader.DocumentType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What has been received for a release and counts. */
public interface Evidence {
    List<Document> of(String releaseKey);

    /** The newest document of a type (and source, where given) that speaks of this release. */
    Optional<Document> newest(String releaseKey, String type);

    /** What counts of a type: the newest document of each source. A later document replaces an earlier one of the same source only. */
    List<Document> current(String releaseKey, String type);

    /** Whether pipelines and people send documents of this type; others the platform brings itself. */
    static boolean isSent(String type) {
        return DocumentType.of(type).filter(known -> !known.isOwn()).isPresent();
    }

    /** What counts of several types: the newest document of each type and source. */
    List<Document> current(String releaseKey, Collection<String> types);

    /**
     * @param source who wrote it or what it covers: as the sender names it, else as the document does
     * @param subject what it is about: commit, digest or version
     * @param assertedBy {@code document} or the service account that asserted the subject
     * @param summary counts, as in the HTTP contract
     * @param details what gates ask beyond the counts, for example the passed cases of each suite
     * @param complete false where the tool itself says that it did not finish
     * @param gap why it says less than it should (no test cases, a run without results); null where nothing is missing
     * @param environment of the catalog that it is about; null where nobody named one
     */
    record Document(
            String sha256,
            String type,
            String source,
            long bytes,
            Map<String, String> subject,
            String assertedBy,
            Map<String, Object> summary,
            Map<String, Object> details,
            boolean complete,
            String gap,
            List<Finding> findings,
            Instant receivedAt,
            String receivedBy,
            @JsonInclude(JsonInclude.Include.NON_NULL) String environment) {
        /** What tells its gap from every other: under the same source something else may show nothing another time, for another reason, and nobody has accepted that. */
        public String gapName() {
            return "gap:" + source + "@" + Digests.brief(type + "\n" + gap);
        }

        /** The same document where a gate does not take it for what it asks for. */
        public Document showingNothing(String because) {
            return new Document(
                    sha256,
                    type,
                    source,
                    bytes,
                    subject,
                    assertedBy,
                    summary,
                    details,
                    complete,
                    because,
                    findings,
                    receivedAt,
                    receivedBy,
                    environment);
        }

        /** The same document as a gate judges it: what was read stays stored as it was. What a gate finds in it stands in it. */
        public Document with(Map<String, Object> otherSummary, List<Finding> otherFindings) {
            return new Document(
                    sha256,
                    type,
                    source,
                    bytes,
                    subject,
                    assertedBy,
                    otherSummary,
                    details,
                    complete,
                    gap,
                    otherFindings.stream()
                            .map(finding -> finding.position() == null
                                            || finding.position().document() != null
                                    ? finding
                                    : finding.in(sha256))
                            .toList(),
                    receivedAt,
                    receivedBy,
                    environment);
        }

        /** The same document with something that a gate found out about it. */
        public Document with(String detail, Object value) {
            Map<String, Object> otherDetails = new HashMap<>(details);
            otherDetails.put(detail, value);
            return new Document(
                    sha256,
                    type,
                    source,
                    bytes,
                    subject,
                    assertedBy,
                    summary,
                    otherDetails,
                    complete,
                    gap,
                    findings,
                    receivedAt,
                    receivedBy,
                    environment);
        }
    }

    /**
     * @param id stable over documents: rule and place, or the test's name
     * @param place where in the document and in the code it stands; the first 200 findings are kept, the document has them all
     * @param counts the counts of the summary that it is part of
     * @param rule the vulnerability (CVE, GHSA) or the check that it is an instance of; null where the id says it
     * @param component the package URL, or the resource that was looked at; null where none
     * @param status what the document says of it in the words of VEX, for example {@code under_investigation}; null where nothing
     * @param justification why, where the document says so; null where not
     * @param position where in a stored document it stands, from the place; null where the place names no line
     * @param aliases other names of the vulnerability (the CVE of a GHSA, a vendor's advisory); empty where the document names none
     */
    record Finding(
            String id,
            String severity,
            String title,
            String place,
            List<String> counts,
            String rule,
            String component,
            String status,
            String justification,
            Position position,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> aliases) {
        /** By which vulnerabilities are counted. */
        private static final Set<String> SEVERITIES = Set.of("critical", "high", "medium", "low", "unknown");

        public Finding {
            position = position == null ? Position.in(place) : position;
            aliases = aliases == null ? List.of() : List.copyOf(aliases);
        }

        /** Under one name only. */
        public Finding(
                String id,
                String severity,
                String title,
                String place,
                List<String> counts,
                String rule,
                String component,
                String status,
                String justification,
                Position position) {
            this(id, severity, title, place, counts, rule, component, status, justification, position, List.of());
        }

        /** With the position that the place names. */
        public Finding(
                String id,
                String severity,
                String title,
                String place,
                List<String> counts,
                String rule,
                String component,
                String status,
                String justification) {
            this(id, severity, title, place, counts, rule, component, status, justification, null);
        }

        /** A finding that is neither a vulnerability nor a failed check. */
        public Finding(String id, String severity, String title, String place, List<String> counts) {
            this(id, severity, title, place, counts, null, null, null, null);
        }

        /** Whether it stands in the contract before the one that was sent. */
        boolean isInBase() {
            return place != null && place.startsWith(Position.BEFORE);
        }

        /** The same finding under another name. */
        public Finding named(String otherId) {
            return new Finding(
                    otherId, severity, title, place, counts, rule, component, status, justification, position, aliases);
        }

        /** The same vulnerability of the same package is the same finding, wherever in the image the package lies. */
        public boolean namesPackage() {
            return rule != null
                    && component != null
                    && !component.isEmpty()
                    && id.equals(rule + "@" + component)
                    && SEVERITIES.contains(severity)
                    && counts.equals(List.of(severity));
        }

        /**
         * Those with the same id told apart by what they say, never by their order: who names one names no other, also where one of them is fixed. Of those that say the
         * same, which one is left cannot be known; their number is part of the name, so that nothing that was said of them holds for another number.
         */
        public static List<Finding> apart(List<Finding> findings) {
            Map<String, Long> ids = findings.stream()
                    .filter(finding -> !finding.namesPackage())
                    .collect(Collectors.groupingBy(Finding::id, Collectors.counting()));
            Map<String, Long> told = findings.stream()
                    .filter(finding -> ids.getOrDefault(finding.id(), 0L) > 1)
                    .collect(Collectors.groupingBy(Finding::told, Collectors.counting()));
            Map<String, Integer> given = new HashMap<>();
            List<Finding> apart = new ArrayList<>(findings.size());
            for (Finding finding : findings) {
                String name = finding.told();
                if (finding.namesPackage() || ids.get(finding.id()) == 1) {
                    apart.add(finding);
                } else if (told.get(name) == 1) {
                    apart.add(finding.named(name));
                } else {
                    apart.add(finding.named(name + "~" + given.merge(name, 1, Integer::sum) + "of" + told.get(name)));
                }
            }
            return List.copyOf(apart);
        }

        private String told() {
            return id + "~" + Digests.brief(severity + "\n" + title + "\n" + component);
        }

        /** As it stands in this document. */
        Finding in(String sha256) {
            return position == null
                    ? this
                    : new Finding(
                            id,
                            severity,
                            title,
                            place,
                            counts,
                            rule,
                            component,
                            status,
                            justification,
                            position.of(sha256),
                            aliases);
        }
    }

    /** In memory, in the transaction that found it: the migration of a deployed candidate left the database in a state that it may not be in. */
    record DatabaseBroken(String releaseKey, String because) {}

    /** In memory, in the transaction that stored it. */
    record EvidenceArrived(String releaseKey, String type, String sha256) {}
}
