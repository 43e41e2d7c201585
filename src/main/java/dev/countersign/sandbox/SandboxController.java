package dev.countersign.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.api.Problem;
import dev.countersign.identity.Actors;
import dev.countersign.identity.Role;
import jakarta.validation.Valid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@InSandbox
@RestController
@RequestMapping("/api/sandbox")
class SandboxController {
    private final SandboxTargets targets;
    private final SandboxRouter router;
    private final Actors actors;

    SandboxController(SandboxTargets targets, SandboxRouter router, Actors actors) {
        this.targets = targets;
        this.router = router;
        this.actors = actors;
    }

    /**
     * @param address where the router serves the service
     * @param candidate null where none is deployed
     * @param faults of the candidate, or of the next one where none is deployed
     * @param share of the candidate as the router reports it
     * @param sent requests that the router sent to each digest since the application started
     */
    record View(
            String service,
            String address,
            TargetState.Build stable,
            Faults stableFaults,
            TargetState.Build candidate,
            boolean candidateRunning,
            Faults faults,
            double share,
            JsonNode sent) {}

    @GetMapping
    List<View> all() throws IOException {
        List<View> views = new ArrayList<>();
        for (Target target : targets.all()) {
            views.add(view(target));
        }
        return views;
    }

    @GetMapping("/{service}")
    View one(@PathVariable("service") String service) throws IOException {
        return view(find(service));
    }

    /** @param of {@code candidate} (of the next one where none is deployed) or {@code stable} */
    @PutMapping("/{service}/faults")
    View setFaults(
            @PathVariable("service") String service,
            @RequestParam(name = "of", defaultValue = "candidate") String of,
            @Valid @RequestBody Faults faults)
            throws IOException {
        actors.require(Role.SRE, Role.RELEASE_MANAGER, Role.OPERATIONS, Role.DEVELOPER, Role.QA, Role.ADMIN);
        if (!of.equals("candidate") && !of.equals("stable")) {
            throw Problem.invalid("/of", "Faults are of the candidate or of the stable version, not of " + of);
        }
        Target target = find(service);
        target.suffer(faults, of.equals("stable"));
        return view(target);
    }

    private Target find(String service) throws IOException {
        if (!targets.has(service)) {
            throw Problem.notFound("No service " + service + " runs in the sandbox");
        }
        return targets.get(service);
    }

    private View view(Target target) throws IOException {
        TargetState state = target.state();
        JsonNode report = router.report(state.service());
        return new View(
                state.service(),
                targets.proxy().address("/" + state.service() + "/").toString(),
                state.stable(),
                state.stableFaults(),
                state.candidate(),
                target.candidatePort() != 0,
                state.candidateFaults(),
                report.required("share").asDouble(),
                report.required("sent"));
    }
}
