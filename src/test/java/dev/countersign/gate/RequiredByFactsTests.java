package dev.countersign.gate;

import static dev.countersign.gate.GateFixture.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.gate.Gates.Gate;
import dev.countersign.release.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gates that a change fact asks for, and documents that state their own end. */
@Tag("M4.3")
class RequiredByFactsTests {
    private final GateFixture fixture = new GateFixture();

    private Gate gate(String name) {
        return fixture.gates.find(KEY, name).orElseThrow();
    }

    @ParameterizedTest(name = "{0} in {1}: {2} is {3}")
    @CsvSource({
        "externalEndpoints, production, penetration-test, required",
        "authentication, production, penetration-test, required",
        "externalEndpoints, sandbox, penetration-test, advisory",
        "authentication, sandbox, penetration-test, advisory",
        "personalData, production, privacy, required",
        "personalData, sandbox, privacy, advisory",
        "databaseMigration, production, migration-checks, required",
        "databaseMigration, sandbox, migration-checks, advisory",
        "databaseMigration, production, downgrade-rehearsal, required",
        "databaseMigration, sandbox, downgrade-rehearsal, advisory",
        "apiContract, production, api-contract, required",
        "apiContract, sandbox, api-contract, advisory",
        "apiContract, production, rollback-drill, advisory",
        "apiContract, sandbox, rollback-drill, not-applicable",
    })
    void by_fact_and_target(String fact, String target, String gate, String required) {
        fixture.target(target);
        fixture.release("high", "standard", Map.of(fact, true));
        fixture.evaluation.determine(KEY);
        assertThat(gate(gate).required()).isEqualTo(required);
        fixture.release("high", "standard", Map.of());
        fixture.evaluation.determine(KEY);
        assertThat(fixture.gates.find(KEY, gate).filter(one -> !gate.equals("rollback-drill")))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0} {1} in {2}: {3}")
    @CsvSource({
        "standard, critical, production, required",
        "standard, high, production, advisory",
        "hotfix, critical, production, advisory",
        "standard, critical, sandbox, not-applicable",
    })
    @Tag("M2.6")
    void a_drill_is_required_of_ordinary_releases_of_critical_services(
            String kind, String tier, String target, String required) {
        fixture.target(target);
        fixture.release(tier, kind, Map.of());
        fixture.evaluation.determine(KEY);
        assertThat(gate("rollback-drill").required()).isEqualTo(required);
    }

    @ParameterizedTest(name = "registered {0}, drilled {1}, failed {2}, {3} days ago: {4}")
    @CsvSource({
        "sha256:a, sha256:a, 0, 1, PASS",
        "sha256:a, sha256:a, 1, 1, FAIL",
        "sha256:a, sha256:a, 0, 91, NO_DATA",
        "sha256:b, sha256:a, 0, 1, NO_DATA",
        "sha256:b, sha256:a, 1, 1, NO_DATA",
        ", sha256:a, 0, 1, NO_DATA",
    })
    @Tag("M2.6")
    void a_drill_counts_for_the_script_that_was_drilled_and_for_a_quarter(
            String registered, String drilled, long failed, long days, Verdict verdict) {
        fixture.target("production");
        fixture.release("critical", "standard", Map.of());
        fixture.scripted(registered);
        fixture.receive(fixture.withDetails(
                fixture.document(
                        "rollback-drill",
                        "staging",
                        Map.of("drills", 1L, "failed", failed, "overBudget", 0L, "withinBudget", 1 - failed),
                        true,
                        null,
                        List.of()),
                Map.of(
                        "scriptDigest",
                        drilled,
                        "at",
                        fixture.clock
                                .instant()
                                .minus(java.time.Duration.ofDays(days))
                                .toString())));
        assertThat(gate("rollback-drill").verdict()).isEqualTo(verdict);
    }

    @ParameterizedTest(name = "migrates {0}, database down in the drill {1}, failed {2}: {3}")
    @CsvSource({
        "true, 1, 0, PASS",
        "true, 0, 0, NO_DATA",
        "true, , 0, NO_DATA",
        "true, 0, 1, FAIL",
        "false, 0, 0, PASS",
        "false, , 0, PASS",
    })
    @Tag("M2.6")
    void a_drill_whose_database_stayed_shows_nothing_for_a_release_that_migrates_one(
            boolean migrates, Long down, long failed, Verdict verdict) {
        fixture.target("production");
        fixture.release("critical", "standard", Map.of("databaseMigration", migrates));
        fixture.scripted("sha256:a");
        Map<String, Object> counts = new java.util.HashMap<>(
                Map.of("drills", 1L, "failed", failed, "overBudget", 0L, "withinBudget", 1 - failed));
        if (down != null) {
            counts.put("databaseDown", down);
        }
        fixture.receive(fixture.withDetails(
                fixture.document("rollback-drill", "staging", counts, true, null, List.of()),
                Map.of("scriptDigest", "sha256:a")));
        assertThat(gate("rollback-drill").verdict()).isEqualTo(verdict);
        if (verdict == Verdict.NO_DATA) {
            assertThat(gate("rollback-drill").sentence())
                    .contains("this release migrates a database, and in the drill none was taken down");
        }
    }

    @ParameterizedTest(name = "{0} in {1}, naming {2}: {3}")
    @CsvSource({
        "critical, production, , required",
        "high, production, , required",
        "standard, production, , advisory",
        "standard, production, CHG0030001, required",
        "critical, sandbox, CHG0030001, advisory",
    })
    void a_change_record_by_tier_and_by_name(String tier, String target, String rfc, String required) {
        fixture.target(target);
        fixture.names(rfc);
        fixture.release(tier, "standard", Map.of());
        fixture.evaluation.determine(KEY);
        assertThat(gate("change-record").required()).isEqualTo(required);
        assertThat(fixture.sources.soon.contains("change-record"))
                .as("no step waits for those that are advisory: they are asked for in the background")
                .isEqualTo(required.equals("advisory"));
    }

    /** What no fact asks for, a template may; it makes no gate less than it is. */
    @ParameterizedTest(name = "{0}, {1} in {2}: {3} is {4}")
    @CsvSource({
        "public-api, high, production, api-contract, required, developer",
        "public-api, high, sandbox, api-contract, , ",
        "'', high, production, api-contract, , ",
        "another, high, production, api-contract, , ",
        "regulated, high, production, provenance, required, security",
        "regulated, high, sandbox, provenance, advisory, security",
        "public-api, high, production, provenance, advisory, security",
        "regulated, critical, production, coverage, required, qa",
        "regulated, high, production, coverage, advisory, qa",
        "regulated, high, production, tests, required, qa",
    })
    @Tag("M8.1")
    void by_template(String template, String tier, String target, String gate, String required, String owner) {
        fixture.service(target, Map.of("countersign.dev/template", template));
        fixture.release(tier, "standard", Map.of());
        fixture.evaluation.determine(KEY);
        assertThat(fixture.gates.find(KEY, gate))
                .as(gate)
                .satisfies(found ->
                        assertThat(found.map(Gate::required).orElse(null)).isEqualTo(required))
                .satisfies(
                        found -> assertThat(found.map(Gate::owner).orElse(null)).isEqualTo(owner));
    }

    @Test
    @Tag("M8.1")
    void a_gate_that_is_not_asked_for_by_a_template_is_still_asked_for_by_the_facts() {
        fixture.service("production", Map.of("countersign.dev/template", "public-api"));
        fixture.release("high", "standard", Map.of("personalData", true));
        fixture.evaluation.determine(KEY);
        assertThat(gate("privacy").required()).isEqualTo("required");
        assertThat(gate("api-contract").rule()).contains("what others build on");
    }

    @ParameterizedTest(name = "{0} of a hotfix in {1}: {2}")
    @Tag("M6.7")
    @CsvSource({
        "tests, production, required",
        "sast, production, required",
        "sca, production, required",
        "certificates, production, required",
        "licences, production, afterwards",
        "change-record, production, afterwards",
        "licences, sandbox, advisory",
        "change-record, sandbox, advisory",
    })
    void a_hotfix_makes_up_for_some_and_is_held_to_the_others(String gate, String target, String required) {
        fixture.target(target);
        fixture.release("critical", "hotfix", Map.of());
        fixture.evaluation.determine(KEY);
        assertThat(gate(gate).required()).isEqualTo(required);
        assertThat(gate(gate).isClear()).isEqualTo(!required.equals("required"));
        assertThat(gate(gate).isGood()).as("nothing has arrived").isFalse();
        assertThat(fixture.clear.missing(fixture.releases.get(KEY), "any"))
                .filteredOn(missing -> missing.contains("gate " + gate + " "))
                .hasSize(required.equals("required") ? 1 : 0);
    }

    @Test
    @Tag("M6.7")
    void required_stands_over_afterwards_and_afterwards_over_advisory() {
        var required = new Requirement("licences", "required", "legal", "spdx", "a");
        var afterwards = new Requirement("licences", "afterwards", "legal", "spdx", "b");
        var advisory = new Requirement("licences", "advisory", "legal", "spdx", "c");
        assertThat(afterwards.stricter(required)).isEqualTo(required);
        assertThat(required.stricter(afterwards)).isEqualTo(required);
        assertThat(advisory.stricter(afterwards)).isEqualTo(afterwards);
        assertThat(afterwards.isRequired()).isFalse();
    }

    private void test(long critical, long high, String validUntil, String at) {
        fixture.receive(fixture.withDetails(
                fixture.document(
                        "pentest",
                        "testers",
                        Map.of("critical", critical, "high", high, "medium", 0L, "low", 0L, "signedOff", 1L),
                        true,
                        null,
                        List.of()),
                validUntil == null
                        ? Map.of()
                        : at == null ? Map.of("validUntil", validUntil) : Map.of("validUntil", validUntil, "at", at)));
    }

    /** The fixture's clock starts on 2026-11-24 at 09:00. */
    @ParameterizedTest(name = "{0} critical, {1} high, until {2}: {3}")
    @CsvSource({
        "0, 0, 2026-11-24, PASS",
        "0, 0, 2026-11-23, NO_DATA",
        "0, 0, , NO_DATA",
        "0, 0, someday, NO_DATA",
        "1, 0, 2026-12-24, FAIL",
        "0, 1, 2026-12-24, FAIL",
        "0, 1, 2026-11-23, FAIL",
    })
    void a_penetration_test_counts_until_the_end_of_the_day_that_it_states(
            long critical, long high, String until, Verdict verdict) {
        fixture.target("production");
        fixture.release("high", "standard", Map.of("externalEndpoints", true));
        test(critical, high, until, null);
        assertThat(gate("penetration-test").verdict()).isEqualTo(verdict);
    }

    @ParameterizedTest(name = "{0} statements, {1} without a signature that counts: {2}")
    @CsvSource({"1, 0, PASS", "2, 1, NO_DATA", "0, 0, NO_DATA"})
    @Tag("M4.1")
    void provenance_passes_only_where_each_statement_is_signed_by_a_key_that_counts(
            long statements, long unverified, Verdict verdict) {
        fixture.receive(fixture.document(
                "intoto",
                "provenance",
                Map.of("statements", statements, "unverified", unverified, "verified", statements - unverified),
                true,
                null,
                List.of()));
        assertThat(gate("provenance").verdict()).isEqualTo(verdict);
        assertThat(gate("provenance").isClear())
                .as("shown, and required by nobody yet")
                .isTrue();
    }

    @Test
    void a_test_that_ends_while_the_release_waits_counts_no_more() {
        fixture.target("production");
        fixture.release("high", "standard", Map.of("authentication", true));
        test(0, 0, "2026-11-24", null);
        assertThat(gate("penetration-test").verdict()).isEqualTo(Verdict.PASS);
        fixture.clock.pass(Duration.ofHours(15));
        assertThat(gate("penetration-test").verdict()).isEqualTo(Verdict.PASS);
        fixture.clock.pass(Duration.ofSeconds(1));
        assertThat(gate("penetration-test").verdict()).isEqualTo(Verdict.NO_DATA);
    }

    /** Sending an old result today does not make it younger; a date to come is none on which it was done. */
    @ParameterizedTest(name = "done at {0}: {1}")
    @CsvSource({
        "2026-11-20T00:00:00Z, PASS",
        "2025-11-24T10:00:00Z, PASS",
        "2025-11-23T00:00:00Z, NO_DATA",
        "2030-01-01T00:00:00Z, ERROR",
    })
    @Tag("M4.6")
    void age_counts_from_the_day_on_which_it_was_done(String at, Verdict verdict) {
        fixture.target("production");
        fixture.release("high", "standard", Map.of("personalData", true));
        fixture.receive(fixture.withDetails(
                fixture.document(
                        "dpia",
                        "dpia",
                        Map.of(
                                "approved",
                                1L,
                                "rejected",
                                0L,
                                "openHighRisks",
                                0L,
                                "openConditions",
                                0L,
                                "untrackedConditions",
                                0L),
                        true,
                        null,
                        List.of()),
                Map.of("at", at)));
        assertThat(gate("privacy").verdict()).isEqualTo(verdict);
        fixture.clock.pass(Duration.ofDays(366));
        assertThat(gate("privacy").verdict()).isEqualTo(verdict == Verdict.ERROR ? Verdict.ERROR : Verdict.NO_DATA);
    }
}
