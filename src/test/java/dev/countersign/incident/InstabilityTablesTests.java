package dev.countersign.incident;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.camunda.bpm.dmn.engine.DmnDecision;
import org.camunda.bpm.dmn.engine.DmnEngine;
import org.camunda.bpm.dmn.engine.DmnEngineConfiguration;
import org.camunda.bpm.engine.variable.Variables;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The tables as they are shipped, over all that they can be asked. */
@Tag("M6.5")
class InstabilityTablesTests {
    private static final List<String> TIERS = List.of("standard", "high", "critical");
    private static final DmnEngine ENGINE =
            DmnEngineConfiguration.createDefaultDmnEngineConfiguration().buildEngine();
    private static DmnDecision instability;
    private static DmnDecision riskTier;

    @BeforeAll
    static void read() throws IOException {
        instability = table("chronic-instability");
        riskTier = table("risk-tier");
    }

    private static DmnDecision table(String name) throws IOException {
        try (InputStream file = Files.newInputStream(Path.of("processes", name + ".dmn"))) {
            return ENGINE.parseDecision(name, file);
        }
    }

    private static boolean unstable(String tier, int month, int quarter) {
        Map<String, Object> row = ENGINE.evaluateDecision(
                        instability,
                        Variables.fromMap(Map.of("tier", tier, "rollbacks30d", month, "rollbacks90d", quarter)))
                .getResultList()
                .get(0);
        assertThat((Integer) row.get("days")).isBetween(1, 60);
        return (Boolean) row.get("unstable");
    }

    @Test
    void another_rollback_and_a_higher_tier_never_make_a_service_stable() {
        for (int tier = 0; tier < TIERS.size(); tier++) {
            for (int quarter = 0; quarter <= 6; quarter++) {
                for (int month = 0; month <= quarter; month++) {
                    boolean now = unstable(TIERS.get(tier), month, quarter);
                    if (now) {
                        assertThat(unstable(TIERS.get(tier), month, quarter + 1))
                                .isTrue();
                        assertThat(unstable(TIERS.get(tier), month + 1, quarter + 1))
                                .isTrue();
                        assertThat(unstable(TIERS.get(Math.min(2, tier + 1)), month, quarter))
                                .isTrue();
                    }
                }
            }
            assertThat(unstable(TIERS.get(tier), 1, 1)).isFalse();
        }
    }

    private static int risk(String serviceTier, int rollbacks, int overdue, int repairs, boolean migration) {
        Map<String, Object> facts = new HashMap<>(Map.of(
                "serviceTier", serviceTier,
                "rollbacks90d", rollbacks,
                "incidents90d", rollbacks,
                "overdueActions", overdue,
                "authentication", false,
                "databaseMigration", migration,
                "openRemediations", repairs));
        Object tier = ENGINE.evaluateDecision(riskTier, Variables.fromMap(facts))
                .getResultList()
                .get(0)
                .get("tier");
        return TIERS.indexOf(tier);
    }

    @Test
    void an_open_repair_raises_the_tier_by_one_and_never_lowers_it() {
        for (String tier : TIERS) {
            for (int rollbacks = 0; rollbacks <= 3; rollbacks++) {
                for (int overdue = 0; overdue <= 1; overdue++) {
                    for (boolean migration : new boolean[] {false, true}) {
                        int without = risk(tier, rollbacks, overdue, 0, migration);
                        int with = risk(tier, rollbacks, overdue, 1, migration);
                        assertThat(with).isGreaterThanOrEqualTo(without);
                        assertThat(with).isGreaterThanOrEqualTo(Math.min(2, TIERS.indexOf(tier) + 1));
                    }
                }
            }
        }
    }
}
