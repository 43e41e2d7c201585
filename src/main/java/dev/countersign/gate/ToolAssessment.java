package dev.countersign.gate;

import dev.countersign.evidence.Evidence.Document;
import dev.countersign.release.Release;
import dev.countersign.workflow.Decisions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * Tools of many kinds write SARIF. Whether the report of one shows what a gate asks for says the table {@code gate-tools}: without a report of a tool that counts the gate has no data. What the
 * others found is counted all the same, so that no finding disappears by being sent.
 */
@Component
class ToolAssessment implements Assessment {
    static final String TABLE = "gate-tools";
    /** What analyses code is never left open; other gates ask for a kind of tool only where the table says so. */
    private static final String SAST = "sast";

    private final Decisions decisions;
    private final Remembered<Ruling> rulings = new Remembered<>();

    ToolAssessment(Decisions decisions) {
        this.decisions = decisions;
    }

    /** @param words why; @param version of the table */
    private record Ruling(boolean counts, String words, String version) {}

    @Override
    public boolean concerns(Requirement gate) {
        return gate.types().contains("sarif");
    }

    @Override
    public Assessed of(Requirement gate, Release release, List<Document> documents) {
        // A release that began before there was the table goes on without it.
        if (documents.isEmpty() || !decisions.knows(release.policy(), TABLE)) {
            return Assessed.unchanged(documents);
        }
        List<List<Ruling>> all = documents.stream()
                .map(document -> tools(document).stream()
                        .map(tool -> ruling(gate.gate(), release, tool))
                        .toList())
                .toList();
        String version = all.get(0).get(0).version();
        if (all.stream().flatMap(List::stream).anyMatch(Ruling::counts)) {
            return new Assessed(documents, version, List.of());
        }
        return new Assessed(
                java.util.stream.IntStream.range(0, documents.size())
                        .mapToObj(i -> refused(documents.get(i), all.get(i).get(0)))
                        .toList(),
                version,
                List.of());
    }

    private static Document refused(Document document, Ruling ruling) {
        return document.gap() != null
                ? document
                : document.showingNothing("a report of %s does not count for this gate, %s"
                        .formatted(tools(document).get(0), ruling.words()));
    }

    private static List<String> tools(Document document) {
        List<String> named = document.details().get("tools") instanceof List<?> tools
                ? tools.stream().map(String::valueOf).toList()
                : List.of();
        return named.isEmpty() ? List.of("an unnamed tool") : named;
    }

    private Ruling ruling(String gate, Release release, String tool) {
        String name = tool.strip().toLowerCase(Locale.ROOT);
        String tier = GatePolicy.tier(release);
        return rulings.of(List.of(gate, release.policy(), tier, release.service(), name), () -> {
            var answer = decisions.ask(
                    release.policy(),
                    TABLE,
                    Map.of("gate", gate, "tier", tier, "service", release.service(), "tool", name));
            Map<String, Object> row =
                    answer.rows().isEmpty() ? Map.of() : answer.rows().get(0);
            if (answer.rows().isEmpty() && !SAST.equals(gate)) {
                return new Ruling(true, "the table has no row for this gate", answer.version());
            }
            // A typing error must not let anything pass.
            return new Ruling(
                    "counts".equals(row.get("standing")),
                    String.valueOf(row.getOrDefault("rule", "no row of the table knows it")),
                    answer.version());
        });
    }
}
