package dev.countersign.gate;

import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.release.Release;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Holds the times of certificates and secrets against the clock and the table {@code rotation-limits}, each time anew: a document that was fine when it was made may not be so when the rollout
 * begins. A certificate must outlive the rollout, however few days the table asks for.
 */
@Component
class RotationAssessment implements Assessment {
    private static final int MOST_FINDINGS = 200;
    private final RotationLimits limits;
    private final RolloutEnd rollout;
    private final Clock clock;

    RotationAssessment(RotationLimits limits, RolloutEnd rollout, Clock clock) {
        this.limits = limits;
        this.rollout = rollout;
        this.clock = clock;
    }

    @Override
    public boolean concerns(Requirement gate) {
        return gate.gate().equals("certificates");
    }

    @Override
    public Assessed of(Requirement gate, Release release, List<Document> documents) {
        if (documents.isEmpty() || !limits.isThere(release)) {
            // Without a table nothing is counted, and a limit on nothing shows nothing.
            return Assessed.unchanged(documents);
        }
        String version = limits.version(release);
        Look look = new Look(release, clock.instant(), version);
        return new Assessed(documents.stream().map(look::judged).toList(), version, List.of());
    }

    private final class Look {
        private final Release release;
        private final Instant now;
        private final Instant end;
        private final Optional<Duration> validFor;
        private final String version;
        private final Map<String, Optional<Duration>> ages = new HashMap<>();

        Look(Release release, Instant now, String version) {
            this.release = release;
            this.now = now;
            this.version = version;
            this.end = rollout.of(release, now);
            this.validFor = limits.of(release, RotationLimits.CERTIFICATE);
        }

        Document judged(Document document) {
            List<Finding> findings = new ArrayList<>();
            Map<String, Object> summary = new HashMap<>(document.summary());
            for (String count : List.of("expired", "notYetValid", "expiring", "secretsTooOld")) {
                summary.put(count, 0L);
            }
            for (Map<?, ?> certificate : entries(document, "certificates")) {
                certificate(certificate).ifPresent(findings::add);
            }
            for (Map<?, ?> secret : entries(document, "secrets")) {
                secret(secret).ifPresent(findings::add);
            }
            findings.forEach(
                    finding -> summary.merge(finding.counts().get(0), 1L, (one, more) -> (Long) one + (Long) more));
            findings.addAll(document.findings());
            return document.with(summary, findings.stream().limit(MOST_FINDINGS).toList());
        }

        private Optional<Finding> certificate(Map<?, ?> of) {
            Instant from = Instant.parse(text(of, "notBefore"));
            Instant until = Instant.parse(text(of, "notAfter"));
            if (until.isBefore(now)) {
                return Optional.of(finding(of, "expired", "expired at " + until));
            }
            if (from.isAfter(now)) {
                return Optional.of(finding(of, "notYetValid", "is not valid before " + from));
            }
            if (!until.isAfter(end)) {
                return Optional.of(
                        finding(of, "expiring", "expires at " + until + ", before the rollout must have ended"));
            }
            if (validFor.isEmpty()) {
                return Optional.of(
                        finding(of, "expiring", "expires at " + until + ", and no row says how long it must be valid"));
            }
            return until.isBefore(now.plus(validFor.get()))
                    ? Optional.of(finding(
                            of,
                            "expiring",
                            "expires at %s, in less than the %d days of %s"
                                    .formatted(until, validFor.get().toDays(), version)))
                    : Optional.empty();
        }

        private Optional<Finding> secret(Map<?, ?> of) {
            String kind = text(of, "kind");
            Instant at = Instant.parse(text(of, "rotatedAt"));
            Optional<Duration> limit = ages.computeIfAbsent(kind, one -> limits.of(release, one));
            if (limit.isPresent() && !at.plus(limit.get()).isBefore(now)) {
                return Optional.empty();
            }
            String why = limit.isPresent()
                    ? "more than the %d days of %s ago".formatted(limit.get().toDays(), version)
                    : "and no row says how old it may be";
            return Optional.of(new Finding(
                    "too-old@%s %s".formatted(text(of, "at"), at),
                    "failed",
                    "%s: the %s was last rotated at %s, %s".formatted(text(of, "at"), kind, at, why),
                    text(of, "place"),
                    List.of("secretsTooOld"),
                    "too-old",
                    text(of, "at"),
                    null,
                    null));
        }

        private Finding finding(Map<?, ?> certificate, String count, String what) {
            String sha256 = text(certificate, "sha256");
            return new Finding(
                    "%s@%s %s".formatted(count, text(certificate, "at"), sha256.substring(0, 16)),
                    "failed",
                    "%s: the certificate of %s %s (serial %s, SHA-256 %s, issued by %s)"
                            .formatted(
                                    text(certificate, "at"),
                                    text(certificate, "subject"),
                                    what,
                                    text(certificate, "serial"),
                                    sha256,
                                    text(certificate, "issuer")),
                    text(certificate, "place"),
                    List.of(count),
                    count,
                    text(certificate, "at"),
                    null,
                    null);
        }
    }

    private static List<Map<?, ?>> entries(Document document, String name) {
        List<Map<?, ?>> entries = new ArrayList<>();
        if (document.details().get(name) instanceof List<?> list) {
            for (Object one : list) {
                if (one instanceof Map<?, ?> entry) {
                    entries.add(entry);
                }
            }
        }
        return entries;
    }

    private static String text(Map<?, ?> entry, String name) {
        return String.valueOf(entry.get(name));
    }
}
