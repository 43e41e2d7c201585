package dev.countersign.rollback;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.evidence.EvidenceSource;
import dev.countersign.evidence.RollbackScripts;
import dev.countersign.evidence.RollbackScripts.RollbackScript;
import dev.countersign.release.Release;
import dev.countersign.rollback.Drills.Drill;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * Brings the newest drill of the script that a release has registered, whichever release it was run with: what is drilled is the way back. It is as old as the drill.
 */
@Component
class DrillSource implements EvidenceSource {
    static final String TYPE = "rollback-drill";
    private static final int LONGEST_MESSAGE = 300;
    private final RollbackScripts scripts;
    private final DrillStore store;
    private final RungStore rungs;
    private final ObjectMapper json;

    DrillSource(RollbackScripts scripts, DrillStore store, RungStore rungs, ObjectMapper json) {
        this.scripts = scripts;
        this.store = store;
        this.rungs = rungs;
        this.json = json;
    }

    @Override
    public String name() {
        return TYPE;
    }

    @Override
    public Set<String> types(Asked asked) {
        return scripts.isDeclared(asked.release().service()) ? Set.of(TYPE) : Set.of();
    }

    @Override
    public Answer fetch(Asked asked, Duration within) {
        Release release = asked.release();
        Optional<RollbackScript> script = scripts.of(release.key());
        if (script.isEmpty()) {
            return Answer.nothing("no script of the way back is registered: POST /api/releases/%s/rollback-script"
                    .formatted(release.key()));
        }
        return newest(release, script.get().digest())
                .map(drill ->
                        Answer.of(List.of(Fetched.report(TYPE, drill.environment(), document(drill, release), null))))
                .orElseGet(() -> Answer.nothing(
                        "%s has not been drilled: start a drill in Tasklist, or by POST /api/releases/%s/rollback-drill"
                                .formatted(script.get().digest(), release.key())));
    }

    /** A release that migrates a database wants to see one taken down; where no drill did that, the newest says why it is not enough. */
    private Optional<Drill> newest(Release release, String script) {
        Optional<Drill> whole = Boolean.TRUE.equals(release.changes().get("databaseMigration"))
                ? store.newestWithDatabase(release.service(), script)
                : Optional.empty();
        return whole.or(() -> store.newest(release.service(), script));
    }

    private byte[] document(Drill drill, Release release) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("document", TYPE);
        document.put("subject", Map.of("commit", release.commit()));
        document.put("script", Map.of("path", drill.scriptPath(), "digest", drill.scriptDigest()));
        document.put("procedure", Map.of("path", drill.procedurePath(), "digest", drill.procedureDigest()));
        document.put("environment", drill.environment());
        document.put("owner", drill.owner());
        document.put("release", drill.releaseKey());
        document.put("at", drill.endedAt().toString());
        document.put("took", "PT%dS".formatted(up(drill.took())));
        document.put("budget", drill.budget().toString());
        document.put("result", drill.result());
        document.put(
                "rungs",
                rungs.of(drill.releaseKey(), drill.id()).stream()
                        .map(rung -> Map.of(
                                "rung", rung.rung(),
                                "outcome", rung.outcome(),
                                "tookMs", rung.took().toMillis(),
                                "said", cut(rung.said())))
                        .toList());
        try {
            return json.writeValueAsBytes(document);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A begun second is a second: the budget is not kept by rounding. */
    private static long up(Duration took) {
        return took.plusMillis(999).toSeconds();
    }

    private static String cut(String said) {
        return said.length() > LONGEST_MESSAGE ? said.substring(0, LONGEST_MESSAGE) : said;
    }
}
