package dev.countersign.evidence;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.evidence.EvidenceSource.Asked;
import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.release.Release;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** What the platform finds out itself for a service: a document of somebody else would stand beside it, or in its place while it has none. */
@Component
class OnlyWord {
    private final ObjectProvider<EvidenceSource> sources;
    private final Catalog catalog;

    OnlyWord(ObjectProvider<EvidenceSource> sources, Catalog catalog) {
        this.sources = sources;
        this.catalog = catalog;
    }

    /** The source whose documents of this type are the only ones that count for the release. */
    Optional<String> on(Release release, DocumentType type) {
        Asked asked = asked(catalog, release);
        return sources.stream()
                .filter(source -> source.isOnlyWord() && source.types(asked).contains(type.id()))
                .map(EvidenceSource::name)
                .findFirst();
    }

    static Asked asked(Catalog catalog, Release release) {
        return new Asked(
                release, catalog.service(release.service()).map(Service::target).orElse("production"));
    }
}
