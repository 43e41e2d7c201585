package dev.countersign.story;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/** A service with a place for its stable version and one for a candidate, each on a port of its own behind HAProxy. */
final class TargetService implements AutoCloseable {
    static final String FIRST = Story.digestOf("1.0.0");
    private final String name;
    private final TargetVersion.Program next;
    private final TargetVersion.Work work;
    private final int stablePort = Ports.free();
    private final int candidatePort = Ports.free();
    private final int port = Ports.free();
    private final AtomicInteger deployed = new AtomicInteger();
    private TargetVersion stable;
    private TargetVersion candidate;

    /** @param next the program that is released */
    TargetService(String name, TargetVersion.Program next, TargetVersion.Work work) throws IOException {
        this.name = name;
        this.next = next;
        this.work = work;
        this.stable = started(FIRST, stablePort);
    }

    private TargetVersion started(String digest, int at) throws IOException {
        return new TargetVersion(name, digest, FIRST.equals(digest) ? TargetVersion.Program.SOUND : next, work, at);
    }

    String name() {
        return name;
    }

    /** HAProxy's. */
    int port() {
        return port;
    }

    int stablePort() {
        return stablePort;
    }

    int candidatePort() {
        return candidatePort;
    }

    /** How often a candidate was started. */
    int deployed() {
        return deployed.get();
    }

    synchronized String stableDigest() {
        return stable.digest();
    }

    synchronized String candidateDigest() {
        return candidate == null ? null : candidate.digest();
    }

    synchronized void deploy(String digest) throws IOException {
        if (candidate != null && candidate.digest().equals(digest)) {
            return;
        }
        withdraw();
        candidate = started(digest, candidatePort);
        deployed.incrementAndGet();
    }

    /** The candidate does not get on with its work any more. */
    synchronized void fillQueueOfCandidate() {
        candidate.queue(1_000);
    }

    synchronized void failCandidate() {
        candidate.become(TargetVersion.Program.failing(5));
    }

    synchronized void withdraw() {
        if (candidate != null) {
            candidate.close();
            candidate = null;
        }
    }

    /** Users are on the candidate's server meanwhile. */
    synchronized void promote(String digest) throws IOException {
        if (!stable.digest().equals(digest)) {
            stable.close();
            stable = started(digest, stablePort);
        }
    }

    synchronized void redeploy(String digest) throws IOException {
        withdraw();
        promote(digest);
    }

    @Override
    public synchronized void close() {
        withdraw();
        stable.close();
    }
}
