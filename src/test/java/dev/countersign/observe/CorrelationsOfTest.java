package dev.countersign.observe;

import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;

/** Correlations over the sources that a test has, without a platform around them. */
public final class CorrelationsOfTest {
    private CorrelationsOfTest() {}

    public static Correlations of(Catalog catalog, Object... sources) {
        var beans = new DefaultListableBeanFactory();
        for (int i = 0; i < sources.length; i++) {
            beans.registerSingleton("source-" + i, sources[i]);
        }
        return new MeasuredCorrelations(
                beans.getBeanProvider(TraceSource.class),
                beans.getBeanProvider(LogSource.class),
                new Sources(
                        beans.getBeanProvider(MetricsSource.class),
                        new ObserveProperties(
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(30))),
                catalog);
    }

    /** Services in production that depend on each other so. */
    public static Catalog catalog(Map<String, List<String>> dependsOn) {
        List<Service> services = dependsOn.entrySet().stream()
                .map(service -> new Service(
                        service.getKey(),
                        "",
                        "",
                        "payments",
                        "payments",
                        "retail",
                        "critical",
                        "production",
                        "on-call",
                        false,
                        service.getValue(),
                        Map.of(),
                        "catalog-info.yaml"))
                .toList();
        Catalog catalog = mock(Catalog.class);
        when(catalog.services()).thenReturn(services);
        when(catalog.service(anyString())).thenAnswer(asked -> services.stream()
                .filter(service -> service.name().equals(asked.getArgument(0)))
                .findFirst());
        return catalog;
    }
}
