package dev.countersign.catalog;

import dev.countersign.catalog.Catalog.Problem;
import dev.countersign.catalog.Checklist.Item;
import dev.countersign.identity.Actors;
import dev.countersign.identity.Role;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** The checklists. What compliance ticks, and where it is asked to, changes only with the approval of compliance. */
@Component
class ChecklistsPolicy extends PolicyFiles {
    ChecklistsPolicy(FileCatalog catalog, CatalogPolicyStore store, Actors actors) {
        super(ActivePolicy.CHECKLIST, catalog, store, actors);
    }

    @Override
    public String name() {
        return "checklists";
    }

    @Override
    List<Problem> faults(List<SourceFile> files) {
        return Checklists.read(files, List.of()).problems();
    }

    @Override
    public boolean concernsCompliance(Map<String, byte[]> before, Map<String, byte[]> after) {
        return !ofCompliance(before).equals(ofCompliance(after));
    }

    private record Asked(List<String> tiers, List<String> services, List<String> environments, Item item) {}

    private static Set<Asked> ofCompliance(Map<String, byte[]> files) {
        Set<Asked> asked = new HashSet<>();
        for (SourceFile file : sources(files)) {
            ChecklistReader.read(file).said().ifPresent(checklist -> checklist.items().stream()
                    .filter(item -> item.role().equals(Role.COMPLIANCE.id()))
                    .forEach(item -> asked.add(
                            new Asked(checklist.tiers(), checklist.services(), checklist.environments(), item))));
        }
        return asked;
    }
}
