package dev.countersign.workflow.guardrail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each gate that a fact of the release asks for: a table that asks less, holds less or lets somebody else waive is refused with the row. */
@Tag("M8.1")
@Tag("M4.1")
@Tag("M4.2")
@Tag("M4.3")
@Tag("M4.6")
@Tag("M1.6")
@Tag("M8.6")
class FloorOfGatesTest {
    private static final Path PROCESSES = Path.of("processes");
    private static Floor floor;

    @BeforeAll
    static void read() throws IOException {
        floor = Floor.read(Files.readAllBytes(PROCESSES.resolve("floor.yaml")));
    }

    private static String table(String name) throws IOException {
        return Files.readString(PROCESSES.resolve(name + ".dmn"));
    }

    private static java.util.List<String> refused(String name, String edited) {
        return new FloorTables(floor)
                .check(new Models().with(name + ".dmn", edited).set()).stream()
                        .map(Finding::message)
                        .toList();
    }

    /** The rule itself, so that a test edits this row and no other. */
    private static String rule(String table, String id) {
        int at = table.indexOf("<rule id=\"" + id + "\">");
        assertThat(at).as("row %s", id).isNotNegative();
        return table.substring(at, table.indexOf("</rule>", at) + "</rule>".length());
    }

    /** The only row of a table whose columns have these values. */
    private static String row(String table, String... values) {
        String found = null;
        for (String rule : table.split("(?=<rule id=)")) {
            boolean isIt = rule.startsWith("<rule id=");
            for (String value : values) {
                isIt &= rule.contains("<text>" + value + "</text>");
            }
            if (isIt) {
                assertThat(found)
                        .as("a second row with %s", String.join(", ", values))
                        .isNull();
                found = rule.substring(0, rule.indexOf("</rule>") + "</rule>".length());
            }
        }
        assertThat(found).as("a row with %s", String.join(", ", values)).isNotNull();
        return found;
    }

    private static String id(String row) {
        return row.substring("<rule id=\"".length(), row.indexOf("\">"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "required-gates",
                "gate-thresholds",
                "gate-tools",
                "waiver-authority",
                "licence-policy",
                "required-controls",
                "control-checks",
                "required-signoffs",
                "materiality",
                "rotation-limits",
                "template-gates"
            })
    void the_tables_as_they_are_stand_above_the_floor(String table) throws IOException {
        assertThat(refused(table, table(table))).isEmpty();
    }

    @Test
    void a_scanner_of_dependencies_never_shows_static_analysis() throws IOException {
        String table = table("gate-tools");
        String row = rule(table, "gate-tools-dependencies");
        assertThat(refused("gate-tools", table.replace(row, row.replace("\"refused\"", "\"counts\""))))
                .isNotEmpty();
        assertThat(refused("gate-tools", table.replace(row, row.replace("\"trivy\",", ""))))
                .isNotEmpty();
    }

    @ParameterizedTest
    @Tag("M6.7")
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "required-gates, required-gates-licences-hotfix, \"afterwards\", \"advisory\"",
                "quorum, quorum-hotfix, >2<, >1<",
                "required-seats, required-seats-security, \"veto\", \"advisory\"",
                "hotfix-rules, hotfix-rules-urgent, \"PT24H\", \"PT25H\"",
                "hotfix-rules, hotfix-rules-urgent, \"P2D\", \"P8D\"",
                "hotfix-rules, hotfix-rules-calm, >1<, >2<",
                "chronic-instability, chronic-instability-quarter, >true<, >false<",
            })
    void a_hotfix_has_a_floor_of_its_own(String table, String row, String from, String to) throws IOException {
        String file = table(table);
        String rule = rule(file, row);
        assertThat(rule).contains(from);
        assertThat(refused(table, file)).isEmpty();
        assertThat(refused(table, file.replace(rule, rule.replace(from, to)))).isNotEmpty();
    }

    private static String required(String table, String gate, int column) {
        return java.util.Arrays.stream(table.split("(?=<rule id=)"))
                .filter(rule -> rule.contains("<text>\"" + gate + "\"</text>")
                        && rule.contains("<text>\"required\"</text>")
                        && rule.contains("<text>\"production\"</text>")
                        && (column == 0 || rule.contains("-in-" + column + "\"><text>true</text>")))
                .map(rule -> rule.substring(0, rule.indexOf("</rule>") + "</rule>".length()))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest(name = "{0}, when column {1} is true")
    @CsvSource({
        "penetration-test, 3, externalEndpoints",
        "penetration-test, 4, authentication",
        "privacy, 5, personalData",
        "migration-checks, 6, databaseMigration",
        "api-contract, 8, apiContract",
        "licences, 0, target",
    })
    void a_gate_that_is_no_longer_required_in_production_is_refused_with_the_row(String gate, int column, String fact)
            throws IOException {
        String table = table("required-gates");
        String required = required(table, gate, column);
        for (String weaker : new String[] {"\"advisory\""}) {
            assertThat(refused("required-gates", table.replace(required, required.replace("\"required\"", weaker))))
                    .anySatisfy(message -> assertThat(message)
                            .contains(
                                    "`required-gates`",
                                    "gate = " + gate,
                                    "`" + id(required) + "`",
                                    "target = production")
                            .contains(column == 0 ? "" : fact + " = true"));
        }
        assertThat(refused("required-gates", table.replace(required, ""))).anySatisfy(message -> assertThat(message)
                .contains("can answer without `gate = " + gate + ", required = required"));
    }

    @Test
    @Tag("M4.4")
    void certificates_that_are_only_shown_in_production_are_refused_with_the_row() throws IOException {
        String table = table("required-gates");
        String critical = rule(table, "required-gates-certificates-critical");
        String declared = rule(table, "required-gates-certificates-declared");
        assertThat(refused(
                        "required-gates",
                        table.replace(critical, critical.replace("\"required\"", "\"advisory\""))
                                .replace(declared, declared.replace("\"where-declared\"", "\"advisory\""))))
                .anySatisfy(message -> assertThat(message)
                        .contains("gate = certificates", "`required-gates-certificates-critical`", "tier = critical"))
                .anySatisfy(message ->
                        assertThat(message).contains("gate = certificates", "`required-gates-certificates-declared`"));
    }

    @Test
    @Tag("M4.4")
    void a_secret_that_may_stay_for_ever_and_a_certificate_that_may_end_at_once_are_refused() throws IOException {
        String table = table("rotation-limits");
        assertThat(refused("rotation-limits", table.replace("<text>365</text>", "<text>36500</text>")))
                .anySatisfy(message -> assertThat(message).contains("days = 36500", "kind = signing-key"));
        assertThat(refused("rotation-limits", table.replace("<text>7</text>", "<text>0</text>")))
                .anySatisfy(message -> assertThat(message).contains("days = 0", "kind = certificate"));
        String other = rule(table, "rotation-limits-other");
        assertThat(refused("rotation-limits", table.replace(other, "")))
                .anySatisfy(message -> assertThat(message).contains("kind = another kind"));
    }

    @ParameterizedTest(name = "{0}: {1} {2}")
    @CsvSource({
        "licences, denied, at most",
        "licences, unknown, at most",
        "licences, components, at least",
        "penetration-test, critical, at most",
        "penetration-test, high, at most",
        "penetration-test, signedOff, at least",
        "penetration-test, daysValid, at least",
        "privacy, rejected, at most",
        "privacy, approved, at least",
        "privacy, openHighRisks, at most",
        "migration-checks, passed, at least",
        "migration-checks, failed, at most",
        "migration-checks, error, at most",
        "api-contract, breakingWithinMajor, at most",
        "api-contract, notDeployable, 'at most, where counted'",
        "infrastructure-compliance, controlsWithoutCheck, 'at most, where counted'",
        "certificates, expired, at most",
        "certificates, secretsWithoutAge, at most",
        "certificates, fresh, at most",
    })
    void a_limit_that_is_removed_or_only_said_is_refused(String gate, String metric, String comparison)
            throws IOException {
        String table = table("gate-thresholds");
        String row = row(table, "\"" + gate + "\"", "\"" + metric + "\"", "\"" + comparison + "\"");
        String expected = "`gate-thresholds` can answer without `metric = " + metric;
        assertThat(refused("gate-thresholds", table.replace(row, "")))
                .anySatisfy(message -> assertThat(message).contains(expected, "gate = " + gate));
        String advised = row.replaceAll("\"(?:FAIL|NO_DATA)\"", "\"advise\"");
        assertThat(refused("gate-thresholds", table.replace(row, advised)))
                .anySatisfy(message -> assertThat(message).contains(expected, "`" + id(row) + "`", "gate = " + gate));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "licences",
                "penetration-test",
                "privacy",
                "migration-checks",
                "api-contract",
                "infrastructure-compliance",
                "certificates"
            })
    void a_waiver_by_somebody_who_does_not_answer_for_it_is_refused_with_the_row(String gate) throws IOException {
        String table = table("waiver-authority");
        String first = "<rule id=\"waiver-authority-weaker\"><description>Quicker.</description>"
                + "<inputEntry id=\"w1\"><text>\"" + gate
                + "\"</text></inputEntry><inputEntry id=\"w2\"><text></text></inputEntry>"
                + "<inputEntry id=\"w3\"><text></text></inputEntry><outputEntry id=\"w4\"><text>\"qa\"</text></outputEntry>"
                + "<outputEntry id=\"w5\"><text>30</text></outputEntry></rule>";
        int at = table.indexOf("      <rule id=");
        assertThat(refused("waiver-authority", table.substring(0, at) + first + table.substring(at)))
                .anySatisfy(message -> assertThat(message)
                        .contains("answers authority = qa", "`waiver-authority-weaker`", "gate = " + gate));
    }

    @Test
    @Tag("M4.1")
    void a_policy_that_accepts_licences_which_nobody_looked_at_is_refused_with_the_row() throws IOException {
        String table = table("licence-policy");
        String last = rule(table, "licence-policy-everything-else");
        assertThat(refused("licence-policy", table.replace(last, last.replace("\"denied\"", "\"allowed\""))))
                .anySatisfy(message ->
                        assertThat(message).contains("answers standing = allowed", "`licence-policy-everything-else`"));
        assertThat(refused("licence-policy", table.replace(last, "")))
                .anySatisfy(message -> assertThat(message).contains("answers with 0 row(s)"));
    }

    @Test
    @Tag("M4.1")
    void an_exception_that_nobody_looked_at_is_refused_whatever_the_licence() throws IOException {
        String table = table("licence-policy");
        String row = rule(table, "licence-policy-permissive");
        assertThat(refused("licence-policy", table.replace(row, row.replace("\"none\"", ""))))
                .anySatisfy(message ->
                        assertThat(message).contains("answers standing = allowed", "`licence-policy-permissive`"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gdpr-encryption", "gdpr-confidentiality", "hipaa-encryption", "hipaa-audit"})
    void a_control_that_is_no_longer_asked_for_is_refused(String control) throws IOException {
        String table = table("required-controls");
        String row = rule(table, "required-controls-" + control);
        assertThat(refused("required-controls", table.replace(row, ""))).anySatisfy(message -> assertThat(message)
                .contains("`required-controls` can answer without `control = "));
    }

    @Test
    void a_row_by_which_any_check_would_show_a_control_is_refused() throws IOException {
        String table = table("control-checks");
        String row = rule(table, "control-checks-encr-rest-conftest-gdpr");
        assertThat(refused("control-checks", table.replace(row, row.replace("\"encryption\"", ""))))
                .anySatisfy(message -> assertThat(message)
                        .contains("answers control = GDPR Art. 32(1)(a)", "`control-checks-encr-rest-conftest-gdpr`"));
    }

    @Test
    void a_row_by_which_any_check_of_the_platform_would_not_be_counted_is_refused() throws IOException {
        String table = table("control-checks");
        String row = rule(table, "control-checks-encr-move-countersign-gdpr");
        String off = row.replaceAll("\"GDPR [^\"]*\"", "\"not-counted\"");
        assertThat(refused("control-checks", table.replace(row, off))).isEmpty();
        assertThat(refused("control-checks", table.replace(row, off.replace("\"bucket-without-tls\"", ""))))
                .anySatisfy(message -> assertThat(message)
                        .contains("answers control = not-counted", "`control-checks-encr-move-countersign-gdpr`"));
    }

    @ParameterizedTest
    @CsvSource({
        "spent, closed, open, have borne",
        "unknown, closed, open, while nobody knows",
        "none, closed, open, promises its users something",
        "hotfix, open, closed, never kept out",
        "left, open, perhaps, open or closed",
    })
    @Tag("M5.3")
    void an_error_budget_that_lets_in_whom_it_must_not_or_keeps_a_hotfix_out_is_refused(
            String row, String service, String instead, String because) throws IOException {
        String table = table("error-budget");
        String rule = rule(table, "error-budget-row-" + row);
        String edited = rule.replace("\"" + service + "\"", "\"" + instead + "\"");
        assertThat(edited).isNotEqualTo(rule);
        assertThat(refused("error-budget", table)).isEmpty();
        assertThat(refused("error-budget", table.replace(rule, edited)))
                .anySatisfy(message -> assertThat(message).contains(because));
    }
}
