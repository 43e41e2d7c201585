package dev.countersign.evidence.migration;

import dev.countersign.catalog.Catalog;
import dev.countersign.evidence.EvidenceSource;
import dev.countersign.evidence.reader.DocumentType;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Brings what the rehearsal of the registered scripts found; it runs in the background, and asking does not run it. */
@Component
class RehearsalSource implements EvidenceSource {
    private final Catalog catalog;
    private final TargetDatabases databases;
    private final ScriptStore store;

    RehearsalSource(Catalog catalog, TargetDatabases databases, ScriptStore store) {
        this.catalog = catalog;
        this.databases = databases;
        this.store = store;
    }

    @Override
    public String name() {
        return "migration-rehearsal";
    }

    @Override
    public Set<String> types(Asked asked) {
        boolean rehearses = MigrationChecks.migrates(asked.release())
                && catalog.integrityChecksOf(asked.release().service()).stream().anyMatch(checks -> databases
                        .named(checks.database())
                        .filter(database -> database.scratch() != null)
                        .isPresent());
        return rehearses ? Set.of(DocumentType.MIGRATION_REHEARSAL.id()) : Set.of();
    }

    @Override
    public boolean isOnlyWord() {
        return true;
    }

    @Override
    public Answer fetch(Asked asked, Duration within) {
        String key = asked.release().key();
        return store.find(key)
                .map(registered -> store.rehearsal(key, registered.digest())
                        .map(document -> Answer.of(List.of(Fetched.report(
                                DocumentType.MIGRATION_REHEARSAL.id(),
                                String.valueOf(registered.database()),
                                document,
                                null))))
                        .orElseGet(() -> Answer.nothing("the scripts are being rehearsed")))
                .orElseGet(() ->
                        Answer.nothing("no scripts are registered: POST /api/releases/%s/migration".formatted(key)));
    }
}
