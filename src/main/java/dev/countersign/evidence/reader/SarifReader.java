package dev.countersign.evidence.reader;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * SARIF 2.1.0 (OASIS). Read in two passes, since a result's level may come from rules that stand behind it in the document: first
 * tools and invocations, then the results.
 */
@Component
class SarifReader implements DocumentReader {
    /** Parts of runs that may stand beside them (3.15.3), and of which a verdict consists. */
    private static final Set<String> OF_RUNS = Set.of("results", "invocations", "driver", "extensions");

    private static final String BESIDE = "inlineExternalProperties";

    @Override
    public DocumentType type() {
        return DocumentType.SARIF;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        Set<String> beside = new LinkedHashSet<>();
        List<SarifRun> runs = runs(content, beside);
        SarifTally tally = new SarifTally();
        results(content, runs, tally);
        Set<String> commits = new LinkedHashSet<>();
        runs.forEach(run -> commits.addAll(run.commits()));
        OwnTime time = new OwnTime();
        runs.forEach(run -> time.and(run.ended()));
        return new Reading(
                producer(runs),
                Stated.ofCommits(commits),
                tally.summary(),
                time.in(Map.of(
                        "tools",
                        runs.stream().map(SarifRun::tool).distinct().limit(100).toList())),
                runs.stream().allMatch(SarifRun::isComplete),
                time.gap(gap(runs, beside)),
                tally.findings());
    }

    private List<SarifRun> runs(Content content, Set<String> beside) throws IOException, Unreadable {
        List<SarifRun> runs = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        JsonCursor.document(content, json -> field -> {
            switch (field) {
                case "version" -> {
                    String version = json.text("version");
                    if (version == null || !version.startsWith("2.1")) {
                        throw json.fault("SARIF version " + Words.of(version) + " is not read; 2.1.0 is");
                    }
                    seen.add(field);
                }
                case "runs" -> {
                    json.array("runs", () -> runs.add(SarifRun.read(json)));
                    seen.add(field);
                }
                case BESIDE ->
                    json.array(
                            BESIDE,
                            () -> json.object("external properties", name -> {
                                if (OF_RUNS.contains(name)) {
                                    beside.add(name);
                                }
                                json.skip();
                            }));
                default -> {
                    Misspelt.refuse(json, field, Set.of("version", "runs", BESIDE));
                    json.skip();
                }
            }
        });
        if (!seen.containsAll(Set.of("version", "runs"))) {
            throw new Unreadable("not SARIF: a SARIF log has the properties version and runs", "line 1, column 1");
        }
        return runs;
    }

    private void results(Content content, List<SarifRun> runs, SarifTally tally) throws IOException, Unreadable {
        AtomicInteger index = new AtomicInteger();
        JsonCursor.document(content, json -> field -> {
            if (!field.equals("runs")) {
                json.skip();
                return;
            }
            json.array("runs", () -> {
                SarifRun run = runs.get(index.getAndIncrement());
                json.object("a run", name -> {
                    if (name.equals("results")) {
                        json.array("results", () -> tally.count(run, SarifResult.read(json)));
                    } else {
                        json.skip();
                    }
                });
            });
        });
    }

    private static String producer(List<SarifRun> runs) {
        return runs.isEmpty()
                ? "sarif"
                : runs.stream().map(SarifRun::source).distinct().limit(5).collect(Collectors.joining(", "));
    }

    private static String gap(List<SarifRun> runs, Set<String> beside) {
        if (!beside.isEmpty()) {
            return "%s of its runs stand beside them (%s), where they are not read"
                    .formatted(String.join(" and ", beside), BESIDE);
        }
        if (runs.isEmpty()) {
            return "it has no runs";
        }
        Map<String, String> gaps = new LinkedHashMap<>();
        runs.stream().filter(run -> run.gap() != null).limit(5).forEach(run -> gaps.putIfAbsent(run.tool(), run.gap()));
        return gaps.isEmpty()
                ? null
                : gaps.entrySet().stream()
                        .map(gap -> "the run of " + gap.getKey() + " " + gap.getValue())
                        .collect(Collectors.joining("; "));
    }
}
