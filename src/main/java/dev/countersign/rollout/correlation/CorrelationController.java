package dev.countersign.rollout.correlation;

import dev.countersign.identity.Actors;
import dev.countersign.identity.Role;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.rollout.FoundRoots.FoundRoot;
import dev.countersign.rollout.Rollouts;
import java.util.List;
import java.util.Map;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Whether a release is the root of what goes wrong: what was found, newest first, and a demand to look again. */
@RestController
@RequestMapping("/api/releases/{key}/rollout/correlation")
class CorrelationController {
    private static final Role[] ASK = {Role.SRE, Role.ON_CALL, Role.OPERATIONS, Role.RELEASE_MANAGER};
    private final CorrelationStore store;
    private final CorrelationTask task;
    private final Releases releases;
    private final Rollouts rollouts;
    private final Actors actors;

    CorrelationController(
            CorrelationStore store, CorrelationTask task, Releases releases, Rollouts rollouts, Actors actors) {
        this.store = store;
        this.task = task;
        this.releases = releases;
        this.rollouts = rollouts;
        this.actors = actors;
    }

    @GetMapping
    List<FoundRoot> found(@PathVariable String key) {
        releases.get(key);
        return store.of(key);
    }

    /** 202: it takes seconds, and the answer stands here and in the timeline. */
    @PostMapping
    @Transactional
    public ResponseEntity<Map<String, Object>> ask(@PathVariable String key) {
        actors.require(ASK);
        releases.get(key);
        if (rollouts.stepsOf(key).isEmpty()) {
            throw new StateConflict(key + " had no traffic yet: it is the root of nothing");
        }
        task.demand(key, actors.current());
        return ResponseEntity.accepted().body(Map.of("status", "ASKED"));
    }
}
