package dev.countersign.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.countersign.catalog.Catalog.HeldBack;
import dev.countersign.catalog.Catalog.Problem;
import dev.countersign.identity.Actors;
import dev.countersign.workflow.PolicySource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

class FileCatalogTests {
    private static final String ORGANISATION =
            """
            apiVersion: backstage.io/v1alpha1
            kind: Group
            metadata: {name: team-a}
            spec: {type: team, children: []}
            ---
            apiVersion: backstage.io/v1alpha1
            kind: Component
            metadata: {name: cart, annotations: {countersign.dev/tier: standard}}
            spec: {type: service, owner: team-a}
            """;
    private static final String OBJECTIVE =
            """
            apiVersion: openslo/v1
            kind: SLO
            metadata: {name: answered}
            spec:
              service: cart
              budgetingMethod: Occurrences
              timeWindow: [{duration: 28d, isRolling: true}]
              indicator: {spec: {ratioMetric: {good: {metricSource: {spec: {query: good_total}}}, total: {metricSource: {spec: {query: all_total}}}}}}
              objectives: [{target: 0.99}]
            """;
    private static final String CHECKLIST =
            """
            checklist: standard
            title: Before a release
            appliesTo: {tiers: [standard]}
            items: [{id: tests, text: Tests cover the change., role: qa}]
            """;

    @TempDir
    Path folder;

    @TempDir
    Path checklists;

    @TempDir
    Path integrity;

    @TempDir
    Path rotation;

    @TempDir
    Path journeys;

    @TempDir
    Path capacity;

    private CatalogPolicyStore store;

    @BeforeEach
    void setUp() throws IOException {
        var source = new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        new ResourceDatabasePopulator(new ClassPathResource("db/migration/V30__catalog.sql")).execute(source);
        store = new CatalogPolicyStore(
                JdbcClient.create(source), Clock.fixed(Instant.parse("2026-11-23T09:00:00Z"), ZoneOffset.UTC));
        Files.writeString(folder.resolve("catalog-info.yaml"), ORGANISATION);
        Files.writeString(folder.resolve("slo.yaml"), OBJECTIVE);
        Files.writeString(checklists.resolve("standard.yaml"), CHECKLIST);
    }

    private FileCatalog start() {
        return new FileCatalog(
                new CatalogProperties(
                        folder.toString(),
                        checklists.toString(),
                        integrity.toString(),
                        rotation.toString(),
                        journeys.toString(),
                        capacity.toString(),
                        journeys.resolve("kpis").toString(),
                        journeys.resolve("canaries").toString(),
                        Duration.ofSeconds(3)),
                store);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    @Test
    @Tag("M8.3")
    void owners_and_dependencies_follow_the_files_without_a_restart() throws IOException {
        FileCatalog catalog = start();
        assertThat(catalog.services()).extracting(Service::name).containsExactly("cart");
        write("more.yaml", ORGANISATION.substring(ORGANISATION.indexOf("---")).replace("cart", "stock"));
        catalog.refresh();
        assertThat(catalog.services()).extracting(Service::name).containsExactly("cart", "stock");
        Files.delete(folder.resolve("more.yaml"));
        catalog.refresh();
        assertThat(catalog.services()).extracting(Service::name).containsExactly("cart");
    }

    @Test
    @Tag("M1.1")
    void a_refused_file_of_objectives_is_none_that_was_never_there() throws IOException {
        write("more.yaml", OBJECTIVE.replace("answered", "fast").replace("target: 0.99", "target: 99"));
        FileCatalog catalog = start();
        assertThat(catalog.slosOf("cart")).extracting(Slo::name).containsExactly("answered", "fast (refused)");
        assertThat(catalog.slosOf("cart").get(1).unread())
                .contains("more.yaml, line 9")
                .contains("`target`");
        assertThat(catalog.slosOf("stock")).isEmpty();
        // What is in force for a file that breaks later stays.
        Files.delete(folder.resolve("more.yaml"));
        write("slo.yaml", OBJECTIVE.replace("target: 0.99", "target: 99"));
        catalog.refresh();
        assertThat(catalog.slosOf("cart")).extracting(Slo::name).containsExactly("answered");
    }

    @Test
    @Tag("M8.3")
    void a_file_that_breaks_keeps_what_it_said_and_says_where_it_is_broken() throws IOException {
        FileCatalog catalog = start();
        write("catalog-info.yaml", ORGANISATION.replace("kind: Component", "kind: Component: x"));
        catalog.refresh();
        assertThat(catalog.service("cart")).isPresent();
        assertThat(catalog.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.file()).isEqualTo("catalog-info.yaml");
            assertThat(problem.line()).isEqualTo(7);
        });
        write("catalog-info.yaml", ORGANISATION);
        catalog.refresh();
        assertThat(catalog.problems()).isEmpty();
    }

    @Test
    void a_folder_that_goes_away_takes_nothing_with_it() throws IOException {
        FileCatalog catalog = start();
        Path aside = folder.resolveSibling(folder.getFileName() + "-aside");
        Files.move(folder, aside);
        catalog.refresh();
        assertThat(catalog.service("cart")).isPresent();
        assertThat(catalog.heldBack()).isEmpty();
        assertThat(catalog.problems())
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .contains("cannot be read");
        Files.createDirectory(folder);
        catalog.refresh();
        assertThat(catalog.service("cart")).as("an empty mount").isPresent();
        Files.delete(folder);
        Files.move(aside, folder);
        catalog.refresh();
        assertThat(catalog.problems()).isEmpty();
    }

    @Test
    @Tag("M3.4")
    void a_canary_configuration_that_is_refused_is_none_that_was_never_there() throws IOException {
        Path canaries = Files.createDirectory(journeys.resolve("canaries"));
        String good = Files.readString(Path.of("src/test/resources/canary/checkout.json"));
        Files.writeString(canaries.resolve("cart.json"), good.replace("\"increase\"", "\"up\""));
        Files.writeString(canaries.resolve("canaries.schema.json"), "{}");
        FileCatalog catalog = start();
        assertThat(catalog.canaryOf("cart").orElseThrow().fault()).startsWith("cart.json:25:");
        assertThat(catalog.canaryOf("stock")).isEmpty();
        assertThat(catalog.problems()).isNotEmpty().allMatch(problem -> problem.file()
                .equals("cart.json"));

        Path away = Files.move(canaries, journeys.resolve("away"));
        catalog.refresh();
        assertThat(catalog.canaryOf("cart").orElseThrow().fault())
                .as("a folder that goes away mends nothing")
                .startsWith("cart.json:25:");
        Files.move(away, canaries);

        Files.writeString(canaries.resolve("cart.json"), good);
        catalog.refresh();
        assertThat(catalog.canaryOf("cart").orElseThrow().fault())
                .as("to mend a file is not to have it approved")
                .isEqualTo("cart.json waits for approval");
        assertThat(catalog.heldBack()).extracting(HeldBack::kind).containsExactly("canary");
        PolicySource policy = new CanaryPolicy(catalog, store, mock(Actors.class, call -> "process-owner"));
        assertThat(policy.problems(policy.files())).isEmpty();
        policy.activate(policy.files());
        catalog.refresh();
        String digest = catalog.canaryOf("cart").orElseThrow().digest();

        Files.writeString(canaries.resolve("cart.json"), "{");
        catalog.refresh();
        assertThat(catalog.canaryOf("cart").orElseThrow())
                .as("what is in force stays")
                .matches(canary -> canary.fault() == null && canary.digest().equals(digest));
    }

    @Test
    void a_folder_that_was_never_there_stops_the_start() {
        CatalogProperties nowhere = new CatalogProperties(
                folder.resolve("nowhere").toString(),
                checklists.toString(),
                integrity.toString(),
                rotation.toString(),
                journeys.toString(),
                capacity.toString(),
                journeys.resolve("kpis").toString(),
                journeys.resolve("canaries").toString(),
                Duration.ofSeconds(3));
        assertThatThrownBy(() -> new FileCatalog(nowhere, store)).hasMessageContaining("countersign.catalog.folder");
    }

    @Test
    @Tag("M1.1")
    void the_first_start_puts_in_force_what_is_there() {
        FileCatalog catalog = start();
        assertThat(catalog.slosOf("cart")).extracting(Slo::target).containsExactly(0.99);
        assertThat(catalog.checklistOf("cart")).isPresent();
        assertThat(catalog.heldBack()).isEmpty();
    }

    @Test
    @Tag("M1.1")
    void a_target_takes_effect_only_when_it_is_put_in_force() throws IOException {
        FileCatalog catalog = start();
        String before = catalog.slosOf("cart").get(0).digest();
        write("slo.yaml", OBJECTIVE.replace("0.99", "0.5"));
        catalog.refresh();
        assertThat(catalog.slosOf("cart")).extracting(Slo::target).containsExactly(0.99);
        String proposed =
                Texts.file("slo.yaml", OBJECTIVE.replace("0.99", "0.5")).digest();
        assertThat(catalog.heldBack()).containsExactly(new HeldBack("slo", "slo.yaml", "changed", before, proposed));
        FileCatalog restarted = start();
        assertThat(restarted.slosOf("cart"))
                .as("after a restart")
                .extracting(Slo::target)
                .containsExactly(0.99);

        store.replace("slo", List.of(Texts.file("slo.yaml", OBJECTIVE.replace("0.99", "0.5"))), "process-owner");
        catalog.refresh();
        assertThat(catalog.slosOf("cart")).extracting(Slo::target).containsExactly(0.5);
        assertThat(catalog.heldBack()).isEmpty();
        assertThat(catalog.slosOf("cart", before))
                .as("the version a running release began with")
                .extracting(Slo::target)
                .containsExactly(0.99);
        assertThat(catalog.slosOf("cart", "sha256:unknown")).isEmpty();
    }

    @Test
    @Tag("M1.4")
    void new_and_removed_checklists_are_held_back_too_and_broken_ones_are_no_removal() throws IOException {
        FileCatalog catalog = start();
        String digest = catalog.checklistOf("cart").orElseThrow().digest();
        Files.writeString(checklists.resolve("high.yaml"), CHECKLIST.replace("standard", "high"));
        Files.writeString(checklists.resolve("standard.yaml"), CHECKLIST.replace("role: qa", "role: nobody"));
        catalog.refresh();
        assertThat(catalog.heldBack())
                .extracting(HeldBack::file, HeldBack::change)
                .containsExactly(tuple("high.yaml", "added"));
        assertThat(catalog.problems()).extracting(Problem::file).containsExactly("standard.yaml");
        Files.delete(checklists.resolve("standard.yaml"));
        catalog.refresh();
        assertThat(catalog.heldBack())
                .extracting(HeldBack::file, HeldBack::change)
                .contains(tuple("standard.yaml", "removed"));
        assertThat(catalog.checklistOf("cart")).isPresent();
        store.replace("checklist", List.of(), "process-owner");
        catalog.refresh();
        assertThat(catalog.checklistOf("cart")).isEmpty();
        assertThat(catalog.checklist("standard", digest))
                .as("for a running release")
                .isPresent();
        assertThat(catalog.checklist("other", digest)).isEmpty();
    }

    @Test
    @Tag("M1.4")
    void a_checklist_for_what_is_not_there_is_a_problem() throws IOException {
        Files.writeString(
                checklists.resolve("more.yaml"),
                CHECKLIST
                        .replace("checklist: standard", "checklist: more")
                        .replace("{tiers: [standard]}", "{services: [cart, ghost], environments: [moon]}"));
        assertThat(start().problems())
                .extracting(Problem::message)
                .satisfiesExactly(
                        message -> assertThat(message).contains("service `ghost`"),
                        message -> assertThat(message).contains("environment `moon`"));
    }

    @Test
    @Tag("M1.1")
    void approved_bytes_come_into_force_and_a_broken_file_is_neither_removed_nor_in_the_way() throws IOException {
        FileCatalog catalog = start();
        Actors actors = mock(Actors.class);
        when(actors.current()).thenReturn("process-owner-2");
        PolicySource objectives = new ObjectivesPolicy(catalog, store, actors);
        assertThat(objectives.files()).containsOnlyKeys("slo.yaml");
        write("more.yaml", OBJECTIVE.replace("answered", "more"));
        write("slo.yaml", OBJECTIVE.replace("0.99", "7"));
        catalog.refresh();
        Map<String, byte[]> shown = objectives.files();
        assertThat(shown).containsOnlyKeys("slo.yaml", "more.yaml");
        assertThat(shown.get("slo.yaml")).asString().isEqualTo(OBJECTIVE);
        assertThat(objectives.problems(shown)).isEmpty();
        write("more.yaml", OBJECTIVE.replace("0.99", "0.01"));
        catalog.refresh();
        objectives.activate(shown);
        catalog.refresh();
        assertThat(catalog.slosOf("cart"))
                .as("what was shown, not what the file says by now")
                .extracting(Slo::name, Slo::target)
                .containsExactlyInAnyOrder(tuple("answered", 0.99), tuple("more", 0.99));
        assertThat(store.versions("slo"))
                .extracting(CatalogPolicyStore.Stamped::by)
                .contains("process-owner-2");
        objectives.activate(Map.of());
        catalog.refresh();
        assertThat(catalog.slosOf("cart"))
                .as("nothing is in force, and a refused file stands there")
                .extracting(Slo::name)
                .containsExactly("answered (refused)");
    }

    @Test
    @Tag("M1.4")
    void what_may_not_take_effect_is_told_with_its_place() {
        FileCatalog catalog = start();
        Actors actors = mock(Actors.class);
        PolicySource objectives = new ObjectivesPolicy(catalog, store, actors);
        PolicySource lists = new ChecklistsPolicy(catalog, store, actors);
        byte[] broken = OBJECTIVE.replace("0.99", "7").getBytes(StandardCharsets.UTF_8);
        assertThat(objectives.problems(Map.of("slo.yaml", broken)))
                .singleElement()
                .asString()
                .startsWith("slo.yaml:9:");
        assertThat(objectives.problems(Map.of("slo.yaml", "a: [".getBytes(StandardCharsets.UTF_8))))
                .hasSize(1);
        assertThat(lists.problems(lists.files())).isEmpty();
        byte[] stranger = CHECKLIST.replace("role: qa", "role: x").getBytes(StandardCharsets.UTF_8);
        assertThat(lists.problems(Map.of("standard.yaml", stranger)))
                .singleElement()
                .asString()
                .startsWith("standard.yaml:4:");
    }

    @Test
    @Tag("M1.4")
    void what_compliance_ticks_changes_only_with_compliance() {
        PolicySource lists = new ChecklistsPolicy(start(), store, mock(Actors.class));
        Map<String, byte[]> before =
                list(CHECKLIST.replace("role: qa}", "role: qa}, {id: record, text: It is kept., role: compliance}"));
        assertThat(lists.concernsCompliance(before, before)).isFalse();
        assertThat(lists.concernsCompliance(
                        before,
                        list(new String(before.get("standard.yaml"), StandardCharsets.UTF_8)
                                .replace("Tests cover", "Tests do cover"))))
                .isFalse();
        assertThat(lists.concernsCompliance(before, list(CHECKLIST))).isTrue();
        assertThat(lists.concernsCompliance(before, Map.of())).isTrue();
        assertThat(lists.concernsCompliance(
                        before,
                        list(new String(before.get("standard.yaml"), StandardCharsets.UTF_8)
                                .replace("[standard]", "[high]"))))
                .isTrue();
    }

    private static Map<String, byte[]> list(String text) {
        return Map.of("standard.yaml", text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void an_earlier_version_may_come_back_into_force() throws IOException {
        FileCatalog catalog = start();
        SourceFile first = Texts.file("slo.yaml", OBJECTIVE);
        store.replace("slo", List.of(Texts.file("slo.yaml", OBJECTIVE.replace("0.99", "0.5"))), "process-owner");
        store.replace("slo", List.of(first), "process-owner");
        catalog.refresh();
        assertThat(catalog.slosOf("cart")).extracting(Slo::target).containsExactly(0.99);
    }

    @Test
    void files_behind_the_links_of_a_mounted_config_map_are_read_once() throws IOException {
        Path version = Files.createDirectory(folder.resolve("..2026_11_23"));
        Files.move(folder.resolve("catalog-info.yaml"), version.resolve("catalog-info.yaml"));
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026_11_23"));
        Files.createSymbolicLink(folder.resolve("catalog-info.yaml"), Path.of("..data/catalog-info.yaml"));
        FileCatalog catalog = start();
        assertThat(catalog.problems()).isEmpty();
        assertThat(catalog.service("cart")).isPresent();
        Path next = Files.createDirectory(folder.resolve("..2026_11_24"));
        Files.writeString(next.resolve("catalog-info.yaml"), ORGANISATION.replace("cart", "basket"));
        Files.delete(folder.resolve("..data"));
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026_11_24"));
        catalog.refresh();
        assertThat(catalog.services()).extracting(Service::name).containsExactly("basket");
    }

    @Test
    @Tag("M1.6")
    void changed_integrity_checks_wait_until_a_second_person_approved_them() throws IOException {
        String checks =
                """
                integrityChecks: cart-data
                service: cart
                database: cart
                checks: [{id: rows, kind: row-count, table: item}]
                """;
        Path file = integrity.resolve("cart.yaml");
        Files.writeString(file, checks);
        FileCatalog catalog = start();
        IntegrityChecks first = catalog.integrityChecksOf("cart").get(0);

        Files.writeString(file, checks.replace("row-count, table: item", "sql, sql: select 1"));
        catalog.refresh();

        assertThat(catalog.integrityChecksOf("cart")).containsExactly(first);
        assertThat(catalog.heldBack())
                .extracting(HeldBack::kind, HeldBack::file, HeldBack::change)
                .containsExactly(tuple("integrity", "cart.yaml", "changed"));
        Actors actors = mock(Actors.class);
        when(actors.current()).thenReturn("grace");
        IntegrityPolicy policy = new IntegrityPolicy(catalog, store, actors);
        policy.activate(policy.files());
        catalog.refresh();
        assertThat(catalog.integrityChecksOf("cart").get(0).checks().get(0).sql())
                .isEqualTo("select 1");
        assertThat(catalog.integrityChecks(first.digest())).contains(first);
    }

    @Test
    @Tag("M4.4")
    void an_endpoint_that_is_taken_out_counts_until_a_second_person_approved_it() throws IOException {
        String two =
                """
                rotation: cart
                service: cart
                endpoints: [{id: edge, host: cart.example, port: 443}, {id: admin, host: admin.example, port: 8443}]
                """;
        Path file = rotation.resolve("cart.yaml");
        Files.writeString(file, two);
        FileCatalog catalog = start();
        assertThat(catalog.rotationOf("cart").get(0).endpoints()).hasSize(2);

        Files.writeString(file, two.replace(", {id: admin, host: admin.example, port: 8443}", ""));
        catalog.refresh();

        assertThat(catalog.rotationOf("cart").get(0).endpoints()).hasSize(2);
        assertThat(catalog.heldBack())
                .extracting(HeldBack::kind, HeldBack::file, HeldBack::change)
                .containsExactly(tuple("rotation", "cart.yaml", "changed"));
        Actors actors = mock(Actors.class);
        when(actors.current()).thenReturn("grace");
        RotationPolicy policy = new RotationPolicy(catalog, store, actors);
        assertThat(policy.problems(policy.files())).isEmpty();
        policy.activate(policy.files());
        catalog.refresh();
        assertThat(catalog.rotationOf("cart").get(0).endpoints())
                .extracting(Rotation.Endpoint::host)
                .containsExactly("cart.example");
    }

    @Test
    @Tag("M4.4")
    void secrets_of_a_service_that_nobody_describes_are_told() throws IOException {
        Files.writeString(
                rotation.resolve("x.yaml"), "{rotation: x, service: nobodys, nothing: a batch job without secrets}");
        assertThat(start().problems())
                .extracting(Problem::file, Problem::message)
                .contains(tuple("x.yaml", "The file is for the service `nobodys`, which no file describes"));
    }

    @Test
    @Tag("M1.6")
    void checks_for_a_service_that_nobody_describes_are_told() throws IOException {
        Files.writeString(
                integrity.resolve("x.yaml"),
                "{integrityChecks: x, service: nobodys, database: x, checks: [{id: a, kind: row-count, table: t}]}");
        assertThat(start().problems())
                .extracting(Problem::file, Problem::message)
                .contains(tuple("x.yaml", "The file is for the service `nobodys`, which no file describes"));
    }
}
