package dev.countersign.criteria;

import dev.countersign.api.Problem;
import dev.countersign.catalog.Slo;
import dev.countersign.release.PinnedPolicy;
import dev.countersign.release.Release;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/** Whether a criterion can be measured at all: its binding is known and its limit can be checked. */
@Component
class Bindings {
    private final List<Measurable> measurables;
    private final PinnedPolicy pinned;

    Bindings(List<Measurable> measurables, PinnedPolicy pinned) {
        this.measurables = measurables;
        this.pinned = pinned;
    }

    Map<String, String> of(Release release) {
        var known = new TreeMap<String, String>();
        measurables.forEach(measurable -> known.putAll(measurable.of(release)));
        return known;
    }

    /** What is wrong with a criterion; empty when it can be measured. */
    Optional<Problem.FieldError> fault(Release release, Map<String, String> known, Draft draft) {
        if (draft.text() == null || draft.text().isBlank()) {
            return fault("text", "A criterion needs a text that says what must hold");
        }
        if (draft.binding() == null || !known.containsKey(draft.binding())) {
            return fault(
                    "binding",
                    "Nothing measures '" + draft.binding() + "'. Known for this release: "
                            + String.join(", ", known.keySet()));
        }
        return draft.binding().startsWith("gate:") ? gateFault(draft) : numberFault(release, draft);
    }

    private Optional<Problem.FieldError> gateFault(Draft draft) {
        return "PASS".equals(draft.limit())
                ? Optional.empty()
                : fault("limit", "A gate is met by its verdict: the limit of " + draft.binding() + " is PASS");
    }

    private Optional<Problem.FieldError> numberFault(Release release, Draft draft) {
        Optional<Limit> limit = Limit.parse(draft.limit());
        if (limit.isEmpty()) {
            return fault(
                    "limit", "'" + draft.limit() + "' is no limit. Write it like >= 99.5 %, <= 200 ms or >= 0.031");
        }
        // A negotiated criterion may be stricter than the service's own objective, never looser.
        return pinned.objectivesOf(release).stream()
                .filter(slo -> SloCriteria.binding(slo).equals(draft.binding()))
                .filter(slo -> isLooser(limit.get(), slo))
                .findFirst()
                .flatMap(slo -> fault(
                        "limit",
                        "'" + draft.limit() + "' is looser than the service's own objective " + slo.name() + " ("
                                + Limit.atLeast(slo.target()) + ")"));
    }

    private static boolean isLooser(Limit limit, Slo slo) {
        return !limit.atLeast() || limit.value() < slo.target();
    }

    private static Optional<Problem.FieldError> fault(String field, String message) {
        return Optional.of(new Problem.FieldError(field, message));
    }
}
