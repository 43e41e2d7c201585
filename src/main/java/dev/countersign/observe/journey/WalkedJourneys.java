package dev.countersign.observe.journey;

import dev.countersign.api.CallBudget;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Journey;
import dev.countersign.observe.JourneyTarget;
import dev.countersign.observe.SyntheticJourneys;
import jakarta.annotation.PreDestroy;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;

/** Walks the journeys of a service one after the other, the versions beside each other. */
@Service
class WalkedJourneys implements SyntheticJourneys {
    private static final int AT_ONCE = 8;
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private final Catalog catalog;
    private final ObjectProvider<JourneyTarget> targets;
    private final JourneyProperties properties;
    private final HttpClient client;
    private final ThreadPoolExecutor walkers;

    WalkedJourneys(Catalog catalog, ObjectProvider<JourneyTarget> targets, JourneyProperties properties) {
        this.catalog = catalog;
        this.targets = targets;
        this.properties = properties;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        this.walkers =
                new ThreadPoolExecutor(AT_ONCE, AT_ONCE, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "journey");
                    thread.setDaemon(true);
                    return thread;
                });
        walkers.allowCoreThreadTimeOut(true);
    }

    @Override
    public boolean areDeclared(String service) {
        return !catalog.journeysOf(service).isEmpty();
    }

    @Override
    public List<String> declared(String service) {
        return catalog.journeysOf(service).stream().map(Journey::id).toList();
    }

    @Override
    public Duration longest(String service) {
        return catalog.journeysOf(service).stream()
                .map(Journey::within)
                .max(Duration::compareTo)
                .map(within -> within.compareTo(properties.timeout()) < 0 ? within : properties.timeout())
                .map(within -> within.plus(CONNECT))
                .orElse(Duration.ZERO);
    }

    @Override
    public List<Walk> walk(String service, List<Side> sides) {
        List<Journey> journeys = catalog.journeysOf(service);
        if (journeys.isEmpty()) {
            return List.of();
        }
        long deadline =
                System.nanoTime() + CallBudget.atMost(properties.timeout()).toNanos();
        Optional<JourneyTarget> target =
                targets.orderedStream().filter(each -> each.serves(service)).findFirst();
        List<CompletableFuture<List<Walk>>> walks = sides.stream()
                .map(side -> CompletableFuture.supplyAsync(() -> walk(journeys, side, target, deadline), walkers))
                .toList();
        List<List<Walk>> ofSides = new ArrayList<>();
        for (int side = 0; side < sides.size(); side++) {
            // The walkers keep the time; a queue of other services' walks may keep one waiting.
            long left = Math.max(0, deadline - System.nanoTime()) + CONNECT.toNanos();
            Side of = sides.get(side);
            ofSides.add(walks.get(side)
                    .completeOnTimeout(
                            journeys.stream().map(journey -> late(journey, of)).toList(), left, TimeUnit.NANOSECONDS)
                    .join());
        }
        List<Walk> all = new ArrayList<>();
        for (int journey = 0; journey < journeys.size(); journey++) {
            for (List<Walk> ofSide : ofSides) {
                all.add(ofSide.get(journey));
            }
        }
        return List.copyOf(all);
    }

    private List<Walk> walk(List<Journey> journeys, Side side, Optional<JourneyTarget> target, long deadline) {
        List<Walk> walks = new ArrayList<>();
        for (Journey journey : journeys) {
            if (target.isEmpty()) {
                walks.add(error(
                        journey,
                        side,
                        "Journey %s could not be walked on the %s: nobody says where %s answers (countersign.observe.journeys.targets)"
                                .formatted(journey.id(), side.words(), journey.service())));
            } else if (deadline - System.nanoTime() < journey.within().toNanos()) {
                // One that began now and was cut short would look like a slow version.
                walks.add(late(journey, side));
            } else {
                walks.add(walk(journey, side, target.get(), deadline));
            }
        }
        return walks;
    }

    private Walk walk(Journey journey, Side side, JourneyTarget target, long deadline) {
        try {
            return new Walker(client, properties.maxResponse().toBytes(), journey, side, target, deadline).walk();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return error(journey, side, "Journey %s was interrupted: the platform stops".formatted(journey.id()));
        }
    }

    private Walk late(Journey journey, Side side) {
        return error(
                journey,
                side,
                "Journey %s could not be walked on the %s: the journeys of %s do not fit into %d ms (countersign.observe.journeys.timeout)"
                        .formatted(
                                journey.id(),
                                side.words(),
                                journey.service(),
                                properties.timeout().toMillis()));
    }

    private static Walk error(Journey journey, Side side, String sentence) {
        return new Walk(journey.id(), journey.digest(), side, "ERROR", sentence, Duration.ZERO);
    }

    @PreDestroy
    void stop() {
        walkers.shutdownNow();
    }
}
