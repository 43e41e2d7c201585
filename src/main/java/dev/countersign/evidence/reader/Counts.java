package dev.countersign.evidence.reader;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** What a report counts itself. It is not believed where it says less than is listed, and a report that lists less than it counts is refused. */
final class Counts {
    private final Map<String, Long> said = new HashMap<>();
    private final Map<String, String> places = new HashMap<>();

    void put(String name, JsonCursor json) throws IOException, Unreadable {
        String text = json.scalar();
        if (text == null) {
            return;
        }
        if (!text.matches("\\d{1,15}")) {
            throw json.fault(name + " must be a whole number that is not negative");
        }
        said.put(name, Long.parseLong(text));
        places.put(name, json.at() + ", /" + name);
    }

    /** Where it says so. */
    String at(String name) {
        return places.getOrDefault(name, "line 1");
    }

    boolean has(String name) {
        return said.containsKey(name);
    }

    /** Zero where nothing is said. */
    long of(String name) {
        return said.getOrDefault(name, 0L);
    }

    void requireListed(String name, long listed) throws Unreadable {
        if (of(name) > listed) {
            throw new Unreadable("it counts %d as %s, and %d are listed".formatted(of(name), name, listed), at(name));
        }
    }
}
