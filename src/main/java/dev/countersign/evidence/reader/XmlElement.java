package dev.countersign.evidence.reader;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.xml.stream.XMLStreamConstants;

/** One element of a document with what is in it, of a bounded size: never the document itself. */
final class XmlElement {
    private static final int MOST = 100_000;
    private final String name;
    private final String at;
    private final Map<String, String> attributes = new HashMap<>();
    private final List<XmlElement> children = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    private XmlElement(String name, String at) {
        this.name = name;
        this.at = at;
    }

    /** The cursor stands on the element's start and is left on its end. */
    static XmlElement read(XmlCursor xml) throws Unreadable {
        return read(xml, new int[1]);
    }

    private static XmlElement read(XmlCursor xml, int[] count) throws Unreadable {
        if (++count[0] > MOST) {
            throw new Unreadable("an element with more than " + MOST + " elements in it", xml.place());
        }
        XmlElement element = new XmlElement(xml.name(), xml.at());
        element.attributes.putAll(xml.attributes());
        while (true) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> element.children.add(read(xml, count));
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> element.text.append(xml.text());
                case XMLStreamConstants.END_ELEMENT -> {
                    return element;
                }
                default -> {}
            }
        }
    }

    /** Where it begins, in words. */
    String at() {
        return at;
    }

    String name() {
        return name;
    }

    String attribute(String attribute) {
        return attributes.get(attribute);
    }

    String text() {
        return text.toString().strip();
    }

    Stream<XmlElement> all(String child) {
        return children.stream().filter(one -> one.name.equals(child));
    }

    Stream<XmlElement> all() {
        return children.stream();
    }

    /** The text at a path of children; null where there is none. */
    String text(String... path) {
        XmlElement at = this;
        for (String step : path) {
            at = at.all(step).findFirst().orElse(null);
            if (at == null) {
                return null;
            }
        }
        String found = at.text();
        return found.isEmpty() ? null : found;
    }
}
