package dev.countersign.catalog;

import dev.countersign.catalog.Catalog.Problem;
import dev.countersign.identity.Actors;
import dev.countersign.workflow.PolicySource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * SLOs, or checklists, as files whose change a second person approves. A file with a fault is offered as it is in force, so that it neither
 * counts as removed nor holds up the others.
 */
class PolicyFiles implements PolicySource {
    private final String name;
    private final String kind;
    private final FileCatalog catalog;
    private final CatalogPolicyStore store;
    private final Actors actors;
    private final Function<List<SourceFile>, List<Problem>> check;

    PolicyFiles(
            String name,
            String kind,
            FileCatalog catalog,
            CatalogPolicyStore store,
            Actors actors,
            Function<List<SourceFile>, List<Problem>> check) {
        this.name = name;
        this.kind = kind;
        this.catalog = catalog;
        this.store = store;
        this.actors = actors;
        this.check = check;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Map<String, byte[]> files() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        List<String> broken = catalog.broken(kind);
        store.activeVersions().stream()
                .filter(version -> version.key().kind().equals(kind))
                .filter(version -> broken.contains(version.key().name()))
                .forEach(version ->
                        files.put(version.key().name(), version.file().content()));
        catalog.proposed(kind).forEach(file -> files.put(file.name(), file.content()));
        return files;
    }

    @Override
    public List<String> problems(Map<String, byte[]> files) {
        return check.apply(sources(files)).stream().map(Problem::toString).toList();
    }

    @Override
    public void activate(Map<String, byte[]> files) {
        store.replace(kind, sources(files), actors.current());
    }

    private static List<SourceFile> sources(Map<String, byte[]> files) {
        return files.entrySet().stream()
                .map(file -> new SourceFile(file.getKey(), file.getValue()))
                .toList();
    }
}
