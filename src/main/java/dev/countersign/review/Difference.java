package dev.countersign.review;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/** Which parts differ between two views of a dossier. */
final class Difference {
    private Difference() {}

    static List<String> between(Map<String, String> before, Map<String, String> now) {
        var names = new TreeSet<>(before.keySet());
        names.addAll(now.keySet());
        return names.stream()
                .filter(name -> !Objects.equals(before.get(name), now.get(name)))
                .toList();
    }
}
