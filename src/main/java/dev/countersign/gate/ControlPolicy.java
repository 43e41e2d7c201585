package dev.countersign.gate;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.release.Release;
import dev.countersign.workflow.Decisions;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Asks the tables of compliance: which controls a service must show, and which check of a tool shows which. */
@Component
class ControlPolicy {
    /** What a service processes, by the catalog: {@code personal}, {@code health}, separated by commas. */
    static final String ANNOTATION = "countersign.dev/data";

    private static final String REQUIRED = "required-controls";
    private static final String CHECKS = "control-checks";
    private final Decisions decisions;
    private final Catalog catalog;
    private final Remembered<Set<String>> shown = new Remembered<>();

    ControlPolicy(Decisions decisions, Catalog catalog) {
        this.decisions = decisions;
        this.catalog = catalog;
    }

    boolean isThere(String policy) {
        return decisions.knows(policy, REQUIRED) && decisions.knows(policy, CHECKS);
    }

    /** Control and what it is about, in the table's order. */
    Map<String, String> required(Release release) {
        Set<String> data = data(release);
        Map<String, String> controls = new LinkedHashMap<>();
        decisions
                .ask(
                        release.policy(),
                        REQUIRED,
                        Map.of(
                                "personalData",
                                data.contains("personal")
                                        || data.contains("health")
                                        || Boolean.TRUE.equals(release.changes().get("personalData")),
                                "healthData",
                                data.contains("health")))
                .rows()
                .forEach(row -> controls.putIfAbsent(
                        String.valueOf(row.get("control")), String.valueOf(row.getOrDefault("title", ""))));
        return controls;
    }

    private Set<String> data(Release release) {
        return catalog.service(release.service())
                .map(Service::annotations)
                .map(annotations -> annotations.get(ANNOTATION))
                .map(text -> Arrays.stream(
                                text.toLowerCase(java.util.Locale.ROOT).split("[\\s,]+"))
                        .collect(Collectors.toSet()))
                .orElse(Set.of());
    }

    /** The controls that a check shows; of a policy's rule also those of the whole policy. */
    Set<String> shownBy(String policy, String tool, String check) {
        Set<String> controls = new TreeSet<>(said(policy, tool, check));
        controls.remove(UncountedChecks.WORD);
        return controls;
    }

    /** Whether the table says of it that it is not counted; a row that names a control beside counts it. */
    boolean isUncounted(String policy, String tool, String check) {
        return said(policy, tool, check).equals(Set.of(UncountedChecks.WORD));
    }

    private Set<String> said(String policy, String tool, String check) {
        return shown.of(List.of(policy, tool, check), () -> asked(policy, tool, check));
    }

    private Set<String> asked(String policy, String tool, String check) {
        Set<String> names = new LinkedHashSet<>(List.of(check));
        int slash = check.indexOf('/');
        if (slash > 0) {
            names.add(check.substring(0, slash));
        }
        if (tool.equals("trivy") && !check.startsWith("AVD-")) {
            // Trivy left the prefix away in 2025.
            names.add("AVD-" + check);
        }
        Set<String> controls = new TreeSet<>();
        names.forEach(name -> decisions
                .ask(policy, CHECKS, Map.of("tool", tool, "check", name))
                .rows()
                .forEach(row -> controls.add(String.valueOf(row.get("control")))));
        return controls;
    }

    String version(Release release) {
        String checks = decisions
                .ask(release.policy(), CHECKS, Map.of("tool", "", "check", ""))
                .version();
        String required = decisions
                .ask(release.policy(), REQUIRED, Map.of("personalData", false, "healthData", false))
                .version();
        return checks + ", " + required;
    }
}
