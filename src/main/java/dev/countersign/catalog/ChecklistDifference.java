package dev.countersign.catalog;

import dev.countersign.catalog.Checklist.Item;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What changed between two versions of a checklist. Items are the same where their ids are.
 *
 * @param from digest of the one version; @param to of the other
 * @param head changes of the title and of what it applies to
 * @param unchanged how many items are the same in both
 */
record ChecklistDifference(
        String checklist,
        String from,
        String to,
        List<Change> head,
        List<Item> added,
        List<Item> removed,
        List<ChangedItem> changed,
        int unchanged) {

    record Change(String field, Object from, Object to) {}

    record ChangedItem(String id, List<Change> changes) {}

    static ChecklistDifference between(Checklist from, Checklist to) {
        Map<String, Item> before = byId(from);
        Map<String, Item> after = byId(to);
        List<ChangedItem> changed = new ArrayList<>();
        int unchanged = 0;
        for (Item item : after.values()) {
            Item former = before.get(item.id());
            if (former == null) {
                continue;
            }
            List<Change> changes =
                    changes(former, item, Map.of("text", Item::text, "role", Item::role, "evidence", Item::evidence));
            if (changes.isEmpty()) {
                unchanged++;
            } else {
                changed.add(new ChangedItem(item.id(), changes));
            }
        }
        return new ChecklistDifference(
                to.name(),
                from.digest(),
                to.digest(),
                changes(
                        from,
                        to,
                        Map.of(
                                "title", Checklist::title,
                                "tiers", Checklist::tiers,
                                "services", Checklist::services,
                                "environments", Checklist::environments)),
                onlyIn(after, before),
                onlyIn(before, after),
                changed,
                unchanged);
    }

    private static Map<String, Item> byId(Checklist checklist) {
        return checklist.items().stream()
                .collect(Collectors.toMap(Item::id, Function.identity(), (one, other) -> one, LinkedHashMap::new));
    }

    private static List<Item> onlyIn(Map<String, Item> here, Map<String, Item> there) {
        return here.values().stream()
                .filter(item -> !there.containsKey(item.id()))
                .toList();
    }

    private static <T> List<Change> changes(T from, T to, Map<String, Function<T, Object>> fields) {
        return fields.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .filter(field -> !Objects.equals(
                        field.getValue().apply(from), field.getValue().apply(to)))
                .map(field -> new Change(
                        field.getKey(),
                        field.getValue().apply(from),
                        field.getValue().apply(to)))
                .toList();
    }
}
