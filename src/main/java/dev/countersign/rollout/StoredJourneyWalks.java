package dev.countersign.rollout;

import dev.countersign.observe.SyntheticJourneys;
import dev.countersign.observe.SyntheticJourneys.Side;
import dev.countersign.observe.SyntheticJourneys.Walk;
import dev.countersign.rollout.Rollouts.Rollout;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.BatchPreparedStatementSetter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class StoredJourneyWalks implements JourneyWalks {
    static final String STEP = "step";
    private static final String ROLLBACK = "rollback";
    private static final int LONGEST = 2000;

    private final JdbcClient jdbc;
    private final JdbcTemplate batch;
    private final SyntheticJourneys journeys;
    private final Clock clock;

    StoredJourneyWalks(JdbcTemplate batch, SyntheticJourneys journeys, Clock clock) {
        this.jdbc = JdbcClient.create(batch);
        this.batch = batch;
        this.journeys = journeys;
        this.clock = clock;
    }

    void keep(Rollout rollout, String phase, List<Walk> walks) {
        OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
        batch.batchUpdate(
                "insert into journey_walk (release_key, phase, step, epoch, journey, file_digest, side, verdict, sentence, took_ms,"
                        + " walked_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                new BatchPreparedStatementSetter() {
                    @Override
                    public void setValues(PreparedStatement row, int index) throws SQLException {
                        Walk walk = walks.get(index);
                        row.setString(1, rollout.releaseKey());
                        row.setString(2, phase);
                        row.setInt(3, rollout.step());
                        row.setInt(4, rollout.epoch());
                        row.setString(5, walk.journey());
                        row.setString(6, walk.digest());
                        row.setString(7, walk.side().name());
                        row.setString(8, walk.verdict());
                        row.setString(9, cut(walk.sentence()));
                        row.setLong(10, walk.took().toMillis());
                        row.setObject(11, now);
                    }

                    @Override
                    public int getBatchSize() {
                        return walks.size();
                    }
                });
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }

    @Override
    public boolean areDeclared(String service) {
        return journeys.areDeclared(service);
    }

    @Override
    public Duration longest(String service) {
        return journeys.longest(service);
    }

    @Override
    public List<Walk> afterRollback(Rollout rollout) {
        List<Walk> walks = journeys.walk(rollout.service(), List.of(Side.STABLE));
        if (!walks.isEmpty()) {
            keep(rollout, ROLLBACK, walks);
        }
        return walks;
    }

    /** To the epoch in which the step is watched anew: its share stands as it stood, and the walks with it. */
    void carry(Rollout rollout, int epoch) {
        jdbc.sql(
                        """
                        insert into journey_walk (release_key, phase, step, epoch, journey, file_digest, side, verdict, sentence, took_ms, walked_at)
                        select release_key, phase, step, cast(? as int), journey, file_digest, side, verdict, sentence, took_ms, walked_at
                        from journey_walk where release_key = ? and phase = ? and step = ? and epoch = ? order by id""")
                .params(epoch, rollout.releaseKey(), STEP, rollout.step(), rollout.epoch())
                .update();
    }

    /** What was walked in a step as it stands, the last walk of a journey last. */
    List<Walk> ofStep(Rollout rollout) {
        return jdbc.sql(
                        "select * from journey_walk where release_key = ? and phase = ? and step = ? and epoch = ? order by id")
                .params(rollout.releaseKey(), STEP, rollout.step(), rollout.epoch())
                .query((row, number) -> new Walk(
                        row.getString("journey"),
                        row.getString("file_digest"),
                        Side.valueOf(row.getString("side")),
                        row.getString("verdict"),
                        row.getString("sentence"),
                        Duration.ofMillis(row.getLong("took_ms"))))
                .list();
    }

    @Override
    public List<WalkRecord> of(String releaseKey, String service) {
        if (!journeys.areDeclared(service)) {
            return List.of();
        }
        return jdbc.sql("select * from journey_walk where release_key = ? order by id")
                .param(releaseKey)
                .query((row, number) -> new WalkRecord(
                        row.getString("phase"),
                        row.getInt("step"),
                        row.getInt("epoch"),
                        row.getString("journey"),
                        row.getString("file_digest"),
                        row.getString("side"),
                        row.getString("verdict"),
                        row.getString("sentence"),
                        row.getLong("took_ms"),
                        row.getObject("walked_at", OffsetDateTime.class).toInstant()))
                .list();
    }
}
