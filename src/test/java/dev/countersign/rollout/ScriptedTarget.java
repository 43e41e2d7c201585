package dev.countersign.rollout;

import dev.countersign.observe.JourneyTarget;
import dev.countersign.observe.SeriesSource;
import dev.countersign.observe.SyntheticJourneys.Side;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A target in the test's hands: it blocks, fails, forgets and lies as the test says, and remembers what it was told. */
final class ScriptedTarget implements Deployer, TrafficRouter, FlagManagementSystem, JourneyTarget, SeriesSource {
    static final String STABLE = "sha256:" + "b".repeat(64);
    private static final long LONGEST_SECONDS = 20;

    final List<String> told = new CopyOnWriteArrayList<>();
    volatile String stable = STABLE;
    volatile String candidate;
    volatile double share;
    /** For how many a flag is on. */
    volatile double flag;

    /** What happens while it is set, once. */
    volatile Runnable whileFlagIsSet;

    /** What happens while it promotes, once. */
    volatile Runnable whileItPromotes;

    volatile boolean flagDown;
    /** What its client did not expect. */
    volatile RuntimeException flagBroken;

    volatile boolean routerDown;
    /** What its client did not expect. */
    volatile RuntimeException routerBroken;
    /** What every query of the metrics source answers with, all the time; null where nothing is measured. */
    volatile Double measured;

    volatile boolean metricsDown;
    volatile boolean deployerDown;
    /** Null where it reports the truth. */
    volatile Double reported;
    /** What its counters say; null where it has none. */
    volatile Arrived arrived;
    /** What it says besides; null where all is well. */
    volatile String reservation;
    /** Places that it leaves to the sandbox. */
    volatile String leaves = "nothing";
    /** The script that stands ready, by digest; null where none does. */
    volatile String script;
    /** Whether a deployed candidate runs at once. */
    volatile boolean starts = true;

    /** Where the versions answer journeys. */
    volatile Map<Side, URI> answers = Map.of();

    private volatile boolean blocksDigest;
    private volatile CountDownLatch reached = new CountDownLatch(0);
    private volatile CountDownLatch open = new CountDownLatch(0);

    void reset() {
        told.clear();
        stable = STABLE;
        candidate = null;
        share = 0;
        flag = 0;
        flagDown = false;
        flagBroken = null;
        whileFlagIsSet = null;
        whileItPromotes = null;
        blocksDigest = false;
        measured = null;
        metricsDown = false;
        routerDown = false;
        routerBroken = null;
        deployerDown = false;
        reported = null;
        arrived = null;
        reservation = null;
        starts = true;
        answers = Map.of();
        leaves = "nothing";
        script = null;
    }

    @Override
    public Address address(String service, Side side) throws IOException {
        if (!answers.containsKey(side)) {
            throw new IOException("nobody says where it answers");
        }
        return new Address(answers.get(side), Map.of());
    }

    /** The next change of the share waits until {@link #letGo}. */
    void block() {
        reached = new CountDownLatch(1);
        open = new CountDownLatch(1);
    }

    /** What the target runs is told only after {@link #letGo}. */
    void blockDigest() {
        block();
        blocksDigest = true;
    }

    void awaitBlocked() throws InterruptedException {
        if (!reached.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("Nobody changed the share");
        }
    }

    void letGo() {
        open.countDown();
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public boolean serves(String service) {
        return !service.equals(leaves);
    }

    private void awaitOpen() throws IOException {
        reached.countDown();
        try {
            if (!open.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("Nobody let go");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(stopped);
        }
    }

    @Override
    public void setShare(String service, double wanted) throws IOException {
        if (!blocksDigest) {
            awaitOpen();
        }
        if (routerDown) {
            throw new IOException("the router is down");
        }
        if (routerBroken != null) {
            throw routerBroken;
        }
        told.add("share " + wanted);
        share = wanted;
    }

    @Override
    public double readShare(String service) throws IOException {
        if (routerDown) {
            throw new IOException("the router is down");
        }
        return reported == null ? share : reported;
    }

    @Override
    public Optional<Arrived> arrived(String service) {
        return Optional.ofNullable(arrived);
    }

    @Override
    public void setShare(String service, String key, double wanted) throws IOException {
        requireFlags();
        told.add("flag " + wanted);
        flag = wanted;
        Runnable meanwhile = whileFlagIsSet;
        whileFlagIsSet = null;
        if (meanwhile != null) {
            meanwhile.run();
        }
    }

    @Override
    public double readShare(String service, String key) throws IOException {
        requireFlags();
        return flag;
    }

    @Override
    public List<SortedMap<Instant, Double>> series(List<String> queries, Instant from, Instant to, Duration step)
            throws IOException {
        if (metricsDown) {
            throw new IOException("the metrics source is down");
        }
        SortedMap<Instant, Double> points = new TreeMap<>();
        for (Instant at = from; measured != null && !at.isAfter(to); at = at.plus(step)) {
            points.put(at, measured);
        }
        return Collections.nCopies(queries.size(), points);
    }

    private void requireFlags() throws IOException {
        if (flagDown) {
            throw new IOException("the flags' system is down");
        }
        if (flagBroken != null) {
            throw flagBroken;
        }
    }

    @Override
    public Optional<String> reservation(String service) throws IOException {
        if ("(silence)".equals(reservation)) {
            throw new IOException("no answer in time");
        }
        return Optional.ofNullable(reservation);
    }

    @Override
    public void deployCandidate(String service, String version, String digest) throws IOException {
        requireUp();
        told.add("deploy " + digest);
        if (starts) {
            candidate = digest;
        }
    }

    @Override
    public Optional<String> candidateDigest(String service) throws IOException {
        if (blocksDigest) {
            awaitOpen();
        }
        requireUp();
        return Optional.ofNullable(candidate);
    }

    @Override
    public Optional<String> stableDigest(String service) throws IOException {
        requireUp();
        return Optional.of(stable);
    }

    @Override
    public void promote(String service, String digest) throws IOException {
        requireUp();
        Runnable meanwhile = whileItPromotes;
        whileItPromotes = null;
        if (meanwhile != null) {
            meanwhile.run();
        }
        told.add("promote " + digest);
        stable = digest;
        candidate = null;
        share = 0;
    }

    @Override
    public void withdrawCandidate(String service) throws IOException {
        requireUp();
        told.add("withdraw " + candidate);
        candidate = null;
    }

    @Override
    public void redeployStable(String service, String digest) throws IOException {
        requireUp();
        told.add("redeploy " + digest);
        stable = digest;
        candidate = null;
    }

    @Override
    public Optional<StagedScript> script(String service, String path) throws IOException {
        requireUp();
        return Optional.ofNullable(script).map(digest -> new StagedScript(digest, true));
    }

    @Override
    public void runScript(String service, ScriptRun run) throws IOException {
        requireUp();
        told.add("run %s %s of %s".formatted(run.path(), run.files().size(), run.id()));
    }

    private void requireUp() throws IOException {
        if (deployerDown) {
            throw new IOException("the deployment system is down");
        }
    }
}
