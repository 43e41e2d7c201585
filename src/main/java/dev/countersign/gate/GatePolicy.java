package dev.countersign.gate;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.release.Release;
import dev.countersign.workflow.Decisions;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Asks the tables that decide about gates, in the version that the release runs under. */
@Component
class GatePolicy {
    private static final String TEMPLATE_GATES = "template-gates";
    private static final String WHERE_NAMED = "where-named";
    private static final String WHERE_DECLARED = "where-declared";

    private final Decisions decisions;
    private final Catalog catalog;

    GatePolicy(Decisions decisions, Catalog catalog) {
        this.decisions = decisions;
        this.catalog = catalog;
    }

    record Thresholds(String version, List<Threshold> rows) {}

    /** @param longest for how long a waiver may be given */
    record Authority(String group, Duration longest, String version) {}

    /** Gates in the table's order, each once. */
    List<Requirement> requirements(Release release) {
        Map<String, Object> facts = new HashMap<>(release.changes());
        facts.put("kind", release.kind());
        facts.put("tier", tier(release));
        facts.put("target", target(release));
        Map<String, Requirement> gates = new LinkedHashMap<>();
        decisions.ask(release.policy(), "required-gates", facts).rows().forEach(row -> {
            var gate = new Requirement(
                    String.valueOf(row.get("gate")),
                    required(release, String.valueOf(row.get("required"))),
                    String.valueOf(row.get("owner")),
                    String.valueOf(row.get("reads")),
                    String.valueOf(row.get("rule")));
            gates.merge(gate.gate(), gate, Requirement::stricter);
        });
        catalog.service(release.service())
                .map(Service::template)
                .filter(template -> !template.isEmpty())
                .ifPresent(template -> tighten(release, template, gates));
        return List.copyOf(gates.values());
    }

    /** What the template of a service asks beside: it adds, and takes nothing away. */
    private void tighten(Release release, String template, Map<String, Requirement> gates) {
        // A release that began before there was the table goes on without it.
        if (!decisions.knows(release.policy(), TEMPLATE_GATES)) {
            return;
        }
        Map<String, Object> facts = Map.of("template", template, "tier", tier(release), "target", target(release));
        decisions.ask(release.policy(), TEMPLATE_GATES, facts).rows().forEach(row -> {
            String name = String.valueOf(row.get("gate"));
            Requirement known = gates.get(name);
            boolean applies = known != null && known.isApplicable();
            var asked = new Requirement(
                    name,
                    required(release, String.valueOf(row.get("required"))),
                    applies ? known.owner() : String.valueOf(row.get("owner")),
                    applies ? known.reads() : String.valueOf(row.get("reads")),
                    String.valueOf(row.get("rule")));
            gates.merge(name, asked, Requirement::stricter);
        });
    }

    /** Whatever is not the sandbox counts as production: a service that the catalog does not know, too. */
    private String target(Release release) {
        return catalog.service(release.service())
                .map(Service::target)
                .filter("sandbox"::equals)
                .orElse("production");
    }

    /** A release is held to the change record that it names, and to the certificates and secrets that its service declares. */
    private String required(Release release, String answer) {
        return switch (answer) {
            case WHERE_NAMED -> release.rfc() != null && !release.rfc().isBlank() ? "required" : "advisory";
            case WHERE_DECLARED -> catalog.rotationOf(release.service()).isEmpty() ? "advisory" : "required";
            default -> answer;
        };
    }

    Thresholds thresholds(Release release, String gate) {
        var answer = decisions.ask(
                release.policy(),
                "gate-thresholds",
                Map.of("gate", gate, "tier", tier(release), "kind", release.kind(), "service", release.service()));
        return new Thresholds(
                answer.version(), answer.rows().stream().map(Threshold::of).toList());
    }

    Authority authority(Release release, String gate) {
        var answer = decisions.ask(
                release.policy(),
                "waiver-authority",
                Map.of("gate", gate, "tier", tier(release), "kind", release.kind()));
        Map<String, Object> row = answer.single();
        return new Authority(
                String.valueOf(row.get("authority")),
                Duration.ofDays(((Number) row.get("days")).longValue()),
                answer.version());
    }

    /** Until the tier has been decided the strictest one counts. */
    static String tier(Release release) {
        return release.tier() == null ? "critical" : release.tier();
    }
}
