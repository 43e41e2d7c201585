package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.reader.VulnerabilityTally.Vulnerability;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A package in a report of OSV-Scanner: what several databases say of one vulnerability is a group, and counts once. */
final class OsvPackage {
    private static final Set<String> DECISIVE = Set.of("package", "vulnerabilities", "groups");
    private final Map<String, Known> known = new LinkedHashMap<>();
    private final List<Group> groups = new ArrayList<>();
    private String component = "";

    /** An entry of the OSV schema. */
    private record Known(String id, List<String> aliases, Severity severity, String title, String place) {}

    private record Group(List<String> ids, List<String> aliases, Severity severity) {}

    static OsvPackage read(JsonCursor json, String pointer) throws IOException, Unreadable {
        OsvPackage read = new OsvPackage();
        String place = json.at() + ", " + pointer;
        if (!json.isObject()) {
            throw json.fault("a package must be an object");
        }
        json.object("a package", field -> {
            switch (field) {
                case "package" -> read.component = component(json.tree(field), place);
                case "vulnerabilities" -> {
                    int[] index = new int[1];
                    json.array(field, () -> {
                        String at = json.at() + ", " + pointer + "/vulnerabilities/" + index[0]++;
                        Known one = known(json.tree("a vulnerability"), at);
                        read.known.put(one.id(), one);
                    });
                }
                case "groups" -> {
                    String at = json.at() + ", " + pointer + "/groups";
                    json.array(field, () -> read.groups.add(group(json.tree("a group"), at)));
                }
                default -> {
                    Misspelt.refuse(json, field, DECISIVE);
                    json.skip();
                }
            }
        });
        if (read.component.isEmpty()) {
            throw new Unreadable("a package has no name", place);
        }
        read.requireWhole(place);
        return read;
    }

    private static String component(JsonNode named, String place) throws Unreadable {
        String name = CycloneDx.text(Shape.object(named, "package", place), "name");
        String version = CycloneDx.text(named, "version");
        return name == null
                ? ""
                : PackageUrl.of(
                        CycloneDx.text(named, "ecosystem"),
                        name,
                        version == null ? CycloneDx.text(named, "commit") : version);
    }

    private static Known known(JsonNode entry, String place) throws Unreadable {
        String id = CycloneDx.text(Shape.object(entry, "a vulnerability", place), "id");
        if (id == null) {
            throw new Unreadable("a vulnerability has no id", place);
        }
        String summary = CycloneDx.text(entry, "summary");
        return new Known(
                id,
                texts(entry, "aliases", place),
                severity(entry),
                summary == null ? entry.path("details").asText("") : summary,
                place);
    }

    /** The worst of all scores and words: neither hides the other. */
    private static Severity severity(JsonNode entry) {
        Severity worst = Severity.of(CycloneDx.text(entry.path("database_specific"), "severity"));
        for (JsonNode rating : entry.path("severity")) {
            worst = worse(worst, CvssVector.severity(CycloneDx.text(rating, "score")));
        }
        for (JsonNode affected : entry.path("affected")) {
            worst = worse(worst, Severity.of(CycloneDx.text(affected.path("ecosystem_specific"), "severity")));
            for (JsonNode rating : affected.path("severity")) {
                worst = worse(worst, CvssVector.severity(CycloneDx.text(rating, "score")));
            }
        }
        return worst;
    }

    private static Severity worse(Severity one, Severity other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static Group group(JsonNode group, String place) throws Unreadable {
        String score = CycloneDx.text(Shape.object(group, "a group", place), "max_severity");
        return new Group(
                texts(group, "ids", place),
                texts(group, "aliases", place),
                score != null && score.matches("\\d{1,2}(\\.\\d{1,4})?")
                        ? Severity.ofScore(Double.parseDouble(score))
                        : Severity.UNKNOWN);
    }

    private static List<String> texts(JsonNode of, String name, String place) throws Unreadable {
        List<String> texts = new ArrayList<>();
        for (JsonNode one : Shape.list(of, name, place)) {
            if (!one.isTextual()) {
                throw new Unreadable("an entry of " + name + " must be a string", place);
            }
            texts.add(one.asText());
        }
        return texts;
    }

    private void requireWhole(String place) throws Unreadable {
        for (Group group : groups) {
            for (String id : group.ids()) {
                if (!known.containsKey(id)) {
                    throw new Unreadable(
                            "a group names " + Words.of(id) + ", which is not among the vulnerabilities", place);
                }
            }
        }
    }

    /** Each group once, and what is in no group. */
    List<Vulnerability> found() {
        List<Vulnerability> found = new ArrayList<>();
        Set<String> grouped = new LinkedHashSet<>();
        for (Group group : groups) {
            List<Known> same = group.ids().stream().map(known::get).toList();
            if (!same.isEmpty() && grouped.addAll(group.ids())) {
                found.add(vulnerability(same, group));
            }
        }
        known.values().stream()
                .filter(one -> !grouped.contains(one.id()))
                .forEach(one ->
                        found.add(vulnerability(List.of(one), new Group(List.of(), List.of(), Severity.UNKNOWN))));
        return found;
    }

    private Vulnerability vulnerability(List<Known> same, Group group) {
        Known first = same.get(0);
        Set<String> names = new LinkedHashSet<>(group.aliases());
        Severity worst = group.severity();
        for (Known one : same) {
            names.add(one.id());
            names.addAll(one.aliases());
            worst = worse(worst, one.severity());
        }
        return new Vulnerability(
                first.id(), worst, component, first.title(), first.place(), null, null, List.copyOf(names));
    }
}
