package dev.countersign.preparation;

import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.gate.ManualGates;
import dev.countersign.preparation.PreparationPolicy.Need;
import dev.countersign.preparation.PreparationPolicy.Needs;
import dev.countersign.preparation.Preparations.Communication;
import dev.countersign.preparation.Preparations.Preparation;
import dev.countersign.preparation.Ticking.Standing;
import dev.countersign.release.Verdict;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.springframework.stereotype.Component;

/** Checklist and communication plan as gates: what is not confirmed yet is {@code NO_DATA}, never a pass. */
@Component
class PreparationGates implements ManualGates {
    private final Preparations preparations;

    PreparationGates(Preparations preparations) {
        this.preparations = preparations;
    }

    @Override
    public List<Gate> of(String releaseKey) {
        return preparations.of(releaseKey).map(Preparation::gates).orElse(List.of());
    }

    /** The checklist: each item that is asked for and not ticked stands in the way. */
    static Gate checklist(Needs needs, Standing standing) {
        Need need = needs.checklist();
        if (standing.checklist().isEmpty()) {
            return new Part(PreparationPolicy.CHECKLIST, need, needs.version())
                    .gate(Verdict.NO_DATA, null, null, null, "No checklist applies to the service", List.of(), null);
        }
        var checklist = standing.checklist().get();
        long ticked = standing.valid().keySet().stream()
                .filter(id ->
                        checklist.items().stream().anyMatch(item -> item.id().equals(id) && need.asks(item.role())))
                .count();
        long asked = ticked + standing.open().size();
        List<Finding> open = standing.open().stream()
                .map(item -> new Finding("item:" + item.id(), "", item.text(), item.role(), List.of()))
                .toList();
        // A checklist of which nobody is asked anything confirms nothing.
        Verdict verdict = open.isEmpty() && asked > 0 ? Verdict.PASS : Verdict.NO_DATA;
        return new Part(PreparationPolicy.CHECKLIST, need, needs.version())
                .gate(
                        verdict,
                        ticked + " ticked",
                        "all " + asked + " that are asked for",
                        asked,
                        "%d of %d items of the checklist '%s' are ticked for what there is to see now%s (%s, checklist %s)"
                                .formatted(
                                        ticked,
                                        asked,
                                        checklist.name(),
                                        open.isEmpty()
                                                ? ""
                                                : "; open: "
                                                        + String.join(
                                                                ", ",
                                                                standing.open().stream()
                                                                        .limit(5)
                                                                        .map(item -> "'%s' of %s"
                                                                                .formatted(item.id(), item.role()))
                                                                        .toList()),
                                        needs.version(),
                                        checklist.digest()),
                        open,
                        standing.valid().values().stream()
                                .map(Tick::tickedAt)
                                .max(Comparator.naturalOrder())
                                .orElse(null));
    }

    /** The plan: final, for what there is to see now. */
    static Gate plan(Needs needs, Communication plan) {
        boolean isFinal = "final".equals(plan.status());
        long announced = plan.messages().size();
        String how =
                switch (plan.status()) {
                    case "none" -> "Nobody has written a communication plan yet";
                    case "draft" -> "Version %d of the communication plan is a draft".formatted(plan.version());
                    case "outdated" ->
                        "Version %d of the communication plan was final for something that has changed since"
                                .formatted(plan.version());
                    default ->
                        "Version %d of the communication plan is final: %d message%s, by %s"
                                .formatted(plan.version(), announced, announced == 1 ? "" : "s", plan.writtenBy());
                };
        return new Part(PreparationPolicy.PLAN, needs.plan(), needs.version())
                .gate(
                        isFinal ? Verdict.PASS : Verdict.NO_DATA,
                        plan.status(),
                        "final for what there is to see now",
                        announced,
                        "%s (%s)".formatted(how, needs.version()),
                        isFinal ? List.of() : List.of(new Finding("plan:" + plan.status(), "", how, "", List.of())),
                        plan.writtenAt());
    }

    private record Part(String name, Need need, String version) {
        Gate gate(
                Verdict verdict,
                String value,
                String limit,
                Long sample,
                String sentence,
                List<Finding> findings,
                Instant at) {
            boolean applies = !"not-applicable".equals(need.level());
            return new Gate(
                    name,
                    need.level(),
                    need.rule(),
                    applies ? verdict : Verdict.NOT_APPLICABLE,
                    applies ? value : null,
                    applies ? limit : null,
                    applies ? sample : null,
                    version,
                    applies ? sentence : need.rule(),
                    null,
                    applies ? findings : List.of(),
                    at,
                    String.join(",", need.roles()),
                    null);
        }
    }
}
