package dev.countersign.rollout.haproxy;

import java.io.IOException;

/**
 * The smallest weights that give the candidate its share: small ones make a short round, in which the share is exact.
 *
 * @param stable of each server with the stable version
 * @param candidate of each server with the candidate
 */
record Weights(int stable, int candidate) {
    private static final int LARGEST = 256;
    /** A tenth of what a router's report may differ by. */
    private static final double TOLERANCE = 0.0005;

    static Weights of(double share, int stableServers, int candidateServers) throws IOException {
        if (!(share >= 0 && share <= 1)) {
            throw new IOException("A share is between 0 and 1, not " + share);
        }
        Weights best = new Weights(share < 1 ? 1 : 0, share < 1 ? 0 : 1);
        double distance = distance(best, share, stableServers, candidateServers);
        for (int stable = 1; stable <= LARGEST && distance > 1e-9 && share > 0; stable++) {
            double exact = share * stable * stableServers / ((1 - share) * candidateServers);
            int candidate = (int) Math.round(exact);
            if (candidate < 1 || candidate > LARGEST) {
                continue;
            }
            Weights weights = new Weights(stable, candidate);
            double found = distance(weights, share, stableServers, candidateServers);
            if (found < distance) {
                best = weights;
                distance = found;
            }
        }
        if (distance > TOLERANCE) {
            throw new IOException("No weights give %d of %d servers a share of %.4f"
                    .formatted(candidateServers, stableServers + candidateServers, share));
        }
        return best;
    }

    private static double distance(Weights weights, double share, int stableServers, int candidateServers) {
        double candidate = (double) weights.candidate() * candidateServers;
        return Math.abs(candidate / (candidate + (double) weights.stable() * stableServers) - share);
    }
}
