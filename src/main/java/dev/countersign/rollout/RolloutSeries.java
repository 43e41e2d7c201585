package dev.countersign.rollout;

import dev.countersign.observe.Scrape;
import dev.countersign.observe.ScrapedSeries;
import org.springframework.stereotype.Component;

/** How far each rollout is that holds its service. */
@Component
class RolloutSeries implements ScrapedSeries {
    private final RolloutStore store;

    RolloutSeries(RolloutStore store) {
        this.store = store;
    }

    @Override
    public String name() {
        return "rollout";
    }

    @Override
    public void scrape(Scrape scrape) {
        store.underWay().forEach(rollout -> {
            String[] labels = {"release", rollout.releaseKey(), "service", rollout.service()};
            scrape.gauge(
                    "rollout_wanted_share", "Share of traffic that the candidate shall have", rollout.wanted(), labels);
            scrape.gauge(
                    "rollout_actual_share",
                    "Share of traffic that the router says the candidate has",
                    rollout.actual(),
                    labels);
            scrape.gauge("rollout_step", "The step that a rollout is at", (double) rollout.step(), labels);
            scrape.gauge(
                    "rollout_steps",
                    "How many steps its plan has",
                    (double) rollout.plan().steps().size(),
                    labels);
            scrape.time("rollout_started_timestamp_seconds", "When a rollout began", rollout.startedAt(), labels);
            scrape.time("rollout_tripped_timestamp_seconds", "When trouble was detected", rollout.trippedAt(), labels);
            scrape.time(
                    "rollout_traffic_back_timestamp_seconds",
                    "When the last user was on the stable version again",
                    rollout.trafficBackAt(),
                    labels);
            scrape.gauge(
                    "rollout_status",
                    "1 for how a rollout stands",
                    1.0,
                    "release",
                    rollout.releaseKey(),
                    "service",
                    rollout.service(),
                    "status",
                    rollout.status().name());
        });
    }
}
