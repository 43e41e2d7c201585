package dev.countersign.sandbox;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What is to run for one sample service.
 *
 * @param candidate null where none is deployed
 * @param candidateFaults of the candidate, or of the next one where none is deployed
 * @param share of the candidate
 */
record TargetState(
        String service, Build stable, Faults stableFaults, Build candidate, Faults candidateFaults, double share) {

    record Build(String version, String digest) {}

    /** The service as it stood before its first release through the platform. */
    static TargetState initial(String service) {
        return new TargetState(
                service, new Build("1.0.0", digestOf(service + "@1.0.0")), Faults.NONE, null, Faults.NONE, 0);
    }

    TargetState withCandidate(Build build) {
        return new TargetState(service, stable, stableFaults, build, candidateFaults, 0);
    }

    /** The candidate goes, and its faults with it. */
    TargetState withoutCandidate() {
        return new TargetState(service, stable, stableFaults, null, Faults.NONE, 0);
    }

    /** The candidate takes over; a fault in it is now a fault of the stable version. */
    TargetState promoted() {
        return new TargetState(service, candidate, candidateFaults, null, Faults.NONE, 0);
    }

    TargetState withShare(double newShare) {
        return new TargetState(service, stable, stableFaults, candidate, candidateFaults, newShare);
    }

    TargetState withStableFaults(Faults faults) {
        return new TargetState(service, stable, faults, candidate, candidateFaults, share);
    }

    TargetState withCandidateFaults(Faults faults) {
        return new TargetState(service, stable, stableFaults, candidate, faults, share);
    }

    private static String digestOf(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
