package dev.countersign.learning.delivery;

import dev.countersign.api.Problem;
import dev.countersign.learning.delivery.Judged.Recovery;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** The figures: which deployments each looks at, its denominator, and which of them it counts, its numerator. */
enum Figure {
    CHANGE_LEAD_TIME(
            "change-lead-time",
            "Change lead time",
            one -> true,
            one -> one.deployment().leadTime() != null),
    DEPLOYMENT_FREQUENCY("deployment-frequency", "Deployment frequency", one -> true, one -> true),
    CHANGE_FAIL_RATE("change-fail-rate", "Change fail rate", one -> true, Judged::failed),
    FAILED_DEPLOYMENT_RECOVERY_TIME(
            "failed-deployment-recovery-time",
            "Failed deployment recovery time",
            Judged::failed,
            one -> one.recovery() == Recovery.RECOVERED),
    REWORK_RATE("rework-rate", "Rework rate", one -> true, Judged::isRework);

    private final String id;
    private final String title;
    private final Predicate<Judged> looksAt;
    private final Predicate<Judged> counts;

    Figure(String id, String title, Predicate<Judged> looksAt, Predicate<Judged> counts) {
        this.id = id;
        this.title = title;
        this.looksAt = looksAt;
        this.counts = counts;
    }

    static Figure of(String id) {
        return Arrays.stream(values())
                .filter(figure -> figure.id.equals(id))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("There is no figure '%s'; there are %s"
                        .formatted(id, Arrays.stream(values()).map(Figure::id).toList())));
    }

    String id() {
        return id;
    }

    String title() {
        return title;
    }

    boolean counts(Judged one) {
        return counts.test(one);
    }

    /** What it looks at, in the order in which it was found, what it counts first. */
    List<Judged> behind(List<Judged> all) {
        List<Judged> looked = all.stream().filter(looksAt).toList();
        return java.util.stream.Stream.concat(
                        looked.stream().filter(counts), looked.stream().filter(counts.negate()))
                .toList();
    }

    long denominator(List<Judged> all) {
        return all.stream().filter(looksAt).count();
    }

    long numerator(List<Judged> all) {
        return all.stream().filter(looksAt).filter(counts).count();
    }
}
