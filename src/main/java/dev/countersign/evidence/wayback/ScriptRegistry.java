package dev.countersign.evidence.wayback;

import dev.countersign.api.Problem;
import dev.countersign.catalog.Catalog;
import dev.countersign.evidence.EvidenceJudge;
import dev.countersign.evidence.RollbackScripts;
import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.identity.Actors;
import dev.countersign.identity.Role;
import dev.countersign.release.DossierPart;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Timeline;
import java.util.Map;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Registers the script of a release's way back before it is decided on. Where a service has one the catalog says: annotation {@value #ANNOTATION}, its path at the target.
 * Releases of other services are asked nothing, and cost nothing.
 */
@Service
class ScriptRegistry implements RollbackScripts, DossierPart {
    static final String ANNOTATION = "countersign.dev/rollback-script";

    private final Catalog catalog;
    private final Releases releases;
    private final RollbackScriptStore store;
    private final ObjectProvider<EvidenceJudge> judges;
    private final ObjectProvider<Dossiers> dossiers;
    private final Timeline timeline;
    private final Actors actors;

    ScriptRegistry(
            Catalog catalog,
            Releases releases,
            RollbackScriptStore store,
            ObjectProvider<EvidenceJudge> judges,
            ObjectProvider<Dossiers> dossiers,
            Timeline timeline,
            Actors actors) {
        this.catalog = catalog;
        this.releases = releases;
        this.store = store;
        this.judges = judges;
        this.dossiers = dossiers;
        this.timeline = timeline;
        this.actors = actors;
    }

    @Override
    public boolean isDeclared(String service) {
        return declared(service).isPresent();
    }

    private Optional<String> declared(String service) {
        return catalog.service(service).map(known -> known.annotations().get(ANNOTATION));
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<RollbackScript> of(String releaseKey) {
        return store.find(releaseKey);
    }

    @Override
    @Transactional
    public void read(String releaseKey, String digest, boolean executable, String said) {
        store.read(releaseKey, digest, executable, said);
    }

    @Transactional
    RollbackScript register(String releaseKey, String path, String digest, Procedure procedure, String owner) {
        actors.require(Role.CI, Role.DEVELOPER, Role.OPERATIONS);
        Release release = releases.lock(releaseKey);
        if (release.state().isFinal() || release.state().isExposed()) {
            throw new StateConflict("%s is %s: the script of its way back stays what it was when it was decided on"
                    .formatted(releaseKey, release.state()));
        }
        String declared = declared(release.service())
                .orElseThrow(() -> Problem.invalid(
                        "/path",
                        "The catalog names no script of the way back for %s: set its annotation %s to the path at the target"
                                .formatted(release.service(), ANNOTATION)));
        if (!declared.equals(path)) {
            throw Problem.invalid(
                    "/path",
                    "The catalog says that the way back of %s stands at %s, not at %s"
                            .formatted(release.service(), declared, path));
        }
        RollbackScript now = new RollbackScript(
                path, digest, procedure, owner == null ? release.owner() : owner, actors.current(), null, null);
        if (!store.find(releaseKey).filter(known -> isSame(known, now)).isPresent()) {
            store.register(releaseKey, now);
            timeline.record(
                    releaseKey,
                    "rollback-script.registered",
                    actors.current(),
                    "The way back is %s (%s), as %s says; %s answers for it"
                            .formatted(path, digest, procedure.path(), now.owner()),
                    Map.of("digest", digest, "procedure", procedure.digest()));
            // A drill counts for the script that was drilled.
            judges.forEach(judge -> judge.arrived(releaseKey, DocumentType.ROLLBACK_DRILL.id()));
            dossiers.getObject().changed(releaseKey, "the script of its way back was registered");
        }
        return shown(releaseKey);
    }

    private static boolean isSame(RollbackScript one, RollbackScript other) {
        return one.path().equals(other.path())
                && one.digest().equals(other.digest())
                && one.procedure().equals(other.procedure())
                && one.owner().equals(other.owner());
    }

    RollbackScript shown(String releaseKey) {
        releases.get(releaseKey);
        return store.find(releaseKey)
                .orElseThrow(() -> Problem.notFound(releaseKey + " has registered no script of its way back"));
    }

    @Override
    public Map<String, Object> of(Release release) {
        return isDeclared(release.service())
                ? store.find(release.key())
                        .<Map<String, Object>>map(script ->
                                Map.of("rollbackScript", Map.of("path", script.path(), "digest", script.digest())))
                        .orElse(Map.of())
                : Map.of();
    }
}
