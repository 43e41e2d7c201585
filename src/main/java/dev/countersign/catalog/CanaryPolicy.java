package dev.countersign.catalog;

import dev.countersign.catalog.Catalog.Problem;
import dev.countersign.identity.Actors;
import java.util.List;
import org.springframework.stereotype.Component;

/** The canary configurations: whoever takes a metric out of one lets through what it would have stopped. */
@Component
class CanaryPolicy extends PolicyFiles {
    CanaryPolicy(FileCatalog catalog, CatalogPolicyStore store, Actors actors) {
        super(ActivePolicy.CANARY, catalog, store, actors);
    }

    @Override
    public String name() {
        return "canaries";
    }

    @Override
    List<Problem> faults(List<SourceFile> files) {
        return DeclaredFiles.read(Declaration.CANARIES, files, List.of()).problems();
    }
}
