package dev.countersign.sandbox;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.TestDatabase;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.SampleJourneys;
import dev.countersign.catalog.Service;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** The sandbox as the application builds it, for one service, without the application. */
final class SandboxFixture implements AutoCloseable {
    static final String SERVICE = "checkout";
    final SandboxTargets targets;
    final SandboxRouter router;
    final SandboxDeployer deployer;
    final Measurements measurements;
    private final Load load;

    SandboxFixture(DataSource database, double rate) {
        SandboxProperties properties = new SandboxProperties(
                true,
                new SandboxProperties.Load(true),
                rate,
                2,
                Duration.ofMinutes(2),
                Duration.ofMillis(20),
                Duration.ZERO,
                Duration.ofMinutes(5),
                null);
        ObjectMapper json = new ObjectMapper();
        TargetStore store = new TargetStore(JdbcClient.create(database), new JdbcTransactionManager(database), json);
        this.targets = new SandboxTargets(catalog(), store);
        SandboxHttp http = new SandboxHttp(targets, json);
        this.router = new SandboxRouter(targets, http);
        SampleDatabase sample = new SampleDatabase();
        this.deployer = new SandboxDeployer(targets, http, properties, sample, new SandboxScripts(properties, sample));
        this.measurements = new Measurements(targets, Clock.systemUTC(), properties);
        this.load = new Load(
                targets,
                measurements,
                new SandboxPages(targets, catalog(), json, Clock.systemUTC()),
                json,
                properties,
                Clock.systemUTC());
        targets.start();
    }

    static DataSource database() {
        return TestDatabase.with("V66__sandbox.sql");
    }

    void startLoad() {
        load.start();
    }

    @Override
    public void close() {
        if (load.isRunning()) {
            load.stop();
        }
        targets.stop();
    }

    static Catalog catalog() {
        Service service = new Service(
                SERVICE,
                "Checkout",
                "",
                "payments",
                "payments",
                "retail",
                "critical",
                "sandbox",
                "on-call",
                false,
                List.of(),
                Map.of("countersign.dev/rum-origins", "https://shop.example.org"),
                "catalog-info.yaml");
        Catalog catalog = mock(Catalog.class);
        when(catalog.services()).thenReturn(List.of(service));
        when(catalog.journeysOf(SERVICE)).thenReturn(SampleJourneys.ofCheckout());
        when(catalog.service(SERVICE)).thenReturn(Optional.of(service));
        return catalog;
    }
}
