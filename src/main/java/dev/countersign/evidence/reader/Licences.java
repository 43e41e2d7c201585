package dev.countersign.evidence.reader;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which licences the components of a bill of materials have, as it states them. */
final class Licences {
    /** A component whose licence the document does not state. */
    static final String NONE = "NOASSERTION";

    private static final int MOST = 2000;
    private static final int MOST_COMPONENTS = 20;
    private final Map<String, List<String>> components = new TreeMap<>();
    private final Map<String, Long> counts = new TreeMap<>();

    void add(String expression, String component) {
        String licence = Words.of(expression);
        if (licence.isEmpty() || licence.equalsIgnoreCase("NONE")) {
            licence = NONE;
        }
        if (counts.size() >= MOST && !counts.containsKey(licence)) {
            // A document with thousands of licences says nothing that could be checked.
            licence = NONE;
        }
        counts.merge(licence, 1L, Long::sum);
        List<String> some = components.computeIfAbsent(licence, one -> new ArrayList<>());
        if (some.size() < MOST_COMPONENTS) {
            some.add(Words.of(component));
        }
    }

    /** By licence: how many components, and the first of them. */
    Map<String, Object> details() {
        Map<String, Object> all = new LinkedHashMap<>();
        counts.forEach(
                (licence, count) -> all.put(licence, Map.of("count", count, "components", components.get(licence))));
        return all;
    }
}
