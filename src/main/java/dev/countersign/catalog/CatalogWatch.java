package dev.countersign.catalog;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Looks at the files every few seconds, on each node for itself: every node has its own disk and its own memory. */
@Component
class CatalogWatch implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(CatalogWatch.class);

    private final FileCatalog catalog;
    private final OwnerGroups groups;
    private final CatalogProperties properties;
    private ScheduledExecutorService watch;

    CatalogWatch(FileCatalog catalog, OwnerGroups groups, CatalogProperties properties) {
        this.catalog = catalog;
        this.groups = groups;
        this.properties = properties;
    }

    @Override
    public synchronized void start() {
        look();
        watch = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "catalog-watch");
            thread.setDaemon(true);
            return thread;
        });
        long every = properties.checkEvery().toMillis();
        watch.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            catalog.refresh();
            groups.ensure();
        } catch (RuntimeException e) {
            // An exception that leaves here would end the watch for good.
            log.warn("The catalog could not be looked at; it is tried again in {}", properties.checkEvery(), e);
        }
    }

    @Override
    public synchronized void stop() {
        watch.shutdownNow();
        watch = null;
    }

    @Override
    public synchronized boolean isRunning() {
        return watch != null;
    }
}
