package dev.countersign.catalog;

import dev.countersign.catalog.Catalog.Problem;
import dev.countersign.identity.Actors;
import java.util.List;
import org.springframework.stereotype.Component;

/** The integrity checks of databases: they decide whether a migration stays, and they run on production. */
@Component
class IntegrityPolicy extends PolicyFiles {
    IntegrityPolicy(FileCatalog catalog, CatalogPolicyStore store, Actors actors) {
        super(ActivePolicy.INTEGRITY, catalog, store, actors);
    }

    @Override
    public String name() {
        return "integrity-checks";
    }

    @Override
    List<Problem> faults(List<SourceFile> files) {
        return DeclaredFiles.read(Declaration.INTEGRITY, files, List.of()).problems();
    }
}
