package dev.countersign.sandbox;

import dev.countersign.sandbox.TargetState.Build;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One sample service as it runs: its versions and its part of the router follow its state. */
final class Target {
    private static final Logger LOG = LoggerFactory.getLogger(Target.class);
    private static final Duration DRAINING = Duration.ofSeconds(11);
    private final TargetStore store;
    private final Split split;
    private final ScheduledExecutorService work;
    private TargetState state;
    private TargetVersion stable;
    private TargetVersion candidate;
    private Instant lastBusy = Instant.MIN;

    /** Starts what is to run, at once: after a restart the candidate must be there before the first request is. */
    Target(TargetState state, TargetStore store, Split split, ScheduledExecutorService work) throws IOException {
        this.state = state;
        this.store = store;
        this.split = split;
        this.work = work;
        this.stable = start(state.stable(), state.stableFaults());
        if (state.candidate() != null) {
            this.candidate = start(state.candidate(), state.candidateFaults());
        }
        route();
    }

    synchronized TargetState state() {
        return state;
    }

    /** Where the running candidate listens; 0 while none runs. */
    synchronized int candidatePort() {
        return candidate == null ? 0 : candidate.port();
    }

    synchronized int stablePort() {
        return stable.port();
    }

    /** Whether it has a candidate, or had one a short while ago. */
    synchronized boolean busy(Instant now, Duration after) {
        if (state.candidate() != null) {
            lastBusy = now;
        }
        return lastBusy.isAfter(now.minus(after));
    }

    synchronized void deploy(Build build, Duration startup) {
        if (build.equals(state.candidate())) {
            return;
        }
        become(state.withCandidate(build));
        closeCandidate();
        work.schedule(() -> startCandidate(build), startup.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void startCandidate(Build build) {
        if (!build.equals(state.candidate()) || candidate != null) {
            return;
        }
        try {
            candidate = start(build, state.candidateFaults());
            route();
        } catch (IOException failure) {
            LOG.warn("Candidate {} of {} did not start", build.version(), state.service(), failure);
        }
    }

    synchronized void share(double share) throws IOException {
        if (share > 0 && candidate == null) {
            throw new IOException("No candidate of " + state.service() + " is running");
        }
        if (share != state.share()) {
            become(state.withShare(share));
        }
        route();
    }

    synchronized void promote(String digest) throws IOException {
        if (digest.equals(state.stable().digest()) && state.candidate() == null) {
            return;
        }
        if (candidate == null || !digest.equals(candidate.digest())) {
            throw new IOException("The running candidate of " + state.service() + " is not " + digest);
        }
        become(state.promoted());
        TargetVersion former = stable;
        stable = candidate;
        candidate = null;
        route();
        closeWhenDrained(former);
    }

    /** A new process of the stable build takes its place, and nothing else runs beside it. */
    synchronized void redeploy(String digest) throws IOException {
        if (!digest.equals(state.stable().digest())) {
            throw new IOException("%s served before was %s, not %s"
                    .formatted(state.service(), state.stable().digest(), digest));
        }
        TargetVersion anew = start(state.stable(), state.stableFaults());
        if (state.candidate() != null) {
            become(state.withoutCandidate());
        }
        closeCandidate();
        TargetVersion former = stable;
        stable = anew;
        route();
        closeWhenDrained(former);
    }

    synchronized void withdraw(Duration shutdown) {
        Build leaving = state.candidate();
        if (leaving == null) {
            return;
        }
        if (shutdown.isZero()) {
            withdraw(leaving);
        } else {
            work.schedule(() -> withdraw(leaving), shutdown.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void withdraw(Build leaving) {
        if (leaving.equals(state.candidate())) {
            become(state.withoutCandidate());
            closeCandidate();
        }
    }

    synchronized void suffer(Faults faults, boolean ofStable) {
        become(ofStable ? state.withStableFaults(faults) : state.withCandidateFaults(faults));
        TargetVersion afflicted = ofStable ? stable : candidate;
        if (afflicted != null) {
            afflicted.suffer(faults);
        }
    }

    synchronized void close() {
        stable.close();
        if (candidate != null) {
            candidate.close();
        }
    }

    private void become(TargetState next) {
        store.save(next);
        state = next;
    }

    private void closeCandidate() {
        TargetVersion former = candidate;
        candidate = null;
        route();
        if (former != null) {
            closeWhenDrained(former);
        }
    }

    /** The router sends nothing to it any more; what it has begun it may finish. */
    private void closeWhenDrained(TargetVersion former) {
        work.schedule(former::close, DRAINING.toMillis(), TimeUnit.MILLISECONDS);
    }

    private TargetVersion start(Build build, Faults faults) throws IOException {
        return new TargetVersion(state.service(), build.version(), build.digest(), faults, work);
    }

    private void route() {
        split.set(
                new Split.Upstream(stable.digest(), stable.port()),
                candidate == null ? null : new Split.Upstream(candidate.digest(), candidate.port()),
                state.share());
    }
}
