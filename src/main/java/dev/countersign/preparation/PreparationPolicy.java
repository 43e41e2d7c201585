package dev.countersign.preparation;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.release.Release;
import dev.countersign.workflow.Decisions;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private static final String REQUIRED = "required";
    private static final String ALL = "all";

    private final Decisions decisions;
    private final Catalog catalog;

    PreparationPolicy(Decisions decisions, Catalog catalog) {
        this.decisions = decisions;
        this.catalog = catalog;
    }

    /**
     * @param level {@code required}, {@code advisory}: shown, and nobody is asked, or {@code not-applicable}
     * @param roles who is asked; contains {@code all} where everybody is
     */
    record Need(String level, Set<String> roles, String rule) {
        private static final List<String> LEVELS = List.of("not-applicable", "advisory", REQUIRED);

        boolean required() {
            return REQUIRED.equals(level);
        }

        boolean asks(String role) {
            return required() && (roles.contains(ALL) || roles.contains(role));
        }

        /** Where two rows speak of one part the stricter one counts. */
        private Need and(Need other) {
            int compared = Integer.compare(LEVELS.indexOf(level), LEVELS.indexOf(other.level));
            if (compared != 0) {
                return compared > 0 ? this : other;
            }
            Set<String> both = new TreeSet<>(roles);
            both.addAll(other.roles);
            return new Need(level, both, rule);
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
        Optional<Service> service = catalog.service(release.service());
        String target = service.map(Service::target).filter("sandbox"::equals).orElse("production");
        Map<String, Object> facts = new HashMap<>(release.changes());
        facts.put("kind", release.kind());
        facts.put("tier", release.tier() == null ? "critical" : release.tier());
        facts.put("target", target);
        facts.put("template", service.map(Service::template).orElse(""));
        var answer = decisions.ask(release.policy(), TABLE, facts);
        Map<String, Need> needs = new TreeMap<>();
        answer.rows().forEach(row -> needs.merge(String.valueOf(row.get("part")), need(row), Need::and));
        return new Needs(
                answer.version(),
                needs.getOrDefault(
                        CHECKLIST, new Need(REQUIRED, Set.of(ALL), "no row speaks of it, so it is required")),
                needs.getOrDefault(
                        PLAN, new Need(REQUIRED, Set.of("product"), "no row speaks of it, so it is required")));
    }

    private static Need need(Map<String, Object> row) {
        Set<String> roles = new TreeSet<>(
                Arrays.asList(String.valueOf(row.getOrDefault("roles", "")).split("[,\\s]+")));
        roles.remove("");
        return new Need(level(String.valueOf(row.get("required"))), Set.copyOf(roles), String.valueOf(row.get("rule")));
    }

    /** Anything else, a typing error too, must not weaken what is asked. */
    private static String level(String answer) {
        return Need.LEVELS.contains(answer) ? answer : REQUIRED;
    }
}
