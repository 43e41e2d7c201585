package dev.countersign.evidence;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import dev.countersign.catalog.Catalog;
import dev.countersign.evidence.Asking.Heard;
import dev.countersign.evidence.EvidenceSource.Asked;
import dev.countersign.release.HeldFacts;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Asks the systems that hold evidence, and sees to it that those that had nothing are asked again while something waits for it. */
@Component
class Fetching implements EvidenceSources, SourceCalls {
    /** Whoever was asked for the same release so shortly ago has said what it has: several gates read what one system holds. */
    private static final Duration JUST_NOW = Duration.ofSeconds(10);

    private final ObjectProvider<EvidenceSource> sources;
    private final ObjectProvider<EvidenceWanted> waiting;
    private final ObjectProvider<LateEvidence> late;
    private final ObjectProvider<SchedulerClient> scheduler;
    private final Asking asking;
    private final FetchRecord record;
    private final FetchStore store;
    private final Releases releases;
    private final HeldFacts held;
    private final Catalog catalog;
    private final EvidenceProperties.Fetch properties;
    private final Clock clock;

    Fetching(
            ObjectProvider<EvidenceSource> sources,
            ObjectProvider<EvidenceWanted> waiting,
            ObjectProvider<LateEvidence> late,
            ObjectProvider<SchedulerClient> scheduler,
            Asking asking,
            FetchRecord record,
            FetchStore store,
            Releases releases,
            HeldFacts held,
            Catalog catalog,
            EvidenceProperties properties,
            Clock clock) {
        this.sources = sources;
        this.waiting = waiting;
        this.late = late;
        this.scheduler = scheduler;
        this.asking = asking;
        this.record = record;
        this.store = store;
        this.releases = releases;
        this.held = held;
        this.catalog = catalog;
        this.properties = properties.fetch();
        this.clock = clock;
    }

    @Override
    public boolean any(Release release, Collection<String> types) {
        return !serving(asked(release), types).isEmpty();
    }

    /** Who holds the release's row cannot wait for what is taken in under that row: then it is asked for as soon as the row is free. */
    @Override
    public void fetch(String releaseKey, Collection<String> types) {
        if (held.holds(releaseKey)) {
            fetchSoon(releaseKey, types);
            return;
        }
        Release release = releases.get(releaseKey);
        Asked asked = asked(release);
        List<EvidenceSource> serving = serving(asked, types);
        if (serving.isEmpty() || release.state().isFinal()) {
            return;
        }
        Instant justNow = clock.instant().minus(JUST_NOW);
        Set<String> recent = store.of(releaseKey).stream()
                .filter(row -> row.standing().askedAt().isAfter(justNow))
                .map(row -> row.standing().source())
                .collect(Collectors.toSet());
        serving.forEach(source -> schedule(releaseKey, source.name(), false, properties.firstPause()));
        ask(
                asked,
                serving.stream()
                        .filter(source -> !recent.contains(source.name()))
                        .toList());
    }

    @Override
    public void fetchSoon(String releaseKey, Collection<String> types) {
        serving(asked(releases.get(releaseKey)), types)
                .forEach(source -> schedule(releaseKey, source.name(), true, Duration.ZERO));
    }

    @Override
    public void askSoon(String releaseKey, String source) {
        schedule(releaseKey, source, true, Duration.ZERO);
    }

    @Override
    public List<Standing> standing(Release release, Collection<String> types) {
        Set<String> names = serving(asked(release), types).stream()
                .map(EvidenceSource::name)
                .collect(Collectors.toSet());
        return names.isEmpty()
                ? List.of()
                : store.of(release.key()).stream()
                        .map(FetchStore.Row::standing)
                        .filter(standing -> names.contains(standing.source()))
                        .toList();
    }

    /** Asks one system in the background. Returns after which pause to come again; empty when nothing waits for it any more. */
    Optional<Duration> again(FetchTask.Wish wish) {
        Optional<Release> release = releases.find(wish.releaseKey());
        Optional<EvidenceSource> source =
                sources.stream().filter(one -> one.name().equals(wish.source())).findFirst();
        if (release.isEmpty() || source.isEmpty() || isOver(release.get())) {
            return Optional.empty();
        }
        Asked asked = asked(release.get());
        Set<String> types = source.get().types(asked);
        if (types.isEmpty() || (!wish.asked() && (isDone(wish) || !isWanted(wish.releaseKey(), types)))) {
            return Optional.empty();
        }
        Duration own = ask(asked, List.of(source.get())).get(source.get().name());
        if (isDone(wish) || !isWanted(wish.releaseKey(), types)) {
            return Optional.empty();
        }
        int idle = row(wish).map(FetchStore.Row::idle).orElse(0);
        Duration pause = properties.pause(idle);
        Duration next = own == null || own.compareTo(pause) < 0 ? pause : own;
        if (wish.asked()) {
            // Whoever asks once more is not to wait until this one comes again.
            schedule(wish.releaseKey(), wish.source(), false, next);
            return Optional.empty();
        }
        return Optional.of(next);
    }

    /** Nobody waits for anything any more, unless it is made up for afterwards. */
    private boolean isOver(Release release) {
        return release.state().isFinal() && late.stream().noneMatch(one -> one.isAwaited(release));
    }

    /** What it has was found once, and is here. */
    private boolean isDone(FetchTask.Wish wish) {
        return row(wish)
                .filter(row -> row.standing().outcome() == Outcome.ARRIVED
                        && !row.standing().isMissing()
                        && !row.live())
                .isPresent();
    }

    private Optional<FetchStore.Row> row(FetchTask.Wish wish) {
        return store.of(wish.releaseKey()).stream()
                .filter(row -> row.standing().source().equals(wish.source()))
                .findFirst();
    }

    private boolean isWanted(String releaseKey, Set<String> types) {
        return waiting.stream().anyMatch(one -> one.isWanted(releaseKey, types));
    }

    /** How long each of them wants to be left alone; null where it says nothing. */
    private Map<String, Duration> ask(Asked asked, List<EvidenceSource> sources) {
        Map<String, Duration> pauses = new java.util.HashMap<>();
        Map<EvidenceSource, Heard> heard = asking.all(sources, asked, properties.timeout());
        heard.forEach((source, answer) -> {
            record.keep(asked, source, answer);
            pauses.put(
                    source.name(),
                    answer.failure() == null ? null : answer.failure().retryAfter());
        });
        return pauses;
    }

    private List<EvidenceSource> serving(Asked asked, Collection<String> types) {
        return sources.stream()
                .filter(source -> !Collections.disjoint(source.types(asked), types))
                .toList();
    }

    private Asked asked(Release release) {
        return OnlyWord.asked(catalog, release);
    }

    private void schedule(String releaseKey, String source, boolean asked, Duration in) {
        var wish = new FetchTask.Wish(releaseKey, source, asked);
        scheduler
                .getObject()
                .scheduleIfNotExists(FetchTask.FETCH
                        .instance(wish.id())
                        .data(wish)
                        // The scheduler has a clock of its own, which is the machine's.
                        .scheduledTo(Instant.now().plus(in)));
    }
}
