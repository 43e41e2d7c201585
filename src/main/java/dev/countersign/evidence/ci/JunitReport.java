package dev.countersign.evidence.ci;

import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.evidence.reader.Reading;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;

/** One JUnit report of a whole run: of the files that it left, or of the answer of a build server's API. Always the same bytes for the same results. */
final class JunitReport {
    private static final XMLInputFactory IN = inputs();
    private static final XMLOutputFactory OUT = XMLOutputFactory.newDefaultFactory();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final XMLStreamWriter xml;
    private int files;
    private boolean red;

    JunitReport(String name) throws XMLStreamException {
        xml = OUT.createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
        xml.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
        xml.writeStartElement("testsuites");
        attribute("name", name);
    }

    private static XMLInputFactory inputs() {
        // The JDK's own parser, as the readers of documents use it.
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("external entities are not read");
        });
        return factory;
    }

    /** False where the file is no test report: other XML lies in such archives too. */
    boolean add(byte[] file) throws XMLStreamException {
        XMLStreamReader in = IN.createXMLStreamReader(new ByteArrayInputStream(file));
        try {
            while (in.next() != XMLStreamConstants.START_ELEMENT) {
                // What stands before the root says nothing.
            }
            if (!in.getLocalName().equals("testsuite") && !in.getLocalName().equals("testsuites")) {
                return false;
            }
            for (int event = in.getEventType(); event != XMLStreamConstants.END_DOCUMENT; event = in.next()) {
                copy(in, event);
            }
        } finally {
            in.close();
        }
        files++;
        return true;
    }

    private void copy(XMLStreamReader in, int event) throws XMLStreamException {
        switch (event) {
            case XMLStreamConstants.START_ELEMENT -> {
                xml.writeStartElement(in.getLocalName());
                red |= in.getLocalName().equals("failure") || in.getLocalName().equals("error");
                for (int index = 0; index < in.getAttributeCount(); index++) {
                    if (in.getAttributePrefix(index) == null
                            || in.getAttributePrefix(index).isEmpty()) {
                        xml.writeAttribute(in.getAttributeLocalName(index), in.getAttributeValue(index));
                    }
                }
            }
            case XMLStreamConstants.END_ELEMENT -> xml.writeEndElement();
            case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> xml.writeCharacters(in.getText());
            case XMLStreamConstants.ENTITY_REFERENCE ->
                throw new XMLStreamException("an entity that no report needs", in.getLocation());
            default -> {
                // Comments and instructions say nothing.
            }
        }
    }

    /** What a report of another dialect says, case for case as far as it counts: names only of what failed. */
    void add(String name, Reading report) throws XMLStreamException {
        beginSuite(name);
        if (report.details().get("at") instanceof String at) {
            attribute("timestamp", at);
        }
        if (report.details().get("suites") instanceof Map<?, ?> suites) {
            for (Map.Entry<?, ?> suite : suites.entrySet()) {
                beginSuite(String.valueOf(suite.getKey()));
                cases("passed", suite.getValue() instanceof Number passed ? passed.longValue() : 0, "passed");
                endSuite();
            }
        }
        long listed = 0;
        for (Finding finding : report.findings()) {
            if (finding.severity().equals("error") || finding.severity().equals("failure")) {
                testCase("", finding.id(), finding.severity(), finding.title());
                listed++;
            }
        }
        long failed = count(report, "failures") + count(report, "errors") + count(report, "suiteErrors");
        cases("failed, beyond those that are listed", failed - listed, "failure");
        cases("skipped", count(report, "skipped"), "skipped");
        endSuite();
    }

    private void cases(String name, long many, String outcome) throws XMLStreamException {
        for (long i = 1; i <= many; i++) {
            testCase("", name + " #" + i, outcome, "");
        }
    }

    private static long count(Reading report, String count) {
        return report.summary().get(count) instanceof Number number ? number.longValue() : 0;
    }

    void beginSuite(String name) throws XMLStreamException {
        xml.writeStartElement("testsuite");
        attribute("name", name);
        files++;
    }

    /** @param outcome {@code passed}, {@code skipped}, {@code failure}, or {@code error} for everything else */
    void testCase(String className, String name, String outcome, String message) throws XMLStreamException {
        red |= !outcome.equals("passed") && !outcome.equals("skipped");
        xml.writeStartElement("testcase");
        attribute("classname", className);
        attribute("name", name);
        if (!outcome.equals("passed")) {
            xml.writeStartElement(outcome.equals("skipped") || outcome.equals("failure") ? outcome : "error");
            attribute("message", message);
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    void endSuite() throws XMLStreamException {
        xml.writeEndElement();
    }

    /** Some test failed or broke. */
    boolean isRed() {
        return red;
    }

    boolean isEmpty() {
        return files == 0;
    }

    byte[] bytes() throws XMLStreamException {
        xml.writeEndElement();
        xml.writeEndDocument();
        xml.flush();
        return bytes.toByteArray();
    }

    private void attribute(String name, String value) throws XMLStreamException {
        xml.writeAttribute(name, clean(value));
    }

    /** What no XML document may hold. */
    private static String clean(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints()
                .limit(2000)
                .map(point -> point == '\t'
                                || point == '\n'
                                || (point >= 0x20 && point <= 0xD7FF)
                                || (point >= 0xE000 && point <= 0xFFFD)
                                || point >= 0x10000
                        ? point
                        : 0xFFFD)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }
}
