package dev.countersign.sandbox;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.rollout.Staging;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** The sample target: every service of the catalog whose target is {@code sandbox}, and the router before them. */
@InSandbox
@Component
class SandboxTargets implements SmartLifecycle {
    static final String TARGET = "sandbox";
    private final Catalog catalog;
    private final TargetStore store;
    private final Map<String, Target> running = new ConcurrentSkipListMap<>();
    private volatile ScheduledExecutorService work;
    private volatile HttpClient client;
    private volatile SplittingProxy proxy;

    SandboxTargets(Catalog catalog, TargetStore store) {
        this.catalog = catalog;
        this.store = store;
    }

    @Override
    public synchronized void start() {
        try {
            work = Executors.newScheduledThreadPool(4, new SandboxThreads());
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .executor(work)
                    .build();
            proxy = new SplittingProxy(client, work);
            follow();
        } catch (IOException failure) {
            throw new UncheckedIOException("The sandbox's router cannot listen", failure);
        }
    }

    /** Starts what the catalog has gained; what it has lost is left running until the application stops. */
    synchronized void follow() throws IOException {
        if (!isRunning()) {
            return;
        }
        for (Service service : catalog.services()) {
            if (TARGET.equals(service.target()) && !running.containsKey(service.name())) {
                running.put(service.name(), target(service.name()));
            }
        }
    }

    private Target target(String service) throws IOException {
        return new Target(
                store.find(service).orElseGet(() -> TargetState.initial(service)), store, proxy.split(service), work);
    }

    /** A second target of the service. It begins with what the first one runs, and goes on by itself; it is there from the first time that somebody asks for it. */
    private synchronized void stage(String place, String service) throws IOException {
        if (isRunning() && running.containsKey(service) && !running.containsKey(place)) {
            TargetState.Build build = running.get(service).state().stable();
            TargetState state =
                    store.find(place).orElseGet(() -> new TargetState(place, build, Faults.NONE, null, Faults.NONE, 0));
            running.put(place, new Target(state, store, proxy.split(place), work));
        }
    }

    boolean has(String place) {
        return running.containsKey(place)
                || catalog.service(Staging.service(place).orElse(place))
                        .filter(each -> TARGET.equals(each.target()))
                        .isPresent();
    }

    Target get(String service) throws IOException {
        if (!running.containsKey(service)) {
            follow();
            Optional<String> staged = Staging.service(service);
            if (staged.isPresent()) {
                stage(service, staged.get());
            }
        }
        Target target = running.get(service);
        if (target == null) {
            throw new IOException("No service " + service + " runs in the sandbox");
        }
        return target;
    }

    Collection<Target> all() {
        return running.values();
    }

    HttpClient client() {
        return client;
    }

    SplittingProxy proxy() {
        return proxy;
    }

    @Override
    public synchronized void stop() {
        running.values().forEach(Target::close);
        running.clear();
        proxy.close();
        work.shutdownNow();
        proxy = null;
    }

    @Override
    public synchronized boolean isRunning() {
        return proxy != null;
    }

    /** Before the engine's jobs and the load, after them at the end. */
    @Override
    public int getPhase() {
        return -100;
    }
}
