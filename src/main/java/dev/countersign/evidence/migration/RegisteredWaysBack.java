package dev.countersign.evidence.migration;

import dev.countersign.evidence.Evidence;
import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.WaysBack;
import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.release.Releases;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The registered scripts, and whether a rehearsal of exactly these passed in every step. */
@Component
class RegisteredWaysBack implements WaysBack {
    private final Releases releases;
    private final ScriptStore store;
    private final Evidence evidence;

    RegisteredWaysBack(Releases releases, ScriptStore store, Evidence evidence) {
        this.releases = releases;
        this.store = store;
        this.evidence = evidence;
    }

    @Override
    public Optional<WayBack> of(String releaseKey) {
        if (!MigrationChecks.migrates(releases.get(releaseKey))) {
            return Optional.empty();
        }
        return store.find(releaseKey).map(registered -> {
            MigrationScripts scripts = MigrationScripts.stored(store.scripts(releaseKey));
            List<Document> rehearsals = evidence.current(releaseKey, DocumentType.MIGRATION_REHEARSAL.id()).stream()
                    .filter(document ->
                            registered.digest().equals(document.details().get("scripts")))
                    .toList();
            return new WayBack(
                    registered.digest(),
                    scripts.down().stream()
                            .map(script -> new Script(script.name(), "sha256:" + script.sha256()))
                            .toList(),
                    scripts.irreversible(),
                    !rehearsals.isEmpty() && rehearsals.stream().allMatch(RegisteredWaysBack::passed));
        });
    }

    private static boolean passed(Document rehearsal) {
        return rehearsal.complete()
                && rehearsal.gap() == null
                && rehearsal.findings().isEmpty();
    }
}
