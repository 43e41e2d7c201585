package dev.countersign.rollout.reported;

import dev.countersign.release.DeploymentReport;
import dev.countersign.release.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table {@code reported_deployment}. Nothing is deleted from it: it is the population that auditors see. */
@Repository
class ReportedDeploymentStore {
    private static final int LONGEST = 1000;
    private final JdbcClient jdbc;
    private final JdbcTemplate batches;

    ReportedDeploymentStore(JdbcClient jdbc, JdbcTemplate batches) {
        this.jdbc = jdbc;
        this.batches = batches;
    }

    /** Held until the transaction ends: two reports of one deployment come in one after the other. */
    Map<String, Kept> held(Collection<String> ids) {
        Map<String, Kept> found = new HashMap<>();
        jdbc.sql("select * from reported_deployment where id in (:ids) order by id for update")
                .param("ids", ids)
                .query((row, n) -> kept(row))
                .list()
                .forEach(kept -> found.put(kept.id(), kept));
        return found;
    }

    /** @throws org.springframework.dao.DuplicateKeyException where one of them came in at the same time */
    void insert(List<Kept> all) {
        Rows rows = new Rows("reported_deployment (id, source, service, repository, environment, standing, release_key,"
                + " because, commit_, digest, state, created_at, started_at, finished_at, stated_at, began_at, address,"
                + " received_at, told_at, first_end_at)");
        all.forEach(one -> rows.add(
                one.id(),
                one.report().source(),
                one.service(),
                one.report().repository(),
                one.report().environment(),
                one.standing().name(),
                one.release(),
                cut(one.because()),
                one.report().commit(),
                one.report().digest(),
                one.report().state().name(),
                at(one.report().createdAt()),
                at(one.report().startedAt()),
                at(one.report().finishedAt()),
                at(one.report().statedAt()),
                at(one.report().begin()),
                one.report().address(),
                at(one.receivedAt()),
                at(one.toldAt()),
                at(one.firstEndAt())));
        rows.insert(jdbc);
    }

    void update(List<Kept> all) {
        if (all.isEmpty()) {
            return;
        }
        batches.batchUpdate(
                """
                update reported_deployment set service = ?, repository = ?, environment = ?, standing = ?, release_key = ?, because = ?, commit_ = ?,
                  digest = ?, state = ?, created_at = ?, started_at = ?, finished_at = ?, stated_at = ?, began_at = ?, address = ?, told_at = ?,
                  first_end_at = ?
                where id = ?""",
                all.stream()
                        .map(one -> new Object[] {
                            one.service(),
                            one.report().repository(),
                            one.report().environment(),
                            one.standing().name(),
                            one.release(),
                            cut(one.because()),
                            one.report().commit(),
                            one.report().digest(),
                            one.report().state().name(),
                            at(one.report().createdAt()),
                            at(one.report().startedAt()),
                            at(one.report().finishedAt()),
                            at(one.report().statedAt()),
                            at(one.report().begin()),
                            one.report().address(),
                            at(one.toldAt()),
                            at(one.firstEndAt()),
                            one.id()
                        })
                        .toList());
    }

    /** Of these repositories, those that no service declares and that somebody was told of already. */
    Set<String> toldStrangers(Collection<String> repositories) {
        return repositories.isEmpty()
                ? Set.of()
                : new HashSet<>(jdbc.sql(
                                "select distinct repository from reported_deployment where repository in (:repositories) and told_at is not null and service is null")
                        .param("repositories", repositories)
                        .query(String.class)
                        .list());
    }

    /** @param standings empty for all; null elsewhere: any */
    record Asked(Set<Standing> standings, String service, String source, Instant from, Instant to) {}

    /** By when they began, newest first. */
    List<Kept> list(Asked asked, int page, int size) {
        return where("select * from reported_deployment", asked, " order by began_at desc, id limit :size offset :skip")
                .param("size", size)
                .param("skip", (long) page * size)
                .query((row, n) -> kept(row))
                .list();
    }

    long count(Asked asked) {
        return where("select count(*) from reported_deployment", asked, "")
                .query(Long.class)
                .single();
    }

    /** Oldest first, however many. */
    List<Kept> unapproved(Instant from, Instant to) {
        return where(
                        "select * from reported_deployment",
                        new Asked(Set.of(Standing.UNAPPROVED), null, null, from, to),
                        " order by began_at, id")
                .query((row, n) -> kept(row))
                .list();
    }

    private JdbcClient.StatementSpec where(String select, Asked asked, String rest) {
        Map<String, Object> params = new HashMap<>();
        StringBuilder where = new StringBuilder(" where began_at >= :from and began_at < :to");
        params.put("from", at(asked.from()));
        params.put("to", at(asked.to()));
        if (!asked.standings().isEmpty()) {
            where.append(" and standing in (:standings)");
            params.put(
                    "standings", asked.standings().stream().map(Standing::name).toList());
        }
        if (asked.service() != null) {
            where.append(" and service = :service");
            params.put("service", asked.service());
        }
        if (asked.source() != null) {
            where.append(" and source = :source");
            params.put("source", asked.source());
        }
        return jdbc.sql(select + where + rest).params(params);
    }

    /** @param service null where none is known */
    record Counted(String service, String source, Standing standing, long deployments, Instant last) {}

    List<Counted> counted() {
        return jdbc.sql(
                        "select service, source, standing, count(*) as n, max(began_at) as last_at from reported_deployment group by service, source, standing")
                .query((row, n) -> new Counted(
                        row.getString("service"),
                        row.getString("source"),
                        Standing.valueOf(row.getString("standing")),
                        row.getLong("n"),
                        time(row, "last_at")))
                .list();
    }

    private static Kept kept(ResultSet row) throws SQLException {
        String id = row.getString("id");
        String source = row.getString("source");
        return new Kept(
                id,
                new DeploymentReport(
                        source,
                        id.substring(source.length() + 1),
                        row.getString("repository"),
                        row.getString("environment"),
                        row.getString("commit_"),
                        row.getString("digest"),
                        DeploymentReport.State.valueOf(row.getString("state")),
                        time(row, "created_at"),
                        time(row, "started_at"),
                        time(row, "finished_at"),
                        time(row, "stated_at"),
                        row.getString("address")),
                time(row, "first_end_at"),
                row.getString("service"),
                Standing.valueOf(row.getString("standing")),
                row.getString("release_key"),
                row.getString("because"),
                time(row, "received_at"),
                time(row, "told_at"));
    }

    private static String cut(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    }

    private static OffsetDateTime at(Instant time) {
        return time == null ? null : time.atOffset(ZoneOffset.UTC);
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
