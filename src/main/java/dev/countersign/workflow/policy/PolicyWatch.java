package dev.countersign.workflow.policy;

import dev.countersign.workflow.PolicyChanges.InForce;
import dev.countersign.workflow.PolicySource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Looks at the folders, on every node: what another node put in force is taken over, what somebody edited is opened as a change. */
@Component
class PolicyWatch implements SmartInitializingSingleton, SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyWatch.class);
    private final PolicyBook book;
    private final PolicyVersions store;
    private final ObjectProvider<PolicySource> sources;
    private final PolicyProperties properties;
    private final Map<String, String> active = new HashMap<>();
    private final Map<String, String> troubles = new HashMap<>();
    private ScheduledExecutorService clockwork;

    PolicyWatch(
            PolicyBook book, PolicyVersions store, ObjectProvider<PolicySource> sources, PolicyProperties properties) {
        this.book = book;
        this.store = store;
        this.sources = sources;
        this.properties = properties;
    }

    /** All beans are there, and nobody can ask for anything yet. */
    @Override
    public void afterSingletonsInstantiated() {
        sources().forEach(source -> {
            book.start(source);
            active.put(source.name(), inForce(source));
        });
    }

    void look() {
        for (PolicySource source : sources()) {
            try {
                String inForce = inForce(source);
                if (!inForce.equals(active.put(source.name(), inForce))) {
                    book.start(source);
                }
                book.look(source);
                troubles.remove(source.name());
            } catch (RuntimeException trouble) {
                // Said once, not every few seconds; the next look may find the folder whole again.
                if (!String.valueOf(trouble.getMessage())
                        .equals(troubles.put(source.name(), String.valueOf(trouble.getMessage())))) {
                    LOG.error("The policy of {} cannot be looked at", source.name(), trouble);
                }
            }
        }
    }

    private List<PolicySource> sources() {
        return sources.orderedStream().toList();
    }

    private String inForce(PolicySource source) {
        return store.inForce(source.name()).map(InForce::digest).orElse("");
    }

    @Override
    public void start() {
        clockwork = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "policy-watch");
            thread.setDaemon(true);
            return thread;
        });
        long pause = properties.watch().toMillis();
        clockwork.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.MILLISECONDS);
    }

    @Override
    public void stop() {
        clockwork.shutdownNow();
        clockwork = null;
    }

    @Override
    public boolean isRunning() {
        return clockwork != null;
    }
}
