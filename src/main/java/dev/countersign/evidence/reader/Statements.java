package dev.countersign.evidence.reader;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** VEX statements as gates read them later, under the detail {@code statements}. */
final class Statements {
    private static final int MOST = 5000;
    private final List<Map<String, Object>> all = new ArrayList<>();
    private final Map<String, Long> byStatus = new LinkedHashMap<>();

    /**
     * @param ids the vulnerability and its aliases
     * @param products package URLs or other names of products; an empty one names no product
     * @param versions to which the statement is limited; empty where it is not
     * @param reason justification or impact; null where none is given
     */
    record Statement(
            List<String> ids,
            String status,
            List<String> products,
            List<String> subcomponents,
            List<String> versions,
            String reason,
            String timestamp,
            String place) {
        /** Without a reason, that something is not affected is only a claim. */
        boolean excuses() {
            return status.equals("fixed") || (status.equals("not_affected") && reason != null && !reason.isBlank());
        }
    }

    void add(Statement statement) throws Unreadable {
        add(List.of(statement));
    }

    /** @param one what a document says in one statement, and what has to be told apart in it: counted once */
    void add(List<Statement> one) throws Unreadable {
        Statement first = one.get(0);
        byStatus.merge(first.excuses() ? first.status() : "open", 1L, Long::sum);
        for (Statement part : one) {
            keep(part);
        }
    }

    private void keep(Statement statement) throws Unreadable {
        if (all.size() >= MOST) {
            throw new Unreadable("more than " + MOST + " statements are not read", statement.place());
        }
        Map<String, Object> kept = new LinkedHashMap<>();
        kept.put("ids", words(statement.ids()));
        kept.put("status", statement.status());
        kept.put("excuses", statement.excuses());
        kept.put("products", words(statement.products()));
        kept.put("subcomponents", words(statement.subcomponents()));
        kept.put("versions", words(statement.versions()));
        kept.put("reason", Words.of(statement.reason()));
        kept.put("at", statement.timestamp() == null ? "" : Words.of(statement.timestamp()));
        kept.put("place", statement.place());
        all.add(kept);
    }

    private static List<String> words(List<String> raw) {
        return raw.stream().map(Words::of).toList();
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    long count(String status) {
        return byStatus.getOrDefault(status, 0L);
    }

    List<Map<String, Object>> all() {
        return all;
    }
}
