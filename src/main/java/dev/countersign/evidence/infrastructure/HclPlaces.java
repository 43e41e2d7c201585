package dev.countersign.evidence.infrastructure;

import dev.countersign.evidence.reader.Unreadable;
import java.util.HashMap;
import java.util.Map;

/** In which lines the values of one block stand, by their JSON pointers. */
final class HclPlaces {
    private static final int MOST = 100_000;

    private final Map<String, Integer> lines = new HashMap<>();
    private final int first;
    private int values;

    HclPlaces(int first) {
        this.first = first;
    }

    /** Begins a part; returns its pointer. */
    String put(String outer, String name, int line) throws Unreadable {
        if (++values > MOST) {
            throw new Unreadable("a block has more than %d values".formatted(MOST), "line " + line + ", column 1");
        }
        String pointer = outer + "/" + name.replace("~", "~0").replace("/", "~1");
        lines.putIfAbsent(pointer, line);
        return pointer;
    }

    int values() {
        return values;
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
