package dev.countersign.rollout.reported;

import dev.countersign.observe.Scrape;
import dev.countersign.observe.ScrapedSeries;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** How many deployments others reported, and how many of them no release accounts for. */
@Component
class ReportedSeries implements ScrapedSeries {
    private final ReportedDeploymentStore store;

    ReportedSeries(ReportedDeploymentStore store) {
        this.store = store;
    }

    @Override
    public String name() {
        return "reported-deployments";
    }

    @Override
    public void scrape(Scrape scrape) {
        store.counted().forEach(counted -> {
            String[] labels = {
                "service",
                counted.service() == null ? "" : counted.service(),
                "source",
                counted.source(),
                "standing",
                counted.standing().name().toLowerCase(Locale.ROOT)
            };
            scrape.gauge(
                    "reported_deployments",
                    "Deployments on record that other systems reported; unapproved ones went past the platform",
                    (double) counted.deployments(),
                    labels);
            if (counted.standing() == Standing.UNAPPROVED) {
                scrape.time(
                        "unapproved_deployment_timestamp_seconds",
                        "When the last deployment began that no release accounts for",
                        counted.last(),
                        "service",
                        counted.service() == null ? "" : counted.service(),
                        "source",
                        counted.source());
            }
        });
    }
}
