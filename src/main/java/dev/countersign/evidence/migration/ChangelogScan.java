package dev.countersign.evidence.migration;

import dev.countersign.evidence.migration.MigrationScripts.Named;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
import org.yaml.snakeyaml.nodes.NodeTuple;
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

    /** They rewrite SQL again and again; the other modifications only put something before or after it. */
    private static final Set<String> REWRITING = Set.of("replace", "regexpreplace");

    /** Of a node that is being looked at. */
    private static final long OPEN = -1;

    private static final int DEEPEST = 50;
    private static final long LONGEST = 2L * MigrationScripts.LONGEST;

    private ChangelogScan() {}

    /** @return how long it is with everything written out that it only points to */
    static long check(Named file) {
        if (file.name().toLowerCase(Locale.ROOT).endsWith("xml")) {
            xml(file);
            return file.content().length();
        }
        return yaml(file);
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

    private static long yaml(Named file) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(20);
        List<Node> documents = new ArrayList<>();
        try {
            new Yaml(new SafeConstructor(options))
                    .composeAll(new StringReader(file.content()))
                    .forEach(documents::add);
        } catch (YAMLException | StackOverflowError broken) {
            throw new IllegalArgumentException(
                    file.name() + " is neither YAML nor JSON: "
                            + String.valueOf(broken.getMessage()).replaceAll("\\s+", " "),
                    broken);
        }
        Map<Node, Long> looked = new IdentityHashMap<>();
        return documents.stream()
                .mapToLong(document -> look(file, document, looked))
                .sum();
    }

    /** Each node is looked at once, and counts as often as it is pointed to. */
    private static long look(Named file, Node node, Map<Node, Long> looked) {
        int line = node.getStartMark().getLine() + 1;
        Long known = looked.putIfAbsent(node, OPEN);
        if (known != null) {
            if (known == OPEN) {
                throw refused(file, line, "an alias within what it points to is not read");
            }
            return known;
        }
        long length = 1;
        if (node instanceof ScalarNode scalar) {
            length += scalar.getValue().length();
        } else if (node instanceof SequenceNode list) {
            for (Node each : list.getValue()) {
                length += look(file, each, looked);
            }
        } else if (node instanceof MappingNode map) {
            for (NodeTuple entry : map.getValue()) {
                if (entry.getKeyNode() instanceof ScalarNode key) {
                    name(file, key.getStartMark().getLine() + 1, key.getValue());
                }
                length += look(file, entry.getKeyNode(), looked) + look(file, entry.getValueNode(), looked);
            }
        }
        if (length > LONGEST) {
            throw refused(file, line, "what its aliases point to becomes more than " + LONGEST + " characters");
        }
        looked.put(node, length);
        return length;
    }

    private static void name(Named file, int line, String name) {
        String known = name.strip().toLowerCase(Locale.ROOT);
        if (REFUSED.contains(known)) {
            throw refused(file, line, name + " is not read: it could do anything, or stops every run");
        }
        if (REWRITING.contains(known)) {
            throw refused(file, line, name + " is not read: it rewrites SQL by a pattern, as long as that may take");
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
