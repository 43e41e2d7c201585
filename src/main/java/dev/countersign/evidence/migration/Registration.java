package dev.countersign.evidence.migration;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import dev.countersign.api.Problem;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.IntegrityChecks;
import dev.countersign.evidence.EvidenceJudge;
import dev.countersign.evidence.migration.JdbcAddress.Product;
import dev.countersign.evidence.migration.MigrationScripts.Named;
import dev.countersign.evidence.migration.MigrationScripts.Script;
import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.identity.Actors;
import dev.countersign.identity.Role;
import dev.countersign.release.DossierPart;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Timeline;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Registers the scripts of a release's migration, by digest, before it is decided on; they are rehearsed at once where there is a scratch database. */
@Service
class Registration implements DossierPart {
    private final Releases releases;
    private final Catalog catalog;
    private final TargetDatabases databases;
    private final ScriptStore store;
    private final ObjectProvider<SchedulerClient> scheduler;
    private final ObjectProvider<EvidenceJudge> judges;
    private final ObjectProvider<Dossiers> dossiers;
    private final Timeline timeline;
    private final Actors actors;
    private final TransactionTemplate transaction;

    Registration(
            Releases releases,
            Catalog catalog,
            TargetDatabases databases,
            ScriptStore store,
            ObjectProvider<SchedulerClient> scheduler,
            ObjectProvider<EvidenceJudge> judges,
            ObjectProvider<Dossiers> dossiers,
            Timeline timeline,
            Actors actors,
            PlatformTransactionManager transactions) {
        this.releases = releases;
        this.catalog = catalog;
        this.databases = databases;
        this.store = store;
        this.scheduler = scheduler;
        this.judges = judges;
        this.dossiers = dossiers;
        this.timeline = timeline;
        this.actors = actors;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * @param database the configured database that they are for; null where there is none to rehearse on
     * @param irreversible names of what has no way back: somebody must accept it
     * @param conditions preconditions that only the target can tell: rehearsed as if they held
     */
    record Standing(
            String database,
            String digest,
            List<File> scripts,
            List<String> irreversible,
            List<String> conditions,
            String registeredBy,
            Instant registeredAt,
            boolean rehearsed) {}

    record File(String name, String direction, String sha256) {}

    /** What was sent is read before the release is held: that may take its time. */
    Standing register(String releaseKey, List<Named> files, Deployment deployment) {
        actors.require(Role.CI, Role.DEVELOPER, Role.OPERATIONS);
        Release release = releases.get(releaseKey);
        requireOpen(release);
        Product product = productOf(release);
        MigrationScripts scripts;
        try {
            scripts = MigrationScripts.of(files, product, deployment);
        } catch (IllegalArgumentException broken) {
            throw Problem.invalid("/scripts", "These scripts are not taken: " + broken.getMessage());
        } catch (ChangelogsBusy busy) {
            throw Problem.of(HttpStatus.SERVICE_UNAVAILABLE, busy.getMessage(), Map.of());
        }
        return transaction.execute(status -> register(releaseKey, product, scripts));
    }

    private static void requireOpen(Release release) {
        if (release.state().isFinal() || release.state().isExposed()) {
            throw new StateConflict("%s is %s: its scripts stay what they were when it was decided on"
                    .formatted(release.key(), release.state()));
        }
    }

    private Standing register(String releaseKey, Product product, MigrationScripts scripts) {
        Release release = releases.lock(releaseKey);
        requireOpen(release);
        if (productOf(release) != product) {
            throw new StateConflict("The database that they are for changed while they were read: send them again");
        }
        boolean same = store.find(releaseKey)
                .filter(registered -> registered.digest().equals(scripts.digest()))
                .isPresent();
        if (!same) {
            store.register(releaseKey, databaseOf(release), scripts, actors.current());
            timeline.record(
                    releaseKey,
                    "migration.registered",
                    actors.current(),
                    "%d scripts forward, %d back%s%s"
                            .formatted(
                                    scripts.up().size(),
                                    scripts.down().size(),
                                    scripts.irreversible().isEmpty()
                                            ? ""
                                            : "; no way back from " + String.join(", ", scripts.irreversible()),
                                    scripts.conditions().isEmpty()
                                            ? ""
                                            : "; not asked is whether "
                                                    + scripts.conditions().size()
                                                    + " of them run by their preconditions"),
                    Map.of("digest", scripts.digest()));
            // What was rehearsed before does not count any more.
            judges.forEach(judge -> judge.arrived(releaseKey, DocumentType.MIGRATION_REHEARSAL.id()));
            dossiers.getObject().changed(releaseKey, "the scripts of its migration were registered");
            rehearse(releaseKey);
        }
        return standing(releaseKey);
    }

    @Transactional
    Standing rehearseAgain(String releaseKey) {
        actors.require(Role.CI, Role.DEVELOPER, Role.OPERATIONS, Role.SRE);
        releases.lock(releaseKey);
        Standing standing = standing(releaseKey);
        if (standing.database() == null) {
            throw new StateConflict(
                    "No scratch database is configured for a database of this service: send the report of a rehearsal of your own");
        }
        store.forget(releaseKey, standing.digest());
        rehearse(releaseKey);
        return standing(releaseKey);
    }

    private void rehearse(String releaseKey) {
        store.find(releaseKey)
                .filter(registered -> registered.database() != null)
                .ifPresent(registered -> scheduler
                        .getObject()
                        .scheduleIfNotExists(RehearsalTask.REHEARSE
                                .instance(releaseKey + "/" + registered.digest())
                                .data(releaseKey)
                                .scheduledTo(Instant.now())));
    }

    Standing standing(String releaseKey) {
        releases.get(releaseKey);
        ScriptStore.Registered registered = store.find(releaseKey)
                .orElseThrow(() -> Problem.notFound(releaseKey + " has registered no scripts of a migration"));
        List<Script> scripts = store.scripts(releaseKey);
        return new Standing(
                registered.database(),
                registered.digest(),
                scripts.stream()
                        .map(script -> new File(script.name(), script.direction(), script.sha256()))
                        .toList(),
                MigrationScripts.stored(scripts).irreversible(),
                MigrationScripts.stored(scripts).conditions(),
                registered.by(),
                registered.at(),
                store.rehearsal(releaseKey, registered.digest()).isPresent());
    }

    /** What a changelog is written for; where no database is known it is the one that most have. */
    private Product productOf(Release release) {
        return Optional.ofNullable(databaseOf(release))
                .flatMap(databases::named)
                .map(database -> database.target().address().product())
                .orElse(Product.POSTGRESQL);
    }

    /** Scripts run only beside a database that the service's own checks name: never beside another service's. */
    private String databaseOf(Release release) {
        return catalog.integrityChecksOf(release.service()).stream()
                .map(IntegrityChecks::database)
                .distinct()
                .filter(name -> databases
                        .named(name)
                        .filter(database -> database.scratch() != null)
                        .isPresent())
                .findFirst()
                .orElse(null);
    }

    @Override
    public Map<String, Object> of(Release release) {
        Optional<ScriptStore.Registered> registered =
                MigrationChecks.migrates(release) ? store.find(release.key()) : Optional.empty();
        return registered
                .<Map<String, Object>>map(one -> Map.of("migration", one.digest()))
                .orElse(Map.of());
    }
}
