package dev.countersign.evidence.rotation;

import dev.countersign.catalog.Rotation.Secret;
import dev.countersign.evidence.rotation.SecretCheck.Seen;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

/** A time as a store states it. */
final class Stated {
    /** Clocks differ. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private Stated() {}

    /** What is not there says nothing; what cannot be a time of rotation is an error. */
    static Seen at(Secret secret, String text, String what, Clock clock) {
        if (text == null || text.isBlank()) {
            return Seen.failed(secret, Fault.NO_AGE, "nothing says when it was rotated (%s)".formatted(what));
        }
        try {
            Instant at = OffsetDateTime.parse(text.strip()).toInstant();
            if (at.isAfter(clock.instant().plus(SKEW))) {
                return Seen.failed(secret, Fault.ERROR, "%s lies in the future".formatted(what));
            }
            // 0001-01-01 is how a time that was never set is written.
            return at.isBefore(Instant.EPOCH)
                    ? Seen.failed(secret, Fault.NO_AGE, "it was never rotated (%s)".formatted(what))
                    : Seen.rotated(secret, at);
        } catch (DateTimeException unreadable) {
            return Seen.failed(secret, Fault.ERROR, "%s is no time".formatted(what));
        }
    }
}
