package dev.countersign.rollout.alertmanager;

import dev.countersign.identity.Actors;
import dev.countersign.release.Timeline;
import dev.countersign.rollout.Halt;
import dev.countersign.rollout.Rollouts.Status;
import dev.countersign.rollout.TrafficControl;
import dev.countersign.rollout.alertmanager.AlertReleases.Found;
import dev.countersign.rollout.alertmanager.Delivery.Alert;
import dev.countersign.workflow.Decisions;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.unit.DataSize;

/**
 * Does what the table {@code alert-actions} says of an alert, in the version that the release began with. Each alert and release is a transaction: what was done and that
 * it was done stand or fall together, so that a delivery that failed is done when it is repeated, and one that was done is not done again.
 */
@Component
class AlertActions {
    private static final Logger LOG = LoggerFactory.getLogger(AlertActions.class);
    private static final String SENDER = "alertmanager";
    private static final String NO_RELEASE = "";
    private static final List<String> SEVERITIES = List.of("critical", "page", "warning", "info");
    private final AlertReleases releases;
    private final AlertStore store;
    private final Decisions decisions;
    private final TrafficControl traffic;
    private final Halt halt;
    private final Timeline timeline;
    private final TransactionTemplate transaction;
    private final Clock clock;

    AlertActions(
            AlertReleases releases,
            AlertStore store,
            Decisions decisions,
            TrafficControl traffic,
            Halt halt,
            Timeline timeline,
            PlatformTransactionManager transactions,
            Clock clock) {
        this.releases = releases;
        this.store = store;
        this.decisions = decisions;
        this.traffic = traffic;
        this.halt = halt;
        this.timeline = timeline;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /**
     * What became of one alert for one release, or of all those that were not read; those have neither fingerprint nor start.
     *
     * @param outcome {@code ROLLED_BACK}, {@code HALTED}, {@code RECORDED}, {@code REPEATED}, {@code RESOLVED}, {@code NO_RELEASE} or {@code FAILED}
     * @param tookMs from receipt until it was done, traffic included
     */
    record Done(String fingerprint, Instant startsAt, String release, String outcome, String because, long tookMs) {}

    private record Decided(String action, String version) {}

    List<Done> take(Alert alert, Instant received) {
        List<Done> done = new ArrayList<>();
        try {
            if (alert.resolved()) {
                return List.of(resolve(alert, received));
            }
            for (Found found : releases.of(alert)) {
                done.add(once(alert, found, received));
            }
            if (done.isEmpty()) {
                boolean seen = once(alert);
                done.add(done(
                        alert,
                        null,
                        seen ? "REPEATED" : "NO_RELEASE",
                        "no release that is being rolled out has these labels",
                        received));
            }
        } catch (RuntimeException failed) {
            LOG.error("The alert {} could not be taken in", Words.cut(alert.label("alertname")), failed);
            done.add(done(alert, null, "FAILED", "not taken in; send it again", received));
        }
        return done;
    }

    private Done once(Alert alert, Found found, Instant received) {
        try {
            return transaction.execute(status -> again(alert, found, received));
        } catch (DuplicateKeyException faster) {
            return done(alert, found, "REPEATED", "known already", received);
        }
    }

    private Done again(Alert alert, Found found, Instant received) {
        boolean known = store.seen(alert, found.release().key());
        return known && !store.isOwed(alert, found.release().key())
                ? done(alert, found, "REPEATED", "known already", received)
                : act(alert, found, known, received);
    }

    private boolean once(Alert alert) {
        try {
            return Boolean.TRUE.equals(transaction.execute(status -> {
                boolean seen = store.seen(alert, NO_RELEASE);
                if (!seen) {
                    store.insert(alert, NO_RELEASE, "record", "no release", null, false);
                }
                return seen;
            }));
        } catch (DuplicateKeyException faster) {
            return true;
        }
    }

    /**
     * @param known whether it came when there was nothing to halt: it fires still, and somebody may have let the release go on since
     */
    private Done act(Alert alert, Found found, boolean known, Instant received) {
        if (found.by().equals(AlertReleases.ANOTHER_VERSION)) {
            return writeDown(alert, found, received);
        }
        String key = found.release().key();
        Decided decided = decide(alert, found);
        String sentence = "%s alert %s, found by its %s%s"
                .formatted(
                        alert.label("severity").isEmpty() ? "an" : Words.cut(alert.label("severity")),
                        Words.cut(alert.label("alertname")),
                        found.by(),
                        alert.summary().isBlank() ? "" : ": " + Words.cut(alert.summary()));
        String outcome = "RECORDED";
        if (decided.action().equals("rollback")) {
            traffic.trip(key, Actors.PLATFORM, sentence, received);
            outcome = "ROLLED_BACK";
        } else if (!decided.action().equals("record") && halt.ifItMoves(key, sentence)) {
            outcome = "HALTED";
        }
        boolean owed = outcome.equals("RECORDED") && !decided.action().equals("record");
        if (known && outcome.equals("RECORDED")) {
            return done(alert, found, "REPEATED", "known already", received);
        }
        if (known) {
            store.acted(alert, key, decided.action());
            sentence += ", which fires still";
        } else {
            store.insert(alert, key, decided.action(), sentence, decided.version(), owed);
        }
        timeline.record(
                key,
                "alert.received",
                SENDER,
                sentence + " (" + outcome + ")",
                Map.of(
                        "fingerprint", alert.fingerprint(),
                        "startsAt", alert.startsAt().toString(),
                        "action", decided.action(),
                        "rule", decided.version()));
        return done(alert, found, outcome, sentence, received);
    }

    /** Of the stable version, as it says: nothing is done, and whoever watches the release sees it. */
    private Done writeDown(Alert alert, Found found, Instant received) {
        String key = found.release().key();
        String sentence = "%s alert %s names another version than the candidate"
                .formatted(
                        alert.label("severity").isEmpty() ? "an" : Words.cut(alert.label("severity")),
                        Words.cut(alert.label("alertname")));
        store.insert(alert, key, "record", sentence, null, false);
        timeline.record(
                key,
                "alert.of-another-version",
                SENDER,
                sentence + ": nothing was done",
                Map.of(
                        "fingerprint",
                        alert.fingerprint(),
                        "startsAt",
                        alert.startsAt().toString()));
        return done(alert, found, "NO_RELEASE", sentence, received);
    }

    /**
     * A table that does not answer, as for a release that began before there was one, halts: an alert is not dropped because nobody said what it means. After the last
     * step users stay on it, and nothing makes it the stable version until a person decides.
     */
    private Decided decide(Alert alert, Found found) {
        boolean stabilising = found.rollout().status() == Status.COMPLETE;
        Map<String, Object> facts = Map.of(
                "alertname", alert.label("alertname"),
                "severity", severity(alert),
                "matchedBy", found.by(),
                "phase", stabilising ? "stabilisation" : "step",
                "duringRollout", !alert.startsAt().isBefore(found.rollout().startedAt()),
                "tier", Objects.requireNonNullElse(found.release().tier(), "critical"));
        try {
            Decisions.Answered answer = decisions.ask(found.release().policy(), "alert-actions", facts);
            return new Decided(String.valueOf(answer.single().get("action")), answer.version());
        } catch (RuntimeException unanswered) {
            LOG.error("The table alert-actions does not answer for {}", facts, unanswered);
            return new Decided("halt", "alert-actions without an answer");
        }
    }

    /** Known words count however they are written; a table may know others, as they are. */
    private static String severity(Alert alert) {
        String severity = alert.label("severity").strip();
        return SEVERITIES.stream()
                .filter(severity::equalsIgnoreCase)
                .findFirst()
                .orElse(severity);
    }

    private Done resolve(Alert alert, Instant received) {
        return transaction.execute(status -> {
            List<String> concerned = store.resolve(alert);
            concerned.stream()
                    .filter(key -> !key.equals(NO_RELEASE))
                    .forEach(key -> timeline.record(
                            key,
                            "alert.resolved",
                            SENDER,
                            "The alert %s is resolved; nothing goes on by itself"
                                    .formatted(Words.cut(alert.label("alertname"))),
                            Map.of("fingerprint", alert.fingerprint())));
            return done(alert, null, "RESOLVED", "nothing goes on by itself", received);
        });
    }

    /** Alerts that the sender left out may have been worse than those it sent: said on every release that it spoke of, and on those that its whole group speaks of. */
    void truncated(Delivery delivery, List<Done> done) {
        Alert leftOut = new Alert(false, "", clock.instant(), delivery.groupLabels(), "");
        Stream<String> ofGroup = releases.of(leftOut).stream()
                .filter(found -> !found.by().equals(AlertReleases.ANOTHER_VERSION))
                .map(found -> found.release().key());
        say(
                Stream.concat(spokenOf(done), ofGroup),
                "alert.truncated",
                "Alertmanager left out %d alerts of this group: raise max_alerts".formatted(delivery.truncated()),
                Map.of("truncated", delivery.truncated()));
    }

    /** Nobody knows of which releases the part speaks that was not read: all that users meet are halted, each for itself. */
    List<Done> cut(DataSize read, Instant received) {
        String sentence =
                "Alertmanager sent more than %d bytes at once: what follows was not read, and may have been about this release"
                        .formatted(read.toBytes());
        List<Done> done = new ArrayList<>();
        for (String key : releases.exposed()) {
            try {
                String outcome = transaction.execute(status -> {
                    boolean halted = halt.ifItMoves(key, sentence);
                    timeline.record(key, "alert.unread", SENDER, sentence, Map.of("halted", halted));
                    return halted ? "HALTED" : "RECORDED";
                });
                done.add(new Done(null, null, key, outcome, sentence, took(received)));
            } catch (RuntimeException failed) {
                LOG.error("{} could not be halted for alerts that were not read", key, failed);
                done.add(new Done(null, null, key, "FAILED", "not halted; send it again", took(received)));
            }
        }
        return done;
    }

    void unreadable(int number, List<Done> done) {
        say(
                spokenOf(done),
                "alert.unreadable",
                "%d alerts of this group cannot be read, and nothing was done about them".formatted(number),
                Map.of("unreadable", number));
    }

    private static Stream<String> spokenOf(List<Done> done) {
        return done.stream().map(Done::release).filter(Objects::nonNull);
    }

    private void say(Stream<String> releases, String type, String sentence, Map<String, Object> detail) {
        transaction.executeWithoutResult(
                status -> releases.distinct().forEach(key -> timeline.record(key, type, SENDER, sentence, detail)));
    }

    private Done done(Alert alert, Found found, String outcome, String because, Instant received) {
        return new Done(
                alert.fingerprint(),
                alert.startsAt(),
                found == null ? null : found.release().key(),
                outcome,
                because,
                took(received));
    }

    private long took(Instant received) {
        return clock.millis() - received.toEpochMilli();
    }
}
