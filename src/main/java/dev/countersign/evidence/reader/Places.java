package dev.countersign.evidence.reader;

import java.util.HashMap;
import java.util.Map;

/** Where the values of a document of a bounded size stand, by their JSON pointers. */
final class Places {
    /** A pointer repeats the names of all that it lies in: a small document of long names would fill the memory. */
    private static final long MOST_CHARACTERS = 20_000_000;

    private final Map<String, String> known = new HashMap<>();
    private long characters;

    void put(String pointer, String at) throws Unreadable {
        characters += pointer.length();
        if (characters > MOST_CHARACTERS) {
            throw new Unreadable("the names of what lies in each other are too long together", at);
        }
        known.put(pointer, at);
    }

    boolean knows(String pointer) {
        return known.containsKey(pointer);
    }

    /** The line, and the pointer behind it; of what is missing the line of what it is missing in. */
    String of(String pointer) {
        return lineOf(pointer) + ", " + Words.of(pointer);
    }

    String lineOf(String pointer) {
        String at = known.get(pointer);
        for (String outer = pointer; at == null && !outer.isEmpty(); at = known.get(outer)) {
            outer = outer.substring(0, Math.max(0, outer.lastIndexOf('/')));
        }
        return at == null ? "line 1" : at;
    }
}
