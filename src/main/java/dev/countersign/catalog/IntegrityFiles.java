package dev.countersign.catalog;

import dev.countersign.catalog.Catalog.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the folder of integrity checks says now; only proposed until it is approved.
 *
 * @param proposed files without a fault
 * @param broken files with one: what is in force for them stays
 */
record IntegrityFiles(List<SourceFile> proposed, List<String> broken, List<Problem> problems) {
    static final IntegrityFiles NONE = new IntegrityFiles(List.of(), List.of(), List.of());

    static IntegrityFiles read(List<SourceFile> files, List<Problem> unreadable) {
        List<SourceFile> proposed = new ArrayList<>();
        List<Problem> problems = new ArrayList<>(unreadable);
        List<String> broken =
                new ArrayList<>(unreadable.stream().map(Problem::file).toList());
        Map<String, String> names = new HashMap<>();
        for (SourceFile file : files) {
            IntegrityCheckReader.Read read = IntegrityCheckReader.read(file);
            problems.addAll(read.problems());
            String name = read.checks().map(IntegrityChecks::name).orElse(null);
            String other = name == null ? null : names.putIfAbsent(name, file.name());
            if (other != null) {
                problems.add(new Problem(file.name(), null, null, "The checks `" + name + "` are also in " + other));
            }
            if (name != null && other == null) {
                proposed.add(file);
            } else {
                broken.add(file.name());
            }
        }
        return new IntegrityFiles(List.copyOf(proposed), List.copyOf(broken), List.copyOf(problems));
    }

    /** Services that a file names and that the catalog does not know. */
    List<Problem> strangers(Organisation organisation) {
        List<Problem> strangers = new ArrayList<>();
        for (SourceFile file : proposed) {
            String service =
                    IntegrityCheckReader.read(file).checks().orElseThrow().service();
            if (organisation.service(service).isEmpty()) {
                strangers.add(new Problem(
                        file.name(),
                        null,
                        null,
                        "The checks are for the service `" + service + "`, which no file describes"));
            }
        }
        return strangers;
    }
}
