package dev.countersign.evidence.reader;

import dev.countersign.evidence.Evidence.Finding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts what an analysis of code found, in the words that logs of SARIF are counted in: gates hold both against the same limits. */
final class AnalysisTally {
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private final Findings findings = new Findings();

    AnalysisTally() {
        for (String count :
                List.of("error", "warning", "note", "suppressed", "critical", "high", "medium", "low", "results")) {
            counts.put(count, 0L);
        }
    }

    /**
     * @param rule that found it
     * @param location file and line
     * @param counts the level first, then the band where the tool rates it
     */
    record Result(String rule, String location, String message, String place, List<String> counts, String why) {}

    void suppressed() {
        add("results");
        add("suppressed");
    }

    void add(Result result) {
        add("results");
        result.counts().forEach(this::add);
        String rule = result.rule() == null || result.rule().isBlank() ? "no-rule" : result.rule();
        String where =
                result.location().isEmpty() ? Digests.brief(String.valueOf(result.message())) : result.location();
        findings.add(
                gravity(result.counts().get(0)),
                new Finding(
                        Words.of(rule + "@" + where),
                        String.join(", ", result.counts()),
                        Words.of(result.message()),
                        result.place(),
                        result.counts(),
                        null,
                        null,
                        null,
                        result.why()));
    }

    private static int gravity(String level) {
        return level.equals("error") ? 0 : level.equals("warning") ? 1 : 2;
    }

    private void add(String count) {
        counts.merge(count, 1L, Long::sum);
    }

    Map<String, Object> summary() {
        return new LinkedHashMap<>(counts);
    }

    List<Finding> findings() {
        return findings.gravestFirst();
    }
}
