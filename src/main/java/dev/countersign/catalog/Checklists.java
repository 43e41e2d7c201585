package dev.countersign.catalog;

import dev.countersign.catalog.Catalog.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the folder of checklists says now; only proposed until it is approved.
 *
 * @param proposed files without a fault
 * @param broken files with one: what is in force for them stays
 */
record Checklists(List<SourceFile> proposed, List<String> broken, List<Problem> problems) {
    static final Checklists NONE = new Checklists(List.of(), List.of(), List.of());

    /** Services, tiers and environments that a checklist names and that no file describes. */
    List<Problem> strangers(Organisation organisation) {
        List<String> environments =
                organisation.environments().stream().map(Environment::name).toList();
        List<Problem> strangers = new ArrayList<>();
        for (SourceFile file : proposed) {
            Checklist checklist = ChecklistReader.read(file).said().orElseThrow();
            checklist.services().stream()
                    .filter(service -> organisation.service(service).isEmpty())
                    .forEach(service -> strangers.add(stranger(file, "service `" + service + "`")));
            checklist.environments().stream()
                    .filter(environment -> !environments.contains(environment))
                    .forEach(environment -> strangers.add(stranger(file, "environment `" + environment + "`")));
        }
        return strangers;
    }

    private static Problem stranger(SourceFile file, String what) {
        return new Problem(
                file.name(), null, null, "The checklist applies to the " + what + ", which no file describes");
    }

    static Checklists read(List<SourceFile> files, List<Problem> unreadable) {
        List<SourceFile> proposed = new ArrayList<>();
        List<Problem> problems = new ArrayList<>(unreadable);
        List<String> broken =
                new ArrayList<>(unreadable.stream().map(Problem::file).toList());
        Map<String, String> names = new HashMap<>();
        for (SourceFile file : files) {
            Declaration.Read<Checklist> read = ChecklistReader.read(file);
            problems.addAll(read.problems());
            String other = read.said()
                    .map(checklist -> names.putIfAbsent(checklist.name(), file.name()))
                    .orElse(null);
            if (other != null) {
                // Which of the two is meant cannot be known.
                String name = read.said().orElseThrow().name();
                problems.add(new Problem(file.name(), null, null, "The checklist `" + name + "` is also in " + other));
            }
            if (read.said().isPresent() && other == null) {
                proposed.add(file);
            } else {
                broken.add(file.name());
            }
        }
        return new Checklists(List.copyOf(proposed), List.copyOf(broken), List.copyOf(problems));
    }
}
