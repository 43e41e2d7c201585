package dev.countersign.gate.contract;

import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.EvidenceJudge;
import dev.countersign.identity.Actors;
import dev.countersign.identity.NotEntitled;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.StateChanged;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.Messages;
import dev.countersign.workflow.Processes;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Asks consumers for their consent, each by a process of its own, and takes their answers. */
@Service
public class ConsentDesk {
    static final String PROCESS = "contract-consent";
    private final Consents consents;
    private final ConsentRepository repository;
    private final ConsentNotices notices;
    private final Releases releases;
    private final Processes processes;
    private final Messages messages;
    private final ObjectProvider<EvidenceJudge> judges;
    private final Dossiers dossiers;
    private final Timeline timeline;
    private final Actors actors;
    private final Clock clock;

    ConsentDesk(
            Consents consents,
            ConsentRepository repository,
            ConsentNotices notices,
            Releases releases,
            Processes processes,
            Messages messages,
            ObjectProvider<EvidenceJudge> judges,
            Dossiers dossiers,
            Timeline timeline,
            Actors actors,
            Clock clock) {
        this.consents = consents;
        this.repository = repository;
        this.notices = notices;
        this.releases = releases;
        this.processes = processes;
        this.messages = messages;
        this.judges = judges;
        this.dossiers = dossiers;
        this.timeline = timeline;
        this.actors = actors;
        this.clock = clock;
    }

    /**
     * Asks whoever has not been asked for these comparisons, and lets go what was asked for others. To be called while the release's row is held.
     *
     * @param waived findings that are waived: a change without a new major version asks consumers only once that is waived
     */
    public void follow(Release release, List<Document> documents, Set<String> waived) {
        List<Comparison> breaking = documents.stream()
                .map(Comparison::new)
                .filter(Comparison::breaks)
                .toList();
        List<Consent> asked = repository.of(release.key());
        Set<String> digests = breaking.stream().map(Comparison::digest).collect(Collectors.toSet());
        asked.stream()
                .filter(consent -> consent.isOpen() && !digests.contains(consent.comparison()))
                .forEach(consent -> letGo(consent, "the contract was sent anew"));
        breaking.stream()
                .filter(compared -> compared.isOnlyForConsumers(waived))
                .forEach(compared -> ask(release, compared, asked));
    }

    private void ask(Release release, Comparison compared, List<Consent> asked) {
        String digest = compared.digest();
        consents.consumers(release.service()).forEach((consumer, owner) -> {
            boolean known = asked.stream()
                    .anyMatch(consent -> consent.comparison().equals(digest)
                            && consent.consumer().equals(consumer));
            // A release that began under models without this process is judged by tables without this limit.
            if (!known && processes.knows(release.policy(), PROCESS)) {
                ask(release, compared, consumer, owner);
            }
        });
    }

    private void ask(Release release, Comparison compared, String consumer, String owner) {
        Document document = compared.document();
        repository.insert(new Consent(
                0,
                release.key(),
                compared.digest(),
                document.type(),
                document.sha256(),
                document.source(),
                compared.base(),
                consumer,
                owner,
                Consents.alternate(),
                compared.changes(),
                clock.instant(),
                null,
                null,
                null,
                null,
                null));
        Consent stored = repository.of(release.key()).stream()
                .filter(one -> one.comparison().equals(compared.digest())
                        && one.consumer().equals(consumer))
                .findFirst()
                .orElseThrow();
        timeline.record(
                release.key(),
                "consent.asked",
                Actors.PLATFORM,
                "%s (%s) is asked whether it consents to %d changes that break it, compared with %s"
                        .formatted(consumer, owner, compared.count("breaking"), compared.base()),
                detail(stored));
        notices.asked(release, stored);
        processes.start(release.policy(), PROCESS, release.key(), Map.of("consent", String.valueOf(stored.id())));
    }

    /** Takes the answer of whoever acts now. */
    @Transactional
    public void answer(long id, String seen, boolean consented, String reason) {
        Consent consent = open(id);
        Release release = releases.lock(consent.releaseKey());
        String person = actors.current();
        if (!actors.currentGroups().contains(consent.asked())) {
            throw new NotEntitled("For %s the group %s answers".formatted(consent.consumer(), consent.asked()));
        }
        if (release.isAuthorOrRequester(person)) {
            throw new NotEntitled(
                    "'%s' wrote or requested %s and cannot consent to its changes".formatted(person, release.key()));
        }
        if (!consent.comparison().equals(seen)) {
            throw new StateConflict("What you saw is not what is asked any more: compare %s with %s"
                    .formatted(seen, consent.comparison()));
        }
        end(open(id), consented ? "CONSENTED" : "REFUSED", person, reason);
    }

    /** Mails again whoever is asked now. */
    void remind(long id) {
        repository
                .find(id)
                .filter(Consent::isOpen)
                .ifPresent(consent -> notices.remind(releases.get(consent.releaseKey()), consent));
    }

    /** The owner is silent: the alternate is asked. */
    @Transactional
    void escalate(long id) {
        repository.find(id).filter(Consent::isOpen).ifPresent(consent -> {
            repository.escalate(id, clock.instant());
            timeline.record(
                    consent.releaseKey(),
                    "consent.escalated",
                    Actors.PLATFORM,
                    "%s is silent about the changes that break %s: %s is asked"
                            .formatted(consent.owner(), consent.consumer(), consent.alternate()),
                    detail(consent));
            notices.escalated(releases.get(consent.releaseKey()), consent);
        });
    }

    /** Nobody answered: that is no consent. */
    @Transactional
    void silence(long id) {
        repository.find(id).filter(Consent::isOpen).ifPresent(consent -> {
            releases.lock(consent.releaseKey());
            end(consent, "SILENT", Actors.PLATFORM, "nobody answered in time");
        });
    }

    private void end(Consent consent, String answer, String person, String reason) {
        if (!repository.answer(consent.id(), answer, person, reason, clock.instant())) {
            throw new StateConflict("That was answered meanwhile");
        }
        String words =
                switch (answer) {
                    case "CONSENTED" -> "%s consents to the changes that break it";
                    case "REFUSED" -> "%s does not consent to the changes that break it";
                    default -> "%s did not answer about the changes that break it: that is no consent";
                };
        timeline.record(
                consent.releaseKey(),
                "consent." + answer.toLowerCase(java.util.Locale.ROOT),
                person,
                words.formatted(consent.consumer()) + (reason == null ? "" : ": " + reason),
                detail(consent));
        if (!"CONSENTED".equals(answer)) {
            notices.notGiven(releases.get(consent.releaseKey()), consent, reason);
        }
        judges.orderedStream().forEach(judge -> judge.arrived(consent.releaseKey(), consent.type()));
        dossiers.changed(consent.releaseKey(), "%s answered about the contract".formatted(consent.consumer()));
    }

    /** Whoever is asked about a release that is over need not answer. */
    @EventListener
    void on(StateChanged changed) {
        if (changed.to().isFinal()) {
            repository.of(changed.releaseKey()).stream()
                    .filter(Consent::isOpen)
                    .forEach(consent -> letGo(consent, "the release is " + changed.to()));
        }
    }

    private void letGo(Consent consent, String why) {
        repository.answer(consent.id(), "MOOT", Actors.PLATFORM, why, clock.instant());
        timeline.record(
                consent.releaseKey(),
                "consent.moot",
                Actors.PLATFORM,
                "%s need not answer any more: %s".formatted(consent.consumer(), why),
                detail(consent));
        messages.send("consentMoot-" + consent.id(), consent.releaseKey());
    }

    private Consent open(long id) {
        return repository
                .find(id)
                .filter(Consent::isOpen)
                .orElseThrow(() -> new StateConflict("That is not asked any more"));
    }

    private static Map<String, Object> detail(Consent consent) {
        return Map.of(
                "consumer",
                consent.consumer(),
                "comparison",
                consent.comparison(),
                "sha256",
                consent.sha256(),
                "changes",
                consent.changes().stream().map(Consent.Change::id).limit(20).toList());
    }
}
