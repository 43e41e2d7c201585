package dev.countersign.evidence.reader;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import javax.xml.stream.Location;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Walks an XML document of unknown origin. Document type declarations are refused, and with them external entities and entity
 * bombs (OWASP XML External Entity Prevention); so is nesting deeper than {@value #DEEPEST}.
 */
final class XmlCursor implements AutoCloseable {
    private static final int DEEPEST = 500;
    private static final XMLInputFactory FACTORY = factory();

    private final InputStream stream;
    private final XMLStreamReader reader;
    private int depth;
    private int startLine = 1;
    private int startColumn = 1;

    private XmlCursor(InputStream stream, XMLStreamReader reader) {
        this.stream = stream;
        this.reader = reader;
    }

    static XmlCursor open(Content content) throws IOException, Unreadable {
        return open(content, false);
    }

    /** For formats that are written with a document type declaration: one that declares nothing itself is passed over, any other is refused. */
    static XmlCursor openWithDoctype(Content content) throws IOException, Unreadable {
        return open(content, true);
    }

    private static XmlCursor open(Content content, boolean withDoctype) throws IOException, Unreadable {
        InputStream stream = content.open();
        try {
            Reader text = XmlText.open(stream);
            return new XmlCursor(stream, FACTORY.createXMLStreamReader(withDoctype ? XmlDoctype.passOver(text) : text));
        } catch (Unreadable unknownEncoding) {
            stream.close();
            throw unknownEncoding;
        } catch (CharacterCodingException broken) {
            stream.close();
            throw new Unreadable(
                    "not well-formed XML: its bytes are not in the encoding that it declares", "line 1, column 1");
        } catch (XMLStreamException | RuntimeException notXml) {
            stream.close();
            throw new Unreadable("not XML: " + reasonOf(notXml), placeOf(notXml, null));
        }
    }

    private static XMLInputFactory factory() {
        // The JDK's own parser, whatever else is on the class path: its limits are the ones that were tested.
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        factory.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("external entities are not read");
        });
        return factory;
    }

    boolean hasNext() throws Unreadable {
        try {
            return reader.hasNext();
        } catch (XMLStreamException | RuntimeException fault) {
            throw new Unreadable("not well-formed XML: " + reasonOf(fault), placeOf(fault, reader.getLocation()));
        }
    }

    int next() throws Unreadable {
        int event;
        // Where the last event ended this one begins; asked afterwards the parser says where it ends.
        startLine = reader.getLocation().getLineNumber();
        startColumn = reader.getLocation().getColumnNumber();
        try {
            event = reader.next();
        } catch (XMLStreamException | RuntimeException fault) {
            throw new Unreadable("not well-formed XML: " + reasonOf(fault), placeOf(fault, reader.getLocation()));
        }
        switch (event) {
            case XMLStreamConstants.DTD ->
                throw new Unreadable("a document type declaration is not accepted: reports need no entities", place());
            case XMLStreamConstants.ENTITY_REFERENCE ->
                throw new Unreadable("entities beyond those of XML itself are not accepted", place());
            case XMLStreamConstants.START_ELEMENT -> {
                if (++depth > DEEPEST) {
                    throw new Unreadable("nested deeper than " + DEEPEST + " elements", place());
                }
            }
            case XMLStreamConstants.END_ELEMENT -> depth--;
            default -> {}
        }
        return event;
    }

    String name() {
        return reader.getLocalName();
    }

    String attribute(String name) {
        return reader.getAttributeValue(null, name);
    }

    java.util.Map<String, String> attributes() {
        java.util.Map<String, String> all = new java.util.HashMap<>();
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            all.put(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
        }
        return all;
    }

    /** Empty where the element is in none. */
    String namespace() {
        return reader.getNamespaceURI() == null ? "" : reader.getNamespaceURI();
    }

    String text() {
        return reader.getText();
    }

    /** Elements open now, the current one included after its start and excluded after its end. */
    int depth() {
        return depth;
    }

    /** Where the current event begins, in words, as {@link JsonCursor#at()}. */
    String at() {
        return JsonCursor.at(startLine, startColumn);
    }

    String place() {
        return placeOf(reader.getLocation());
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }

    private static String placeOf(Exception fault, Location otherwise) {
        Location known =
                fault instanceof XMLStreamException xml && isKnown(xml.getLocation()) ? xml.getLocation() : otherwise;
        return isKnown(known) ? placeOf(known) : "line 1, column 1";
    }

    private static boolean isKnown(Location location) {
        return location != null && location.getLineNumber() > 0;
    }

    private static String placeOf(Location location) {
        return "line " + location.getLineNumber() + ", column " + location.getColumnNumber();
    }

    /** The parser's message without the position that it repeats on a line of its own. */
    private static String reasonOf(Exception fault) {
        if (fault instanceof XMLStreamException xml && xml.getNestedException() instanceof CharacterCodingException) {
            return "its bytes are not in the encoding that it declares";
        }
        String message = fault.getMessage() == null ? fault.getClass().getSimpleName() : fault.getMessage();
        int at = message.indexOf("Message: ");
        return Words.of(at < 0 ? message : message.substring(at + "Message: ".length()));
    }
}
