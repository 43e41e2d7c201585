package dev.countersign.gate;

import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.evidence.RollbackScripts;
import dev.countersign.evidence.RollbackScripts.RollbackScript;
import dev.countersign.release.Release;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * A drill shows that the script leads back that was drilled. Of another script, and where the service has one and none is registered, it shows nothing, neither good nor bad; and where a
 * database stayed as it was, it shows nothing for a release that migrates one.
 */
@Component
class DrillAssessment implements Assessment {
    private static final List<String> COUNTS = List.of("withinBudget", "failed", "overBudget");
    private static final String DATABASE_DOWN = "databaseDown";
    private final RollbackScripts scripts;

    DrillAssessment(RollbackScripts scripts) {
        this.scripts = scripts;
    }

    @Override
    public boolean concerns(Requirement gate) {
        return gate.gate().equals("rollback-drill");
    }

    @Override
    public Assessed of(Requirement gate, Release release, List<Document> documents) {
        if (documents.isEmpty()) {
            return Assessed.unchanged(documents);
        }
        Optional<RollbackScript> registered = scripts.of(release.key());
        if (registered.isEmpty() && !scripts.isDeclared(release.service())) {
            // A service without a script of its own goes back by the platform's ladder alone, which is what was
            // drilled.
            return Assessed.unchanged(documents);
        }
        return new Assessed(
                documents.stream()
                        .map(drill -> judged(drill, registered))
                        .map(drill -> migrates(release) ? showingTheDatabase(drill) : drill)
                        .toList(),
                null,
                List.of());
    }

    private static boolean migrates(Release release) {
        return Boolean.TRUE.equals(release.changes().get("databaseMigration"));
    }

    /** The last rung is the one that cannot be gone twice: a release that may need it wants it gone before. */
    private static Document showingTheDatabase(Document drill) {
        if (drill.gap() != null || drill.summary().get(DATABASE_DOWN) instanceof Number down && down.longValue() > 0) {
            return drill;
        }
        return new Document(
                drill.sha256(),
                drill.type(),
                drill.source(),
                drill.bytes(),
                drill.subject(),
                drill.assertedBy(),
                drill.summary(),
                drill.details(),
                drill.complete(),
                "this release migrates a database, and in the drill none was taken down",
                drill.findings(),
                drill.receivedAt(),
                drill.receivedBy(),
                drill.environment());
    }

    private static Document judged(Document drill, Optional<RollbackScript> registered) {
        String drilled = String.valueOf(drill.details().get("scriptDigest"));
        if (registered.filter(script -> script.digest().equals(drilled)).isPresent()) {
            return drill;
        }
        Map<String, Object> summary = new HashMap<>(drill.summary());
        COUNTS.forEach(count -> summary.put(count, 0L));
        summary.put("otherScript", 1L);
        return drill.with(
                summary,
                List.of(new Finding(
                        "other-script@" + drilled,
                        "info",
                        registered
                                .map(script -> "drilled was %s, registered is %s".formatted(drilled, script.digest()))
                                .orElse("drilled was %s, and no script is registered".formatted(drilled)),
                        "/script/digest",
                        List.of("otherScript"))));
    }
}
