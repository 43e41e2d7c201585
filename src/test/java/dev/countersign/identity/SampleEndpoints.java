package dev.countersign.identity;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.camunda.bpm.engine.IdentityService;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Stands for the controllers of other modules. */
@TestConfiguration
class SampleEndpoints {
    @RestController
    static class Sample {
        private final Actors actors;
        private final IdentityService identity;

        Sample(Actors actors, IdentityService identity) {
            this.actors = actors;
            this.identity = identity;
        }

        @GetMapping({"/api/sample", "/sample"})
        Map<String, Object> read() {
            var known = identity.getCurrentAuthentication();
            return Map.of(
                    "actor",
                    actors.current(),
                    "groups",
                    Set.copyOf(actors.currentGroups()),
                    "engine",
                    known == null ? List.of() : List.of(known.getUserId()));
        }

        @PostMapping({"/api/sample", "/sample"})
        Map<String, Object> write() {
            return read();
        }

        @PostMapping("/api/webhooks/sample")
        Map<String, Object> webhook() {
            return read();
        }

        @PostMapping("/api/decide")
        String decide() {
            actors.require(Role.RELEASE_MANAGER, Role.CI);
            return "decided";
        }
    }
}
