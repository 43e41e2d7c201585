package dev.countersign.story;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The delivered models, tables and floor, with rows of seconds for a target of its own. What is released there counts as production everywhere else: gates, preparation,
 * review, and how a canary is compared.
 */
final class RehearsalPolicy {
    /** In the catalog: {@code countersign.dev/target}. */
    static final String TARGET = "rehearsal";

    /** As above, and its services have traces and logs. */
    static final String TRACED = "rehearsal-traced";

    private static final String SANDBOX = "\"sandbox\"";
    private static final String REHEARSAL = "\"%s\",\"%s\"".formatted(TARGET, TRACED);

    private RehearsalPolicy() {}

    static Path in(Path folder) throws IOException {
        Path own = folder.resolve("processes");
        try (Stream<Path> files = Files.walk(Path.of("processes"))) {
            for (Path file : files.toList()) {
                Path copy = own.resolve(Path.of("processes").relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
        // A sixth of a window must hold a measurement, else its latencies are never compared.
        Map<String, String> window = Map.of("\"PT6S\"", "\"PT13S\"", "\"PT60S\"", "\"PT3M\"");
        rows(
                own.resolve("rollout-plan.dmn"),
                List.of("rollout-plan-row-13", "rollout-plan-row-14", "rollout-plan-row-15"),
                window);
        rows(
                own.resolve("rollback-triggers.dmn"),
                List.of("rollback-triggers-row-4"),
                Map.of("\"PT5S\"", "\"PT6S\"", "\"PT2S\"", "\"PT4S\"", "<text>20<", "<text>12<"));
        rows(own.resolve("stabilisation.dmn"), List.of("stabilisation-row-4"), Map.of("\"PT60S\"", "\"PT3M\""));
        rows(own.resolve("rollback-budget.dmn"), List.of("rollback-budget-row-1"), Map.of());
        // Here a candidate that makes others fail is taken back, whatever its tier.
        replace(own.resolve("correlation-actions.dmn"), "<text>\"halt\"</text>", "<text>\"rollback\"</text>");
        return own;
    }

    /** Beside each named row of the sandbox one like it for the rehearsal, with other figures. */
    private static void rows(Path table, List<String> rules, Map<String, String> figures) throws IOException {
        String text = Files.readString(table).replace("not(" + SANDBOX + ")", "not(" + SANDBOX + "," + REHEARSAL + ")");
        for (String rule : rules) {
            int begin = text.indexOf("<rule id=\"" + rule + "\">");
            int end = text.indexOf("</rule>", begin) + "</rule>".length();
            String copy = text.substring(begin, end)
                    .replace(rule, rule + "-rehearsal")
                    .replace(SANDBOX, REHEARSAL);
            for (Map.Entry<String, String> figure : figures.entrySet()) {
                copy = copy.replace(figure.getKey(), figure.getValue());
            }
            text = text.substring(0, end) + "\n      " + copy + text.substring(end);
        }
        Files.writeString(table, text);
    }

    private static void replace(Path table, String what, String with) throws IOException {
        Files.writeString(table, Files.readString(table).replace(what, with));
    }
}
