package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.reader.PolicyTally.Result;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/** kube-bench's JSON: the sections of the benchmark, alone or beside their totals. What a person has to look at is a warning, as kube-bench calls it. */
@Component
class KubeBenchReader implements DocumentReader {
    @Override
    public DocumentType type() {
        return DocumentType.KUBE_BENCH;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        Benchmark benchmark = new Benchmark();
        JsonCursor.value(content, json -> {
            if (json.isArray()) {
                benchmark.sections(json, "");
            } else if (!json.isObject()) {
                throw json.fault("not a kube-bench report: the document must be an array or an object");
            } else {
                json.object("the document", name -> {
                    if (name.equals("Controls")) {
                        benchmark.listed = !json.isNull();
                        benchmark.sections(json, "/Controls");
                    } else if (name.equals("Totals")) {
                        json.object(name, count -> benchmark.totals.put(count, json));
                    } else {
                        Misspelt.refuse(json, name, Set.of("Controls"));
                        json.skip();
                    }
                });
                if (!benchmark.listed) {
                    throw json.fault("not a kube-bench report: it has no Controls");
                }
            }
        });
        benchmark.totals.requireListed("total_fail", benchmark.tally.failed());
        return benchmark.reading();
    }

    private static final class Benchmark {
        private final PolicyTally tally = new PolicyTally();
        private final Set<String> versions = new TreeSet<>();
        private long warnings;
        private long information;
        private final Counts totals = new Counts();
        private int sections;
        private boolean listed;

        private void sections(JsonCursor json, String pointer) throws IOException, Unreadable {
            int[] index = new int[1];
            json.array("the controls", () -> {
                Places places = new Places();
                section(json.tree("a section of the benchmark", places), places, pointer + "/" + index[0]++);
            });
        }

        private void section(JsonNode section, Places places, String pointer) throws Unreadable {
            String place = places.lineOf("") + ", " + pointer;
            if (!section.has("tests")) {
                throw new Unreadable("not a kube-bench report: a section has no tests", place);
            }
            sections++;
            versions.add(Words.of(section.path("version").asText("")));
            long failedBefore = tally.failed();
            int group = 0;
            for (JsonNode tests : Shape.list(section, "tests", place)) {
                String of = "/tests/" + group++;
                int index = 0;
                for (JsonNode result : Shape.list(tests, "results", place + of)) {
                    String at = of + "/results/" + index++;
                    result(section, result, places.lineOf(at) + ", " + pointer + at);
                }
            }
            long total = section.path("total_fail").asLong(0);
            if (total > tally.failed() - failedBefore) {
                throw new Unreadable(
                        "total_fail is %d, and %d are listed".formatted(total, tally.failed() - failedBefore), place);
            }
        }

        private void result(JsonNode section, JsonNode result, String place) throws Unreadable {
            String status = result.path("status").asText("");
            switch (status) {
                case "WARN" -> warnings++;
                case "INFO" -> information++;
                case "PASS", "FAIL" ->
                    tally.add(
                            status.equals("PASS") ? Result.PASSED : Result.FAILED,
                            CycloneDx.text(result, "test_number"),
                            section.path("node_type").asText(""),
                            result.path("test_desc").asText(""),
                            null,
                            place);
                default ->
                    throw new Unreadable(
                            "the status is " + (status.isEmpty() ? "missing" : Words.of(status))
                                    + ", allowed are PASS, FAIL, WARN and INFO",
                            place);
            }
        }

        private Reading reading() {
            versions.remove("");
            return tally.reading(
                    "kube-bench" + (versions.isEmpty() ? "" : " " + String.join(", ", versions)),
                    "kube-bench",
                    Map.of("warnings", warnings, "information", information),
                    new OwnTime(),
                    sections == 0 ? "it has no section" : null);
        }
    }
}
