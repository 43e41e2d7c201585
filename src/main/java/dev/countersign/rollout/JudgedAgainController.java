package dev.countersign.rollout;

import dev.countersign.observe.Observations;
import dev.countersign.observe.Observations.Judgement;
import dev.countersign.observe.Observations.Observation;
import dev.countersign.release.Releases;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** For an auditor: every verdict on a release beside what the judge says of the stored samples today. */
@RestController
@RequestMapping("/api/releases/{key}/rollout/judged-again")
class JudgedAgainController {
    private final Releases releases;
    private final Observations observations;

    JudgedAgainController(Releases releases, Observations observations) {
        this.releases = releases;
        this.observations = observations;
    }

    /** @param same whether verdict and words agree */
    record JudgedAgain(String observation, Judgement stored, Judgement again, boolean same) {}

    @GetMapping
    List<JudgedAgain> judgeAgain(@PathVariable String key) {
        releases.get(key);
        return observations.ofRelease(key).stream()
                .filter(observation -> observation.latest() != null)
                .map(this::judgeAgain)
                .toList();
    }

    private JudgedAgain judgeAgain(Observation observation) {
        Judgement stored = observation.latest();
        Judgement again = observations.judgeAgain(observation.order().id()).orElse(null);
        return new JudgedAgain(observation.order().id(), stored, again, stored.agrees(again));
    }
}
