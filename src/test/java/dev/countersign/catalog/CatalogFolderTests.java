package dev.countersign.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.catalog.Catalog.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ClassPathResource;

@Tag("M8.3")
class CatalogFolderTests {
    @TempDir
    Path folder;

    private final List<Problem> problems = new ArrayList<>();

    private List<String> namesIn(String location) throws IOException {
        return CatalogFolder.at(location).read(problems::add).stream()
                .map(SourceFile::name)
                .toList();
    }

    @Test
    void yaml_files_of_all_folders_are_read_in_the_order_of_their_names() throws IOException {
        Files.createDirectories(folder.resolve("b/c"));
        for (String name : List.of("b/c/x.yml", "a.YAML", "notes.md", "b/y.yaml", ".hidden.yaml")) {
            Files.writeString(folder.resolve(name), "a: 1");
        }
        assertThat(namesIn(folder.toString())).containsExactly("a.YAML", "b/c/x.yml", "b/y.yaml");
        assertThat(namesIn("file:" + folder)).hasSize(3);
        assertThat(problems).isEmpty();
    }

    @Test
    void a_file_that_is_too_large_is_named_and_the_rest_is_read() throws IOException {
        Files.write(folder.resolve("large.yaml"), new byte[YamlReader.MAX_BYTES + 1]);
        Files.writeString(folder.resolve("small.yaml"), "a: 1");
        assertThat(namesIn(folder.toString())).containsExactly("small.yaml");
        assertThat(problems).extracting(Problem::file).containsExactly("large.yaml");
    }

    @Test
    void links_that_lead_nowhere_or_in_a_ring_stop_nothing() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), "a: 1");
        Files.createSymbolicLink(folder.resolve("gone.yaml"), Path.of("nowhere.yaml"));
        Files.createSymbolicLink(folder.resolve("ring"), folder);
        assertThat(namesIn(folder.toString())).containsExactly("a.yaml");
    }

    @Test
    void the_stamp_changes_with_any_file_and_not_without() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), "a: 1");
        CatalogFolder watched = CatalogFolder.at(folder.toString());
        Object first = watched.stamp();
        assertThat(watched.stamp()).isEqualTo(first);
        Files.writeString(folder.resolve("notes.md"), "x");
        assertThat(watched.stamp()).isEqualTo(first);
        Files.writeString(folder.resolve("b.yaml"), "a: 1");
        assertThat(watched.stamp()).isNotEqualTo(first);
    }

    @Test
    void files_inside_a_jar_are_read_too() throws IOException {
        Path jar = folder.resolve("sample.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out)) {
            for (String name : List.of(
                    "org/", "org/catalog/", "org/catalog/a.yaml", "org/catalog/slo/b.yml", "org/catalog/README.md")) {
                entries.putNextEntry(new JarEntry(name));
                if (!name.endsWith("/")) {
                    entries.write("a: 1".getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader packed = new URLClassLoader(new URL[] {jar.toUri().toURL()}, before)) {
            Thread.currentThread().setContextClassLoader(packed);
            CatalogFolder inside = CatalogFolder.at("classpath:/org/catalog/");
            assertThat(inside.exists()).isTrue();
            assertThat(inside.read(problems::add)).extracting(SourceFile::name).containsExactly("a.yaml", "slo/b.yml");
            assertThat(inside.stamp()).isEqualTo(inside.stamp());
            assertThat(CatalogFolder.at("classpath:org/nothing").exists()).isFalse();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    void checklists_beside_the_application_are_read_there_so_that_an_edit_is_noticed() throws IOException {
        var yaml = new YamlPropertySourceLoader().load("application", new ClassPathResource("application.yaml"));
        var environment = new StandardEnvironment();
        environment.getPropertySources().addLast(yaml.get(0));
        String configured = environment.getProperty("countersign.catalog.checklists");

        // The tests run beside the folder `processes`, as the platform does that is started from a checkout.
        assertThat(CatalogFolder.besideOrWithin(configured)).hasToString("processes/checklists");
        assertThat(CatalogFolder.besideOrWithin(configured).exists()).isTrue();

        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("set", Map.of("countersign.workflow.processes", "/srv/processes")));
        assertThat(CatalogFolder.besideOrWithin(environment.getProperty("countersign.catalog.checklists")))
                .hasToString("/srv/processes/checklists");
    }

    @Test
    void where_no_folder_stands_beside_the_application_its_own_is_read() {
        assertThat(CatalogFolder.besideOrWithin("sample/catalog").exists()).isTrue();
        assertThat(CatalogFolder.besideOrWithin("file:sample/catalog").exists()).isFalse();
        assertThat(CatalogFolder.besideOrWithin("/sample/catalog").exists()).isFalse();
    }
}
