package dev.countersign.evidence.migration;

import dev.countersign.evidence.migration.MigrationScripts.Named;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Looks through a changelog before Liquibase does: what would run a program, load a class or read data is refused with its line, and no class was loaded by then. */
final class ChangelogScan {
    private static final Set<String> REFUSED =
            Set.of("executecommand", "customchange", "customprecondition", "loaddata", "loadupdatedata", "stop");
    /** They name a class. */
    private static final Set<String> CLASSES =
            Set.of("class", "classname", "filter", "resourcefilter", "resourcecomparator");

    private static final Set<String> FROM_FILES = Set.of("valueblobfile", "valueclobfile");

    private static final int DEEPEST = 50;

    private ChangelogScan() {}

    static void check(Named file) {
        if (file.name().toLowerCase(Locale.ROOT).endsWith(".xml")) {
            xml(file);
        } else {
            yaml(file);
        }
    }

    private static void xml(Named file) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(file.content()));
            int depth = 0;
            while (reader.hasNext()) {
                int event = reader.next();
                int line = reader.getLocation().getLineNumber();
                if (event == XMLStreamConstants.DTD || event == XMLStreamConstants.ENTITY_REFERENCE) {
                    throw refused(file, line, "a document type is not read");
                }
                depth += event == XMLStreamConstants.START_ELEMENT
                        ? 1
                        : event == XMLStreamConstants.END_ELEMENT ? -1 : 0;
                if (depth > DEEPEST) {
                    throw refused(file, line, "elements are nested deeper than " + DEEPEST);
                }
                if (event == XMLStreamConstants.START_ELEMENT) {
                    name(file, line, reader.getLocalName());
                    for (int i = 0; i < reader.getAttributeCount(); i++) {
                        name(file, line, reader.getAttributeLocalName(i));
                    }
                }
            }
        } catch (XMLStreamException broken) {
            throw new IllegalArgumentException(
                    file.name() + " is no XML: "
                            + String.valueOf(broken.getMessage()).replaceAll("\\R", " "),
                    broken);
        }
    }

    private static void yaml(Named file) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(20);
        Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Node> open = new ArrayDeque<>();
        try {
            new Yaml(new SafeConstructor(options))
                    .composeAll(new StringReader(file.content()))
                    .forEach(open::add);
        } catch (YAMLException | StackOverflowError broken) {
            throw new IllegalArgumentException(
                    file.name() + " is neither YAML nor JSON: "
                            + String.valueOf(broken.getMessage()).replaceAll("\\s+", " "),
                    broken);
        }
        while (!open.isEmpty()) {
            Node node = open.pop();
            if (!seen.add(node)) {
                continue;
            }
            if (node instanceof SequenceNode list) {
                open.addAll(list.getValue());
            } else if (node instanceof MappingNode map) {
                map.getValue().forEach(entry -> {
                    if (entry.getKeyNode() instanceof ScalarNode key) {
                        name(file, key.getStartMark().getLine() + 1, key.getValue());
                    }
                    open.add(entry.getKeyNode());
                    open.add(entry.getValueNode());
                });
            }
        }
    }

    private static void name(Named file, int line, String name) {
        String known = name.strip().toLowerCase(Locale.ROOT);
        if (REFUSED.contains(known)) {
            throw refused(file, line, name + " is not read: it could do anything, or stops every run");
        }
        if (CLASSES.contains(known)) {
            throw refused(file, line, name + " is not read: it names a class");
        }
        if (FROM_FILES.contains(known)) {
            throw refused(file, line, name + " is not read: what it writes does not stand in SQL");
        }
    }

    private static IllegalArgumentException refused(Named file, int line, String why) {
        return new IllegalArgumentException(file.name() + " line " + line + ": " + why);
    }
}
