package dev.countersign.preparation;

import dev.countersign.evidence.Evidence.Document;
import dev.countersign.identity.Actors;
import dev.countersign.identity.NotEntitled;
import dev.countersign.preparation.Message.Moment;
import dev.countersign.preparation.Message.State;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Dossiers.Dossier;
import dev.countersign.release.Dossiers.MaterialDossierChanged;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The communication plan of a release, in versions; a final one is bound to what product saw when it was written. */
@Service
class Planning {
    private static final String READER = "product";

    private final PlanRepository plans;
    private final PreparationPolicy policy;
    private final Releases releases;
    private final Dossiers dossiers;
    private final MessageClock schedule;
    private final Timeline timeline;
    private final Actors actors;
    private final Clock clock;

    Planning(
            PlanRepository plans,
            PreparationPolicy policy,
            Releases releases,
            Dossiers dossiers,
            MessageClock schedule,
            Timeline timeline,
            Actors actors,
            Clock clock) {
        this.plans = plans;
        this.policy = policy;
        this.releases = releases;
        this.dossiers = dossiers;
        this.schedule = schedule;
        this.timeline = timeline;
        this.actors = actors;
        this.clock = clock;
    }

    static Seen seen(Dossier dossier) {
        return Seen.by(READER, dossier);
    }

    Set<String> planners(Release release) {
        return policy.of(release).plan().roles();
    }

    /** Whether a plan is needed and none is final for what there is to see now. */
    boolean isMissing(Release release, Dossier dossier) {
        return policy.of(release).plan().required() && !isFinal(release.key(), dossier);
    }

    boolean isFinal(String releaseKey, Dossier dossier) {
        return plans.latest(releaseKey)
                .filter(plan -> plan.holds(seen(dossier)))
                .isPresent();
    }

    void requireEntitled(Release release) {
        if (actors.currentGroups().stream().noneMatch(planners(release)::contains)) {
            throw new NotEntitled("The communication plan of %s is written by %s"
                    .formatted(release.key(), String.join(", ", planners(release))));
        }
    }

    /** Writes the next version. What was sent stays sent; what was only planned gives way. */
    @Transactional
    void write(String releaseKey, boolean isFinal, List<Message> messages, String noExternalBecause) {
        requireEntitled(releases.lock(releaseKey));
        long plan = insert(releaseKey, isFinal, messages, noExternalBecause, actors.current(), null);
        dossiers.changed(releaseKey, isFinal ? "the communication plan is final" : "the communication plan is a draft");
        if (isFinal && messages.stream().anyMatch(message -> message.moment() == Moment.TIME)) {
            schedule.those(plans.messagesOf(plan).stream()
                    .filter(message -> message.moment() == Moment.TIME)
                    .toList());
        }
    }

    private long insert(
            String releaseKey,
            boolean isFinal,
            List<Message> messages,
            String noExternalBecause,
            String writer,
            Document document) {
        Instant now = clock.instant();
        int version = plans.latest(releaseKey).map(Plan::version).orElse(0) + 1;
        plans.withdraw(releaseKey, now, "version %d of the plan took its place".formatted(version));
        String sha256 = document == null ? null : document.sha256();
        Seen seen = seen(dossiers.of(releaseKey));
        long plan = plans.insert(
                new Plan(0, releaseKey, version, isFinal, noExternalBecause, seen, writer, now, sha256, null, null));
        plans.insert(plan, messages);
        timeline.record(
                releaseKey,
                isFinal ? "communication.final" : "communication.drafted",
                writer,
                "The communication plan is %s: %s%s"
                        .formatted(
                                isFinal ? "final" : "a draft",
                                counted(messages),
                                document == null ? "" : ", taken from the document of " + document.source()),
                Map.of(
                        "version",
                        version,
                        "document",
                        document == null ? "" : document.sha256(),
                        "messages",
                        messages.stream()
                                .map(message -> Map.of(
                                        "subject",
                                        message.subject(),
                                        "audience",
                                        message.audience().id(),
                                        "moment",
                                        message.moment().id()))
                                .toList()));
        return plan;
    }

    /**
     * A plan that was sent as a document is a draft where nobody has written one. What a person wrote stays: only a person takes its place.
     *
     * @return false where a person's plan stands
     */
    @Transactional
    boolean propose(String releaseKey, List<Message> messages, String noExternalBecause, Document document) {
        releases.lock(releaseKey);
        if (plans.latest(releaseKey).filter(plan -> plan.document() == null).isPresent()) {
            timeline.record(
                    releaseKey,
                    "communication.proposed",
                    document.receivedBy(),
                    "A document of %s proposes another communication plan: what a person wrote stays"
                            .formatted(document.source()),
                    Map.of("document", document.sha256()));
            return false;
        }
        insert(releaseKey, false, messages, noExternalBecause, document.receivedBy(), document);
        return true;
    }

    /** Where the texts come from that a person corrects. */
    String origin(String releaseKey) {
        return plans.latest(releaseKey)
                .map(plan -> plan.document() == null
                        ? "Version %d of the plan, written by %s.".formatted(plan.version(), plan.writtenBy())
                        : "Version %d of the plan, taken from a document that %s sent (sha256 %s)."
                                .formatted(plan.version(), plan.writtenBy(), plan.document()))
                .orElse("Nobody has written a plan yet: the messages below are a proposal of the platform.");
    }

    private static String counted(List<Message> messages) {
        long external = messages.stream().filter(Message::isExternal).count();
        return "%d internal and %d external message%s"
                .formatted(messages.size() - external, external, external == 1 ? "" : "s");
    }

    /** A plan that was written for something else is not sent, and asked for again. */
    @EventListener
    void on(MaterialDossierChanged change) {
        plans.latest(change.releaseKey())
                .filter(plan -> plan.isFinal() && plan.voidedAt() == null)
                .ifPresent(plan -> {
                    Seen now = seen(dossiers.of(change.releaseKey()));
                    if (!plan.seen().equals(now)) {
                        String because = plan.seen().differenceTo(now);
                        plans.voidIt(change.releaseKey(), plan.id(), clock.instant(), because);
                        timeline.record(
                                change.releaseKey(),
                                "communication.voided",
                                Actors.PLATFORM,
                                "The communication plan must be made final again; " + because,
                                Map.of("version", plan.version()));
                    }
                });
    }

    /** What a person corrects: the last plan less what was sent of it. */
    List<Message> unsent(String releaseKey) {
        return plans.latest(releaseKey)
                .map(plan -> plans.messagesOf(plan.id()).stream()
                        .filter(message -> message.state() == State.DRAFT || message.state() == State.PLANNED)
                        .toList())
                .orElse(List.of());
    }

    boolean isWritten(String releaseKey) {
        return plans.latest(releaseKey).isPresent();
    }

    String noExternalBecause(String releaseKey) {
        return plans.latest(releaseKey).map(Plan::noExternalBecause).orElse(null);
    }

    List<Message> sent(String releaseKey) {
        return plans.messagesOf(releaseKey).stream()
                .filter(message -> message.state() == State.SENT)
                .toList();
    }
}
