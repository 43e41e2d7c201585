package dev.countersign.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;

class CatalogApiTests {
    @TempDir
    Path checklists;

    private final List<Collection<String>> asked = new ArrayList<>();
    private FileCatalog catalog;
    private MockMvc api;

    @BeforeEach
    void setUp() throws Exception {
        var source = new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        new ResourceDatabasePopulator(new ClassPathResource("db/migration/V30__catalog.sql")).execute(source);
        CatalogPolicyStore store = new CatalogPolicyStore(JdbcClient.create(source), Clock.systemUTC());
        Files.copy(Path.of("processes/checklists/standard.yaml"), checklists.resolve("standard.yaml"));
        catalog = new FileCatalog(
                new CatalogProperties(
                        "classpath:sample/catalog",
                        checklists.toString(),
                        "nowhere",
                        "nowhere",
                        "nowhere",
                        "nowhere",
                        "nowhere",
                        "nowhere",
                        Duration.ofSeconds(3)),
                store);
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        beans.registerSingleton("budget", new ServiceFacts() {
            @Override
            public Map<String, Object> of(String service) {
                return Map.of("errorBudget", 0.42);
            }

            @Override
            public Map<String, Map<String, Object>> inShort(Collection<String> services) {
                asked.add(services);
                return Map.of("checkout", Map.of("errorBudget", 0.42));
            }
        });
        beans.registerSingleton("broken", new ServiceFacts() {
            @Override
            public Map<String, Object> of(String service) {
                return Map.of();
            }

            @Override
            public Map<String, Map<String, Object>> inShort(Collection<String> services) {
                throw new IllegalStateException("not now");
            }
        });
        beans.registerSingleton("down", (ServiceFacts) service -> {
            throw new IllegalStateException("not now");
        });
        api = MockMvcBuilders.standaloneSetup(
                        new ServiceController(catalog, beans.getBeanProvider(ServiceFacts.class)),
                        new ChecklistController(new ChecklistVersions(catalog, store)))
                .build();
    }

    @Test
    @Tag("M8.3")
    void the_list_shows_services_orphans_and_problems() throws Exception {
        api.perform(get("/api/services"))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.services[*].name", hasItem("checkout")))
                .andExpect(jsonPath("$.services[?(@.orphan == true)].name", contains("loyalty-points")))
                .andExpect(jsonPath(
                        "$.services[?(@.orphan == true)].whyItCannotRelease", hasItem(containsString("no owner"))))
                .andExpect(jsonPath("$.problems[0].file").value("commerce/loyalty.yaml"))
                .andExpect(jsonPath("$.problems[0].line").isNumber())
                .andExpect(jsonPath("$.environments[*].name", containsInAnyOrder("production", "staging")))
                .andExpect(jsonPath("$.heldBack").isEmpty());
    }

    @Test
    @Tag("M8.3")
    void the_list_shows_what_other_modules_know_asked_once_for_all() throws Exception {
        api.perform(get("/api/services"))
                .andExpect(jsonPath("$.services[?(@.name == 'checkout')].errorBudget", contains(0.42)))
                .andExpect(
                        jsonPath("$.services[?(@.name == 'cart')].errorBudget").isEmpty())
                .andExpect(jsonPath("$.factsMissing").isNotEmpty());
        assertThat(asked).hasSize(1);
        assertThat(asked.get(0)).contains("checkout", "cart", "payments");
    }

    @Test
    void the_list_is_filtered_by_unit_team_tier_and_owner() throws Exception {
        api.perform(get("/api/services?unit=platform"))
                .andExpect(jsonPath("$.services[*].unit", everyItem(is("platform"))))
                .andExpect(jsonPath("$.services[*].name", hasItem("payments")));
        api.perform(get("/api/services?team=team-storefront&tier=critical"))
                .andExpect(jsonPath("$.services[*].name", contains("checkout", "storefront-web")));
        api.perform(get("/api/services?owner=nobody"))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.services").isEmpty());
    }

    @Test
    @Tag("M1.1")
    void a_service_shows_owner_dependencies_both_ways_objectives_and_what_other_modules_add() throws Exception {
        api.perform(get("/api/services/checkout"))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.name").value("checkout"))
                .andExpect(jsonPath("$.owner").value("team-storefront"))
                .andExpect(jsonPath("$.ownerRef").value("group:default/team-storefront"))
                .andExpect(jsonPath("$.onCall").value("on-call"))
                .andExpect(
                        jsonPath("$.dependsOn[*].name", contains("cart", "payments", "identity-platform", "event-bus")))
                .andExpect(jsonPath("$.dependents[*].name", contains("storefront-web")))
                .andExpect(jsonPath("$.sharedPlatforms", contains("payments", "identity-platform", "event-bus")))
                .andExpect(jsonPath("$.relations.dependsOn", hasItem("resource:default/orders-db")))
                .andExpect(jsonPath("$.slos[*].kind", contains("availability", "latency", "errors")))
                .andExpect(jsonPath("$.errorBudget").value(0.42))
                .andExpect(jsonPath("$.factsMissing").isNotEmpty());
    }

    @Test
    void a_service_that_is_not_there_is_404() throws Exception {
        api.perform(get("/api/services/ghost"))
                .andExpect(status().isNotFound())
                .andExpect(content().string(""));
    }

    @Test
    @Tag("M1.4")
    void the_difference_between_two_versions_of_a_checklist_is_shown() throws Exception {
        Path file = checklists.resolve("standard.yaml");
        String before = SourceFile.digest(Files.readAllBytes(file));
        Files.writeString(file, Files.readString(file).replace("dashboards-ready", "alerts-ready"));
        String after = SourceFile.digest(Files.readAllBytes(file));
        catalog.refresh();
        api.perform(get("/api/catalog/checklists/standard/diff")
                        .param("from", before)
                        .param("to", after))
                .andExpect(status().isOk())
                .andExpect(jsonPath("$.added[*].id", contains("alerts-ready")))
                .andExpect(jsonPath("$.removed[*].id", contains("dashboards-ready")))
                .andExpect(jsonPath("$.unchanged").value(3));
        api.perform(get("/api/catalog/checklists/standard/diff"))
                .andExpect(jsonPath("$.from").value(before))
                .andExpect(jsonPath("$.to").value(after));
        api.perform(get("/api/catalog/checklists"))
                .andExpect(jsonPath("$.standard[*].inForce", contains(true, false)))
                .andExpect(jsonPath("$.standard[1].firstInForceAt").doesNotExist());
        api.perform(get("/api/catalog/checklists/standard/diff?from=sha256:0")).andExpect(status().isNotFound());
        api.perform(get("/api/catalog/checklists/ghost/diff")).andExpect(status().isNotFound());
        api.perform(get("/api/services"))
                .andExpect(jsonPath("$.heldBack[0].proposedDigest").value(after));
    }
}
