package dev.countersign.catalog;

import dev.countersign.catalog.Catalog.Problem;
import dev.countersign.identity.Actors;
import java.util.List;
import org.springframework.stereotype.Component;

/** What of a service has to be rotated: whoever takes an endpoint out takes it out of the gate's sight. */
@Component
class RotationPolicy extends PolicyFiles {
    RotationPolicy(FileCatalog catalog, CatalogPolicyStore store, Actors actors) {
        super(ActivePolicy.ROTATION, catalog, store, actors);
    }

    @Override
    public String name() {
        return "rotation";
    }

    @Override
    List<Problem> faults(List<SourceFile> files) {
        return DeclaredFiles.read(Declaration.ROTATION, files, List.of()).problems();
    }
}
