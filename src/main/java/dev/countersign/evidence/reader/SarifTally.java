package dev.countersign.evidence.reader;

import dev.countersign.evidence.Evidence.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts the results of one SARIF log while they stream by. */
final class SarifTally {
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private final Findings findings = new Findings();

    SarifTally() {
        for (String count : List.of(
                "error",
                "warning",
                "note",
                "none",
                "suppressed",
                "absent",
                "new",
                "unchanged",
                "updated",
                "critical",
                "high",
                "medium",
                "low",
                "results")) {
            counts.put(count, 0L);
        }
    }

    void count(SarifRun run, SarifResult result) {
        add("results");
        if (result.baselineState() != null) {
            add(result.baselineState());
        }
        if (result.suppressed()) {
            add("suppressed");
        }
        if (result.suppressed() || "absent".equals(result.baselineState())) {
            return;
        }
        String level = result.levelIn(run);
        List<String> counted = new ArrayList<>(List.of(level));
        String band = level.equals("none") ? null : result.bandIn(run);
        if (band != null) {
            counted.add(band);
        }
        counted.forEach(this::add);
        if (!level.equals("none")) {
            findings.add(
                    gravity(level, band),
                    new Finding(
                            result.idIn(run),
                            String.join(", ", counted),
                            result.message(),
                            Words.at(result.at(), result.location()),
                            counted));
        }
    }

    private static int gravity(String level, String band) {
        if (level.equals("error") || "critical".equals(band) || "high".equals(band)) {
            return 0;
        }
        return level.equals("warning") || "medium".equals(band) ? 1 : 2;
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
