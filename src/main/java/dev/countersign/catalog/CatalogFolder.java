package dev.countersign.catalog;

import dev.countersign.catalog.Catalog.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.util.ClassUtils;

/** A folder of YAML files, or of JSON files, in the file system or in our jar. */
final class CatalogFolder {
    private static final String CLASSPATH = "classpath:";
    private static final int MAX_FILES = 5_000;
    private static final int MAX_DEPTH = 20;

    private final String location;
    private final Path folder;
    private final boolean json;

    private CatalogFolder(String location, Path folder, boolean json) {
        this.location = location;
        this.folder = folder;
        this.json = json;
    }

    /** The same place; of its files those in JSON, but for schemas. */
    CatalogFolder ofJson() {
        return new CatalogFolder(location, folder, true);
    }

    /** The folder beside the application where there is one, as for the models; else the one that the application brings along. */
    static CatalogFolder besideOrWithin(String location) {
        boolean named = location.matches("[A-Za-z]{2,}:.*") || Path.of(location).isAbsolute();
        return named || Files.isDirectory(Path.of(location)) ? at(location) : at(CLASSPATH + location);
    }

    static CatalogFolder at(String location) {
        if (!location.startsWith(CLASSPATH)) {
            Path folder = Path.of(location.startsWith("file:") ? location.substring("file:".length()) : location);
            return new CatalogFolder(location, folder, false);
        }
        String inside = location.substring(CLASSPATH.length()).replaceAll("^/+|/+$", "");
        ClassLoader classes =
                Objects.requireNonNull(ClassUtils.getDefaultClassLoader(), "there is no class loader to read from");
        URL url = classes.getResource(inside + "/");
        // Classes that are not packed: the folder can be watched like any other.
        boolean unpacked = url != null && url.getProtocol().equals("file");
        return new CatalogFolder(inside, unpacked ? Path.of(java.net.URI.create(url.toString())) : null, false);
    }

    boolean exists() {
        try {
            return folder == null ? packed().length > 0 : Files.isDirectory(folder);
        } catch (IOException e) {
            return false;
        }
    }

    /** Changes whenever a file is added, changed or removed, or the folder comes or goes; cheap. The inside of a jar never changes. */
    Object stamp() {
        if (folder == null) {
            return location;
        }
        Map<String, List<Object>> stamp = new TreeMap<>();
        try {
            walk((name, file) -> {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                stamp.put(
                        name,
                        List.of(
                                attributes.lastModifiedTime(),
                                attributes.size(),
                                String.valueOf(attributes.fileKey())));
            });
        } catch (IOException e) {
            return e.toString();
        }
        return stamp;
    }

    /** Every file, in the order of their names. A file that cannot be read is told to {@code problems} and left out. */
    List<SourceFile> read(Consumer<Problem> problems) throws IOException {
        Map<String, SourceFile> files = new TreeMap<>();
        if (folder == null) {
            readJar(files);
        } else {
            walk((name, file) -> {
                if (Files.size(file) > YamlReader.MAX_BYTES) {
                    problems.accept(new Problem(
                            name,
                            null,
                            null,
                            "The file is larger than " + YamlReader.MAX_BYTES + " bytes and is not read"));
                    return;
                }
                try {
                    files.put(name, new SourceFile(name, Files.readAllBytes(file)));
                } catch (IOException e) {
                    problems.accept(new Problem(name, null, null, "The file cannot be read: " + e.getMessage()));
                }
            });
        }
        return List.copyOf(files.values());
    }

    private void readJar(Map<String, SourceFile> files) throws IOException {
        for (Resource resource : packed()) {
            String url = resource.getURL().toString();
            String name = url.substring(url.lastIndexOf(location + "/") + location.length() + 1);
            if (isOfThem(name)) {
                try (InputStream in = resource.getInputStream()) {
                    files.put(name, new SourceFile(name, in.readAllBytes()));
                }
            }
        }
    }

    private Resource[] packed() throws IOException {
        return new PathMatchingResourcePatternResolver()
                .getResources("classpath*:" + location + (json ? "/**/*.json" : "/**/*.y*ml"));
    }

    private interface Visit {
        void file(String name, Path file) throws IOException;
    }

    private void walk(Visit visit) throws IOException {
        Set<FileVisitOption> follow = EnumSet.of(FileVisitOption.FOLLOW_LINKS);
        List<String> seen = new ArrayList<>();
        Files.walkFileTree(folder, follow, MAX_DEPTH, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                // Also the hidden folders behind the links of a mounted Kubernetes ConfigMap, which would show every
                // file twice.
                Path name = directory.getFileName();
                boolean hidden = !directory.equals(folder)
                        && name != null
                        && name.toString().startsWith(".");
                return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String name = folder.relativize(file).toString().replace('\\', '/');
                if (attributes.isRegularFile() && isOfThem(name)) {
                    seen.add(name);
                    if (seen.size() > MAX_FILES) {
                        throw new IOException("The folder " + folder + " has more than " + MAX_FILES + " files");
                    }
                    visit.file(name, file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (file.equals(folder)) {
                    throw e;
                }
                // Removed between listing and reading, or a link that leads nowhere.
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private boolean isOfThem(String name) {
        String last = name.substring(name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        boolean kind = json
                ? last.endsWith(".json") && !last.endsWith(".schema.json")
                : last.endsWith(".yaml") || last.endsWith(".yml");
        return kind && !last.startsWith(".");
    }

    @Override
    public String toString() {
        return folder == null ? CLASSPATH + location : folder.toString();
    }
}
