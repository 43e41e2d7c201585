package dev.countersign.catalog;

import dev.countersign.catalog.Catalog.Problem;
import dev.countersign.identity.Actors;
import java.util.List;
import org.springframework.stereotype.Component;

/** The journeys: whoever takes an assertion out of one lets through what it would have stopped. */
@Component
class JourneyPolicy extends PolicyFiles {
    JourneyPolicy(FileCatalog catalog, CatalogPolicyStore store, Actors actors) {
        super(ActivePolicy.JOURNEY, catalog, store, actors);
    }

    @Override
    public String name() {
        return "journeys";
    }

    @Override
    List<Problem> faults(List<SourceFile> files) {
        return DeclaredFiles.read(Declaration.JOURNEYS, files, List.of()).problems();
    }
}
