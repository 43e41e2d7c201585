package dev.countersign.catalog;

import dev.countersign.catalog.Catalog.Problem;
import dev.countersign.identity.Actors;
import dev.countersign.workflow.PolicySource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files of the catalog whose change a second person approves. A file with a fault is offered as it is in force, so that it neither counts as
 * removed nor holds up the others.
 */
abstract class PolicyFiles implements PolicySource {
    private final String kind;
    private final FileCatalog catalog;
    private final CatalogPolicyStore store;
    private final Actors actors;

    PolicyFiles(String kind, FileCatalog catalog, CatalogPolicyStore store, Actors actors) {
        this.kind = kind;
        this.catalog = catalog;
        this.store = store;
        this.actors = actors;
    }

    /** What keeps the files from taking effect. */
    abstract List<Problem> faults(List<SourceFile> files);

    @Override
    public Map<String, byte[]> files() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        List<String> broken = catalog.broken(kind);
        if (!broken.isEmpty()) {
            store.activeVersions().stream()
                    .filter(version -> version.key().kind().equals(kind))
                    .filter(version -> broken.contains(version.key().name()))
                    .forEach(version ->
                            files.put(version.key().name(), version.file().content()));
        }
        catalog.proposed(kind).forEach(file -> files.put(file.name(), file.content()));
        return files;
    }

    @Override
    public List<String> problems(Map<String, byte[]> files) {
        return faults(sources(files)).stream().map(Problem::toString).toList();
    }

    /** Every node answers from it within {@code countersign.catalog.check-every}. */
    @Override
    public void activate(Map<String, byte[]> files) {
        store.replace(kind, sources(files), actors.current());
    }

    static List<SourceFile> sources(Map<String, byte[]> files) {
        return files.entrySet().stream()
                .map(file -> new SourceFile(file.getKey(), file.getValue()))
                .toList();
    }
}
