package dev.countersign.evidence.reader;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLStreamConstants;
import org.springframework.stereotype.Component;

/**
 * Cobertura's XML (coverage-04.dtd), which coverage.py, gcovr, Istanbul and coverlet write too. Counted from the lines of classes; those of methods are the same lines once more.
 */
@Component
class CoberturaReader implements DocumentReader {
    /** One of them stands at the root, in every version of the format. */
    static final List<String> ROOT = List.of("line-rate", "lines-valid", "branch-rate");

    private static final Pattern CONDITIONS = Pattern.compile("\\((\\d{1,9})/(\\d{1,9})\\)");

    @Override
    public DocumentType type() {
        return DocumentType.COBERTURA;
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
        while (xml.hasNext()) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    if (open.isEmpty()) {
                        root(xml, tally);
                    } else if (xml.name().equals("line") && open.peek().equals("class/lines")) {
                        line(xml, tally);
                    }
                    open.push("class".equals(open.peek()) ? "class/" + xml.name() : xml.name());
                }
                case XMLStreamConstants.END_ELEMENT -> open.pop();
                default -> {}
            }
        }
        return tally.reading("cobertura");
    }

    private static void root(XmlCursor xml, CoverageTally tally) throws Unreadable {
        if (!xml.name().equals("coverage") || ROOT.stream().noneMatch(rate -> xml.attribute(rate) != null)) {
            throw new Unreadable(
                    "not a Cobertura report: the root element is <" + Words.of(xml.name())
                            + ">, expected <coverage> with line-rate",
                    xml.place());
        }
        total(xml, "lines", CoverageTally.Kind.LINES, tally);
        total(xml, "branches", CoverageTally.Kind.BRANCHES, tally);
    }

    /** Not every version says counts. */
    private static void total(XmlCursor xml, String what, CoverageTally.Kind kind, CoverageTally tally)
            throws Unreadable {
        if (xml.attribute(what + "-valid") != null && xml.attribute(what + "-covered") != null) {
            long valid = CoverageTally.count(xml, what + "-valid");
            long covered = CoverageTally.count(xml, what + "-covered");
            if (covered > valid) {
                throw new Unreadable("more " + what + " are covered than there are", xml.place());
            }
            tally.total(kind, covered, valid - covered);
        }
    }

    private static void line(XmlCursor xml, CoverageTally tally) throws Unreadable {
        boolean covered = CoverageTally.count(xml, "hits") > 0;
        tally.part(CoverageTally.Kind.LINES, covered ? 1 : 0, covered ? 0 : 1);
        if (!"true".equalsIgnoreCase(xml.attribute("branch"))) {
            return;
        }
        Matcher conditions = CONDITIONS.matcher(String.valueOf(xml.attribute("condition-coverage")));
        if (!conditions.find()) {
            throw new Unreadable("a line with branches says no condition-coverage like 50% (1/2)", xml.place());
        }
        long taken = Long.parseLong(conditions.group(1));
        long all = Long.parseLong(conditions.group(2));
        if (taken > all) {
            throw new Unreadable("more conditions are covered than there are", xml.place());
        }
        tally.part(CoverageTally.Kind.BRANCHES, taken, all - taken);
    }
}
