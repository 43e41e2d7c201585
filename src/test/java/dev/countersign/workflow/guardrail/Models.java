package dev.countersign.workflow.guardrail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** A set of models to be edited in a test: each edit must hit, or the test would prove nothing. */
final class Models {
    private final Map<String, String> files = new LinkedHashMap<>();

    static Models sound() {
        return in(Path.of("src/test/resources/guardrail"));
    }

    static Models in(Path... folders) {
        Models models = new Models();
        for (Path folder : folders) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(file -> file.toString().matches(".*\\.(bpmn|dmn|form)"))
                        .sorted()
                        .forEach(file -> models.files.put(file.getFileName().toString(), read(file)));
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
        return models;
    }

    Models with(String file, String text) {
        files.put(file, text);
        return this;
    }

    Models without(String file) {
        if (files.remove(file) == null) {
            throw new AssertionError("There is no " + file);
        }
        return this;
    }

    Models edit(String file, String from, String to) {
        String before = files.get(file);
        if (!before.contains(from)) {
            throw new AssertionError(file + " does not contain " + from);
        }
        files.put(file, before.replace(from, to));
        return this;
    }

    Models add(String file, String elements) {
        return edit(file, "    <!-- more -->", elements + "\n    <!-- more -->");
    }

    Map<String, byte[]> bytes() {
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        files.forEach((name, text) -> bytes.put(name, text.getBytes(StandardCharsets.UTF_8)));
        return bytes;
    }

    ModelSet set() {
        return ModelSet.of(bytes());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
