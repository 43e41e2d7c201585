package dev.countersign.evidence.infrastructure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.evidence.reader.Unreadable;
import dev.countersign.evidence.reader.Words;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a configuration of Terraform in the HashiCorp configuration language, block by block. A small parser of our own: it evaluates nothing, keeps two blocks of one name apart, knows the line of each value,
 * and has an end for whatever is nested.
 */
public final class Hcl {
    /** The blocks of a configuration, and how many names stand behind each. One that is misspelt is not taken for nothing. */
    private static final Map<String, Integer> BLOCKS = Map.ofEntries(
            Map.entry("resource", 2),
            Map.entry("data", 2),
            Map.entry("ephemeral", 2),
            Map.entry("action", 2),
            Map.entry("list", 2),
            Map.entry("module", 1),
            Map.entry("provider", 1),
            Map.entry("variable", 1),
            Map.entry("output", 1),
            Map.entry("check", 1),
            Map.entry("terraform", 0),
            Map.entry("locals", 0),
            Map.entry("moved", 0),
            Map.entry("import", 0),
            Map.entry("removed", 0));

    private static final String DYNAMIC = "dynamic";

    private final HclText hcl;

    private Hcl(String text) {
        this.hcl = new HclText(text);
    }

    /** Gets each block at the top level. */
    public interface Blocks {
        void read(Block block) throws Unreadable;
    }

    /**
     * @param type its first word
     * @param labels the names behind it
     */
    public record Block(String type, List<String> labels, ObjectNode values, HclPlaces places) {
        /** How many values it has. */
        public int size() {
            return places.values();
        }

        /** Null where it describes nothing. */
        public Resource resource() {
            return switch (type) {
                case "resource" -> new Resource(labels.get(0), String.join(".", labels), values, places::of);
                case "data" ->
                    new Resource("data." + labels.get(0), "data." + String.join(".", labels), values, places::of);
                case "module" -> new Resource(Resource.MODULE, "module." + labels.get(0), values, places::of);
                default -> null;
            };
        }
    }

    /** Whether it begins as a configuration does, and as nothing else. */
    public static boolean begins(String head) {
        HclText hcl = new HclText(head);
        try {
            hcl.gap(true);
            String type = hcl.word();
            hcl.gap(false);
            int names = 0;
            for (; hcl.peek() == '"'; hcl.gap(false)) {
                HclTemplate.quoted(hcl);
                names++;
            }
            return Integer.valueOf(names).equals(BLOCKS.get(type)) && hcl.peek() == '{';
        } catch (Unreadable other) {
            return false;
        }
    }

    public static void read(String text, Blocks blocks) throws Unreadable {
        new Hcl(text).read(blocks);
    }

    private void read(Blocks blocks) throws Unreadable {
        hcl.gap(true);
        while (!hcl.isEnd()) {
            HclPlaces places = new HclPlaces(hcl.line());
            String type = hcl.word();
            hcl.gap(false);
            if (hcl.peek() == '=') {
                throw hcl.fault("at the top level stand blocks only");
            }
            List<String> labels = labels();
            Integer names = BLOCKS.get(type);
            if (names == null) {
                throw hcl.fault("'%s' is no block of a configuration".formatted(Words.of(type)));
            }
            if (names != labels.size()) {
                throw hcl.fault("%s has %d names behind it, not %d".formatted(type, names, labels.size()));
            }
            ObjectNode values = body(places, "");
            blocks.read(new Block(type, labels, values, places));
            lineEnds();
            hcl.gap(true);
        }
    }

    private List<String> labels() throws Unreadable {
        List<String> labels = new ArrayList<>();
        for (; hcl.peek() != '{'; hcl.gap(false)) {
            if (hcl.peek() != '"') {
                labels.add(hcl.word());
                continue;
            }
            JsonNode label = HclTemplate.quoted(hcl);
            if (!label.isTextual()) {
                throw hcl.fault("a name is not computed");
            }
            labels.add(label.asText());
        }
        return labels;
    }

    private void lineEnds() throws Unreadable {
        hcl.gap(false);
        if (!hcl.isEnd() && hcl.peek() != '\n' && hcl.peek() != '}') {
            throw hcl.fault("the end of the line is expected");
        }
    }

    /** With its braces. */
    private ObjectNode body(HclPlaces places, String pointer) throws Unreadable {
        hcl.enter();
        hcl.need("{");
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        Set<String> attributes = new HashSet<>();
        for (hcl.gap(true); !hcl.take("}"); hcl.gap(true)) {
            int line = hcl.line();
            String name = hcl.word();
            hcl.gap(false);
            if (hcl.peek() == '=' && hcl.peek(1) != '=') {
                hcl.skip(1);
                hcl.gap(false);
                if (body.has(name)) {
                    throw hcl.fault("'" + Words.of(name) + "' is said twice");
                }
                attributes.add(name);
                String at = places.put(pointer, name, line);
                body.set(name, new HclExpression(hcl, places).read(false, at));
            } else {
                block(body, name, attributes, places, pointer, line);
            }
            lineEnds();
        }
        hcl.leave();
        return body;
    }

    private void block(ObjectNode body, String type, Set<String> attributes, HclPlaces places, String pointer, int line)
            throws Unreadable {
        List<String> labels = labels();
        boolean isDynamic = type.equals(DYNAMIC) && labels.size() == 1;
        String name = isDynamic ? labels.get(0) : type;
        if (attributes.contains(name)) {
            throw hcl.fault("'" + Words.of(name) + "' is said twice");
        }
        ArrayNode blocks = body.withArrayProperty(name);
        String all = places.put(pointer, name, line);
        String at = places.put(all, Integer.toString(blocks.size()), line);
        ObjectNode inner = body(places, at);
        blocks.add(isDynamic ? Untold.of(DYNAMIC) : inner);
    }
}
