package dev.countersign.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.countersign.TestDatabase;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Slo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** What a release holds of objectives. */
@Tag("M1.1")
class StoredPolicyTests {
    private static final Slo AVAILABILITY =
            new Slo("availability", "checkout", "availability", 0.99, null, Duration.ofDays(28), "d1");
    private final Catalog catalog = mock(Catalog.class);
    private final Release release = mock(Release.class);

    private static Slo ofFile(String name, String shape, String unread) {
        return new Slo(
                name,
                "checkout",
                "unspecified",
                0.9,
                null,
                Duration.ofDays(28),
                "d2",
                null,
                "Occurrences",
                null,
                null,
                Map.of(),
                "more.yaml",
                new Slo.Source(shape, null, null, null, null, Map.of(), unread),
                null);
    }

    private StoredPolicy policy() {
        DataSource database = TestDatabase.with();
        JdbcClient jdbc = JdbcClient.create(database);
        jdbc.sql("create table release (key_ varchar(200) primary key)").update();
        jdbc.sql("insert into release values ('checkout@1')").update();
        new ResourceDatabasePopulator(new ClassPathResource("db/migration/V21__release_policy.sql")).execute(database);
        when(release.key()).thenReturn("checkout@1");
        when(release.service()).thenReturn("checkout");
        when(catalog.checklistOf("checkout", null)).thenReturn(Optional.empty());
        return new StoredPolicy(
                jdbc, catalog, JsonMapper.builder().findAndAddModules().build());
    }

    /** The catalog reports it; that nothing could be released meanwhile, not even a hotfix, would help nobody. */
    @Test
    void of_two_objectives_with_one_name_the_first_counts() {
        Slo second = new Slo("availability", "checkout", "availability", 0.5, null, Duration.ofDays(28), "d3");
        when(catalog.slosOf("checkout")).thenReturn(List.of(AVAILABILITY, second));
        StoredPolicy policy = policy();
        assertThat(policy.objectivesOf(release)).containsExactly(AVAILABILITY);
        assertThat(policy.pin(release)).containsExactly(Map.entry("slo availability", "d1"));
        assertThat(policy.objectivesOf(release)).containsExactly(AVAILABILITY);
    }

    @Test
    void a_release_that_was_opened_while_a_file_was_refused_is_held_to_what_the_file_says_once_it_is_mended() {
        StoredPolicy policy = policy();
        Slo refused = ofFile("fast (refused)", "refused", "Its file is refused");
        when(catalog.slosOf("checkout")).thenReturn(List.of(AVAILABILITY, refused));
        policy.pin(release);
        assertThat(policy.objectivesOf(release)).containsExactlyInAnyOrder(AVAILABILITY, refused);

        Slo mended = ofFile("fast", "threshold", null);
        Slo changed = new Slo("availability", "checkout", "availability", 0.5, null, Duration.ofDays(28), "d3");
        when(catalog.slosOf("checkout")).thenReturn(List.of(changed, mended));
        assertThat(policy.objectivesOf(release))
                .as("of what was in force the release keeps its version")
                .containsExactlyInAnyOrder(AVAILABILITY, mended);
    }
}
