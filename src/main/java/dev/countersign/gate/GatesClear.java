package dev.countersign.gate;

import dev.countersign.gate.GateRepository.Evaluation;
import dev.countersign.release.ClearanceCondition;
import dev.countersign.release.Release;
import dev.countersign.release.Verdict;
import java.util.List;
import org.springframework.stereotype.Component;

/** All required gates are clear now. Judged anew from the documents, whatever the process or an earlier evaluation says. */
@Component
class GatesClear implements ClearanceCondition {
    private final GatePolicy policy;
    private final GateEvaluation evaluation;

    GatesClear(GatePolicy policy, GateEvaluation evaluation) {
        this.policy = policy;
        this.evaluation = evaluation;
    }

    @Override
    public List<String> missing(Release release, String materialDigest) {
        List<Requirement> required = policy.requirements(release).stream()
                .filter(Requirement::isRequired)
                .toList();
        if (required.isEmpty()) {
            // Every one of none is clear: a table without a row for this release would clear it unseen.
            return List.of("the table required-gates requires no gate of it");
        }
        return required.stream()
                .map(gate -> evaluation.evaluation(release, gate))
                .filter(now -> !isClear(now))
                .map(now -> "gate %s is %s: %s"
                        .formatted(
                                now.gate(),
                                now.judgement().verdict(),
                                now.judgement().sentence()))
                .toList();
    }

    private static boolean isClear(Evaluation now) {
        return now.judgement().verdict() == Verdict.PASS || now.coveredBy() != null;
    }
}
