package dev.countersign.workflow.policy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.ResourcePatternResolver;

/** Models, tables, forms and the floor as they stand in their folders. */
final class ModelFolder {
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+*.-]+:");
    private final ResourcePatternResolver resources;
    private final String processes;
    private final String forms;

    ModelFolder(ResourcePatternResolver resources, String processes, String forms) {
        this.resources = resources;
        this.processes = location(processes, "processes");
        this.forms = location(forms, "forms");
    }

    /** What is configured, a plain path as it stands; else the folder beside the application where there is one; else what it brings along. */
    private static String location(String configured, String folder) {
        if (configured != null && !configured.isBlank()) {
            // Without a scheme the resolver would look for a servlet resource, and find nothing.
            return SCHEME.matcher(configured).lookingAt()
                    ? configured
                    : "file:" + Path.of(configured).toAbsolutePath();
        }
        return Files.isDirectory(Path.of(folder)) ? "file:./" + folder : "classpath:/" + folder;
    }

    Map<String, byte[]> read() {
        Map<String, byte[]> files = new TreeMap<>();
        read(files, processes, "*.bpmn");
        read(files, processes, "*.dmn");
        read(files, forms, "*.form");
        read(files, processes, ModelsSource.FLOOR);
        if (!files.containsKey(ModelsSource.FLOOR)) {
            // Taking the file away lowers nothing.
            read(files, "classpath:/processes", ModelsSource.FLOOR);
        }
        return files;
    }

    private void read(Map<String, byte[]> files, String folder, String pattern) {
        try {
            for (Resource file : resources.getResources(folder + "/" + pattern)) {
                if (file.exists()) {
                    files.put(file.getFilename(), file.getContentAsByteArray());
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The models in " + folder + " cannot be read", unreadable);
        }
    }
}
