package dev.countersign.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.camunda.bpm.dmn.engine.DmnEngine;
import org.camunda.bpm.dmn.engine.DmnEngineConfiguration;
import org.camunda.bpm.engine.variable.Variables;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("M5.2")
class CorrelationActionsTests {
    private final DmnEngine engine =
            DmnEngineConfiguration.createDefaultDmnEngineConfiguration().buildEngine();

    @ParameterizedTest
    @CsvSource({
        "critical, itself, errors, step, rollback",
        "critical, dependent, errors, step, rollback",
        "critical, dependency, log errors, step, rollback",
        "critical, dependent, latency, step, halt",
        "high, itself, errors, step, rollback",
        "high, dependent, errors, step, halt",
        "high, itself, latency, step, halt",
        "standard, dependency, errors, step, halt",
        "standard, itself, log errors, step, halt",
        "standard, itself, latency, step, record",
        "standard, dependent, latency, stabilisation, rollback",
        "critical, itself, errors, stabilisation, rollback",
    })
    void a_release_that_is_the_root_goes_back_by_tier_and_by_what_it_does(
            String tier, String relation, String kind, String phase, String action) throws IOException {
        try (InputStream file = Files.newInputStream(Path.of("processes", "correlation-actions.dmn"))) {
            assertThat(engine.evaluateDecisionTable(
                                    engine.parseDecision("correlation-actions", file),
                                    Variables.putValue("tier", tier)
                                            .putValue("relation", relation)
                                            .putValue("kind", kind)
                                            .putValue("phase", phase))
                            .getResultList())
                    .singleElement()
                    .satisfies(row -> assertThat(row).containsEntry("action", action));
        }
    }
}
