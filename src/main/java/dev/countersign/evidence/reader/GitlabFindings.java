package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.evidence.reader.AnalysisTally.Result;
import dev.countersign.evidence.reader.VulnerabilityTally.Vulnerability;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a security report of GitLab lists: vulnerabilities of packages, or places in code. */
final class GitlabFindings {
    /** Kinds of faults, which are no names of one. */
    private static final Set<String> KINDS = Set.of("cwe", "owasp", "capec", "wasc");

    private static final int MOST_PACKAGES = 100_000;
    private final boolean ofPackages;
    private final Stated stated;
    private final VulnerabilityTally vulnerabilities = new VulnerabilityTally();
    private final AnalysisTally results = new AnalysisTally();
    private final Set<String> packages = new HashSet<>();
    private long flagged;

    GitlabFindings(String scan, Stated stated) {
        ofPackages = scan.endsWith("_scanning");
        this.stated = stated;
    }

    void add(JsonNode found, String place) throws Unreadable {
        Shape.object(found, "a vulnerability", place);
        ApiWords.check(found, Set.of("severity", "location", "identifiers"), place);
        String flag = flag(found, place);
        if (ofPackages) {
            ofPackage(found, flag, place);
        } else {
            ofCode(found, flag, place);
        }
    }

    /** That an analyser takes it for no fault is said, and nobody has decided it. */
    private String flag(JsonNode found, String place) throws Unreadable {
        for (JsonNode flag : Shape.list(found, "flags", place)) {
            if ("flagged-as-likely-false-positive".equals(flag.path("type").asText())) {
                flagged++;
                return Words.of("%s takes it for a false positive: %s"
                        .formatted(
                                flag.path("origin").asText("a tool"),
                                flag.path("description").asText("")));
            }
        }
        return null;
    }

    private void ofPackage(JsonNode found, String flag, String place) throws Unreadable {
        JsonNode location = found.path("location");
        String image = CycloneDx.text(location, "image");
        stated.digest(image);
        stated.named(image);
        String file = CycloneDx.text(location, "file");
        String component = component(
                file == null ? location.path("operating_system").asText("") : file, location.path("dependency"));
        if (packages.size() < MOST_PACKAGES) {
            packages.add(component);
        }
        List<String> names = names(found, place);
        List<String> numbers =
                names.stream().filter(name -> name.startsWith("CVE-")).toList();
        // One of several numbers excuses nothing: it is then called by another name.
        String id = numbers.size() == 1
                ? numbers.get(0)
                : names.stream()
                        .filter(name -> !numbers.contains(name))
                        .findFirst()
                        .orElse(CycloneDx.text(found, "id"));
        vulnerabilities.add(new Vulnerability(
                id,
                severity(found, place),
                component,
                title(found),
                file == null ? place : place + ", in " + Words.of(file),
                null,
                flag,
                names.size() > VulnerabilityTally.MOST_ALIASES ? List.of() : names));
    }

    private static List<String> names(JsonNode found, String place) throws Unreadable {
        List<String> names = new ArrayList<>();
        for (JsonNode one : Shape.list(found, "identifiers", place)) {
            String value = CycloneDx.text(one, "value");
            if (value != null && !KINDS.contains(one.path("type").asText("").toLowerCase(Locale.ROOT))) {
                names.add(one.path("type").asText("").equalsIgnoreCase("cve") ? value.toUpperCase(Locale.ROOT) : value);
            }
        }
        return names;
    }

    /** The worst of its word and the scores: neither hides the other. */
    private static Severity severity(JsonNode found, String place) throws Unreadable {
        Severity worst = Severity.of(CycloneDx.text(found, "severity"));
        for (JsonNode rating : Shape.list(found, "cvss_vectors", place)) {
            Severity scored = CvssVector.severity(CycloneDx.text(rating, "vector"));
            worst = scored.compareTo(worst) < 0 ? scored : worst;
        }
        return worst;
    }

    private static String title(JsonNode found) {
        String name = CycloneDx.text(found, "name");
        String title = name == null ? found.path("description").asText("") : name;
        String solution = CycloneDx.text(found, "solution");
        return solution == null ? title : title + " (" + solution + ")";
    }

    /** @param listedIn the file, or the operating system whose packages those of an image are */
    static String component(String listedIn, JsonNode dependency) {
        String ecosystem = PackageUrl.ecosystemOf(listedIn);
        return PackageUrl.of(
                ecosystem == null ? listedIn.replaceFirst("[ :].*", "") : ecosystem,
                dependency.path("package").path("name").asText(""),
                CycloneDx.text(dependency, "version"));
    }

    private void ofCode(JsonNode found, String flag, String place) throws Unreadable {
        List<String> names = names(found, place);
        JsonNode location = found.path("location");
        String file = location.path("file").asText("");
        String line = location.path("start_line").asText("");
        String where = Words.of(file.isEmpty() || line.isEmpty() ? file : file + ":" + line);
        results.add(new Result(
                names.isEmpty() ? CycloneDx.text(found, "id") : names.get(0),
                where,
                title(found),
                Words.at(place, where),
                counts(CycloneDx.text(found, "severity")),
                flag));
    }

    /** What nobody rated may be anything. */
    private static List<String> counts(String severity) {
        return switch (severity == null ? "" : severity.toLowerCase(Locale.ROOT)) {
            case "critical" -> List.of("error", "critical");
            case "high" -> List.of("error", "high");
            case "medium" -> List.of("warning", "medium");
            case "low" -> List.of("note", "low");
            case "info" -> List.of("note");
            default -> List.of("error");
        };
    }

    Set<String> packages() {
        return packages;
    }

    /** @param scanned packages and images that were looked at */
    Map<String, Object> summary(long scanned) {
        Map<String, Object> summary = ofPackages ? vulnerabilities.summary(scanned) : results.summary();
        summary.put("flagged", flagged);
        return summary;
    }

    List<Finding> findings() {
        return ofPackages ? vulnerabilities.findings() : results.findings();
    }
}
