package dev.countersign.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Reads YAML as data and nothing else: no types from tags, no merge keys, no repeated keys, and bounds on size, depth, aliases and the
 * number of values after aliases are followed, so that a small file cannot become a large tree.
 */
final class YamlReader {
    static final int MAX_BYTES = 1 << 20;
    static final int MAX_DEPTH = 50;
    static final int MAX_VALUES = 100_000;
    private static final int MAX_ALIASES = 50;
    private static final int MAX_DOCUMENTS = 1_000;
    private static final int MAX_DIGITS = 60;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final String file;
    private Map<String, Place> places = new HashMap<>();
    private int values;

    private YamlReader(String file) {
        this.file = file;
    }

    /**
     * The documents of a file, in its order; empty ones are left out.
     *
     * @throws BrokenFile with the place of the fault
     */
    static List<YamlDocument> read(SourceFile source) {
        return new YamlReader(source.name()).documents(source.content());
    }

    private List<YamlDocument> documents(byte[] content) {
        if (content.length > MAX_BYTES) {
            throw new BrokenFile(
                    file, null, "The file has " + content.length + " bytes; at most " + MAX_BYTES + " are read");
        }
        String text = decoded(content);
        try {
            return documents(composer(text));
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
            throw new BrokenFile(file, mark == null ? null : place(mark), "This is not YAML: " + words(e));
        } catch (ReaderException e) {
            Place place = placeOf(text, e.getPosition());
            String shown = String.format("U+%04X", e.getCodePoint());
            throw new BrokenFile(file, place, "The character " + shown + " is not allowed in YAML");
        } catch (YAMLException e) {
            throw new BrokenFile(file, null, "This YAML is not accepted: " + e.getMessage());
        }
    }

    private List<YamlDocument> documents(Composer composer) {
        List<YamlDocument> documents = new ArrayList<>();
        while (composer.checkNode()) {
            Node root = composer.getNode();
            places = new HashMap<>();
            JsonNode content = json(root, "", 0);
            if (!content.isNull()) {
                documents.add(new YamlDocument(file, content, places));
            }
            if (documents.size() > MAX_DOCUMENTS) {
                throw broken(root, "The file has more than " + MAX_DOCUMENTS + " documents");
            }
        }
        return documents;
    }

    private static Composer composer(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(MAX_ALIASES);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setCodePointLimit(MAX_BYTES);
        options.setAllowRecursiveKeys(false);
        StreamReader reader = new StreamReader(new StringReader(text));
        return new Composer(new ParserImpl(reader, options), new CoreSchema(), options);
    }

    private JsonNode json(Node node, String pointer, int depth) {
        if (depth > MAX_DEPTH) {
            throw broken(node, "Values are nested deeper than " + MAX_DEPTH + " levels, or refer to themselves");
        }
        if (++values > MAX_VALUES) {
            throw broken(node, "More than " + MAX_VALUES + " values once aliases are followed");
        }
        places.putIfAbsent(pointer, place(node.getStartMark()));
        if (node instanceof MappingNode mapping && Tag.MAP.equals(node.getTag())) {
            return object(mapping, pointer, depth);
        }
        if (node instanceof SequenceNode sequence && Tag.SEQ.equals(node.getTag())) {
            ArrayNode array = JSON.arrayNode();
            for (Node item : sequence.getValue()) {
                array.add(json(item, pointer + "/" + array.size(), depth + 1));
            }
            return array;
        }
        if (node instanceof ScalarNode scalar) {
            return value(scalar);
        }
        throw tagged(node);
    }

    private ObjectNode object(MappingNode mapping, String pointer, int depth) {
        ObjectNode object = JSON.objectNode();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode scalar)) {
                throw broken(tuple.getKeyNode(), "A key must be text");
            }
            String name = scalar.getValue();
            if (name.equals("<<")) {
                throw broken(scalar, "Merge keys (`<<`) are not read; write the values out");
            }
            if (object.has(name)) {
                throw broken(scalar, "The key `" + name + "` is there twice");
            }
            String at = pointer + "/" + YamlDocument.escaped(name);
            // The key's place is what a reader looks for, also where the value starts on the next line.
            places.put(at, place(scalar.getStartMark()));
            object.set(name, json(tuple.getValueNode(), at, depth + 1));
        }
        return object;
    }

    private JsonNode value(ScalarNode scalar) {
        String value = scalar.getValue();
        Tag tag = scalar.getTag();
        if (Tag.STR.equals(tag)) {
            return JSON.textNode(value);
        }
        if (Tag.NULL.equals(tag)) {
            return JSON.nullNode();
        }
        if (Tag.BOOL.equals(tag)) {
            return JSON.booleanNode(value.equalsIgnoreCase("true"));
        }
        if (Tag.INT.equals(tag) || Tag.FLOAT.equals(tag)) {
            return number(scalar, value);
        }
        throw tagged(scalar);
    }

    private JsonNode number(ScalarNode scalar, String value) {
        try {
            if (value.length() > MAX_DIGITS) {
                throw new NumberFormatException(value.length() + " digits");
            }
            BigDecimal number = new BigDecimal(value);
            // A short text such as 1e999999999 must not become a number with as many digits.
            if (Math.abs((long) number.scale()) > 1_000) {
                throw new NumberFormatException("exponent");
            }
            return number.scale() <= 0 && number.precision() - number.scale() <= 18
                    ? JSON.numberNode(number.longValueExact())
                    : JSON.numberNode(number);
        } catch (NumberFormatException e) {
            throw broken(scalar, "This is not a number that can be read");
        }
    }

    private BrokenFile tagged(Node node) {
        return broken(node, "The tag " + node.getTag().getValue() + " is not read; only plain data is");
    }

    private BrokenFile broken(Node node, String message) {
        return new BrokenFile(file, place(node.getStartMark()), message);
    }

    private static Place place(Mark mark) {
        return new Place(mark.getLine() + 1, mark.getColumn() + 1);
    }

    private String decoded(byte[] content) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(content);
        CharBuffer out = CharBuffer.allocate(content.length + 1);
        if (decoder.decode(in, out, true).isError()) {
            String before = out.flip().toString();
            throw new BrokenFile(file, placeOf(before, before.length()), "The file is not UTF-8 here");
        }
        String text = out.flip().toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static Place placeOf(String text, int position) {
        String before = text.substring(0, Math.min(position, text.length()));
        int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
        return new Place(line, before.length() - before.lastIndexOf('\n'));
    }

    private static String words(MarkedYAMLException e) {
        return e.getContext() == null ? e.getProblem() : e.getContext() + ", " + e.getProblem();
    }
}
