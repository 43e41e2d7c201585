package dev.countersign.workflow.policy;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The difference of two sets of text files, as unified text. */
final class Difference {
    private static final int CONTEXT = 3;

    private Difference() {}

    static String of(Map<String, byte[]> before, Map<String, byte[]> after) {
        StringBuilder text = new StringBuilder();
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            List<String> from = lines(before.get(name));
            List<String> to = lines(after.get(name));
            if (!from.equals(to)) {
                UnifiedDiffUtils.generateUnifiedDiff(
                                before.containsKey(name) ? name : "/dev/null",
                                after.containsKey(name) ? name : "/dev/null",
                                from,
                                DiffUtils.diff(from, to),
                                CONTEXT)
                        .forEach(line -> text.append(line).append('\n'));
            }
        }
        return text.toString();
    }

    private static List<String> lines(byte[] content) {
        return content == null
                ? List.of()
                : new String(content, StandardCharsets.UTF_8).lines().toList();
    }
}
