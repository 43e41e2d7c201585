package dev.countersign.portfolio;

import dev.countersign.evidence.RollbackScripts.RollbackScript;
import dev.countersign.rollback.Drills.Drill;
import dev.countersign.rollback.Rung;
import java.util.List;
import java.util.Optional;

/**
 * How a release would be taken back, and how it was.
 *
 * @param rungs of its rollback; empty where there was none
 * @param script that stands ready at the target
 * @param drill the last one that was run with this release
 */
record WayBack(List<Rung> rungs, Optional<RollbackScript> script, Optional<Drill> drill) {
    static final WayBack NONE = new WayBack(List.of(), Optional.empty(), Optional.empty());

    WayBack {
        rungs = List.copyOf(rungs);
    }
}
