package dev.countersign.evidence.reader;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import javax.xml.stream.XMLStreamConstants;
import org.springframework.stereotype.Component;

/**
 * JaCoCo's XML (report.dtd 1.1), which Kover and others write too. Its parts are the counters of source files, and of classes that name no source file; so JaCoCo adds them up itself
 * (PackageCoverageImpl).
 */
@Component
class JacocoReader implements DocumentReader {
    static final Set<String> IN_REPORT = Set.of("sessioninfo", "group", "package", "counter");

    @Override
    public DocumentType type() {
        return DocumentType.JACOCO;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        try (XmlCursor xml = XmlCursor.openWithDoctype(content)) {
            return read(xml);
        }
    }

    private static Reading read(XmlCursor xml) throws Unreadable {
        CoverageTally tally = new CoverageTally();
        Deque<String> open = new ArrayDeque<>();
        String name = "";
        while (xml.hasNext()) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    if (open.isEmpty()) {
                        name = Words.of(rootName(xml));
                    } else if (xml.name().equals("counter")) {
                        counter(xml, open.peek(), tally);
                    } else if (open.peek().equals("report") && !IN_REPORT.contains(xml.name())) {
                        throw new Unreadable(
                                "the element <" + Words.of(xml.name()) + "> is not known here", xml.place());
                    }
                    boolean isPart = xml.name().equals("class") && xml.attribute("sourcefilename") == null;
                    open.push(isPart ? "sourcefile" : xml.name());
                }
                case XMLStreamConstants.END_ELEMENT -> open.pop();
                default -> {}
            }
        }
        return tally.reading(name.isEmpty() ? "jacoco" : "jacoco " + name);
    }

    private static String rootName(XmlCursor xml) throws Unreadable {
        if (!xml.name().equals("report")) {
            throw new Unreadable(
                    "not a JaCoCo report: the root element is <" + Words.of(xml.name()) + ">, expected <report>",
                    xml.place());
        }
        return xml.attribute("name");
    }

    private static void counter(XmlCursor xml, String parent, CoverageTally tally) throws Unreadable {
        CoverageTally.Kind kind =
                switch (String.valueOf(xml.attribute("type"))) {
                    case "LINE" -> CoverageTally.Kind.LINES;
                    case "BRANCH" -> CoverageTally.Kind.BRANCHES;
                    case "INSTRUCTION", "COMPLEXITY", "METHOD", "CLASS" -> null;
                    default ->
                        throw new Unreadable(
                                "a counter of the type " + Words.of(xml.attribute("type"))
                                        + ", known are INSTRUCTION, BRANCH, LINE, COMPLEXITY, METHOD and CLASS",
                                xml.place());
                };
        long covered = CoverageTally.count(xml, "covered");
        long missed = CoverageTally.count(xml, "missed");
        if (kind != null && parent.equals("sourcefile")) {
            tally.part(kind, covered, missed);
        } else if (kind != null && parent.equals("report")) {
            tally.total(kind, covered, missed);
        }
    }
}
