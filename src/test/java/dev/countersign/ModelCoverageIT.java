package dev.countersign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.camunda.bpm.model.bpmn.Bpmn;
import org.camunda.bpm.model.bpmn.BpmnModelInstance;
import org.camunda.bpm.model.bpmn.instance.EventBasedGateway;
import org.camunda.bpm.model.bpmn.instance.Process;
import org.camunda.bpm.model.bpmn.instance.SequenceFlow;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every path of every model has been walked by a test of this build, or is named with the reason. Writes {@code target/process-coverage/report.md}. */
@Tag("D2")
class ModelCoverageIT {
    private static final Path EXCEPTIONS = Path.of("src", "test", "resources", "process-coverage-exceptions.tsv");

    @Test
    void every_path_is_walked_or_named_with_the_reason() throws IOException {
        Set<String> walked = walked();
        Map<String, String> named = named();
        Set<String> missing = new TreeSet<>();
        StringBuilder report = new StringBuilder(
                "# Paths of the models walked by tests\n\n| model | paths | walked |\n|---|---:|---:|\n");
        for (Path model : models()) {
            Set<String> flows = flowsOf(model);
            long done = flows.stream().filter(walked::contains).count();
            report.append("| %s | %d | %d |\n".formatted(model.getFileName(), flows.size(), done));
            flows.stream().filter(flow -> !walked.contains(flow)).forEach(missing::add);
        }
        report.append("\n## Not walked\n\n| path | reason |\n|---|---|\n");
        missing.forEach(
                path -> report.append("| %s | %s |\n".formatted(path, named.getOrDefault(path, "**none given**"))));
        Files.createDirectories(ModelPaths.FOLDER);
        Files.writeString(ModelPaths.FOLDER.resolve("report.md"), report);

        missing.removeAll(named.keySet());
        assertThat(missing)
                .as("paths that no test walks and no line of %s explains", EXCEPTIONS)
                .isEmpty();
    }

    private static Set<String> walked() throws IOException {
        Set<String> walked = new TreeSet<>();
        try (Stream<Path> files = Files.list(ModelPaths.FOLDER)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".txt")).toList()) {
                walked.addAll(Files.readAllLines(file));
            }
        }
        return walked;
    }

    private static Map<String, String> named() throws IOException {
        return Files.readAllLines(EXCEPTIONS).stream()
                .filter(line -> line.contains("\t"))
                .map(line -> line.split("\t", 2))
                .collect(Collectors.toMap(line -> line[0], line -> line[1], (one, other) -> one, TreeMap::new));
    }

    private static List<Path> models() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("processes"))) {
            return files.filter(file -> file.toString().endsWith(".bpmn"))
                    .sorted()
                    .toList();
        }
    }

    private static Set<String> flowsOf(Path file) {
        BpmnModelInstance model = Bpmn.readModelFromFile(file.toFile());
        String process =
                model.getModelElementsByType(Process.class).iterator().next().getId();
        // The engine goes from an event-based gateway straight to the event that happens: the flow after the event is
        // what counts.
        return model.getModelElementsByType(SequenceFlow.class).stream()
                .filter(flow -> !(flow.getSource() instanceof EventBasedGateway))
                .map(flow -> process + "/" + flow.getId())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
