package dev.countersign.observe;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/** Each node stores what it counted itself; old counts are forgotten by one of them. */
@Configuration(proxyBeanMethods = false)
class RumSchedule {
    private static final Logger LOG = LoggerFactory.getLogger(RumSchedule.class);

    @Bean
    RecurringTask<Void> forgetOldBeaconsTask(RumStore store) {
        return Tasks.recurring("forget-old-beacons", FixedDelay.of(Duration.ofHours(1)))
                .execute((instance, context) -> store.forgetOld());
    }

    @Component
    static final class Storing implements SmartLifecycle {
        private final RumCollector collector;
        private final RumStore store;
        private final RumProperties properties;
        private ScheduledExecutorService pace;

        Storing(RumCollector collector, RumStore store, RumProperties properties) {
            this.collector = collector;
            this.store = store;
            this.properties = properties;
        }

        /** Nothing is written where nothing was told. */
        void look() {
            List<RumCount> counts = collector.complete();
            try {
                if (!counts.isEmpty()) {
                    store.insert(counts);
                }
            } catch (RuntimeException failed) {
                // An exception that leaves here would end the storing for good.
                LOG.warn("{} counts of beacons could not be stored and are tried again", counts.size(), failed);
                collector.back(counts);
            }
        }

        @Override
        public synchronized void start() {
            pace = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "rum-storing");
                thread.setDaemon(true);
                return thread;
            });
            long every = Math.max(500, properties.interval().toMillis() / 4);
            pace.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
        }

        @Override
        public synchronized void stop() {
            pace.shutdownNow();
            pace = null;
        }

        @Override
        public synchronized boolean isRunning() {
            return pace != null;
        }
    }
}
