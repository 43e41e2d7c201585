package dev.countersign.catalog;

import dev.countersign.catalog.Catalog.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a folder of declarations says now; only proposed until it is approved.
 *
 * @param proposed files without a fault
 * @param broken files with one: what is in force for them stays
 */
record DeclaredFiles(List<SourceFile> proposed, List<String> broken, List<Problem> problems) {
    static final DeclaredFiles NONE = new DeclaredFiles(List.of(), List.of(), List.of());

    static DeclaredFiles read(Declaration<?> declaration, List<SourceFile> files, List<Problem> unreadable) {
        List<SourceFile> proposed = new ArrayList<>();
        List<Problem> problems = new ArrayList<>(unreadable);
        List<String> broken =
                new ArrayList<>(unreadable.stream().map(Problem::file).toList());
        Map<String, String> names = new HashMap<>();
        for (SourceFile file : files) {
            Declaration.Read<?> read = declaration.read(file);
            problems.addAll(read.problems());
            String name = read.said()
                    .map(said -> ((Declaration.Declared) said).name())
                    .orElse(null);
            String other = name == null ? null : names.putIfAbsent(name, file.name());
            if (other != null) {
                problems.add(new Problem(file.name(), null, null, "The name `" + name + "` is also in " + other));
            }
            if (name != null && other == null) {
                proposed.add(file);
            } else {
                broken.add(file.name());
            }
        }
        return new DeclaredFiles(List.copyOf(proposed), List.copyOf(broken), List.copyOf(problems));
    }

    /** The first fault of a file that has one, with its place. */
    String faultOf(String file) {
        return problems.stream()
                .filter(problem -> problem.file().equals(file))
                .map(Problem::toString)
                .findFirst()
                .orElse(file + " cannot be read");
    }

    /** Services that a file names and that the catalog does not know. */
    List<Problem> strangers(Declaration<?> declaration, Organisation organisation) {
        List<Problem> strangers = new ArrayList<>();
        for (SourceFile file : proposed) {
            String service = declaration.read(file).said().orElseThrow().service();
            if (organisation.service(service).isEmpty()) {
                strangers.add(new Problem(
                        file.name(),
                        null,
                        null,
                        "The file is for the service `" + service + "`, which no file describes"));
            }
        }
        return strangers;
    }
}
