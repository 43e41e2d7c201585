package dev.countersign.catalog;

import dev.countersign.catalog.Catalog.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the catalog folder says now: the organisation and the OpenSLO files, which are only proposed.
 *
 * @param entities the entities of each file that could be read, for the next reading to fall back upon
 * @param proposed OpenSLO files without a fault
 * @param broken OpenSLO files with one: what is in force for them stays
 * @param refused what stands for the objectives of these
 */
record Facts(
        Organisation organisation,
        Map<String, List<Entity>> entities,
        List<SourceFile> proposed,
        List<String> broken,
        List<Slo> refused,
        List<Problem> problems) {

    static final Facts NONE =
            new Facts(new Organisation(List.of()), Map.of(), List.of(), List.of(), List.of(), List.of());

    private static final String FORMER = "; what the file said before stays in force until it is mended";

    /** Reads all files. One with a fault keeps what it said before, or, where it said nothing before, loses what is at fault. */
    static Facts read(List<SourceFile> files, Facts before, List<Problem> unreadable) {
        Reading reading = new Reading(before);
        unreadable.forEach(problem -> reading.fallBack(problem.file(), List.of(problem), List.of()));
        files.forEach(reading::read);
        reading.readSlos();
        Organisation organisation = new Organisation(
                reading.entities.values().stream().flatMap(List::stream).toList());
        reading.checkServices(organisation);
        List<Problem> problems = new ArrayList<>(reading.problems);
        problems.addAll(organisation.problems());
        return new Facts(
                organisation,
                reading.entities,
                List.copyOf(reading.proposed),
                List.copyOf(reading.broken),
                List.copyOf(reading.refused),
                List.copyOf(problems));
    }

    private static final class Reading {
        private final Facts before;
        private final Map<String, List<Entity>> entities = new LinkedHashMap<>();
        private final Map<SourceFile, List<YamlDocument>> slos = new LinkedHashMap<>();
        private final List<SourceFile> proposed = new ArrayList<>();
        private final List<Slo> read = new ArrayList<>();
        private final Map<String, YamlDocument> sloDocuments = new LinkedHashMap<>();
        private final List<String> broken = new ArrayList<>();
        private final List<Slo> refused = new ArrayList<>();
        private final List<Problem> problems = new ArrayList<>();

        private Reading(Facts before) {
            this.before = before;
        }

        private void read(SourceFile file) {
            List<YamlDocument> documents;
            try {
                documents = YamlReader.read(file);
            } catch (BrokenFile e) {
                fallBack(file.name(), List.of(e.problem()), List.of());
                refused.addAll(RefusedObjectives.of(file, e.problem()));
                return;
            }
            if (!documents.isEmpty() && documents.stream().allMatch(OpenSlo::isOne)) {
                slos.put(file, documents);
                return;
            }
            List<Entity> found = new ArrayList<>();
            List<Problem> faults = new ArrayList<>();
            for (YamlDocument document : documents) {
                try {
                    found.add(entity(document));
                } catch (BrokenFile e) {
                    faults.add(e.problem());
                }
            }
            if (faults.isEmpty()) {
                entities.put(file.name(), found);
            } else {
                fallBack(file.name(), faults, found);
                List<YamlDocument> objectives =
                        documents.stream().filter(OpenSlo::isOne).toList();
                refused.addAll(RefusedObjectives.of(objectives, file.digest(), faults.get(0)));
            }
        }

        private static Entity entity(YamlDocument document) {
            if (Entity.isOne(document)) {
                return Entity.read(document);
            }
            throw document.broken(
                    "/apiVersion",
                    OpenSlo.isOne(document)
                            ? "OpenSLO documents, which take effect only when approved, stand in files of their own"
                            : "This is neither a Backstage entity nor an OpenSLO document: `apiVersion` says which");
        }

        private void fallBack(String file, List<Problem> faults, List<Entity> sound) {
            List<Entity> former = before.entities().get(file);
            entities.put(file, former == null ? sound : former);
            broken.add(file);
            String consequence = former == null ? "" : FORMER;
            faults.forEach(fault -> problems.add(
                    new Problem(fault.file(), fault.line(), fault.column(), fault.message() + consequence)));
        }

        private void readSlos() {
            Map<String, YamlDocument> indicators = new LinkedHashMap<>();
            slos.values().forEach(documents -> OpenSlo.indicatorsIn(documents).forEach(indicators::putIfAbsent));
            slos.forEach((file, documents) -> {
                OpenSlo.Read result = OpenSlo.read(documents, file.digest(), indicators);
                problems.addAll(result.problems());
                if (result.usable()) {
                    proposed.add(file);
                    read.addAll(result.slos());
                } else {
                    broken.add(file.name());
                    refused.addAll(result.refused());
                }
                documents.forEach(document ->
                        sloDocuments.putIfAbsent(file.name() + "/" + document.text("/spec/service"), document));
            });
        }

        private void checkServices(Organisation organisation) {
            Map<String, Slo> names = new LinkedHashMap<>();
            for (Slo slo : read) {
                YamlDocument document = sloDocuments.get(slo.file() + "/" + slo.service());
                if (organisation.service(slo.service()).isEmpty()) {
                    String message =
                            "The SLO `" + slo.name() + "` is for `" + slo.service() + "`, which no file describes";
                    problems.add(document.problem("/spec/service", message));
                }
                Slo other = names.putIfAbsent(slo.service() + " " + slo.name(), slo);
                if (other != null) {
                    String message = "`" + slo.service() + "` has another SLO `" + slo.name() + "` in " + other.file();
                    problems.add(document.problem("/metadata/name", message));
                }
            }
        }
    }
}
