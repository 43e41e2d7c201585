package dev.countersign.evidence.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Formats of ours are held to their published schemas: what is not in them, or contradicts itself, is refused with its place. */
@Tag("M4.1")
class DeclaredFormatTests {
    private static Content content(String text) {
        return () -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest(name = "{0} with {1} as {2} is refused at {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "pentest.yaml | critical: 0 | critical: -1 | /critical",
                "pentest.yaml | critical: 0 | critical: 0.5 | /critical",
                "pentest.yaml | critical: 0 | critical: none | /critical",
                "pentest.yaml | critical: 0 | criticl: 0 | line 1",
                "pentest.yaml | medium: 1 | medium: 0 | /medium",
                "pentest.yaml | 2099-12-31 | 2099-02-31 | /validUntil",
                "pentest.yaml | 2099-12-31 | 2020-12-31 | /validUntil",
                "pentest.yaml | signedOffBy: head-of-security | signedOffBy: '' | /signedOffBy",
                "pentest.yaml | signedOffBy: head-of-security | signedOffBy: ' ' | /signedOffBy",
                "dpia.yaml | decidedBy: data-protection-officer | decidedBy: ' ' | /decidedBy",
                "pentest.yaml | document: pentest | document: dpia | /document",
                "pentest.yaml | status: fixed | status: fixd | /findings/1/status",
                "dpia.yaml | approved-with-conditions | maybe | /decision",
                "dpia.yaml | met: false | met: perhaps | /conditions/0/met",
                "drill.yaml | PT4M30S | 4 minutes | /took",
                "drill.yaml | PT4M30S | PT | /took",
                "drill.yaml | 2026-11-20T09:00:00Z | 2026-11-20 09:00:00 CET | /at",
                "drill.yaml | result: succeeded | result: success | /result",
                "migration.yaml | tolerance: 0.01 | tolerance: 2 | /checks/0/tolerance",
                "migration.yaml | kind: row-count | kind: rows | /checks/0/kind",
                "generic.yaml | requests: 100000 | requests: many | /counts/requests",
                "generic.yaml | document: generic | document: &a generic | line",
                "plan.yaml | audience: internal | audience: everybody | /messages/0/audience",
                "plan.yaml | moment: rollout-start | moment: time | /messages/0",
                "plan.yaml | moment: rollout-start | moment: soon | /messages/0/moment",
                "plan.yaml | delayMinutes: 10 | delayMinutes: 20161 | /messages/0/delayMinutes",
                "plan.yaml | '[support, operations]' | '[]' | /messages/0/recipients",
                "plan.yaml | '[support, operations]' | '[\"a b\"]' | /messages/0/recipients",
                "plan.yaml | Checkout 2.4.0 goes out | '\"a\\nBcc: b\"' | line 4",
                "plan.yaml | Everything on one page. | '\"a\\u202eb\"' | line 15",
                "plan.yaml | 2099-11-24T20:00:00+01:00 | tomorrow | line 15",
                "plan.yaml | 2099-11-24T20:00:00+01:00 | 2099-11-24T20:00:00 | line 15",
                "plan.yaml | onRollback: correct | onRollback: cancel | /messages/1",
                "plan.yaml | '  replacement: The old checkout is back.' | '' | /messages/1",
                "plan.yaml | onRollback: correct | onRolback: correct | /messages/1",
            })
    void what_is_not_in_the_schema_is_refused(String file, String right, String wrong, String place) throws Exception {
        String good = Files.readString(Path.of("src/test/resources/samples/declared", file));
        assertThat(good).contains(right);
        DocumentReader reader = reader(good);
        assertThat(reader.read(content(good)).summary()).isNotEmpty();
        if (place.equals("line")) {
            // An anchor alone changes nothing; an alias is refused.
            assertThatThrownBy(() -> reader.read(content(good.replace(right, wrong) + "by: *a\n")))
                    .isInstanceOf(Unreadable.class);
            return;
        }
        assertThatThrownBy(() -> reader.read(content(good.replace(right, wrong))))
                .isInstanceOfSatisfying(
                        Unreadable.class, fault -> assertThat(fault.place()).startsWith(place));
    }

    private static DocumentReader reader(String text) throws Exception {
        return switch (new Detection().typeOf(content(text)).orElseThrow()) {
            case PENTEST -> new PentestReader();
            case DPIA -> new DpiaReader();
            case ROLLBACK_DRILL -> new RollbackDrillReader();
            case MIGRATION_CHECK -> new MigrationCheckReader();
            case GENERIC -> new GenericReader();
            case COMMUNICATION_PLAN -> new CommunicationPlanReader();
            default -> throw new IllegalArgumentException(text);
        };
    }

    @ParameterizedTest(name = "{0}: passed is {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "before: 100, after: 100, result: passed | 1",
                "before: 100, after: 99, result: passed | 0",
                "before: 100, after: 99, tolerance: 0.01, result: passed | 1",
                "before: 100, after: 98, tolerance: 0.01, result: passed | 0",
                "before: 100, after: 100, result: failed | 0",
                "before: 100, expected: 50, after: 50, result: passed | 1",
                "before: 100, expected: 50, after: 100, result: passed | 0",
                "before: 100, result: passed | 0",
                "after: 100, result: passed | 0",
                "result: passed | 1",
                "before: a, after: b, result: passed | 0",
                "before: 0, after: 1, tolerance: 1, result: passed | 0",
            })
    @Tag("M1.6")
    void a_check_has_passed_only_where_its_values_agree(String check, long passed) throws Exception {
        assertThat(new MigrationCheckReader()
                        .read(content("document: migration-check\ndatabase: orders\nchecks: [{id: a, kind: sql, "
                                + check + "}]\n"))
                        .summary())
                .containsEntry("passed", passed);
    }

    @Test
    @Tag("M2.5")
    void every_type_of_the_contract_has_a_reader() {
        assertThat(Readers.all()).containsOnlyKeys(DocumentType.values());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "met: false, owner: team-fulfilment, due: \"2099-12-31\" | met: false | 1 | /conditions/0",
                "met: false, owner: team-fulfilment, due: \"2099-12-31\" | met: true | 0 | ''",
                "decision: approved | decision: approved | 0 | ''",
                "- {text: Delete drafts after a month, met: false, owner: team-fulfilment, due: \"2099-12-31\"} | '' | 1 | /decision",
            })
    void a_condition_of_an_assessment_that_is_nobodys_is_counted(String from, String to, long untracked, String place)
            throws Exception {
        String text = Files.readString(Path.of("src/test/resources/samples/declared/dpia.yaml"));
        assertThat(text).contains(from);
        String sent = to.isEmpty() ? text.replace("conditions:\n" + from + "\n", "") : text.replace(from, to);
        Reading reading = new DpiaReader().read(() -> new ByteArrayInputStream(sent.getBytes(StandardCharsets.UTF_8)));
        assertThat(reading.summary()).containsEntry("untrackedConditions", untracked);
        assertThat(reading.findings())
                .filteredOn(finding -> finding.counts().contains("untrackedConditions"))
                .hasSize((int) untracked)
                .allMatch(finding -> finding.place().contains(place));
    }

    /** From a verdict to a line, whether its rows say why or not. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "false | [] | /summary | failed",
                "null | [{\"consumer\":{\"name\":\"a\"},\"provider\":{\"name\":\"b\"},\"verificationResult\":null}] | /matrix/0 | unverified",
            })
    void what_a_broker_does_not_allow_leads_to_a_line(String deployable, String matrix, String place, String severity)
            throws Exception {
        String answer =
                "{\"summary\": {\"deployable\": %s, \"reason\": \"a reason\", \"unknown\": %d},\n\"matrix\": %s}"
                        .formatted(deployable, deployable.equals("null") ? 1 : 0, matrix);
        Reading reading =
                new PactReader().read(() -> new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)));
        assertThat(reading.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.place()).contains(place);
            assertThat(finding.severity()).isEqualTo(severity);
        });
        assertThat(reading.summary()).containsEntry("deployable", 0L);
    }
}
