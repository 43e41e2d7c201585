package dev.countersign.learning.leadtime;

import dev.countersign.catalog.Catalog;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Who is asked for a service's changes. */
@Component
class ChangeSources {
    private final List<ChangeSource> sources;
    private final Catalog catalog;

    ChangeSources(ObjectProvider<ChangeSource> sources, Catalog catalog) {
        this.sources = sources.orderedStream().toList();
        this.catalog = catalog;
    }

    record Located(ChangeSource source, String repository) {}

    boolean areNone() {
        return sources.isEmpty();
    }

    Optional<Located> of(String service) {
        return catalog.service(service).flatMap(one -> sources.stream()
                .flatMap(source -> source.repositoryOf(one).map(where -> new Located(source, where)).stream())
                .findFirst());
    }
}
