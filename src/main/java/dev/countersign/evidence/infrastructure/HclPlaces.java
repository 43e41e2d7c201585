package dev.countersign.evidence.infrastructure;

import dev.countersign.evidence.reader.Unreadable;
import java.util.HashMap;
import java.util.Map;

/** In which lines the values of one block stand, by their JSON pointers. */
final class HclPlaces {
    /** Of what is only computed with: nobody asks for a place in it, and it must not take that of a property. */
    static final String NOWHERE = "/";

    private static final int MOST = 100_000;
    private static final long MOST_LETTERS = 20_000_000;
    /** A pointer that is longer weighs as several values. */
    private static final int USUAL = 100;

    private final Map<String, Integer> lines = new HashMap<>();
    private final int first;
    private int values;
    private long letters;

    HclPlaces(int first) {
        this.first = first;
    }

    /** Begins a part; returns its pointer. */
    String put(String outer, String name, int line) throws Unreadable {
        if (++values > MOST) {
            throw new Unreadable("a block has more than %d values".formatted(MOST), "line " + line + ", column 1");
        }
        if (outer.equals(NOWHERE)) {
            return NOWHERE;
        }
        letters += outer.length() + name.length() + 1;
        if (letters > MOST_LETTERS) {
            throw new Unreadable("the names in a block are too long", "line " + line + ", column 1");
        }
        String pointer = outer + "/" + name.replace("~", "~0").replace("/", "~1");
        lines.putIfAbsent(pointer, line);
        return pointer;
    }

    /** How much there is to keep. */
    int values() {
        return (int) Math.max(values, letters / USUAL);
    }

    /** Of what is missing the line of what it is missing in. */
    String of(String pointer) {
        Integer line = lines.get(pointer);
        for (String outer = pointer; line == null && !outer.isEmpty(); line = lines.get(outer)) {
            outer = outer.substring(0, Math.max(0, outer.lastIndexOf('/')));
        }
        return "line " + (line == null ? first : line);
    }
}
