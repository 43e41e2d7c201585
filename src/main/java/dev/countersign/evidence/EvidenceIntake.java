package dev.countersign.evidence;

import dev.countersign.api.Problem;
import dev.countersign.evidence.EvidenceSource.Fetched;
import dev.countersign.evidence.reader.Base;
import dev.countersign.evidence.reader.Detection;
import dev.countersign.evidence.reader.DocumentReader;
import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.evidence.reader.Reading;
import dev.countersign.evidence.reader.Unreadable;
import dev.countersign.identity.Actors;
import dev.countersign.identity.Role;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Timeline;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;

/** Takes documents in: receives, reads, finds the subject, and only then stores. A refused attempt is in the timeline. */
@Service
class EvidenceIntake {
    private static final Set<String> ENCODINGS = Set.of("gzip", "x-gzip", "identity");
    private static final Role[] SENDERS = {
        Role.CI,
        Role.DEVELOPER,
        Role.QA,
        Role.SECURITY,
        Role.HEAD_OF_SECURITY,
        Role.OPERATIONS,
        Role.HEAD_OF_OPERATIONS,
        Role.SRE,
        Role.COMPLIANCE,
        Role.PRIVACY,
        Role.LEGAL,
        Role.PRODUCT,
        Role.RELEASE_MANAGER
    };

    private final Releases releases;
    private final Map<DocumentType, DocumentReader> readers;
    private final Detection detection;
    private final SubjectRule subjects;
    private final EnvironmentRule environments;
    private final Bases bases;
    private final StoredDocuments documents;
    private final EvidenceRecord record;
    private final Succession succession;
    private final Timeline timeline;
    private final Actors actors;
    private final ObjectProvider<EvidenceSource> systems;
    private final OnlyWord onlyWord;
    private final ObjectProvider<LateEvidence> late;
    private final long limit;

    EvidenceIntake(
            Releases releases,
            List<DocumentReader> readers,
            Detection detection,
            SubjectRule subjects,
            EnvironmentRule environments,
            Bases bases,
            StoredDocuments documents,
            EvidenceRecord record,
            Succession succession,
            Timeline timeline,
            Actors actors,
            ObjectProvider<EvidenceSource> systems,
            OnlyWord onlyWord,
            ObjectProvider<LateEvidence> late,
            EvidenceProperties properties) {
        this.releases = releases;
        this.readers =
                new TreeMap<>(readers.stream().collect(Collectors.toMap(DocumentReader::type, reader -> reader)));
        this.detection = detection;
        this.subjects = subjects;
        this.environments = environments;
        this.bases = bases;
        this.documents = documents;
        this.record = record;
        this.succession = succession;
        this.timeline = timeline;
        this.actors = actors;
        this.systems = systems;
        this.onlyWord = onlyWord;
        this.late = late;
        this.limit = properties.limit().toBytes();
    }

    /** What the sender says about the body; each may be null. */
    record Claim(String type, String source, String commit, String environment, String encoding) {}

    /** @param announced the body's length by its header; -1 where it says none */
    EvidenceRecord.Receipt receive(String releaseKey, Claim claim, long announced, InputStream body)
            throws IOException {
        Release release = releases.get(releaseKey);
        Map<String, Object> detail = new LinkedHashMap<>();
        put(detail, "type", claim.type());
        put(detail, "source", claim.source());
        put(detail, "commit", claim.commit());
        put(detail, "environment", claim.environment());
        try {
            actors.require(SENDERS);
            subjects.mayAssert(claim.commit());
            requireReadable(claim.encoding());
            return receive(release, claim, null, announced, body, detail);
        } catch (Problem refusal) {
            throw refused(releaseKey, actors.current(), refusal, detail);
        }
    }

    /** What a system gave when it was asked; what it is about is that system's own statement, or the document's. */
    EvidenceRecord.Receipt fetched(String releaseKey, String system, Fetched fetched) throws IOException {
        Release release = releases.get(releaseKey);
        Map<String, Object> detail = new LinkedHashMap<>();
        put(detail, "type", fetched.type());
        String source = OwnSources.of(system, fetched.part());
        put(detail, "source", source);
        try (InputStream body = fetched.body().open()) {
            return receive(
                    release,
                    new Claim(fetched.type(), source, null, fetched.environment(), null),
                    new Asserted(system, fetched.about(), fetched.live()),
                    -1,
                    body,
                    detail);
        } catch (Problem refusal) {
            throw refused(releaseKey, Actors.PLATFORM, refusal, detail);
        }
    }

    /** Gzip is told by its first bytes, whatever the header says; anything else could only be taken for the document. */
    private static void requireReadable(String encoding) {
        if (encoding != null
                && !encoding.isBlank()
                && !ENCODINGS.contains(encoding.strip().toLowerCase(Locale.ROOT))) {
            throw Problem.of(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                    "The content encoding '%s' is not read: send the document as it is, or with gzip"
                            .formatted(encoding.strip()),
                    Map.of("acceptEncoding", "gzip, identity"));
        }
    }

    /** @param about null where only the document says what it is about */
    private record Asserted(String by, EvidenceSource.About about, boolean live) {}

    private Problem refused(String releaseKey, String actor, Problem refusal, Map<String, Object> detail) {
        mismatch(refusal).forEach(detail::putIfAbsent);
        timeline.refused(
                releaseKey,
                "evidence.refused",
                actor,
                "A document was refused and counts for nothing: " + refusal.getMessage(),
                detail);
        return refusal;
    }

    private EvidenceRecord.Receipt receive(
            Release release, Claim claim, Asserted system, long announced, InputStream body, Map<String, Object> detail)
            throws IOException {
        if (release.state().isFinal() && late.stream().noneMatch(one -> one.isAwaited(release))) {
            throw new StateConflict("%s is %s: it takes no more evidence".formatted(release.key(), release.state()));
        }
        if (claim.source() != null && claim.source().strip().startsWith(PlatformEvidence.SOURCE)) {
            throw Problem.invalid(
                    "/source", "What begins with " + PlatformEvidence.SOURCE + " was measured by the platform itself");
        }
        DocumentType named = claim.type() == null ? null : typeNamed(claim.type());
        if (announced > limit) {
            throw ReceivedBody.tooLarge(limit);
        }
        try (ReceivedBody document = ReceivedBody.receive(body, limit)) {
            detail.put("sha256", document.sha256Hex());
            detail.put("bytes", document.bytes());
            DocumentType type = named;
            try {
                type = named == null ? detected(document) : named;
                if (system == null && type.isOwn()) {
                    throw Problem.invalid(
                            "/type",
                            "%s is not sent: the platform asks for it, or makes it, itself".formatted(type.words()));
                }
                requireNobodyElses(release, type, system);
                Reading reading = Base.SOURCE.equals(claim.source())
                        ? readers.get(type).read(document)
                        : readers.get(type).read(document, bases.of(release, type, claim.source()));
                if (system == null) {
                    succession.requireEntitled(release, type, reading);
                }
                var subject = system == null
                        ? subjects.decide(release, reading.stated(), claim.commit())
                        : subjects.decide(release, reading.stated(), system.about(), system.by());
                String source = claim.source() == null || claim.source().isBlank()
                        ? reading.producer()
                        : claim.source().strip();
                if (system == null && OwnSources.isOne(systems, source)) {
                    throw Problem.invalid(
                            "/source",
                            "'%s' is what the platform asks for itself: name another source".formatted(source));
                }
                String environment = system == null
                        ? environments.decide(type, claim.environment(), reading)
                        : environments.known(claim.environment(), reading);
                documents.store(document);
                var kept = system == null
                        ? new EvidenceRecord.Keeper(actors.current(), false, false, environment)
                        : new EvidenceRecord.Keeper(Actors.PLATFORM, true, system.live(), environment);
                String whole = system == null
                        ? EnvironmentRule.source(GitlabScan.source(type, source, reading), claim.environment(), reading)
                        : source;
                return record.keep(release.key(), type, whole, document, reading, subject, kept);
            } catch (Unreadable fault) {
                detail.put("place", fault.place());
                throw Problem.of(
                        HttpStatus.UNPROCESSABLE_ENTITY,
                        "The document cannot be read as %s: %s (%s)"
                                .formatted(
                                        type == null ? "any known type" : type.words(),
                                        fault.getMessage(),
                                        fault.place()),
                        Map.of("place", fault.place()));
            }
        }
    }

    /** Both values of a refused subject. */
    private static Map<String, Object> mismatch(Problem refusal) {
        Map<String, Object> properties = refusal.getBody().getProperties();
        return properties != null && properties.containsKey("stated") ? properties : Map.of();
    }

    private DocumentType detected(ReceivedBody document) throws IOException, Unreadable {
        return detection
                .typeOf(document)
                .orElseThrow(() -> Problem.invalid(
                        "/type", "What this document is cannot be told from its content. " + supportedWords()));
    }

    private DocumentType typeNamed(String id) {
        return DocumentType.of(id)
                .orElseThrow(
                        () -> Problem.invalid("/type", "There is no document type '" + id + "'. " + supportedWords()));
    }

    private void requireNobodyElses(Release release, DocumentType type, Asserted system) {
        onlyWord.on(release, type)
                .filter(source -> system == null || !source.equals(system.by()))
                .ifPresent(source -> {
                    throw Problem.invalid(
                            "/type",
                            "%s is not sent for %s: the platform finds it out itself (%s)"
                                    .formatted(type.words(), release.service(), source));
                });
    }

    private String supportedWords() {
        return "Supported are "
                + readers.keySet().stream()
                        .filter(type -> !type.isOwn())
                        .map(DocumentType::id)
                        .collect(Collectors.joining(" and "));
    }

    private static void put(Map<String, Object> detail, String name, String value) {
        if (value != null) {
            detail.put(name, value.length() > 200 ? value.substring(0, 200) : value);
        }
    }
}
