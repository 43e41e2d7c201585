package dev.countersign.rollout.reported;

import static dev.countersign.rollout.reported.ReportedOfTest.COMMIT;
import static dev.countersign.rollout.reported.ReportedOfTest.DIGEST;
import static dev.countersign.rollout.reported.ReportedOfTest.at;
import static dev.countersign.rollout.reported.ReportedOfTest.github;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.release.DeploymentReport;
import dev.countersign.release.DeploymentReport.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.CannotAcquireLockException;

/** Which deployments a release accounts for. */
@Tag("database")
@Tag("E2")
class ComparedDeploymentsTests {
    private static final String OTHER = "f95f852bd8fca8fcc58a9a2d6c842781e32a215e";
    private final ReportedOfTest reported = new ReportedOfTest();

    @Test
    void what_was_cleared_when_it_began_is_approved_and_nobody_is_told() {
        reported.release("checkout@2.0.0", COMMIT.toUpperCase(), "production", "ROLLING_OUT", "08:00:00", "08:05:00")
                .report(github("1", "09:00:00", State.SUCCESS));
        assertThat(reported.only().standing()).isEqualTo(Standing.APPROVED);
        assertThat(reported.only().release()).isEqualTo("checkout@2.0.0");
        assertThat(reported.only().service()).isEqualTo("checkout");
        assertThat(reported.mails).isEmpty();
        assertThat(reported.leaves).containsExactly("deployment.approved github:1 SUCCESS");
    }

    @Test
    void what_no_release_carries_went_past_the_platform() {
        reported.release("checkout@2.0.0", OTHER, "production", "ROLLING_OUT", "08:00:00", "08:05:00")
                .report(github("1", "09:00:00", State.SUCCESS));
        assertThat(reported.only().standing()).isEqualTo(Standing.UNAPPROVED);
        assertThat(reported.only().because()).isEqualTo("No release of checkout carries " + COMMIT);
        assertThat(reported.mails).singleElement().satisfies(mail -> {
            assertThat(mail.groups()).containsExactly("release-manager");
            assertThat(mail.subject()).isEqualTo("A deployment went past the platform: checkout");
        });
        assertThat(reported.leaves).containsExactly("deployment.unapproved github:1 SUCCESS");
    }

    @Test
    void a_release_that_is_cleared_afterwards_does_not_take_it_off_the_record() {
        reported.report(github("1", "09:00:00", State.RUNNING));
        reported.release("checkout@2.0.0", COMMIT, "production", "ROLLING_OUT", "09:00:01", "09:10:00")
                .report(github("1", "09:00:00", State.SUCCESS));
        assertThat(reported.only().standing()).isEqualTo(Standing.UNAPPROVED);
        assertThat(reported.only().because()).isEqualTo("checkout@2.0.0 carries it, but it had no clearance then");
        assertThat(reported.mails).hasSize(1);
        assertThat(reported.leaves)
                .containsExactly("deployment.unapproved github:1 RUNNING", "deployment.unapproved github:1 SUCCESS");
    }

    @ParameterizedTest(name = "cleared {0} to {1} or {2}: {3}")
    @CsvSource(
            nullValues = "-",
            value = {
                "08:00:00, -, -, APPROVED",
                "09:00:00, -, -, APPROVED",
                "09:00:01, -, -, UNAPPROVED",
                "08:00:00, 08:59:59, -, UNAPPROVED",
                "08:00:00, 09:00:00, -, UNAPPROVED",
                "08:00:00, 09:00:01, -, APPROVED",
                "08:00:00, -, 08:30:00, UNAPPROVED",
                "08:00:00, -, 09:30:00, APPROVED",
                "08:00:00, 08:30:00, 09:30:00, UNAPPROVED",
                "08:00:00, 09:30:00, 08:30:00, UNAPPROVED",
            })
    void a_clearance_counts_while_it_lasts(String from, String revoked, String until, Standing standing) {
        reported.release("checkout@2.0.0", COMMIT, "production", "SCHEDULED", null, "08:05:00")
                .cleared("checkout@2.0.0", from, revoked, until);
        reported.report(github("1", "09:00:00", State.SUCCESS));
        assertThat(reported.only().standing()).isEqualTo(standing);
    }

    @Test
    void a_clearance_given_anew_counts_beside_the_one_that_was_revoked() {
        reported.release("checkout@2.0.0", COMMIT, "production", "ROLLING_OUT", null, "08:05:00")
                .cleared("checkout@2.0.0", "07:00:00", "07:30:00", null);
        reported.cleared("checkout@2.0.0", "08:00:00", null, null);
        reported.report(github("1", "09:00:00", State.SUCCESS), github("2", "07:40:00", State.SUCCESS));
        assertThat(reported.all())
                .extracting(Kept::id, Kept::standing)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("github:1", Standing.APPROVED),
                        org.assertj.core.groups.Tuple.tuple("github:2", Standing.UNAPPROVED));
    }

    @Test
    void a_release_into_another_environment_accounts_for_nothing_in_production() {
        reported.release("checkout@2.0.0", COMMIT, "staging", "STABLE", "08:00:00", "08:30:00")
                .report(github("1", "09:00:00", State.SUCCESS));
        assertThat(reported.only().standing()).isEqualTo(Standing.UNAPPROVED);
        assertThat(reported.only().because()).isEqualTo("checkout@2.0.0 carries it, but into staging");
    }

    @ParameterizedTest
    @CsvSource({"ABORTED, aborted", "ROLLED_BACK, rolled back", "REJECTED, rejected"})
    void a_release_that_was_given_up_accounts_for_nothing_from_then_on(String state, String word) {
        reported.release("checkout@2.0.0", COMMIT, "production", state, "08:00:00", "09:30:00")
                .report(github("1", "09:00:00", State.SUCCESS), github("2", "09:30:00", State.SUCCESS));
        assertThat(reported.all()).extracting(Kept::standing).containsExactly(Standing.UNAPPROVED, Standing.APPROVED);
        assertThat(reported.all().get(0).because())
                .isEqualTo("checkout@2.0.0 carries it, but it was %s then".formatted(word));
    }

    @Test
    void going_back_to_the_stable_version_is_approved_until_another_one_is_stable() {
        reported.release("checkout@1.0.0", COMMIT, "production", "STABLE", "05:00:00", "06:00:00")
                .release("checkout@2.0.0", OTHER, "production", "ROLLED_BACK", "08:00:00", "09:10:00")
                .report(github("1", "09:05:00", State.SUCCESS));
        assertThat(reported.only().standing()).isEqualTo(Standing.APPROVED);
        reported.release("checkout@3.0.0", OTHER, "production", "STABLE", "10:00:00", "10:30:00")
                .report(github("2", "10:29:00", State.SUCCESS), github("3", "10:31:00", State.SUCCESS));
        assertThat(reported.all())
                .extracting(Kept::standing)
                .containsExactly(Standing.UNAPPROVED, Standing.APPROVED, Standing.APPROVED);
        assertThat(reported.all().get(0).because())
                .isEqualTo("checkout@1.0.0 carries it, but another version has become stable since");
    }

    @Test
    void a_release_of_another_service_or_repository_accounts_for_nothing() {
        reported.release("orders@2.0.0", COMMIT, "production", "STABLE", "05:00:00", "06:00:00")
                .report(github("1", "09:00:00", State.SUCCESS));
        assertThat(reported.only().standing()).isEqualTo(Standing.UNAPPROVED);
    }

    @Test
    void of_services_that_share_a_repository_the_one_whose_release_carries_it_is_meant() {
        reported.release("search@2.0.0", COMMIT, "production", "ROLLING_OUT", "08:00:00", "08:30:00")
                .report(
                        github("1", "acme/shop", "production", COMMIT, "09:00:00", State.SUCCESS),
                        github("2", "acme/shop", "production", OTHER, "09:01:00", State.SUCCESS));
        assertThat(reported.all())
                .extracting(Kept::service, Kept::standing)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(null, Standing.UNAPPROVED),
                        org.assertj.core.groups.Tuple.tuple("search", Standing.APPROVED));
        assertThat(reported.all().get(0).because()).startsWith("No release of cart or search carries");
    }

    @Test
    void an_artifact_is_known_by_its_digest_where_no_commit_is_named() {
        DeploymentReport event = new DeploymentReport(
                "cdevents",
                "e1",
                "/ci/stock-2",
                "production",
                null,
                DIGEST,
                State.SUCCESS,
                at("09:00:00"),
                at("09:00:00"),
                at("09:00:00"),
                at("09:00:00"),
                null);
        reported.release("stock@2.0.0", OTHER, "production", "STABILISING", "08:00:00", "08:30:00")
                .report(event);
        assertThat(reported.only().standing()).isEqualTo(Standing.APPROVED);
        assertThat(reported.only().service()).isEqualTo("stock");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "PRODUCTION, UNAPPROVED",
                "prod, UNAPPROVED",
                "Live EU, UNAPPROVED",
                "blue, UNAPPROVED",
                "staging, ELSEWHERE",
                "qa, ELSEWHERE",
                "production-2, UNKNOWN",
                "github-pages, UNKNOWN",
                "-, UNKNOWN",
            })
    void only_environments_that_the_catalog_calls_production_are_counted(String environment, Standing standing) {
        reported.report(github("1", "acme/checkout", environment, COMMIT, "09:00:00", State.SUCCESS));
        assertThat(reported.only().standing()).isEqualTo(standing);
        assertThat(reported.mails).hasSize(standing == Standing.UNAPPROVED ? 1 : 0);
        assertThat(reported.leaves).hasSize(standing == Standing.UNAPPROVED ? 1 : 0);
        StoredReports counted = new StoredReports(reported.store);
        assertThat(counted.unapproved(Instant.EPOCH, ReportedOfTest.NOW))
                .hasSize(standing == Standing.UNAPPROVED ? 1 : 0)
                .hasSize((int) counted.countUnapproved(Instant.EPOCH, ReportedOfTest.NOW));
    }

    @Test
    void one_that_waits_is_compared_when_it_begins() {
        reported.report(github("1", "09:00:00", State.WAITING));
        assertThat(reported.only().standing()).isEqualTo(Standing.WAITING);
        reported.release("checkout@2.0.0", COMMIT, "production", "SCHEDULED", "09:10:00", "09:10:00");
        DeploymentReport run = github("1", "09:20:00", State.RUNNING);
        reported.report(run);
        assertThat(reported.only().standing()).isEqualTo(Standing.APPROVED);
        assertThat(reported.only().report().begin()).isEqualTo(at("09:20:00"));
        assertThat(reported.only().report().createdAt()).isEqualTo(at("09:00:00"));
        assertThat(reported.mails).isEmpty();
    }

    @Test
    void one_that_was_held_back_there_and_ended_without_beginning_deployed_nothing() {
        reported.report(held("1"));
        DeploymentReport failed = github("1", "09:00:00", State.FAILURE);
        reported.report(new DeploymentReport(
                failed.source(),
                failed.id(),
                failed.repository(),
                failed.environment(),
                failed.commit(),
                null,
                State.FAILURE,
                failed.createdAt(),
                null,
                failed.finishedAt(),
                failed.statedAt(),
                null));
        assertThat(reported.only().standing()).isEqualTo(Standing.WAITING);
        assertThat(reported.mails).isEmpty();
        // One that was let go and then failed is an attempt.
        reported.report(held("2"), github("2", "09:01:00", State.RUNNING), failed("2"));
        assertThat(reported.mails).hasSize(1);
    }

    private static DeploymentReport held(String id) {
        DeploymentReport waiting = github(id, "09:00:00", State.WAITING);
        return new DeploymentReport(
                waiting.source(),
                id,
                waiting.repository(),
                waiting.environment(),
                waiting.commit(),
                null,
                State.HELD,
                waiting.createdAt(),
                null,
                null,
                waiting.statedAt(),
                null);
    }

    private static DeploymentReport failed(String id) {
        return github(id, "09:02:00", State.FAILURE);
    }

    @Test
    void reports_of_one_deployment_say_the_same_in_whichever_order_they_come() {
        List<DeploymentReport> said = new ArrayList<>(List.of(
                github("1", "09:00:00", State.WAITING),
                github("1", "09:01:00", State.RUNNING),
                github("1", "09:02:00", State.SUCCESS),
                github("1", "09:04:00", State.FAILURE)));
        List<Kept> kept = new ArrayList<>();
        for (int turn = 0; turn < said.size(); turn++) {
            ReportedOfTest fresh = new ReportedOfTest();
            said.forEach(fresh::report);
            kept.add(fresh.only());
            assertThat(fresh.mails).hasSize(1);
            Collections.rotate(said, 1);
        }
        assertThat(kept.stream().map(Kept::report).distinct()).singleElement().satisfies(one -> {
            assertThat(one.state()).isEqualTo(State.FAILURE);
            assertThat(one.finishedAt()).isEqualTo(at("09:05:00"));
            assertThat(one.startedAt()).isEqualTo(at("09:01:00"));
            assertThat(one.createdAt()).isEqualTo(at("09:00:00"));
        });
    }

    @Test
    void many_come_in_with_as_many_statements_as_one_and_one_mail_tells_of_all() {
        reported.release("checkout@2.0.0", OTHER, "production", "STABLE", "05:00:00", "06:00:00");
        long one = statements(List.of(github("0", "09:00:00", State.SUCCESS)));
        List<DeploymentReport> hundred = IntStream.rangeClosed(1, 100)
                .mapToObj(n -> github("n" + n, "09:00:00", State.SUCCESS))
                .toList();
        assertThat(statements(hundred)).isEqualTo(one).isLessThan(8);
        assertThat(reported.all()).hasSize(101);
        assertThat(reported.mails).hasSize(2);
        assertThat(reported.mails.get(1).subject()).isEqualTo("100 deployments went past the platform");
        assertThat(reported.mails.get(1).lines()).hasSize(22).last().isEqualTo("And 80 more: the page has them all.");
        // Nothing new: looked at, and nothing written.
        assertThat(statements(hundred)).isLessThan(one);
        assertThat(reported.mails).hasSize(2);
    }

    @Test
    void reports_of_one_deployment_that_come_at_the_same_time_are_one_on_record() throws Exception {
        int senders = 4;
        CyclicBarrier together = new CyclicBarrier(senders);
        ExecutorService threads = Executors.newFixedThreadPool(senders);
        try {
            List<Future<?>> sent = new ArrayList<>();
            for (int sender = 0; sender < senders; sender++) {
                State state = sender % 2 == 0 ? State.RUNNING : State.SUCCESS;
                sent.add(threads.submit(() -> {
                    together.await(20, TimeUnit.SECONDS);
                    reported.report(github("1", "09:00:00", state));
                    return null;
                }));
            }
            for (Future<?> one : sent) {
                one.get(20, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(reported.only().report().state()).isEqualTo(State.SUCCESS);
        assertThat(reported.mails).hasSize(1);
    }

    private long statements(List<DeploymentReport> reports) {
        long before = calls();
        reported.statements.on();
        reported.report(reports.toArray(DeploymentReport[]::new));
        reported.statements.off();
        return calls() - before;
    }

    private long calls() {
        return reported.statements.byTable().values().stream()
                .mapToLong(dev.countersign.Statements.Count::calls)
                .sum();
    }

    @Test
    void a_repository_that_no_service_declares_is_told_of_once_and_counted_each_time() {
        reported.report(github("1", "acme/unheard-of", "production", COMMIT, "09:00:00", State.SUCCESS));
        reported.report(
                github("2", "acme/unheard-of", "production", COMMIT, "10:00:00", State.SUCCESS),
                github("3", "acme/another", "production", COMMIT, "10:00:00", State.SUCCESS));
        assertThat(reported.mails)
                .extracting(mail -> mail.subject())
                .containsExactly(
                        "A deployment went past the platform: acme/unheard-of",
                        "A deployment went past the platform: acme/another");
        assertThat(reported.store.counted()).singleElement().satisfies(counted -> {
            assertThat(counted.service()).isNull();
            assertThat(counted.deployments()).isEqualTo(3);
        });
    }

    @Test
    void nor_does_a_later_report_of_the_same_deployment_with_a_commit_that_is_approved() {
        reported.release("checkout@2.0.0", OTHER, "production", "STABLE", "05:00:00", "06:00:00")
                .report(github("1", "09:00:00", State.RUNNING));
        reported.report(github("1", "acme/checkout", "production", OTHER, "09:00:00", State.SUCCESS));
        assertThat(reported.only().standing()).isEqualTo(Standing.UNAPPROVED);
        assertThat(reported.only().report().commit()).isEqualTo(COMMIT);
    }

    @Test
    void no_later_change_of_what_it_is_called_takes_it_off_the_record() {
        reported.report(github("1", "09:00:00", State.RUNNING));
        reported.report(github("1", "acme/checkout", "staging", COMMIT, "09:00:00", State.SUCCESS));
        assertThat(reported.only().standing()).isEqualTo(Standing.UNAPPROVED);
    }

    /** As GitHub's webhooks say it: an end names no beginning. */
    private static DeploymentReport ended(String id, String at, State state) {
        DeploymentReport asked = github(id, "09:00:00", State.WAITING);
        return new DeploymentReport(
                asked.source(),
                id,
                asked.repository(),
                asked.environment(),
                asked.commit(),
                null,
                state,
                asked.createdAt(),
                null,
                at(at),
                at(at),
                null);
    }

    @Test
    void what_is_said_to_run_after_its_end_does_not_begin_in_a_clearance_of_later() {
        reported.report(ended("1", "09:05:00", State.SUCCESS));
        reported.release("checkout@2.0.0", COMMIT, "production", "ROLLING_OUT", "10:00:00", "10:00:00");
        reported.report(github("1", "10:01:00", State.RUNNING));
        // Nor does a second end make room for it.
        reported.report(ended("1", "10:10:00", State.FAILURE));
        reported.report(github("1", "10:02:00", State.RUNNING));
        assertThat(reported.only().standing()).isEqualTo(Standing.UNAPPROVED);
        assertThat(reported.only().release()).isNull();
        assertThat(reported.only().report().begin()).isEqualTo(at("09:00:00"));
        assertThat(reported.only().report().state()).isEqualTo(State.FAILURE);
    }

    @Test
    void nor_does_it_where_it_was_said_before_the_end_was() {
        reported.release("checkout@2.0.0", COMMIT, "production", "ROLLING_OUT", "10:00:00", "10:00:00");
        reported.report(ended("1", "10:10:00", State.FAILURE), github("1", "10:01:00", State.RUNNING));
        reported.report(ended("1", "09:05:00", State.SUCCESS));
        assertThat(reported.only().standing()).isEqualTo(Standing.UNAPPROVED);
        assertThat(reported.only().report().begin()).isEqualTo(at("09:00:00"));
    }

    @Test
    void one_that_waited_for_its_clearance_and_whose_end_came_in_first_is_put_right() {
        reported.release("checkout@2.0.0", COMMIT, "production", "ROLLING_OUT", "09:10:00", "09:10:00");
        reported.report(ended("1", "09:30:00", State.SUCCESS));
        assertThat(reported.only().standing()).isEqualTo(Standing.UNAPPROVED);
        DeploymentReport begun = github("1", "09:20:00", State.RUNNING);
        reported.report(begun);
        assertThat(reported.only().standing()).isEqualTo(Standing.APPROVED);
        assertThat(reported.only().report().begin()).isEqualTo(at("09:20:00"));
    }

    @Test
    void a_clearance_that_is_dated_back_does_not_take_it_off_the_record() {
        reported.report(github("1", "09:00:00", State.RUNNING));
        reported.release("checkout@2.0.0", COMMIT, "production", "ROLLING_OUT", "08:00:00", "08:00:00");
        reported.report(github("1", "09:00:00", State.SUCCESS));
        assertThat(reported.only().standing()).isEqualTo(Standing.UNAPPROVED);
        assertThat(reported.only().release()).isNull();
    }

    private static DeploymentReport event(String id, String commit, String digest) {
        Instant at = at("09:00:00");
        return new DeploymentReport(
                "cdevents", id, "/ci/stock", "production", commit, digest, State.SUCCESS, at, at, at, at, null);
    }

    @Test
    void a_digest_and_a_commit_that_are_both_named_have_to_be_of_one_release() {
        String other = "sha256:" + "b".repeat(64);
        reported.release("stock@2.0.0", COMMIT, "production", "STABILISING", "08:00:00", "08:30:00")
                .report(
                        event("1", COMMIT, DIGEST),
                        event("2", COMMIT, other),
                        event("3", OTHER, DIGEST),
                        event("4", COMMIT, null),
                        event("5", null, DIGEST));
        assertThat(reported.all())
                .extracting(Kept::id, Kept::standing)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("cdevents:1", Standing.APPROVED),
                        org.assertj.core.groups.Tuple.tuple("cdevents:2", Standing.UNAPPROVED),
                        org.assertj.core.groups.Tuple.tuple("cdevents:3", Standing.UNAPPROVED),
                        org.assertj.core.groups.Tuple.tuple("cdevents:4", Standing.APPROVED),
                        org.assertj.core.groups.Tuple.tuple("cdevents:5", Standing.APPROVED));
        assertThat(reported.all().get(1).because())
                .isEqualTo("stock@2.0.0 is of this commit, but none of its artifacts is " + other);
        assertThat(reported.all().get(2).because())
                .isEqualTo("stock@2.0.0 has this artifact, but is not of commit " + OTHER);
    }

    @Test
    void what_is_named_only_afterwards_does_not_take_it_off_the_record() {
        reported.release("stock@2.0.0", COMMIT, "production", "STABILISING", "08:00:00", "08:30:00")
                .report(event("1", null, null));
        reported.report(event("1", COMMIT, DIGEST));
        assertThat(reported.only().standing()).isEqualTo(Standing.UNAPPROVED);
        assertThat(reported.only().report().commit()).isNull();
        assertThat(reported.only().because()).isEqualTo("It names neither a commit nor a digest");
    }

    @Test
    void of_a_repository_that_services_share_each_deployment_is_told_of() {
        reported.report(github("1", "acme/shop", "production", COMMIT, "09:00:00", State.SUCCESS));
        reported.report(github("2", "acme/shop", "production", COMMIT, "10:00:00", State.SUCCESS));
        reported.report(github("2", "acme/shop", "production", COMMIT, "10:00:00", State.FAILURE));
        assertThat(reported.mails).hasSize(2);
    }

    @Test
    void a_release_that_names_only_the_beginning_of_its_commit_accounts_for_nothing_and_is_named() {
        reported.release("checkout@2.0.0", COMMIT.substring(0, 7), "production", "ROLLING_OUT", "08:00:00", "08:05:00")
                .report(github("1", "09:00:00", State.SUCCESS));
        assertThat(reported.only().standing()).isEqualTo(Standing.UNAPPROVED);
        assertThat(reported.only().because())
                .isEqualTo("checkout@2.0.0 names only 6dcb09b, the beginning of a commit: what it was is not known");
    }

    @Test
    void what_the_database_could_not_take_in_beside_others_is_taken_in_again() {
        reported.deadlocks = 2;
        reported.report(github("1", "09:00:00", State.SUCCESS));
        assertThat(reported.only().standing()).isEqualTo(Standing.UNAPPROVED);
        reported.deadlocks = 3;
        assertThatThrownBy(() -> reported.report(github("2", "09:00:00", State.SUCCESS)))
                .isInstanceOf(CannotAcquireLockException.class);
        assertThat(reported.all()).hasSize(1);
    }
}
