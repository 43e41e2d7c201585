package dev.countersign.evidence.migration;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.IntegrityChecks;
import dev.countersign.evidence.EvidenceSources;
import dev.countersign.evidence.migration.MigrationProperties.Database;
import dev.countersign.evidence.migration.MigrationScripts.Script;
import dev.countersign.evidence.migration.Rehearsal.Report;
import dev.countersign.evidence.migration.Rehearsal.Step;
import dev.countersign.evidence.migration.ScriptStore.Registered;
import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Service;

/** Has the registered scripts of a release rehearsed, one rehearsal of a scratch database at a time, and keeps what was found. */
@Service
class Rehearsals {
    private final Releases releases;
    private final Catalog catalog;
    private final TargetDatabases databases;
    private final ScriptStore store;
    private final Rehearsal rehearsal;
    private final CheckDocument documents;
    private final EvidenceSources sources;
    private final MigrationProperties properties;

    Rehearsals(
            Releases releases,
            Catalog catalog,
            TargetDatabases databases,
            ScriptStore store,
            Rehearsal rehearsal,
            CheckDocument documents,
            EvidenceSources sources,
            MigrationProperties properties) {
        this.releases = releases;
        this.catalog = catalog;
        this.databases = databases;
        this.store = store;
        this.rehearsal = rehearsal;
        this.documents = documents;
        this.sources = sources;
        this.properties = properties;
    }

    void rehearse(String releaseKey) {
        Registered registered = store.find(releaseKey).orElse(null);
        Release release = releases.get(releaseKey);
        if (registered == null
                || registered.database() == null
                || release.state().isFinal()
                || store.rehearsal(releaseKey, registered.digest()).isPresent()) {
            return;
        }
        List<Script> scripts = store.scripts(releaseKey);
        String by = releaseKey + "/" + registered.digest();
        Duration longest = properties.rehearsalTimeout().multipliedBy(scripts.size() + 2L);
        if (!store.hold(registered.database(), by, longest)) {
            throw new IllegalStateException("Another rehearsal uses the scratch database of " + registered.database());
        }
        try {
            Database database = databases.named(registered.database()).orElseThrow();
            List<IntegrityChecks> declared = catalog.integrityChecksOf(release.service()).stream()
                    .filter(checks -> checks.database().equals(registered.database()))
                    .toList();
            Report report = rehearsal.run(database, MigrationScripts.stored(scripts), declared);
            store.rehearsed(releaseKey, registered.digest(), document(release, registered, scripts, declared, report));
        } finally {
            store.letGo(registered.database(), by);
        }
        sources.fetchSoon(releaseKey, Set.of(DocumentType.MIGRATION_REHEARSAL.id()));
    }

    private byte[] document(
            Release release,
            Registered registered,
            List<Script> scripts,
            List<IntegrityChecks> declared,
            Report report) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("document", "migration-rehearsal");
        document.put("subject", Map.of("commit", release.commit()));
        document.put("database", registered.database());
        document.put("scripts", registered.digest());
        document.put(
                "files",
                scripts.stream()
                        .map(script -> Map.of(
                                "name", script.name(), "direction", script.direction(), "sha256", script.sha256()))
                        .toList());
        document.put(
                "declarations", declared.stream().map(IntegrityChecks::digest).toList());
        document.put("schema", report.schema());
        document.put("steps", report.steps().stream().map(Step::entry).toList());
        return documents.bytes(document);
    }
}
