package dev.countersign.rollout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.release.HeldFacts;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class RolloutStore implements Rollouts {
    /** What a column for a reason or a sentence holds; the timeline and the log keep the whole text. */
    private static final int LONGEST = 2000;

    private static final String ROLLOUT = "rollout";

    private final JdbcClient jdbc;
    private final HeldFacts facts;
    private final Releases releases;
    private final ObjectMapper json;
    private final Clock clock;

    RolloutStore(JdbcClient jdbc, HeldFacts facts, Releases releases, ObjectMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.facts = facts;
        this.releases = releases;
        this.json = json;
        this.clock = clock;
    }

    @Override
    public Optional<Rollout> find(String releaseKey) {
        return facts.read(releaseKey, ROLLOUT, () -> jdbc.sql("select * from rollout where release_key = ?")
                .param(releaseKey)
                .query(this::row)
                .optional());
    }

    /**
     * Holds the rollout's row until the transaction ends: whoever changes the split holds it. The release's row comes first, as where a dossier changes: two that
     * lock in different orders wait for each other.
     */
    Rollout lock(String releaseKey) {
        return lockWhereThere(releaseKey).orElseThrow(() -> noRollout(releaseKey));
    }

    Optional<Rollout> lockWhereThere(String releaseKey) {
        releases.lock(releaseKey);
        facts.changed(releaseKey, ROLLOUT);
        return facts.read(releaseKey, ROLLOUT, () -> jdbc.sql("select * from rollout where release_key = ? for update")
                .param(releaseKey)
                .query(this::row)
                .optional());
    }

    static StateConflict noRollout(String releaseKey) {
        return new StateConflict(releaseKey + " has no rollout");
    }

    void begin(String releaseKey, String service, String candidate, String baseline, RolloutPlan plan) {
        facts.changed(releaseKey, ROLLOUT);
        jdbc.sql(
                        """
                insert into rollout (release_key, service, candidate, baseline, plan, plan_version, status, step, wanted, actual, epoch, started_at, slot)
                values (?, ?, ?, ?, ?, ?, 'RUNNING', 1, 0, 0, 1, ?, ?)""")
                .params(releaseKey, service, candidate, baseline, write(plan), plan.version(), now(), service)
                .update();
    }

    /** The release whose candidate may stand beside the stable version of a service. */
    Optional<String> holderOf(String service) {
        return jdbc.sql("select release_key from rollout where slot = ?")
                .param(service)
                .query(String.class)
                .optional();
    }

    /** The release of a service that holds its place and names this flag. */
    Optional<String> holderOfFlag(String service, String flag) {
        return jdbc.sql(
                        "select release_key from rollout join release on key_ = release_key where slot = ? and flag = ?")
                .params(service, flag)
                .query(String.class)
                .optional();
    }

    boolean holdsSlot(String releaseKey) {
        return jdbc.sql("select count(*) from rollout where release_key = ? and slot is not null")
                        .param(releaseKey)
                        .query(Integer.class)
                        .single()
                > 0;
    }

    void takeSlot(String releaseKey) {
        facts.changed(releaseKey, ROLLOUT);
        jdbc.sql("update rollout set slot = service where release_key = ?")
                .param(releaseKey)
                .update();
    }

    /** @return whether it held one */
    boolean freeSlot(String releaseKey) {
        facts.changed(releaseKey, ROLLOUT);
        return jdbc.sql("update rollout set slot = null where release_key = ? and slot is not null")
                        .param(releaseKey)
                        .update()
                > 0;
    }

    /** Those that hold their service, oldest first. */
    List<Rollout> underWay() {
        return jdbc.sql("select * from rollout where slot is not null order by started_at, release_key")
                .query(this::row)
                .list();
    }

    /** The releases that may wait for the slot of a service: at their rollout, without one. */
    List<String> waitingFor(String service) {
        return jdbc.sql(
                        """
                select key_ from release where service = ? and state in ('ROLLING_OUT', 'HELD')
                  and not exists (select 1 from rollout where release_key = key_ and slot is not null)""")
                .param(service)
                .query(String.class)
                .list();
    }

    void split(String releaseKey, double wanted, double actual) {
        facts.changed(releaseKey, ROLLOUT);
        jdbc.sql("update rollout set wanted = ?, actual = ? where release_key = ?")
                .params(wanted, actual, releaseKey)
                .update();
    }

    void wanted(String releaseKey, double share) {
        facts.changed(releaseKey, ROLLOUT);
        jdbc.sql("update rollout set wanted = ? where release_key = ?")
                .params(share, releaseKey)
                .update();
    }

    /** The router has not confirmed what it was told. */
    void unconfirmed(String releaseKey) {
        facts.changed(releaseKey, ROLLOUT);
        jdbc.sql("update rollout set actual = null where release_key = ?")
                .param(releaseKey)
                .update();
    }

    void status(String releaseKey, Status status, String because, int epoch) {
        facts.changed(releaseKey, ROLLOUT);
        jdbc.sql("update rollout set status = ?, status_because = ?, epoch = ? where release_key = ?")
                .params(status.name(), cut(because), epoch, releaseKey)
                .update();
    }

    void trip(String releaseKey, Instant at, String by, String because) {
        facts.changed(releaseKey, ROLLOUT);
        jdbc.sql("update rollout set tripped_at = ?, tripped_by = ?, tripped_because = ? where release_key = ?")
                .params(at.atOffset(ZoneOffset.UTC), by, cut(because), releaseKey)
                .update();
    }

    void trafficIsBack(String releaseKey) {
        facts.changed(releaseKey, ROLLOUT);
        jdbc.sql("update rollout set traffic_back_at = ? where release_key = ? and traffic_back_at is null")
                .params(now(), releaseKey)
                .update();
    }

    void step(String releaseKey, int step) {
        facts.changed(releaseKey, ROLLOUT);
        jdbc.sql("update rollout set step = ? where release_key = ?")
                .params(step, releaseKey)
                .update();
    }

    /** To the next step, or to the end where there is none. */
    void advance(Rollout rollout) {
        if (rollout.step() < rollout.plan().steps().size()) {
            step(rollout.releaseKey(), rollout.step() + 1);
        } else {
            finish(rollout.releaseKey(), Status.COMPLETE);
        }
    }

    void finish(String releaseKey, Status status) {
        facts.changed(releaseKey, ROLLOUT);
        jdbc.sql("update rollout set status = ?, finished_at = ? where release_key = ?")
                .params(status.name(), now(), releaseKey)
                .update();
    }

    void startStep(Rollout rollout, RolloutPlan.Step step, String observation) {
        jdbc.sql(
                        "insert into rollout_step (release_key, step, epoch, share, observation, started_at, clock_since, paused_at) values (?, ?, ?, ?, ?, ?, ?, ?)")
                .param(1, rollout.releaseKey())
                .param(2, step.number())
                .param(3, rollout.epoch())
                .param(4, step.share())
                .param(5, observation)
                .param(6, now())
                .param(7, now())
                .param(8, rollout.status() == Status.PAUSED ? now() : null, Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
    }

    void pauseStep(String observation) {
        jdbc.sql("update rollout_step set paused_at = ? where observation = ? and paused_at is null")
                .params(now(), observation)
                .update();
    }

    void resumeStep(String observation) {
        jdbc.sql("update rollout_step set paused_at = null, clock_since = ? where observation = ?")
                .params(now(), observation)
                .update();
    }

    /** @param since when the step's clock began: with the step, or anew after a pause @param pausedAt null while it is not paused */
    record Clocked(Instant since, Instant pausedAt) {}

    Optional<Clocked> clockOf(String observation) {
        return jdbc.sql(
                        "select coalesce(clock_since, started_at) as since, paused_at from rollout_step where observation = ?")
                .param(observation)
                .query((row, number) -> new Clocked(instant(row, "since"), instant(row, "paused_at")))
                .optional();
    }

    boolean hasStep(String observation) {
        return jdbc.sql("select count(*) from rollout_step where observation = ?")
                        .param(observation)
                        .query(Integer.class)
                        .single()
                > 0;
    }

    void endStep(String observation, String verdict, String sentence) {
        jdbc.sql(
                        "update rollout_step set ended_at = ?, verdict = ?, sentence = ? where observation = ? and ended_at is null")
                .params(now(), verdict, cut(sentence), observation)
                .update();
    }

    /** Ends whatever is watched now, a step or the stabilisation. */
    void endSteps(String releaseKey, String verdict, String sentence) {
        jdbc.sql(
                        "update rollout_step set ended_at = ?, verdict = ?, sentence = ? where release_key = ? and ended_at is null")
                .params(now(), verdict, cut(sentence), releaseKey)
                .update();
    }

    boolean hasPassed(String observation) {
        return jdbc.sql("select count(*) from rollout_step where observation = ? and verdict = 'PASS'")
                        .param(observation)
                        .query(Integer.class)
                        .single()
                > 0;
    }

    @Override
    public List<StepRecord> stepsOf(String releaseKey) {
        return jdbc.sql("select * from rollout_step where release_key = ? order by id")
                .param(releaseKey)
                .query((row, n) -> new StepRecord(
                        row.getInt("step"),
                        row.getInt("epoch"),
                        row.getDouble("share"),
                        row.getString("observation"),
                        instant(row, "started_at"),
                        instant(row, "ended_at"),
                        row.getString("verdict"),
                        row.getString("sentence")))
                .list();
    }

    private Rollout row(ResultSet row, int number) throws SQLException {
        return new Rollout(
                row.getString("release_key"),
                row.getString("service"),
                row.getString("candidate"),
                row.getString("baseline"),
                read(row.getString("plan")),
                Status.valueOf(row.getString("status")),
                row.getString("status_because"),
                row.getInt("step"),
                row.getDouble("wanted"),
                row.getObject("actual", Double.class),
                row.getInt("epoch"),
                instant(row, "started_at"),
                instant(row, "finished_at"),
                instant(row, "tripped_at"),
                row.getString("tripped_by"),
                row.getString("tripped_because"),
                instant(row, "traffic_back_at"));
    }

    private static String cut(String text) {
        return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    private String write(RolloutPlan plan) {
        try {
            return json.writeValueAsString(plan);
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(broken);
        }
    }

    private RolloutPlan read(String plan) {
        try {
            return json.readValue(plan, RolloutPlan.class);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException("A rollout's plan is not JSON", broken);
        }
    }
}
