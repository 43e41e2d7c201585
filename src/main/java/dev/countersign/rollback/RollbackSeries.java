package dev.countersign.rollback;

import dev.countersign.observe.Scrape;
import dev.countersign.observe.ScrapedSeries;
import org.springframework.stereotype.Component;

/** The rollbacks that are not proven yet, with what their budget leaves. */
@Component
class RollbackSeries implements ScrapedSeries {
    private final RollbackStore store;

    RollbackSeries(RollbackStore store) {
        this.store = store;
    }

    @Override
    public String name() {
        return "rollback";
    }

    @Override
    public void scrape(Scrape scrape) {
        store.underWay().forEach(rollback -> {
            String release = rollback.releaseKey();
            scrape.time(
                    "rollback_detected_timestamp_seconds",
                    "When the clock of a rollback that is under way began",
                    rollback.detectedAt(),
                    "release",
                    release);
            scrape.gauge(
                    "rollback_budget_seconds",
                    "What a rollback that is under way may take",
                    rollback.budget().toMillis() / 1000.0,
                    "release",
                    release);
        });
    }
}
