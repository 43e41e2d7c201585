package dev.countersign.learning;

import dev.countersign.gate.Gates;
import dev.countersign.review.Review;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** Every gate and approval that a release went through: what the retrospective rates. */
@Component
class Checks {
    private final Gates gates;
    private final Review review;

    Checks(Gates gates, Review review) {
        this.gates = gates;
        this.review = review;
    }

    /**
     * @param kind {@code gate} or {@code approval}
     * @param result the verdict or vote, with its reason
     */
    record Check(String kind, String name, String result) {}

    List<Check> of(String releaseKey) {
        var checks = new ArrayList<Check>();
        gates.of(releaseKey).stream()
                .filter(gate -> !"not-applicable".equals(gate.required()))
                .forEach(gate -> checks.add(new Check("gate", gate.name(), result(gate))));
        review.said(releaseKey).forEach(said -> checks.add(new Check("approval", said.role(), said.vote())));
        return checks.stream().distinct().toList();
    }

    List<String> rolesThatVoted(String releaseKey) {
        return review.said(releaseKey).stream()
                .map(Review.Said::role)
                .distinct()
                .toList();
    }

    private static String result(Gates.Gate gate) {
        boolean waived =
                gate.waiver() != null && "APPROVED".equals(gate.waiver().status());
        String verdict = gate.verdict() == null ? "no verdict" : gate.verdict().name();
        return waived ? verdict + ", waived: " + gate.waiver().reason() : verdict;
    }
}
