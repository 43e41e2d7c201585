package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.reader.AnalysisTally.Result;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/** Semgrep's own JSON. It is counted as its log of SARIF would be; what is only there is which files were looked at. */
@Component
class SemgrepReader implements DocumentReader {
    static final Set<String> ROOT = Set.of("results", "errors", "paths");
    private static final Set<String> OF_RESULT = Set.of("check_id", "extra");
    private static final Set<String> OF_EXTRA = Set.of("severity", "is_ignored");

    /** The words before 2025, which are levels of SARIF, and those since. */
    private static final Map<String, List<String>> SEVERITIES = new TreeMap<>(Map.of(
            "ERROR", List.of("error"),
            "WARNING", List.of("warning"),
            "INFO", List.of("note"),
            "CRITICAL", List.of("error", "critical"),
            "HIGH", List.of("error", "high"),
            "MEDIUM", List.of("warning", "medium"),
            "LOW", List.of("note", "low"),
            "INVENTORY", List.of("note"),
            "EXPERIMENT", List.of("note")));

    /** An error of another level, or of none, broke something off. */
    private static final Set<String> HARMLESS = Set.of("warn", "info");

    private static final int MOST_NAMED = 3;

    @Override
    public DocumentType type() {
        return DocumentType.SEMGREP;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        Report report = new Report();
        JsonCursor.document(content, json -> field -> report.read(json, field));
        return report.reading();
    }

    private static final class Report {
        private final AnalysisTally tally = new AnalysisTally();
        private final Set<String> seen = new TreeSet<>();
        private final Set<String> fatal = new TreeSet<>();
        private boolean brokeOff;
        private long notes;
        private long files;

        private void read(JsonCursor json, String field) throws IOException, Unreadable {
            if (ROOT.contains(field) && !json.isNull()) {
                seen.add(field);
            }
            int[] index = new int[1];
            switch (field) {
                case "results" -> json.array(field, () -> result(json, "/results/" + index[0]++));
                case "errors" -> json.array(field, () -> error(json.tree("an error"), json));
                case "paths" ->
                    json.object(field, part -> {
                        if (part.equals("scanned")) {
                            json.array(part, () -> {
                                files++;
                                json.skip();
                            });
                        } else {
                            Misspelt.refuse(json, part, Set.of("scanned"));
                            json.skip();
                        }
                    });
                default -> {
                    Misspelt.refuse(json, field, ROOT);
                    json.skip();
                }
            }
        }

        private void result(JsonCursor json, String pointer) throws IOException, Unreadable {
            String place = json.at() + ", " + pointer;
            JsonNode found = Shape.object(json.tree("a result"), "a result", place);
            ApiWords.check(found, OF_RESULT, place);
            JsonNode extra = Shape.object(found.path("extra"), "extra", place);
            ApiWords.check(extra, OF_EXTRA, place);
            String severity = CycloneDx.text(extra, "severity");
            if (severity == null || !SEVERITIES.containsKey(severity)) {
                throw new Unreadable(
                        "extra.severity is " + (severity == null ? "missing" : Words.of(severity)) + ", allowed are "
                                + String.join(", ", SEVERITIES.keySet()),
                        place);
            }
            if (extra.path("is_ignored").isBoolean() && extra.path("is_ignored").booleanValue()) {
                tally.suppressed();
                return;
            }
            String file = found.path("path").asText("");
            String line = found.path("start").path("line").asText("");
            String location = Words.of(file.isEmpty() || line.isEmpty() ? file : file + ":" + line);
            tally.add(new Result(
                    CycloneDx.text(found, "check_id"),
                    location,
                    extra.path("message").asText(""),
                    Words.at(place, location),
                    SEVERITIES.get(severity),
                    null));
        }

        private void error(JsonNode error, JsonCursor json) throws Unreadable {
            if (!error.isObject()) {
                throw json.fault("an error must be an object");
            }
            String type = error.path("type").isArray()
                    ? error.path("type").path(0).asText("")
                    : error.path("type").asText("");
            if (HARMLESS.contains(error.path("level").asText("")) && !type.startsWith("Fatal")) {
                notes++;
                return;
            }
            brokeOff = true;
            if (fatal.size() < MOST_NAMED) {
                String message = error.path("message").asText("");
                fatal.add(Words.of(message.isEmpty() ? type : message, 150));
            }
        }

        private Reading reading() throws Unreadable {
            if (!seen.contains("results") || seen.size() < 2) {
                throw new Unreadable("not a report of Semgrep: it has results, errors and paths", "line 1, column 1");
            }
            Map<String, Object> summary = tally.summary();
            summary.put("files", files);
            summary.put("analysisWarnings", notes);
            Map<String, Object> details = new TreeMap<>(Map.of("tools", List.of("Semgrep")));
            if (brokeOff) {
                details.put("unfinished", String.join("; ", fatal));
            }
            return new Reading("semgrep", Stated.nothing(), summary, details, !brokeOff, gap(), tally.findings());
        }

        private String gap() {
            if (!seen.contains("errors")) {
                return "it has no errors property, so nobody knows whether it finished";
            }
            return files > 0 ? null : "it names no file that was looked at (paths.scanned), so nothing was analysed";
        }
    }
}
