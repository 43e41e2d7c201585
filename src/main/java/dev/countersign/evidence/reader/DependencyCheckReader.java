package dev.countersign.evidence.reader;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.evidence.reader.VulnerabilityTally.Vulnerability;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamConstants;
import org.springframework.stereotype.Component;

/** OWASP Dependency-Check, XML and JSON. */
@Component
class DependencyCheckReader implements DocumentReader {
    private static final int MOST_NAMED = 10;
    private static final Pattern ANALYSER = Pattern.compile("\\b([A-Z][A-Za-z0-9]{1,60}Analyzer)\\b");
    private static final Set<String> DECISIVE = Set.of("dependencies", "reportSchema", "projectInfo");
    /** The second is what the tool calls the identifiers by which it looked, and no misspelt first. */
    private static final Set<String> OF_DEPENDENCY = Set.of("vulnerabilities", "vulnerabilityIds");

    @Override
    public DocumentType type() {
        return DocumentType.DEPENDENCY_CHECK;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        Report report = new Report();
        if (Detection.firstCharacter(content) == '<') {
            report.readXml(content);
        } else {
            report.readJson(content);
        }
        return report.reading();
    }

    private static final class Report {
        private final Stated stated = Stated.nothing();
        private final VulnerabilityTally tally = new VulnerabilityTally();
        private final OwnTime time = new OwnTime();
        private String project;
        private boolean hasDependencies;
        /** An analyser broke off, for example because its data could not be fetched: what it would have found is missing. */
        private boolean brokeOff;

        private final List<String> analysers = new ArrayList<>();

        private long dependencies;
        private long suppressed;

        private void readXml(Content content) throws IOException, Unreadable {
            try (XmlCursor xml = XmlCursor.open(content)) {
                while (xml.hasNext()) {
                    if (xml.next() != XMLStreamConstants.START_ELEMENT) {
                        continue;
                    }
                    if (xml.depth() == 1
                            && !(xml.name().equals("analysis")
                                    && xml.namespace().contains("dependency-check"))) {
                        throw new Unreadable(
                                "not a Dependency-Check report: the root element is <" + Words.of(xml.name())
                                        + ">, expected <analysis> of Dependency-Check",
                                xml.place());
                    } else if (xml.depth() == 2 && xml.name().equals("projectInfo")) {
                        XmlElement info = XmlElement.read(xml);
                        project(info.text("name"), info.text("artifactID"), info.text("version"));
                        time.said(info.text("reportDate"));
                    } else if (xml.depth() == 3 && xml.name().equals("analysisExceptions")) {
                        XmlElement.read(xml).all().forEach(one -> brokeOff(texts(one)));
                    } else if (xml.depth() == 2 && xml.name().equals("dependencies")) {
                        hasDependencies = true;
                    } else if (xml.depth() == 3 && xml.name().equals("dependency")) {
                        dependency(XmlElement.read(xml));
                    }
                }
            }
        }

        private void dependency(XmlElement dependency) {
            dependencies++;
            String component = dependency
                    .all("identifiers")
                    .flatMap(XmlElement::all)
                    .filter(one ->
                            !one.name().startsWith("vulnerab") && !one.name().startsWith("suppressed"))
                    .map(one -> one.text("id") != null ? one.text("id") : one.text("name"))
                    .filter(one -> one != null)
                    .findFirst()
                    .orElseGet(() -> dependency.text("fileName"));
            dependency.all("vulnerabilities").flatMap(XmlElement::all).forEach(one -> {
                if (one.name().equals("suppressedVulnerability")) {
                    suppressed++;
                } else if (one.name().equals("vulnerability")) {
                    String score = Stream.of(
                                    one.text("cvssV4", "baseScore"),
                                    one.text("cvssV3", "baseScore"),
                                    one.text("cvssV2", "score"),
                                    one.text("cvssScore"))
                            .filter(said -> said != null)
                            .findFirst()
                            .orElse(null);
                    tally.add(new Vulnerability(
                            one.text("name"),
                            severity(one.text("severity"), score),
                            component,
                            one.text("description"),
                            one.at(),
                            null,
                            null));
                }
            });
        }

        private void readJson(Content content) throws IOException, Unreadable {
            boolean[] schema = new boolean[1];
            JsonCursor.document(content, json -> field -> {
                switch (field) {
                    case "reportSchema" -> {
                        schema[0] = !json.isNull();
                        json.skip();
                    }
                    case "projectInfo" -> {
                        JsonNode info = json.tree(field);
                        project(
                                CycloneDx.text(info, "name"),
                                CycloneDx.text(info, "artifactID"),
                                CycloneDx.text(info, "version"));
                        time.said(CycloneDx.text(info, "reportDate"));
                    }
                    case "scanInfo" -> {
                        String place = json.at() + ", /scanInfo";
                        for (JsonNode one : Shape.list(json.tree(field), "analysisExceptions", place)) {
                            brokeOff(texts(one));
                        }
                    }
                    case "dependencies" -> {
                        hasDependencies = !json.isNull();
                        int[] index = new int[1];
                        json.array(field, () -> {
                            String place = json.at() + ", /dependencies/" + index[0]++;
                            dependency(json.tree("a dependency"), place);
                        });
                    }
                    default -> {
                        Misspelt.refuse(json, field, DECISIVE);
                        json.skip();
                    }
                }
            });
            if (!schema[0]) {
                throw new Unreadable("not a Dependency-Check report: it has no reportSchema", "line 1, column 1");
            }
        }

        private void dependency(JsonNode dependency, String place) throws Unreadable {
            Shape.object(dependency, "a dependency", place);
            ApiWords.check(dependency, OF_DEPENDENCY, place);
            dependencies++;
            String purl = CycloneDx.text(dependency.path("packages").path(0), "id");
            String component = purl != null ? purl : dependency.path("fileName").asText("");
            suppressed +=
                    Shape.list(dependency, "suppressedVulnerabilities", place).size();
            int index = 0;
            for (JsonNode one : Shape.list(dependency, "vulnerabilities", place)) {
                String newest = CycloneDx.text(one.path("cvssv4"), "baseScore");
                String score = newest == null ? CycloneDx.text(one.path("cvssv3"), "baseScore") : newest;
                tally.add(new Vulnerability(
                        CycloneDx.text(one, "name"),
                        severity(
                                CycloneDx.text(one, "severity"),
                                score == null ? CycloneDx.text(one.path("cvssv2"), "score") : score),
                        component,
                        one.path("description").asText(""),
                        place + "/vulnerabilities/" + index++,
                        null,
                        null));
            }
        }

        /** Which analyser it was stands in no field: the first class of its stack that is one, or that the message names. */
        private void brokeOff(List<String> texts) {
            brokeOff = true;
            if (analysers.size() == MOST_NAMED) {
                return;
            }
            String message = texts.isEmpty() ? "" : Words.of(texts.get(0), 150);
            String analyser = texts.stream()
                    .flatMap(text -> ANALYSER.matcher(text).results())
                    .map(found -> found.group(1))
                    .filter(name -> !name.startsWith("Abstract"))
                    .findFirst()
                    .orElse("an analyser that is not named");
            String words = message.isEmpty() ? analyser : analyser + " (" + message + ")";
            if (!analysers.contains(words)) {
                analysers.add(words);
            }
        }

        private static List<String> texts(JsonNode node) {
            List<String> texts = new ArrayList<>();
            if (node.isTextual()) {
                texts.add(node.asText());
            }
            node.forEach(child -> texts.addAll(texts(child)));
            return texts;
        }

        private static List<String> texts(XmlElement element) {
            List<String> texts = new ArrayList<>();
            if (!element.text().isEmpty()) {
                texts.add(element.text());
            }
            element.all().forEach(child -> texts.addAll(texts(child)));
            return texts;
        }

        private static Severity severity(String word, String score) {
            Severity said = Severity.of(word);
            return said == Severity.UNKNOWN && score != null && score.matches("\\d{1,2}(\\.\\d{1,4})?")
                    ? Severity.ofScore(Double.parseDouble(score))
                    : said;
        }

        private void project(String name, String artifact, String version) {
            project = Words.of(name);
            stated.build(artifact == null ? name : artifact, version);
        }

        private Reading reading() {
            Map<String, Object> summary = new LinkedHashMap<>(tally.summary(dependencies));
            summary.put("suppressed", suppressed);
            return new Reading(
                    project == null || project.isEmpty() ? "dependency-check" : "dependency-check " + project,
                    stated,
                    summary,
                    time.in(brokeOff ? Map.of("unfinished", String.join("; ", analysers)) : Map.of()),
                    !brokeOff,
                    time.gap(hasDependencies ? null : "it has no dependencies, so nothing was looked at"),
                    tally.findings());
        }
    }
}
