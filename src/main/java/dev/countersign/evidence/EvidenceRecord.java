package dev.countersign.evidence;

import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.Evidence.EvidenceArrived;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.evidence.EvidenceJudge.Judged;
import dev.countersign.evidence.reader.Base;
import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.evidence.reader.Reading;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Timeline;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Writes what was read, and has it judged, in one transaction that holds the release's row: store and tell, in one order. */
@Service
class EvidenceRecord {
    private final Releases releases;
    private final EvidenceRepository evidence;
    private final Succession succession;
    private final ObjectProvider<EvidenceJudge> judges;
    private final ObjectProvider<LateEvidence> late;
    private final Dossiers dossiers;
    private final Timeline timeline;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    EvidenceRecord(
            Releases releases,
            EvidenceRepository evidence,
            Succession succession,
            ObjectProvider<EvidenceJudge> judges,
            ObjectProvider<LateEvidence> late,
            Dossiers dossiers,
            Timeline timeline,
            ApplicationEventPublisher events,
            Clock clock) {
        this.releases = releases;
        this.evidence = evidence;
        this.succession = succession;
        this.judges = judges;
        this.late = late;
        this.dossiers = dossiers;
        this.timeline = timeline;
        this.events = events;
        this.clock = clock;
    }

    /** @param known whether the same bytes counted already */
    record Receipt(Document document, List<Judged> gates, boolean known) {}

    /**
     * @param actor who sent it
     * @param fetched whether a system was asked for it: what it said before is not told again to those who wait
     * @param live whether it tells how something is now: said again it is young again
     * @param environment of the catalog that the document is about; null where none is named
     */
    record Keeper(String actor, boolean fetched, boolean live, String environment) {}

    @Transactional
    Receipt keep(
            String releaseKey,
            DocumentType type,
            String source,
            ReceivedBody body,
            Reading reading,
            SubjectRule.Subject subject,
            Keeper keeper) {
        Release release = releases.lock(releaseKey);
        boolean over = release.state().isFinal();
        if (over && late.stream().noneMatch(one -> one.isAwaited(release))) {
            throw new StateConflict("%s is %s: it takes no more evidence".formatted(releaseKey, release.state()));
        }
        List<Document> counting = evidence.current(releaseKey, type.id());
        Optional<Document> same = counting.stream()
                .filter(document ->
                        document.source().equals(source) && document.sha256().equals(body.sha256Hex()))
                // Against another base the same contract says something else.
                .filter(document -> Objects.equals(document.gap(), reading.gap())
                        && isOf(document, keeper)
                        && isReadAlike(document.summary(), reading.summary())
                        && Objects.equals(
                                document.details().get("at"), reading.details().get("at"))
                        && Objects.equals(
                                document.details().get("base"),
                                reading.details().get("base")))
                .findFirst();
        if (same.isPresent()) {
            if (keeper.live()) {
                evidence.confirm(releaseKey, same.get(), clock.instant());
            }
            return new Receipt(same.get(), keeper.fetched() ? List.of() : judged(releaseKey, type), true);
        }
        succession.require(release, counting, source, keeper.actor());
        Document document = new Document(
                body.sha256Hex(),
                type.id(),
                source,
                body.bytes(),
                Map.of(subject.kind(), subject.value()),
                subject.assertedBy(),
                reading.summary(),
                reading.details(),
                reading.complete(),
                reading.gap(),
                inTheirDocuments(reading, body.sha256Hex()),
                keeper.live() ? clock.instant() : firstReceived(releaseKey, body.sha256Hex()),
                keeper.actor(),
                keeper.environment());
        evidence.insert(releaseKey, document);
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("type", type.id());
        told.put("source", source);
        told.put("sha256", body.sha256Hex());
        told.put(subject.kind(), subject.value());
        told.put("assertedBy", subject.assertedBy());
        told.put("summary", reading.summary());
        if (keeper.environment() != null) {
            told.put("environment", keeper.environment());
        }
        timeline.record(
                releaseKey,
                "evidence.received",
                keeper.actor(),
                "%s from %s was received for %s %s".formatted(type.words(), source, subject.kind(), subject.value()),
                told);
        List<Judged> judged = judged(releaseKey, type);
        if (!over) {
            // What comes after the fact is judged, and changes nothing that anybody decided on.
            dossiers.changed(releaseKey, "%s from %s was received".formatted(type.words(), source));
        }
        events.publishEvent(new EvidenceArrived(releaseKey, type.id(), body.sha256Hex()));
        return new Receipt(document, judged, false);
    }

    /** What a system brought before environments were recorded is not news. */
    private static boolean isOf(Document document, Keeper keeper) {
        return Objects.equals(document.environment(), keeper.environment())
                || keeper.fetched() && document.environment() == null;
    }

    /** Read by an earlier version of the platform, the same bytes may have said something else. A database keeps no kinds of numbers. */
    private static boolean isReadAlike(Map<String, Object> stored, Map<String, Object> read) {
        return new TreeMap<>(stored).toString().equals(new TreeMap<>(read).toString());
    }

    /** Names for each finding the document that it stands in: this one, or the contract before it. */
    private static List<Finding> inTheirDocuments(Reading reading, String sha256) {
        Object base = reading.details().get(Base.DOCUMENT);
        return reading.findings().stream()
                .map(finding -> finding.in(finding.isInBase() && base != null ? base.toString() : sha256))
                .toList();
    }

    /** Sending the same bytes again does not make them younger. */
    private Instant firstReceived(String releaseKey, String sha256) {
        return evidence.of(releaseKey).stream()
                .filter(document -> document.sha256().equals(sha256))
                .map(Document::receivedAt)
                .findFirst()
                .orElseGet(clock::instant);
    }

    private List<Judged> judged(String releaseKey, DocumentType type) {
        return judges.orderedStream()
                .flatMap(judge -> judge.arrived(releaseKey, type.id()).stream())
                .toList();
    }
}
