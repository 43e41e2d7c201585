package dev.countersign.preparation;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.release.Release;
import dev.countersign.workflow.Decisions;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/** Asks the table {@code preparation-needs} in the version that the release runs under. */
@Component
class PreparationPolicy {
    static final String TABLE = "preparation-needs";
    static final String CHECKLIST = "checklist";
    static final String PLAN = "communication-plan";
    private static final String ALL = "all";

    private final Decisions decisions;
    private final Catalog catalog;

    PreparationPolicy(Decisions decisions, Catalog catalog) {
        this.decisions = decisions;
        this.catalog = catalog;
    }

    /** @param roles who is asked; contains {@code all} where everybody is */
    record Need(boolean required, Set<String> roles, String rule) {
        boolean asks(String role) {
            return required && (roles.contains(ALL) || roles.contains(role));
        }

        private Need and(Need other) {
            if (required != other.required) {
                return required ? this : other;
            }
            Set<String> both = new TreeSet<>(roles);
            both.addAll(other.roles);
            return new Need(required, both, rule);
        }
    }

    record Needs(String version, Need checklist, Need plan) {}

    /** Whether the release began under models that prepare releases: it goes on as it began. */
    boolean knows(Release release) {
        return decisions.knows(release.policy(), TABLE);
    }

    Needs of(Release release) {
        // Whatever is not the sandbox counts as production, and until the tier has been decided the strictest one
        // counts.
        String target = catalog.service(release.service())
                .map(Service::target)
                .filter("sandbox"::equals)
                .orElse("production");
        var answer = decisions.ask(
                release.policy(),
                TABLE,
                Map.of(
                        "kind",
                        release.kind(),
                        "tier",
                        release.tier() == null ? "critical" : release.tier(),
                        "target",
                        target));
        Map<String, Need> needs = new TreeMap<>();
        answer.rows().forEach(row -> needs.merge(String.valueOf(row.get("part")), need(row), Need::and));
        return new Needs(
                answer.version(),
                needs.getOrDefault(CHECKLIST, new Need(true, Set.of(ALL), "no row speaks of it, so it is required")),
                needs.getOrDefault(PLAN, new Need(true, Set.of("product"), "no row speaks of it, so it is required")));
    }

    private static Need need(Map<String, Object> row) {
        Set<String> roles = new TreeSet<>(
                Arrays.asList(String.valueOf(row.getOrDefault("roles", "")).split("[,\\s]+")));
        roles.remove("");
        return new Need(
                !"not-applicable".equals(row.get("required")), Set.copyOf(roles), String.valueOf(row.get("rule")));
    }
}
