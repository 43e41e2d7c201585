package dev.countersign.rollout.reported;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.Statements;
import dev.countersign.TestDatabase;
import dev.countersign.audit.Leaves;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Environment;
import dev.countersign.catalog.Service;
import dev.countersign.notice.Notices.Notice;
import dev.countersign.release.DeploymentReport;
import dev.countersign.release.DeploymentReport.State;
import dev.countersign.release.DeploymentsReported;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** What is reported, taken in on a real database, beside releases that a test writes. */
final class ReportedOfTest {
    static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    static final String COMMIT = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
    static final String DIGEST = "sha256:" + "a".repeat(64);

    /** One for all tests, emptied for each: on PostgreSQL making one takes longer than a test. */
    private static final DataSource DATABASE = TestDatabase.with(
            "V20__release.sql",
            "V205__hotfix.sql",
            "V280__reported_deployment.sql",
            "V281__reported_deployment_first_end.sql");

    final List<Notice> mails = new CopyOnWriteArrayList<>();
    final List<String> leaves = new CopyOnWriteArrayList<>();
    final Statements statements = new Statements();
    /** How many of the next commits the database refuses. */
    int deadlocks;

    final JdbcClient jdbc;
    final ReportedDeploymentStore store;
    final TakeReports take;
    final ReportedSearch search;

    ReportedOfTest() {
        DataSource source = statements.around(DATABASE);
        jdbc = JdbcClient.create(source);
        List.of("reported_deployment", "release_clearance", "release")
                .forEach(table -> jdbc.sql("delete from " + table).update());
        store = new ReportedDeploymentStore(jdbc, new JdbcTemplate(source));
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        search = new ReportedSearch(store, clock);
        Repositories repositories = new Repositories(catalog());
        take = new TakeReports(
                store,
                repositories,
                new Approvals(jdbc, new ObjectMapper()),
                new Telling(mails::add, store, repositories),
                new Leaves() {
                    @Override
                    public void record(String type, String release, String actor, Map<String, Object> content) {
                        leaves.add(type + " " + content.get("deployment") + " " + content.get("state"));
                    }

                    @Override
                    public void refused(String type, String release, String actor, Map<String, Object> content) {
                        throw new AssertionError(type);
                    }
                },
                clock,
                new JdbcTransactionManager(source) {
                    @Override
                    protected void doCommit(DefaultTransactionStatus status) {
                        if (deadlocks-- > 0) {
                            super.doRollback(status);
                            throw new CannotAcquireLockException("Chosen as the victim");
                        }
                        super.doCommit(status);
                    }
                });
    }

    private static Catalog catalog() {
        Catalog catalog = mock(Catalog.class);
        when(catalog.services())
                .thenReturn(List.of(
                        service("checkout", Map.of("github.com/project-slug", "acme/checkout")),
                        service("cart", Map.of("github.com/project-slug", "acme/shop")),
                        service("search", Map.of("github.com/project-slug", "Acme/Shop")),
                        service("orders", Map.of("gitlab.com/project-slug", "acme/orders")),
                        service("stock", Map.of("cdevents.dev/sources", "/ci/stock /ci/stock-2"))));
        when(catalog.environments())
                .thenReturn(List.of(
                        new Environment(
                                "staging", "", "", null, "", false, List.of("production", "blue", "live EU", "Qa")),
                        new Environment("production", "", "", null, "", true, List.of("Prod", "live eu", "staging")),
                        new Environment("blue", "", "", null, "", true, List.of())));
        return catalog;
    }

    private static Service service(String name, Map<String, String> annotations) {
        return new Service(
                name,
                name,
                "",
                null,
                null,
                null,
                "critical",
                "production",
                "on-call",
                false,
                List.of(),
                annotations,
                "");
    }

    static Instant at(String time) {
        return Instant.parse("2026-11-26T" + time + "Z");
    }

    /** Cleared from {@code since} on. */
    ReportedOfTest release(String key, String commit, String environment, String state, String since, String entered) {
        String service = key.substring(0, key.indexOf('@'));
        jdbc.sql("insert into release (key_, service, version, attempt, kind, state, state_since, closed, requested_by,"
                        + " environment, commit_, authors, artifacts, changes, depends_on, success_metrics, opened_at)"
                        + " values (?, ?, ?, 1, 'standard', ?, ?, false, 'ci', ?, ?, '[]', ?, '{}', '[]', '[]', ?)")
                .params(
                        key,
                        service,
                        key.substring(key.indexOf('@') + 1),
                        state,
                        utc(at(entered)),
                        environment,
                        commit,
                        "[{\"name\":\"a\",\"digest\":\"%s\"}]".formatted(DIGEST),
                        utc(at("01:00:00")))
                .update();
        if (since != null) {
            cleared(key, since, null, null);
        }
        return this;
    }

    void cleared(String key, String from, String revoked, String until) {
        jdbc.sql(
                        "insert into release_clearance (release_key, material_digest, granted_at, revoked_at, valid_until)"
                                + " values (:key, 'd', :from, cast(:revoked as timestamp with time zone), cast(:until as timestamp with time zone))")
                .param("key", key)
                .param("from", utc(at(from)))
                .param("revoked", revoked == null ? null : utc(at(revoked)), java.sql.Types.TIMESTAMP_WITH_TIMEZONE)
                .param("until", until == null ? null : utc(at(until)), java.sql.Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    void report(DeploymentReport... reports) {
        take.on(new DeploymentsReported(Arrays.asList(reports)));
    }

    /** Of {@code acme/checkout} into production; it runs from the time on. */
    static DeploymentReport github(String id, String began, State state) {
        return github(id, "acme/checkout", "production", COMMIT, began, state);
    }

    static DeploymentReport github(
            String id, String repository, String environment, String commit, String began, State state) {
        Instant at = at(began);
        return new DeploymentReport(
                "github",
                id,
                repository,
                environment,
                commit,
                null,
                state,
                at,
                state == State.WAITING ? null : at,
                state.isEnd() ? at.plusSeconds(60) : null,
                state.isEnd() ? at.plusSeconds(60) : at,
                "https://github.com/acme/checkout/deployments/production");
    }

    Kept only() {
        List<Kept> all = all();
        if (all.size() != 1) {
            throw new AssertionError(all);
        }
        return all.get(0);
    }

    List<Kept> all() {
        return store.list(
                new ReportedDeploymentStore.Asked(
                        java.util.Set.of(), null, null, Instant.EPOCH, NOW.plusSeconds(86_400)),
                0,
                500);
    }
}
