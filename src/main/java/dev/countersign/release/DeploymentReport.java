package dev.countersign.release;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What another system says of one deployment. Texts come from outside: they are made fit to be stored and shown here, and what is no commit, digest or address is none.
 *
 * @param source the system, {@code github}, {@code gitlab} or {@code cdevents}
 * @param id one deployment has one id, whichever way it is reported
 * @param repository as the source names it; for CDEvents the source of the event
 * @param environment as the source names it; null where it names none
 * @param commit null where it names none
 * @param digest of the artifact, {@code sha256:…}; null where it names none
 * @param createdAt when it was asked for
 * @param startedAt when it began to run there; null where that is not said
 * @param finishedAt null while it goes on
 * @param statedAt when the source came to this state: of two that say an end, the later counts
 * @param address of its page there; null where it said none
 */
public record DeploymentReport(
        String source,
        String id,
        String repository,
        String environment,
        String commit,
        String digest,
        State state,
        Instant createdAt,
        Instant startedAt,
        Instant finishedAt,
        Instant statedAt,
        String address) {
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_ADDRESS = 1000;
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");
    /** What RFC 3986 allows beside letters and digits, but the apostrophe: nothing that ends an attribute. */
    private static final String SIGNS = "._~:/?#[]@!$&()*+,;=%-";

    private static final Instant EARLIEST = Instant.EPOCH;
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    /** How far it is. Of {@code WAITING} and {@code HELD} nothing has begun; {@code HELD} needs the word of a rule or a person there. */
    public enum State {
        WAITING,
        HELD,
        RUNNING,
        SUCCESS,
        FAILURE;

        public boolean hasBegun() {
            return this != WAITING && this != HELD;
        }

        public boolean isEnd() {
            return this == SUCCESS || this == FAILURE;
        }
    }

    /** @throws IllegalArgumentException without an id, a state or a time to begin with */
    public DeploymentReport {
        id = line(id);
        repository = line(repository);
        environment = line(environment);
        if (source == null || id == null || state == null || createdAt == null || statedAt == null) {
            throw new IllegalArgumentException("A deployment has an id, a state and a time");
        }
        commit = matching(COMMIT, commit);
        digest = matching(DIGEST, digest);
        address = isAddress(address) ? address : null;
        createdAt = stored(createdAt);
        startedAt = startedAt == null ? null : stored(startedAt);
        finishedAt = finishedAt == null || !state.isEnd() ? null : stored(finishedAt);
        statedAt = stored(statedAt);
    }

    /** When it began, as far as that is known. */
    public Instant begin() {
        return startedAt == null ? createdAt : startedAt;
    }

    /** From when it was asked for until its end; null while it goes on. */
    public Duration duration() {
        return finishedAt == null ? null : Duration.between(createdAt, finishedAt);
    }

    private static String matching(Pattern form, String text) {
        String small = text == null ? "" : text.strip().toLowerCase(Locale.ROOT);
        return form.matcher(small).matches() ? small : null;
    }

    private static boolean isAddress(String text) {
        return text != null
                && text.length() <= LONGEST_ADDRESS
                && (text.startsWith("https://") || text.startsWith("http://"))
                && text.chars()
                        .allMatch(sign -> (sign < 128 && Character.isLetterOrDigit(sign)) || SIGNS.indexOf(sign) >= 0);
    }

    /** One line without control characters, halves of surrogate pairs and direction marks; null where nothing is left. */
    private static String line(String text) {
        if (text == null) {
            return null;
        }
        String clean =
                text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]+", " ").strip();
        if (clean.length() > LONGEST_NAME) {
            // Two that differ only further on stay two.
            clean = clean.substring(0, LONGEST_NAME - 9).stripTrailing() + "~" + Integer.toHexString(clean.hashCode());
            clean = clean.replaceAll("\\p{Cs}", "");
        }
        return clean.isEmpty() ? null : clean;
    }

    private static Instant stored(Instant time) {
        return time.isBefore(EARLIEST) ? EARLIEST : time.isAfter(LATEST) ? LATEST : time.truncatedTo(ChronoUnit.MICROS);
    }
}
