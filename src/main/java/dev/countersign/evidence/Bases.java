package dev.countersign.evidence;

import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.reader.Base;
import dev.countersign.evidence.reader.Base.Earlier;
import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseFilter;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * What a contract is compared with: that of the service's last stable release. Only where no stable release has one it is the contract sent to this release
 * with {@code source=base}.
 */
@Component
class Bases {
    private final Releases releases;
    private final EvidenceRepository evidence;
    private final StoredDocuments documents;

    Bases(Releases releases, EvidenceRepository evidence, StoredDocuments documents) {
        this.releases = releases;
        this.evidence = evidence;
        this.documents = documents;
    }

    /** @param named the source as the sender names it; null where the document does */
    Base of(Release release, DocumentType type, String named) {
        return new Base() {
            @Override
            public Earlier of(String producer) {
                String source = named == null || named.isBlank() ? producer : named.strip();
                Earlier stable = ofStable(release, type, source);
                return stable != null ? stable : sent(release, type);
            }

            @Override
            public String service() {
                return release.service();
            }
        };
    }

    private Earlier ofStable(Release release, DocumentType type, String source) {
        ReleaseFilter filter =
                ReleaseFilter.all().ofServices(Set.of(release.service())).inStates(Set.of(ReleaseState.STABLE));
        List<Release> stable = releases.list(filter).stream()
                .filter(one -> !one.key().equals(release.key()))
                .toList();
        Set<String> having = evidence.having(stable.stream().map(Release::key).toList(), type.id(), Base.SOURCE);
        return stable.stream()
                .filter(one -> having.contains(one.key()))
                .findFirst()
                .map(one -> ofStable(one, type, source, major(release.version()) > major(one.version())))
                .orElse(null);
    }

    private Earlier ofStable(Release stable, DocumentType type, String source, boolean newMajor) {
        List<Document> contracts = evidence.current(stable.key(), type.id()).stream()
                .filter(document -> !document.source().equals(Base.SOURCE))
                .toList();
        // A single contract is the service's contract, however its source is called.
        return contracts.stream()
                .filter(document -> contracts.size() == 1 || document.source().equals(source))
                .findFirst()
                .map(document -> earlier(document, stable.key(), newMajor))
                .orElse(null);
    }

    private Earlier sent(Release release, DocumentType type) {
        return evidence.current(release.key(), type.id()).stream()
                .filter(document -> document.source().equals(Base.SOURCE))
                .findFirst()
                .map(document -> earlier(document, "sent as source=base", null))
                .orElse(null);
    }

    private Earlier earlier(Document document, String name, Boolean newMajor) {
        String sha256 = document.sha256();
        return new Earlier(() -> documents.open(sha256), name + " (" + sha256.substring(0, 12) + ")", sha256, newMajor);
    }

    /** The number before the first dot (semver.org); -1 where there is none, so that nothing is announced by it. */
    private static int major(String version) {
        String number = version.replaceFirst("^v", "").replaceFirst("[^0-9].*$", "");
        return number.isEmpty() || number.length() > 9 ? -1 : Integer.parseInt(number);
    }
}
