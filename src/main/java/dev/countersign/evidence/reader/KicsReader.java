package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.reader.PolicyTally.Result;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * KICS's JSON: the queries that found something, each with the places. Those that found nothing are only counted, so a control is never shown by them; what KICS itself calls information is
 * counted as a warning.
 */
@Component
class KicsReader implements DocumentReader {
    private static final String SCANNED = "files_scanned";
    private static final String NOT_SCANNED = "files_failed_to_scan";
    private static final String NOT_EXECUTED = "queries_failed_to_execute";

    /** Without one of them nobody knows whether all was looked at. */
    private static final List<String> COUNTED = List.of(SCANNED, NOT_SCANNED, NOT_EXECUTED);

    private static final Set<String> INFORMATION = Set.of("INFO", "TRACE");
    private static final Set<String> SEVERITIES = Set.of("CRITICAL", "HIGH", "MEDIUM", "LOW", "INFO", "TRACE");

    @Override
    public DocumentType type() {
        return DocumentType.KICS;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        Scan scan = new Scan();
        JsonCursor.document(content, json -> name -> scan.field(json, name));
        return scan.reading();
    }

    private static final class Scan {
        private final PolicyTally tally = new PolicyTally();
        private final OwnTime time = new OwnTime();
        private final Counts counts = new Counts();
        private long warnings;
        private long found;
        private long queries;
        private boolean listed;

        private void field(JsonCursor json, String name) throws IOException, Unreadable {
            switch (name) {
                case "queries" -> {
                    listed |= !json.isNull();
                    int[] index = new int[1];
                    json.array(name, () -> {
                        Places places = new Places();
                        query(json.tree("a query", places), places, "/queries/" + index[0]++);
                    });
                }
                case "total_counter", "queries_total", SCANNED, NOT_SCANNED, NOT_EXECUTED -> counts.put(name, json);
                case "end" -> time.said(json.scalar());
                default -> {
                    Misspelt.refuse(json, name, Set.of("queries"));
                    json.skip();
                }
            }
        }

        private void query(JsonNode query, Places places, String pointer) throws Unreadable {
            String at = places.lineOf("") + ", " + pointer;
            String severity = CycloneDx.text(query, "severity");
            String grave = severity == null ? "" : severity.toUpperCase(Locale.ROOT);
            if (!SEVERITIES.contains(grave)) {
                throw new Unreadable(
                        "the severity is " + (severity == null ? "missing" : Words.of(severity))
                                + ", allowed are CRITICAL, HIGH, MEDIUM, LOW, INFO, TRACE",
                        at);
            }
            queries++;
            if (!query.path("files").isArray()) {
                throw new Unreadable("a query that found something has files, in an array", at);
            }
            JsonNode files = Shape.list(query, "files", at);
            int index = 0;
            for (JsonNode file : files) {
                found++;
                if (INFORMATION.contains(grave)) {
                    warnings++;
                } else {
                    tally.add(
                            Result.FAILED,
                            CycloneDx.text(query, "query_id"),
                            file.path("file_name").asText("") + ":"
                                    + file.path("search_key").asText(""),
                            "%s: %s"
                                    .formatted(
                                            query.path("query_name").asText(""),
                                            file.path("actual_value").asText("")),
                            severity,
                            places.lineOf("/files/" + index) + ", " + pointer + "/files/" + index);
                }
                index++;
            }
        }

        private Reading reading() throws Unreadable {
            if (!listed || !COUNTED.stream().allMatch(counts::has)) {
                throw new Unreadable(
                        "not a KICS report: it needs queries, " + String.join(", ", COUNTED), "line 1, column 1");
            }
            counts.requireListed("total_counter", found);
            tally.broken(counts.of(NOT_SCANNED), "scanning", "a file could not be scanned", counts.at(NOT_SCANNED));
            tally.broken(
                    counts.of(NOT_EXECUTED), "executing", "a query could not be executed", counts.at(NOT_EXECUTED));
            tally.passed(null, counts.of("queries_total") - queries - counts.of(NOT_EXECUTED));
            return tally.reading(
                    "kics",
                    "kics",
                    Map.of("warnings", warnings, "files", counts.of(SCANNED)),
                    time,
                    counts.of(SCANNED) == 0 ? "no file was scanned" : null);
        }
    }
}
