package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** OSV-Scanner's JSON. It lists packages in which it found nothing only with {@code --all-packages}: a report without any package does not show that one was looked at. */
@Component
class OsvScannerReader implements DocumentReader {
    private static final Set<String> DECISIVE = Set.of("results");
    private static final Set<String> OF_RESULT = Set.of("packages");
    private static final Set<String> OWN = Set.of("experimental_config", "license_summary");

    @Override
    public DocumentType type() {
        return DocumentType.OSV_SCANNER;
    }

    static boolean isReport(Set<String> root) {
        return root.contains("results")
                && (root.contains("results/0/packages") || root.stream().anyMatch(OWN::contains));
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        Report report = new Report();
        JsonCursor.document(content, json -> field -> report.read(json, field));
        return report.reading();
    }

    private static final class Report {
        private final Stated stated = Stated.nothing();
        private final VulnerabilityTally tally = new VulnerabilityTally();
        private boolean isOwn;
        private long results;
        private long packages;

        private void read(JsonCursor json, String field) throws IOException, Unreadable {
            if (field.equals("results")) {
                json.array(field, () -> result(json, "/results/" + results++));
            } else {
                isOwn |= OWN.contains(field);
                Misspelt.refuse(json, field, DECISIVE);
                json.skip();
            }
        }

        private void result(JsonCursor json, String pointer) throws IOException, Unreadable {
            if (!json.isObject()) {
                throw json.fault("a result must be an object");
            }
            String at = json.at();
            boolean[] listed = new boolean[1];
            json.object("a result", field -> {
                switch (field) {
                    case "source" -> source(json.tree(field));
                    case "packages" -> {
                        listed[0] = !json.isNull();
                        int[] index = new int[1];
                        json.array(field, () -> {
                            packages++;
                            OsvPackage.read(json, pointer + "/packages/" + index[0]++)
                                    .found()
                                    .forEach(tally::add);
                        });
                    }
                    default -> {
                        Misspelt.refuse(json, field, OF_RESULT);
                        json.skip();
                    }
                }
            });
            if (!listed[0]) {
                throw new Unreadable("a result has no packages", at + ", " + pointer);
            }
        }

        private void source(JsonNode source) {
            if ("docker".equals(source.path("type").asText())) {
                stated.digest(CycloneDx.text(source, "path"));
                stated.named(CycloneDx.text(source, "path"));
            }
        }

        private Reading reading() throws Unreadable {
            if (results == 0 && !isOwn) {
                throw new Unreadable(
                        "not a report of OSV-Scanner: it has neither results nor "
                                + OWN.stream().sorted().collect(java.util.stream.Collectors.joining(" nor ")),
                        "line 1, column 1");
            }
            return new Reading(
                    "osv-scanner",
                    stated,
                    tally.summary(packages),
                    Map.of(),
                    true,
                    packages > 0
                            ? null
                            : "it lists no package, so it does not show that it looked at one: with --all-packages it lists those without a vulnerability too",
                    tally.findings());
        }
    }
}
