package dev.countersign.gate;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.countersign.api.Problem;
import dev.countersign.evidence.EvidenceSources.Standing;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.gate.Gates.Waiver;
import dev.countersign.gate.WaiverDesk.Wish;
import dev.countersign.gate.contract.Consent;
import dev.countersign.gate.contract.Consents;
import dev.countersign.release.Releases;
import io.swagger.v3.oas.annotations.Operation;
import java.time.Duration;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

@RestController
@RequestMapping("/api/releases/{key}/gates")
class GatesController {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);
    private final EveryGate gates;
    private final GateWaits waits;
    private final WaiverDesk waivers;
    private final GateRepository evaluations;
    private final Releases releases;
    private final GateAsking asking;
    private final Consents consents;

    GatesController(
            EveryGate gates,
            GateWaits waits,
            WaiverDesk waivers,
            GateRepository evaluations,
            Releases releases,
            GateAsking asking,
            Consents consents) {
        this.gates = gates;
        this.waits = waits;
        this.waivers = waivers;
        this.evaluations = evaluations;
        this.releases = releases;
        this.asking = asking;
        this.consents = consents;
    }

    @GetMapping
    List<GateAnswer> all(@PathVariable String key) {
        List<Consent> asked = consents.current(key);
        return gates.of(key).stream()
                .map(gate -> GateAnswer.of(gate).with(asked))
                .toList();
    }

    @GetMapping(path = "/{gate}", params = "!wait")
    GateAnswer one(@PathVariable String key, @PathVariable String gate) {
        return GateAnswer.of(gates.get(key, gate)).with(consents.current(key));
    }

    @Operation(
            summary = "One gate, as soon as it has a verdict; after that time, two minutes at most, as it stands then")
    @GetMapping(path = "/{gate}", params = "wait")
    DeferredResult<GateAnswer> verdict(
            @PathVariable String key, @PathVariable String gate, @RequestParam Duration wait) {
        Gate now = gates.get(key, gate);
        if (wait.isNegative()) {
            throw Problem.invalid("/wait", "wait is a duration that is not negative, for example PT60S");
        }
        return waits.until(key, now, wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
    }

    /** Every evaluation of the gate, oldest first. */
    @GetMapping("/{gate}/evaluations")
    List<Judgement> evaluations(@PathVariable String key, @PathVariable String gate) {
        releases.get(key);
        return evaluations.all(key, gate).stream()
                .map(GateRepository.Evaluation::judgement)
                .toList();
    }

    @Operation(
            summary =
                    "Ask the systems that hold the evidence of the gate, now; answered when they have, after 15 seconds at most")
    @PostMapping("/{gate}/fetch")
    Fetched fetch(@PathVariable String key, @PathVariable String gate) {
        List<Standing> systems = asking.now(key, gates.judged(key, gate));
        return new Fetched(GateAnswer.of(gates.get(key, gate)), systems);
    }

    /** @param systems how each of them answered last */
    record Fetched(@JsonUnwrapped GateAnswer gate, List<Standing> systems) {}

    @PostMapping("/{gate}/waivers")
    @ResponseStatus(HttpStatus.CREATED)
    Waiver requestWaiver(@PathVariable String key, @PathVariable String gate, @RequestBody Wish wish) {
        gates.judged(key, gate);
        return waivers.requestByApi(key, gate, wish);
    }
}
