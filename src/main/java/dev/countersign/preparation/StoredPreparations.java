package dev.countersign.preparation;

import dev.countersign.catalog.Checklist;
import dev.countersign.preparation.PreparationPolicy.Need;
import dev.countersign.preparation.Ticking.Standing;
import dev.countersign.release.Dossiers;
import dev.countersign.release.Dossiers.Dossier;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Service;

/** Reads checklist and plan as they stand. */
@Service
class StoredPreparations implements Preparations {
    private final Ticking ticking;
    private final Preparedness preparedness;
    private final PreparationPolicy policy;
    private final PlanRepository plans;
    private final Releases releases;
    private final Dossiers dossiers;

    StoredPreparations(
            Ticking ticking,
            Preparedness preparedness,
            PreparationPolicy policy,
            PlanRepository plans,
            Releases releases,
            Dossiers dossiers) {
        this.ticking = ticking;
        this.preparedness = preparedness;
        this.policy = policy;
        this.plans = plans;
        this.releases = releases;
        this.dossiers = dossiers;
    }

    @Override
    public Optional<Preparation> of(String releaseKey) {
        Release release = releases.get(releaseKey);
        if (!policy.knows(release)) {
            return Optional.empty();
        }
        Dossier dossier = dossiers.of(releaseKey);
        var needs = policy.of(release);
        Standing standing = ticking.standing(release, dossier);
        Communication plan = communication(release, dossier, needs.plan());
        return Optional.of(new Preparation(
                checklist(standing, needs.checklist()),
                plan,
                preparedness.missing(release, dossier, standing),
                List.of(PreparationGates.checklist(needs, standing), PreparationGates.plan(needs, plan))));
    }

    private static CheckedList checklist(Standing standing, Need need) {
        Optional<Checklist> checklist = standing.checklist();
        return new CheckedList(
                need.required(),
                need.rule(),
                checklist.map(Checklist::name).orElse(null),
                checklist.map(Checklist::title).orElse(null),
                checklist.map(Checklist::digest).orElse(null),
                checklist.map(Checklist::items).orElse(List.of()).stream()
                        .map(item -> item(item, need, standing.valid().get(item.id())))
                        .toList());
    }

    private static CheckedItem item(Checklist.Item item, Need need, Tick tick) {
        TickEvidence evidence = tick == null || tick.evidence() == null ? null : TickEvidence.stored(tick.evidence());
        return new CheckedItem(
                item.id(),
                item.text(),
                item.role(),
                item.evidence(),
                need.asks(item.role()),
                tick == null ? null : tick.person(),
                tick == null ? null : tick.tickedAt(),
                evidence == null ? null : evidence.text(),
                evidence == null ? null : evidence.document());
    }

    private Communication communication(Release release, Dossier dossier, Need need) {
        Plan plan = plans.latest(release.key()).orElse(null);
        return new Communication(
                need.required(),
                need.rule(),
                status(plan, dossier),
                plan == null ? 0 : plan.version(),
                plan == null ? null : plan.writtenBy(),
                plan == null ? null : plan.writtenAt(),
                plan == null ? null : plan.document(),
                plan == null ? null : plan.noExternalBecause(),
                plan == null
                        ? List.of()
                        : plans.messagesOf(release.key()).stream()
                                .filter(message -> message.state() != Message.State.WITHDRAWN)
                                .map(StoredPreparations::announcement)
                                .toList());
    }

    private static String status(Plan plan, Dossier dossier) {
        if (plan == null) {
            return "none";
        }
        if (!plan.isFinal()) {
            return "draft";
        }
        return plan.holds(Planning.seen(dossier)) ? "final" : "outdated";
    }

    private static Announcement announcement(Message message) {
        return new Announcement(
                message.id(),
                message.audience().id(),
                message.channel(),
                message.recipients(),
                message.owner(),
                message.moment().id(),
                message.delayMinutes(),
                message.dueAt(),
                message.subject(),
                message.words(),
                message.onRollback().id(),
                message.replacement(),
                message.state().id(),
                message.sentAt(),
                message.endedAt(),
                message.endedBecause());
    }
}
