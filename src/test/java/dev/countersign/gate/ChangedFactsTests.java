package dev.countersign.gate;

import static dev.countersign.gate.GateFixture.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.evidence.reader.Readers;
import dev.countersign.evidence.reader.Reading;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.release.ChangeFacts.FactRaised;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Verdict;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a change-management system and a policy said is held against the release as it is now. The fixture's clock starts on 2026-11-24 at 09:00. */
class ChangedFactsTests {
    private final GateFixture fixture = new GateFixture();

    private Gate gate(String name) {
        return fixture.gates.find(KEY, name).orElseThrow();
    }

    private void receive(DocumentType type, String text) throws Exception {
        Reading reading =
                Readers.all().get(type).read(() -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        fixture.receive(fixture.withDetails(
                fixture.document(
                        type.id(), "system: record", reading.summary(), true, reading.gap(), reading.findings()),
                reading.details()));
    }

    private void record(String end) throws Exception {
        receive(
                DocumentType.CHANGE_RECORD,
                """
                {"document": "change-record", "subject": {"service": "checkout", "version": "2.0.0"}, "number": "CHG1",
                 "state": "scheduled", "scheduled": true, "requestedBy": ["mia"], "start": "2026-11-24T08:00:00Z", "end": "%s",
                 "approvals": [{"approver": "cab", "names": ["cab"], "decision": "approved", "at": null}],
                 "release": {"involved": ["developer"], "windowStart": null, "windowEnd": null}, "windowGap": null}"""
                        .formatted(end));
    }

    private Release in(ReleaseState state, Instant windowEnd) {
        Release now = fixture.release("critical", "standard", Map.of());
        return fixture.released(new Release(
                now.key(),
                now.service(),
                now.version(),
                now.attempt(),
                now.kind(),
                state,
                now.closed(),
                now.tier(),
                now.owner(),
                now.requestedBy(),
                now.summary(),
                now.environment(),
                now.commit(),
                now.committedAt(),
                now.authors(),
                now.artifacts(),
                now.changes(),
                windowEnd == null ? null : Instant.parse("2026-11-24T09:00:00Z"),
                windowEnd,
                now.dependsOn(),
                now.rfc(),
                now.successMetrics(),
                now.policy(),
                now.materialDigest(),
                now.openedAt(),
                now.stateSince()));
    }

    /** The plan of a critical service in production may take seven hours. */
    @ParameterizedTest(name = "{0}, window until {1}, record until {2}: {3}")
    @CsvSource({
        "GATES, , 2026-11-24T16:00:00Z, PASS",
        "GATES, , 2026-11-24T15:59:59Z, FAIL",
        "SCHEDULED, 2026-11-24T12:00:00Z, 2026-11-24T19:00:00Z, PASS",
        "SCHEDULED, 2026-11-24T12:00:00Z, 2026-11-24T18:59:59Z, FAIL",
        "SCHEDULED, 2026-11-23T12:00:00Z, 2026-11-24T16:00:00Z, PASS",
        "ROLLING_OUT, , 2026-11-24T09:00:00Z, PASS",
        "ROLLING_OUT, , 2026-11-24T08:59:59Z, FAIL",
    })
    @Tag("M2.4")
    void the_window_of_a_record_covers_the_rollout_until_its_longest_end(
            ReleaseState state, String windowEnd, String end, Verdict verdict) throws Exception {
        fixture.target("production");
        in(state, windowEnd == null ? null : Instant.parse(windowEnd));
        record(end);
        assertThat(gate("change-record").verdict())
                .as(gate("change-record").sentence())
                .isEqualTo(verdict);
        if (verdict == Verdict.FAIL) {
            assertThat(gate("change-record").findings())
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.title()).contains("the record's window end"));
            assertThat(gate("change-record").ruleVersion()).contains("rollout-plan");
        }
    }

    private void decided(boolean personalData) throws Exception {
        receive(
                DocumentType.OPA,
                """
                {"document": "opa", "subject": {"commit": "6dcb09b5b57875f334f61aebed695e2e4193db5e"}, "path": "countersign/release",
                 "input": {"changes": {"externalEndpoints": false, "authentication": false, "personalData": %s,
                   "databaseMigration": false, "infrastructure": true, "apiContract": false}},
                 "answer": {"decision_id": "d-1", "result": {"deny": []}}}"""
                        .formatted(personalData));
    }

    @Test
    @Tag("M4.2")
    void a_decision_of_a_policy_counts_for_the_facts_it_was_told_and_is_asked_for_anew() throws Exception {
        fixture.target("production");
        fixture.release("critical", "standard", Map.of("infrastructure", true));
        decided(false);
        assertThat(gate("infrastructure-compliance").verdict())
                .as(gate("infrastructure-compliance").sentence())
                .isEqualTo(Verdict.PASS);
        fixture.sources.soon.clear();
        fixture.release("critical", "standard", Map.of("infrastructure", true, "personalData", true));
        fixture.evaluation.on(new FactRaised(KEY, "personalData"));
        assertThat(fixture.sources.soon).containsOnlyOnce("opa");
        assertThat(gate("infrastructure-compliance").verdict()).isEqualTo(Verdict.NO_DATA);
        assertThat(gate("infrastructure-compliance").sentence()).contains("other change facts");
        decided(true);
        assertThat(gate("infrastructure-compliance").verdict())
                .as("with personal data the controls of GDPR have to be shown too: no decision of a policy does")
                .isEqualTo(Verdict.NO_DATA);
        assertThat(gate("infrastructure-compliance").sentence()).doesNotContain("other change facts");
    }

    @Test
    @Tag("M4.2")
    void nobody_is_asked_where_no_gate_reads_decisions() {
        fixture.target("production");
        fixture.release("critical", "standard", Map.of());
        fixture.evaluation.determine(KEY);
        fixture.sources.soon.clear();
        fixture.evaluation.on(new FactRaised(KEY, "personalData"));
        assertThat(fixture.sources.soon).isEqualTo(List.of());
    }
}
