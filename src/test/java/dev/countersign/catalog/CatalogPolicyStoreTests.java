package dev.countersign.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

@Tag("M1.4")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CatalogPolicyStoreTests {
    private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-11-23T09:00:00Z");
    private EmbeddedPostgres postgres;

    @BeforeAll
    void startPostgres() throws IOException {
        postgres = EmbeddedPostgres.start();
    }

    @AfterAll
    void stopPostgres() throws IOException {
        postgres.close();
    }

    Stream<Arguments> databases() {
        return Stream.of(
                Arguments.of(
                        "H2", new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1")),
                Arguments.of("PostgreSQL", postgres.getPostgresDatabase()));
    }

    private static CatalogPolicyStore store(DataSource database) {
        JdbcClient.create(database)
                .sql("drop table if exists catalog_policy, catalog_policy_active")
                .update();
        new ResourceDatabasePopulator(new ClassPathResource("db/migration/V30__catalog.sql")).execute(database);
        return new CatalogPolicyStore(JdbcClient.create(database), Clock.fixed(NOW.toInstant(), ZoneOffset.UTC));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("databases")
    void every_version_stays_readable_and_one_is_in_force(String name, DataSource database) {
        CatalogPolicyStore store = store(database);
        assertThat(store.isEmpty()).isTrue();
        SourceFile first = Texts.file("a/slo.yaml", "# \u00dcber\r\na: 1\n");
        SourceFile second = Texts.file("a/slo.yaml", "a: 2\n");
        store.replace("slo", List.of(first), "one");
        store.replace("slo", List.of(second), "two");
        store.replace("slo", List.of(first), "three");
        assertThat(store.active()).containsExactly(new CatalogPolicyStore.Key("slo", "a/slo.yaml", first.digest()));
        assertThat(store.activeVersions())
                .singleElement()
                .satisfies(version -> assertThat(version.file().content()).isEqualTo(first.content()));
        assertThat(store.find("slo", second.digest()).orElseThrow().content()).isEqualTo(second.content());
        assertThat(store.versions("slo"))
                .extracting(CatalogPolicyStore.Stamped::by)
                .containsExactlyInAnyOrder("one", "two");
        assertThat(store.versions("slo"))
                .extracting(stamped -> stamped.at().toInstant())
                .containsOnly(NOW.toInstant());
        store.replace("slo", List.of(), "four");
        assertThat(store.active()).isEmpty();
        assertThat(store.isEmpty()).as("what was in force is not forgotten").isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("databases")
    void the_same_bytes_may_stand_in_two_files(String name, DataSource database) {
        CatalogPolicyStore store = store(database);
        store.activateFirst(
                Map.of(
                        "slo",
                        List.of(Texts.file("a.yaml", "x"), Texts.file("b.yaml", "x")),
                        "checklist",
                        List.of(Texts.file("a.yaml", "x"))),
                "p");
        assertThat(store.active()).hasSize(3);
        assertThat(store.find("slo", Texts.file("a.yaml", "x").digest())
                        .orElseThrow()
                        .name())
                .isEqualTo("a.yaml");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("databases")
    void no_version_can_stand_there_twice(String name, DataSource database) {
        CatalogPolicyStore store = store(database);
        store.replace("slo", List.of(Texts.file("a.yaml", "x")), "p");
        String again = "insert into catalog_policy (kind, name, digest, content, activated_at, activated_by)"
                + " select kind, name, digest, content, activated_at, activated_by from catalog_policy";
        assertThatThrownBy(() -> JdbcClient.create(database).sql(again).update())
                .isInstanceOf(DuplicateKeyException.class);
    }
}
