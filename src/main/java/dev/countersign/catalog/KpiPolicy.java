package dev.countersign.catalog;

import dev.countersign.catalog.Catalog.Problem;
import dev.countersign.identity.Actors;
import java.util.List;
import org.springframework.stereotype.Component;

/** The business figures: whoever widens what is tolerated lets through what it would have stopped. */
@Component
class KpiPolicy extends PolicyFiles {
    KpiPolicy(FileCatalog catalog, CatalogPolicyStore store, Actors actors) {
        super(ActivePolicy.KPI, catalog, store, actors);
    }

    @Override
    public String name() {
        return "kpis";
    }

    @Override
    List<Problem> faults(List<SourceFile> files) {
        return DeclaredFiles.read(Declaration.KPIS, files, List.of()).problems();
    }
}
