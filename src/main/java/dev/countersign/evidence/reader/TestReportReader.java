package dev.countersign.evidence.reader;

import java.io.IOException;
import java.util.Set;
import javax.xml.stream.XMLStreamConstants;
import org.springframework.stereotype.Component;

/** Test reports: JUnit XML and its relatives. Everything is counted from the test cases; declared totals are not believed, unless they say worse. */
@Component
class TestReportReader implements DocumentReader {
    private static final Set<String> COMMIT_PROPERTIES = Set.of(
            "commit",
            "commit.id",
            "commit.sha",
            "commit_sha",
            "git.commit",
            "git.commit.id",
            "git.commit.id.full",
            "git_commit",
            "git.sha",
            "github.sha",
            "github_sha",
            "ci_commit_sha",
            "build.vcs.number");

    @Override
    public DocumentType type() {
        return DocumentType.JUNIT;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        try (XmlCursor xml = XmlCursor.open(content)) {
            return read(xml);
        }
    }

    private Reading read(XmlCursor xml) throws Unreadable {
        TestDialect dialect = null;
        TestTally tally = new TestTally();
        StringBuilder propertyText = new StringBuilder();
        String property = null;
        while (xml.hasNext()) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    if (dialect == null) {
                        dialect = dialectOf(xml);
                        tally.startRun(
                                TestSuites.saidToHaveFailed(dialect, xml), TestSuites.errorsOfTheRun(dialect, xml));
                    }
                    property = null;
                    tally.ranAt(TestSuites.ranAt(dialect, xml));
                    if (TestSuites.isConfiguration(dialect, xml)) {
                        tally.configuration(xml, dialect.outcome(xml::attribute));
                    } else if (dialect.isCase(xml.name())) {
                        tally.startCase(xml, dialect.outcome(xml::attribute));
                    } else if (tally.isInCase()) {
                        tally.childOfCase(xml);
                    } else if (dialect.isSuite(xml.name())) {
                        tally.startSuite(
                                xml, TestSuites.saidToHaveFailed(dialect, xml), TestSuites.countsErrors(dialect, xml));
                        tally.suiteBroke(TestSuites.brokenBeside(dialect, xml), xml.at());
                    } else if (TestSuites.isAboutTheRun(dialect, xml.name())) {
                        tally.saidToHaveFailed(TestSuites.saidToHaveFailed(dialect, xml));
                        tally.suiteBroke(TestSuites.brokenBeside(dialect, xml), xml.at());
                    } else if (dialect == TestDialect.JUNIT) {
                        if (xml.name().equals("property") && isCommit(xml.attribute("name"))) {
                            property = xml.attribute("name");
                            propertyText.setLength(0);
                            tally.commit(xml.attribute("value"));
                        } else {
                            tally.childOfSuite(xml);
                        }
                    } else {
                        String at = xml.at();
                        tally.suiteBroke(TestSuites.broken(dialect, xml, tally.isDirectlyInSuite(xml)), at);
                    }
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    if (property != null) {
                        propertyText.append(xml.text());
                    } else {
                        tally.text(xml);
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    if (property != null) {
                        tally.commit(propertyText.toString());
                        property = null;
                    }
                    tally.end(xml);
                }
                default -> {}
            }
        }
        return tally.reading();
    }

    private TestDialect dialectOf(XmlCursor xml) throws Unreadable {
        return TestDialect.ofRoot(xml.name())
                .orElseThrow(() -> new Unreadable(
                        "not a test report: the root element is <" + Words.of(xml.name())
                                + ">, expected <testsuites> or <testsuite>",
                        xml.place()));
    }

    private static boolean isCommit(String name) {
        return name != null && COMMIT_PROPERTIES.contains(name.strip().toLowerCase(java.util.Locale.ROOT));
    }
}
