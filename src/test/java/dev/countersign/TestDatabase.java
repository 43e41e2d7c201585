package dev.countersign;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** A fresh database for each test context: H2, or PostgreSQL with {@code -Dcountersign.test.database=postgresql}. */
public class TestDatabase implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    private static EmbeddedPostgres postgres;

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        try {
            String name = "test_" + UUID.randomUUID().toString().replace("-", "");
            TestPropertyValues.of(
                            "countersign.data=" + Files.createTempDirectory("countersign"),
                            "spring.datasource.hikari.maximum-pool-size=24",
                            // The database may be gone before the last context closes.
                            "spring.datasource.hikari.connection-timeout=5000")
                    .and(isPostgres() ? postgres(name) : h2(name))
                    .applyTo(context);
        } catch (IOException | SQLException failed) {
            throw new IllegalStateException("No database for the test", failed);
        }
    }

    public static boolean isPostgres() {
        return "postgresql".equals(System.getProperty("countersign.test.database"));
    }

    /** A fresh database with just these scripts of {@code db/migration}, for a test that needs no platform. */
    public static DataSource with(String... scripts) {
        try {
            String name = "test_" + UUID.randomUUID().toString().replace("-", "");
            DriverManagerDataSource database = new DriverManagerDataSource();
            if (isPostgres()) {
                create(name);
                database.setUrl(postgres.getJdbcUrl("postgres", name));
            } else {
                database.setUrl("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1");
            }
            for (String script : scripts) {
                new ResourceDatabasePopulator(new ClassPathResource("db/migration/" + script)).execute(database);
            }
            return database;
        } catch (IOException | SQLException failed) {
            throw new IllegalStateException("No database for the test", failed);
        }
    }

    private static String[] h2(String name) {
        return new String[] {"spring.datasource.url=jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1"};
    }

    private static String[] postgres(String name) throws IOException, SQLException {
        create(name);
        return new String[] {
            "spring.datasource.url=" + postgres.getJdbcUrl("postgres", name), "spring.datasource.username=postgres"
        };
    }

    private static synchronized void create(String name) throws IOException, SQLException {
        if (postgres == null) {
            postgres = EmbeddedPostgres.builder()
                    .setServerConfig("max_connections", "300")
                    .start();
        }
        try (Connection connection = postgres.getPostgresDatabase().getConnection()) {
            connection.createStatement().execute("create database " + name);
        }
    }
}
