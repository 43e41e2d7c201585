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
    private static final int LONGEST = 1000;
    private static final int MOST_COMPONENTS = 200;
    private static final int MOST_LISTED = 20_000;
    private final Map<String, List<Map<String, String>>> components = new TreeMap<>();
    private final Map<String, Long> counts = new TreeMap<>();
    private int listed;

    /** @param place where the component stands in the document */
    void add(String expression, String component, String place) {
        String licence = Words.of(expression, LONGEST);
        if (licence.isEmpty() || licence.equalsIgnoreCase("NONE")) {
            licence = NONE;
        } else if (expression.length() > LONGEST) {
            // Half an expression could be allowed where the whole is not.
            licence = "longer than " + LONGEST + " characters: " + Words.of(expression, 80) + " …";
        }
        if (counts.size() >= MOST && !counts.containsKey(licence)) {
            // A document with thousands of licences says nothing that could be checked.
            licence = NONE;
        }
        counts.merge(licence, 1L, Long::sum);
        List<Map<String, String>> some = components.computeIfAbsent(licence, one -> new ArrayList<>());
        if (some.size() < MOST_COMPONENTS && listed < MOST_LISTED) {
            listed++;
            some.add(Map.of("component", Words.of(component), "place", place));
        }
    }

    /** By licence: how many components, and the first of them with their places. */
    Map<String, Object> details() {
        Map<String, Object> all = new LinkedHashMap<>();
        counts.forEach(
                (licence, count) -> all.put(licence, Map.of("count", count, "components", components.get(licence))));
        return all;
    }
}
