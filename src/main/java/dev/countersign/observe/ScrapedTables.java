package dev.countersign.observe;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** All series that stand in tables. Every node answers the same. A table that cannot be read is told as such, and takes the node's own figures not with it. */
@Component
class ScrapedTables implements MultiCollector {
    private static final Logger LOG = LoggerFactory.getLogger(ScrapedTables.class);
    private final List<ScrapedSeries> tables;
    private final ObjectProvider<PrometheusRegistry> registry;

    ScrapedTables(List<ScrapedSeries> tables, ObjectProvider<PrometheusRegistry> registry) {
        this.tables = List.copyOf(tables);
        this.registry = registry;
    }

    @EventListener(ApplicationReadyEvent.class)
    void register() {
        registry.ifAvailable(there -> there.register(this));
    }

    @Override
    public MetricSnapshots collect() {
        Scrape scrape = new Scrape();
        for (ScrapedSeries table : tables) {
            scrape.gauge(
                    "series_up", "1 if the table's series could be read", read(table, scrape), "series", table.name());
        }
        return scrape.snapshots();
    }

    private static double read(ScrapedSeries table, Scrape scrape) {
        try {
            table.scrape(scrape);
            return 1;
        } catch (DataAccessException | TransactionException unread) {
            LOG.warn("The series {} cannot be read: {}", table.name(), unread.getMessage());
            return 0;
        }
    }
}
