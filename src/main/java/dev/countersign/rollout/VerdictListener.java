package dev.countersign.rollout;

import dev.countersign.identity.Actors;
import dev.countersign.observe.Observations.Judged;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.Messages;
import java.util.Map;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** A failed verdict trips the breaker at once; any other final one wakes the waiting step. */
@Component
class VerdictListener {
    private final TrafficControl traffic;
    private final Messages messages;
    private final Timeline timeline;

    VerdictListener(TrafficControl traffic, Messages messages, Timeline timeline) {
        this.traffic = traffic;
        this.messages = messages;
        this.timeline = timeline;
    }

    @EventListener
    void on(Judged judged) {
        var judgement = judged.judgement();
        timeline.record(
                judged.releaseKey(),
                "observation.judged",
                Actors.PLATFORM,
                judgement.verdict() + ": " + judgement.sentence(),
                Map.of("observation", judged.observation(), "verdict", judgement.verdict()));
        if ("FAIL".equals(judgement.verdict())) {
            traffic.trip(judged.releaseKey(), Actors.PLATFORM, judgement.sentence(), judgement.at());
        } else if (judged.last() && !Stabilisation.HELD.equals(judged.kind())) {
            messages.send(
                    "stabilisation".equals(judged.kind()) ? "stabilisationJudged" : "stepJudged", judged.releaseKey());
        }
    }
}
