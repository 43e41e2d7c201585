package dev.countersign.gate.privacy;

import dev.countersign.evidence.PlatformEvidence;
import dev.countersign.identity.Actors;
import dev.countersign.identity.NotEntitled;
import dev.countersign.identity.Role;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.StateChanged;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Timeline;
import dev.countersign.release.Verdict;
import dev.countersign.workflow.Messages;
import dev.countersign.workflow.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Has the impact on personal data assessed by people where a gate needs it and no document shows it. What they answer becomes a document of the same format as
 * those that are sent, so that one reader and one gate judge both.
 */
@Service
public class ImpactDesk {
    static final String PROCESS = "data-impact";
    private static final String TYPE = "dpia";
    static final Role ASSESSOR = Role.PRIVACY;
    static final Role ALTERNATE = Role.LEGAL;
    private static final String SOURCE = "questionnaire";
    private final ImpactRepository assessments;
    private final ImpactNotices notices;
    private final PlatformEvidence evidence;
    private final Releases releases;
    private final Processes processes;
    private final Messages messages;
    private final Timeline timeline;
    private final Actors actors;
    private final Clock clock;

    ImpactDesk(
            ImpactRepository assessments,
            ImpactNotices notices,
            PlatformEvidence evidence,
            Releases releases,
            Processes processes,
            Messages messages,
            Timeline timeline,
            Actors actors,
            Clock clock) {
        this.assessments = assessments;
        this.notices = notices;
        this.evidence = evidence;
        this.releases = releases;
        this.processes = processes;
        this.messages = messages;
        this.timeline = timeline;
        this.actors = actors;
        this.clock = clock;
    }

    /** Whether a gate that reads these types is cleared by an assessment. */
    public static boolean concerns(Collection<String> types) {
        return types.contains(TYPE);
    }

    /** Asks where nothing shows the impact, and lets go where something does. To be called while the release's row is held. */
    public void follow(Release release, Verdict verdict, boolean waived) {
        List<ImpactAssessment> open = assessments.of(release.key()).stream()
                .filter(ImpactAssessment::isOpen)
                .toList();
        if (verdict == Verdict.PASS || waived) {
            open.forEach(one -> letGo(one, waived ? "the gate is waived" : "an assessment is there"));
        } else if (verdict == Verdict.NO_DATA && open.isEmpty()) {
            ask(release);
        }
    }

    /** Asks once more where the assessment that people made is what stands in the way. To be called while the release's row is held. */
    public void askAgain(Release release) {
        List<ImpactAssessment> before = assessments.of(release.key());
        if (before.stream().anyMatch(ImpactAssessment::isMade)
                && before.stream().noneMatch(ImpactAssessment::isOpen)) {
            ask(release);
        }
    }

    private void ask(Release release) {
        // A release that began under models without this process waits for a document, as it began.
        if (release.state().isFinal() || !processes.knows(release.policy(), PROCESS)) {
            return;
        }
        long id = assessments.insert(release.key(), clock.instant());
        timeline.record(
                release.key(),
                "impact.asked",
                Actors.PLATFORM,
                "%s is asked to assess the impact on personal data".formatted(ASSESSOR.id()),
                Map.of("assessment", id));
        notices.asked(release);
        processes.start(release.policy(), PROCESS, release.key(), Map.of("assessment", String.valueOf(id)));
    }

    /** Takes the assessment of whoever acts now. */
    @Transactional
    void assess(long id, Questionnaire questionnaire) {
        ImpactAssessment open = open(id);
        Release release = releases.lock(open.releaseKey());
        open = open(id);
        requireEntitled(release, open);
        String person = actors.current();
        if (!assessments.end(id, questionnaire.decision(), person, clock.instant())) {
            throw new StateConflict("That was assessed meanwhile");
        }
        timeline.record(
                release.key(),
                "impact.assessed",
                person,
                "The impact on personal data was assessed: %s%s"
                        .formatted(
                                questionnaire.decision(),
                                questionnaire.reason() == null ? "" : ". " + questionnaire.reason()),
                Map.of(
                        "assessment",
                        id,
                        "decision",
                        questionnaire.decision(),
                        "conditions",
                        questionnaire.conditions().size(),
                        "risks",
                        questionnaire.risks().size()));
        try {
            assessments.made(
                    id,
                    evidence.keep(
                            release.key(),
                            TYPE,
                            SOURCE,
                            questionnaire.document(release.commit(), person, clock.instant())));
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private void requireEntitled(Release release, ImpactAssessment open) {
        boolean alternate = open.escalatedAt() != null && actors.has(ALTERNATE);
        if (!actors.has(ASSESSOR) && !alternate) {
            throw new NotEntitled("The impact on personal data is assessed by %s".formatted(ASSESSOR.id()));
        }
        if (release.isAuthorOrRequester(actors.current())) {
            throw new NotEntitled("'%s' wrote or requested %s and cannot assess its impact"
                    .formatted(actors.current(), release.key()));
        }
    }

    void remind(long id) {
        assessments
                .find(id)
                .filter(ImpactAssessment::isOpen)
                .ifPresent(open -> notices.remind(releases.get(open.releaseKey()), open));
    }

    /** Privacy is silent: legal may assess it too. Told each day; silence assesses nothing. */
    @Transactional
    void escalate(long id) {
        assessments.find(id).filter(ImpactAssessment::isOpen).ifPresent(open -> {
            assessments.escalate(id, clock.instant());
            timeline.record(
                    open.releaseKey(),
                    "impact.escalated",
                    Actors.PLATFORM,
                    "Nobody has assessed the impact on personal data: %s is asked too".formatted(ALTERNATE.id()),
                    Map.of("assessment", id));
            notices.escalated(releases.get(open.releaseKey()));
        });
    }

    @EventListener
    void on(StateChanged changed) {
        // No release becomes stable with the gate open that asks for an assessment.
        if (changed.to().isFinal() && changed.to() != ReleaseState.STABLE) {
            assessments.of(changed.releaseKey()).stream()
                    .filter(ImpactAssessment::isOpen)
                    .forEach(open -> letGo(open, "the release is " + changed.to()));
        }
    }

    private void letGo(ImpactAssessment open, String why) {
        assessments.end(open.id(), ImpactAssessment.MOOT, null, clock.instant());
        timeline.record(
                open.releaseKey(),
                "impact.moot",
                Actors.PLATFORM,
                "The impact on personal data need not be assessed any more: " + why,
                Map.of("assessment", open.id()));
        messages.send("impactMoot-" + open.id(), open.releaseKey());
    }

    private ImpactAssessment open(long id) {
        return assessments
                .find(id)
                .filter(ImpactAssessment::isOpen)
                .orElseThrow(() -> new StateConflict("That is not asked any more"));
    }
}
