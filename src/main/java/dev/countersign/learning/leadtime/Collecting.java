package dev.countersign.learning.leadtime;

import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.learning.leadtime.ChangeSources.Located;
import dev.countersign.learning.leadtime.ChangeWalk.Found;
import dev.countersign.learning.leadtime.ChangeWalk.TooMany;
import dev.countersign.learning.leadtime.Looked.Outcome;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseFilter;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Asks for the changes of a stable release, finds where their time went, and keeps it. */
@Component
class Collecting {
    /** In ever longer pauses, seventeen hours in all. */
    static final int TRIES = 12;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
    private static final int LATEST = 50;

    private final ChangeSources sources;
    private final ChangeWalk walk;
    private final Releases releases;
    private final Timeline timeline;
    private final LeadTimeStore store;
    private final Clock clock;

    Collecting(
            ChangeSources sources,
            ChangesProperties properties,
            Releases releases,
            Timeline timeline,
            LeadTimeStore store,
            Clock clock) {
        this.sources = sources;
        this.walk = new ChangeWalk(properties, clock);
        this.releases = releases;
        this.timeline = timeline;
        this.store = store;
        this.clock = clock;
    }

    /**
     * @param tries how often it was in vain
     * @return after which pause to ask again; empty when it is done, or given up
     */
    Optional<Duration> collect(String releaseKey, int tries) throws InterruptedException {
        Release release = releases.get(releaseKey);
        Optional<Located> at = sources.of(release.service());
        if (at.isEmpty()) {
            giveUp(releaseKey, "no system that holds its changes is configured any more");
            return Optional.empty();
        }
        Looked look = Looked.awaited(releaseKey, at.get(), clock.instant());
        Deployment deployment = deployment(release, at.get(), rolledOut(release));
        Optional<Deployment> before = new Deployments(
                        stable(release, at.get(), deployment), (earlier, later) -> Set.of())
                .previous(deployment);
        if (before.isEmpty()) {
            store.keep(
                    look.since(null, deployment.finished())
                            .as(
                                    Outcome.NOT_KNOWN,
                                    "no release of the service was stable before it: all that was ever merged would be its own"),
                    List.of());
            return Optional.empty();
        }
        return collect(
                look.since(before.get().commit(), deployment.finished()), before.get(), deployment, at.get(), tries);
    }

    private Optional<Duration> collect(Looked look, Deployment before, Deployment deployment, Located at, int tries)
            throws InterruptedException {
        try {
            Found found = walk.since(before.commit(), deployment.commit(), at);
            Deployments both = new Deployments(List.of(before, deployment), (earlier, later) -> found.commits());
            store.keep(look.as(Outcome.KNOWN, null), LeadTime.of(found.changes(), both));
            return Optional.empty();
        } catch (TooMany never) {
            store.keep(look.as(Outcome.NOT_KNOWN, never.getMessage()), List.of());
            return Optional.empty();
        } catch (SourceUnavailable failed) {
            return inVain(look, failed.getMessage(), failed.retryAfter(), tries);
        } catch (UncheckedIOException withoutToken) {
            return inVain(look, withoutToken.getMessage(), null, tries);
        }
    }

    private Optional<Duration> inVain(Looked look, String reason, Duration wanted, int tries) {
        boolean last = tries + 1 >= TRIES;
        store.keep(look.as(last ? Outcome.NOT_KNOWN : Outcome.AWAITED, reason), List.of());
        return last ? Optional.empty() : Optional.of(pause(tries, wanted));
    }

    /** Of whatever was waited for; what is known stays. */
    void giveUp(String releaseKey, String reason) {
        store.of(List.of(releaseKey)).stream()
                .map(LeadTimeStore.Row::looked)
                .filter(looked -> looked.outcome() == Outcome.AWAITED)
                .findFirst()
                .ifPresent(looked -> store.keep(looked.as(Outcome.NOT_KNOWN, reason), List.of()));
    }

    /** Doubled each time; the system itself may want a longer one. */
    private static Duration pause(int tries, Duration wanted) {
        Duration own = FIRST_PAUSE.multipliedBy(1L << tries);
        return wanted == null || wanted.compareTo(own) < 0 ? own : wanted;
    }

    /** All that are stable at the same place, this one among them. */
    private List<Deployment> stable(Release release, Located at, Deployment deployment) {
        return releases
                .list(new ReleaseFilter(Set.of(release.service()), Set.of(ReleaseState.STABLE), null, null, 0, LATEST))
                .stream()
                .map(one -> one.key().equals(release.key()) ? deployment : deployment(one, at, one.stateSince()))
                .toList();
    }

    private static Deployment deployment(Release release, Located at, Instant finished) {
        return new Deployment(
                release.key(),
                release.service(),
                at.repository(),
                release.environment(),
                // Releases go nowhere else.
                true,
                true,
                release.commit(),
                finished);
    }

    /** When all traffic was on it for the last time: users who were taken back, since it had to be cleared again, did not have it. */
    private Instant rolledOut(Release release) {
        return timeline.of(release.key()).stream()
                .filter(entry -> entry.type().equals("state.entered")
                        && ReleaseState.STABILISING.name().equals(entry.detail().get("to")))
                .map(Timeline.Entry::at)
                .max(Comparator.naturalOrder())
                .orElse(release.stateSince());
    }
}
