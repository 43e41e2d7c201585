package dev.countersign.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.DatabaseTest;
import dev.countersign.incident.Incidents;
import dev.countersign.release.Releases;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What those who vote read of the releases before. */
@DatabaseTest
@Tag("M6.5")
class ChangeFailRateTests {
    private static final String SERVICE = "pricing-history";

    @Autowired
    private HistoryReviewing history;

    @Autowired
    private Incidents incidents;

    @Autowired
    private Releases releases;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void a_release_that_no_user_met_is_neither_a_deployment_nor_a_failed_one() {
        release("1.0.0", "STABLE");
        rolledBack("1.1.0", true);
        rolledBack("1.2.0", false);
        String next = release("1.3.0", "REVIEW");

        assertThat(history.figures(releases.get(next)).changeFailRate()).isEqualTo("50.0 % (1 of 2)");
    }

    @Test
    @Tag("M2.3")
    @Tag("E4")
    void an_incident_that_a_person_attributed_makes_a_stable_release_a_failed_one_and_is_shown() {
        String service = "pricing-elsewhere";
        release(service, "1.0.0", "STABLE");
        String caused = release(service, "1.1.0", "STABLE");
        String next = release(service, "1.2.0", "REVIEW");
        assertThat(history.figures(releases.get(next)).attributed()).isEmpty();

        OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC);
        jdbc.sql(
                        """
                        insert into reported_incident (source, source_id, number_, title, service, status, started_at, changed_at, sender,
                          received_at, escalations, release_key, attributed_by, attributed_at, attributed_because)
                        values ('pagerduty', 'Q-history', '77', 'Prices are zero', ?, 'TRIGGERED', ?, ?, 'pagerduty', ?, 0, ?, 'sre', ?, 'rounding')
                        """)
                .params(service, now, now, now, caused, now)
                .update();

        var figures = history.figures(releases.get(next));
        assertThat(figures.changeFailRate()).isEqualTo("50.0 % (1 of 2)");
        assertThat(figures.risk()).containsEntry("incidents90d", 1).containsEntry("attributedIncidents90d", 1);
        assertThat(figures.attributed()).singleElement().satisfies(one -> assertThat(ReviewBriefing.row(one))
                .containsEntry("incident", "pagerduty 77")
                .containsEntry("release", caused)
                .containsEntry("cause", "Prices are zero"));

        jdbc.sql("update reported_incident set status = 'CANCELLED' where source_id = 'Q-history'")
                .update();
        var without = history.figures(releases.get(next));
        assertThat(without.attributed()).as("it was none").isEmpty();
        assertThat(without.changeFailRate()).startsWith("0.0 %");
        assertThat(without.risk()).containsEntry("incidents90d", 0).containsEntry("attributedIncidents90d", 0);
    }

    private void rolledBack(String version, boolean exposed) {
        incidents.openForRollback(
                release(version, "ROLLED_BACK"),
                new Incidents.Trouble(
                        "Not today", "on-call", Instant.now(), Instant.now(), exposed, "Users are safe", false));
    }

    private String release(String version, String state) {
        return release(SERVICE, version, state);
    }

    private String release(String service, String version, String state) {
        String key = service + "@" + version;
        OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC);
        jdbc.sql("insert into release (key_, service, version, attempt, kind, state, state_since, closed, requested_by,"
                        + " environment, commit_, authors, artifacts, changes, depends_on, success_metrics, opened_at)"
                        + " values (?, ?, ?, 1, 'standard', ?, ?, true, 'ci', 'production', '6dcb',"
                        + " '[]', '[]', '{}', '[]', '[]', ?)")
                .params(key, service, version, state, now, now)
                .update();
        return key;
    }
}
