package dev.countersign.catalog;

import dev.countersign.catalog.Catalog.Problem;
import dev.countersign.identity.Actors;
import java.util.List;
import org.springframework.stereotype.Component;

/** How the capacity of services is told: whoever takes a resource out takes it out of the forecast's sight. */
@Component
class CapacityPolicy extends PolicyFiles {
    CapacityPolicy(FileCatalog catalog, CatalogPolicyStore store, Actors actors) {
        super(ActivePolicy.CAPACITY, catalog, store, actors);
    }

    @Override
    public String name() {
        return "capacity";
    }

    @Override
    List<Problem> faults(List<SourceFile> files) {
        return DeclaredFiles.read(Declaration.CAPACITY, files, List.of()).problems();
    }
}
