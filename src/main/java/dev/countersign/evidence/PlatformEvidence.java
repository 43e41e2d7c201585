package dev.countersign.evidence;

import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.reader.DocumentReader;
import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.evidence.reader.Reading;
import dev.countersign.evidence.reader.Unreadable;
import dev.countersign.identity.Actors;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Keeps documents that the platform made itself as it keeps those that it receives: by digest, read by the same readers, judged by the same gates. */
@Component
public class PlatformEvidence {
    /** No sender may name a source that begins so: it would take the place of what the platform measured. */
    static final String SOURCE = "platform:";

    private final Releases releases;
    private final Map<DocumentType, DocumentReader> readers;
    private final SubjectRule subjects;
    private final EnvironmentRule environments;
    private final StoredDocuments documents;
    private final EvidenceRecord record;
    private final long limit;

    PlatformEvidence(
            Releases releases,
            List<DocumentReader> readers,
            SubjectRule subjects,
            EnvironmentRule environments,
            StoredDocuments documents,
            EvidenceRecord record,
            EvidenceProperties properties) {
        this.releases = releases;
        this.readers =
                new TreeMap<>(readers.stream().collect(Collectors.toMap(DocumentReader::type, reader -> reader)));
        this.subjects = subjects;
        this.environments = environments;
        this.documents = documents;
        this.record = record;
        this.limit = properties.limit().toBytes();
    }

    /**
     * What people answered on a form of the platform, in the format that others send.
     *
     * @param type in the HTTP contract, for example {@code dpia}
     * @param what names the source: a later document of it takes the place of the earlier one
     * @return its digest
     */
    public String keep(String releaseKey, String type, String what, byte[] content) throws IOException {
        return keep(releaseKey, DocumentType.of(type).orElseThrow(), what, content);
    }

    /**
     * @param what names the source: a later document of it takes the place of the earlier one
     * @return its digest
     */
    public String keep(String releaseKey, DocumentType type, String what, byte[] content) throws IOException {
        try (ReceivedBody body = ReceivedBody.receive(new ByteArrayInputStream(content), limit)) {
            Reading reading = readers.get(type).read(body);
            Release release = releases.get(releaseKey);
            var subject = subjects.decide(release, reading.stated(), null);
            String measured = type == DocumentType.MIGRATION_CHECK ? release.environment() : null;
            documents.store(body);
            var keeper =
                    new EvidenceRecord.Keeper(Actors.PLATFORM, false, false, environments.known(measured, reading));
            return record.keep(releaseKey, type, source(what), body, reading, subject, keeper)
                    .document()
                    .sha256();
        } catch (Unreadable fault) {
            throw new IllegalStateException("A document of our own breaks its format at " + fault.place(), fault);
        }
    }

    /** Measured while the release rolled out: what nobody could have decided on before. */
    public static boolean isOfRollout(Document document) {
        return document.source().startsWith(SOURCE)
                && document.receivedBy().equals(Actors.PLATFORM)
                && Set.of("before", "after")
                        .contains(String.valueOf(document.details().get("phase")));
    }

    public static String source(String what) {
        return SOURCE + " " + what;
    }
}
