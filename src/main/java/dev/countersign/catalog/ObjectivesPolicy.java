package dev.countersign.catalog;

import dev.countersign.catalog.Catalog.Problem;
import dev.countersign.identity.Actors;
import java.util.List;
import org.springframework.stereotype.Component;

/** The OpenSLO files. */
@Component
class ObjectivesPolicy extends PolicyFiles {
    ObjectivesPolicy(FileCatalog catalog, CatalogPolicyStore store, Actors actors) {
        super(ActivePolicy.SLO, catalog, store, actors);
    }

    @Override
    public String name() {
        return "objectives";
    }

    @Override
    List<Problem> faults(List<SourceFile> files) {
        return OpenSlo.faults(files);
    }
}
