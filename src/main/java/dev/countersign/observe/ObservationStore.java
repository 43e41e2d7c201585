package dev.countersign.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.observe.FalseAlarms.FalseAlarm;
import dev.countersign.observe.MetricsSource.Sample;
import dev.countersign.observe.Observations.Judgement;
import dev.countersign.observe.Observations.Observation;
import dev.countersign.observe.Observations.Order;
import dev.countersign.observe.Observations.Triggers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class ObservationStore {
    private static final String SELECT = "select * from observation ";
    private final JdbcClient jdbc;
    private final JdbcTemplate batch;
    private final ObjectMapper json;
    private final OwnCountMemory ownCounts = new OwnCountMemory();

    ObservationStore(JdbcTemplate batch, ObjectMapper json) {
        this.jdbc = JdbcClient.create(batch);
        this.batch = batch;
        this.json = json;
    }

    /** @param last null where the baseline is beside the candidate */
    void insert(
            Order order,
            List<Objective> objectives,
            Double referenceP95Ms,
            List<BaselineLast> last,
            List<Segment> segments,
            Instant now) {
        jdbc.sql(
                        """
                        insert into observation (id, release_key, service, kind, candidate, baseline, share, window_ms, maximum_ms,
                          triggers, objectives, segments, reference_p95_ms, baseline_last, since, clock_since, paused, ended, revision, read_until)
                        select :id, :release, :service, :kind, :candidate, :baseline, :share, :window, :maximum,
                          :triggers, :objectives, :segments, :reference, :last, :now, :now, false, false, 0, :now
                        where not exists (select 1 from observation where id = :id)""")
                .param("id", order.id())
                .param("release", order.releaseKey())
                .param("service", order.service())
                .param("kind", order.kind())
                .param("candidate", order.candidate())
                .param("baseline", order.baseline(), Types.VARCHAR)
                .param("share", order.share(), Types.DOUBLE)
                .param("window", order.window().toMillis(), Types.BIGINT)
                .param("maximum", order.maximum().toMillis(), Types.BIGINT)
                .param("triggers", write(order.triggers()))
                .param("objectives", write(objectives))
                .param("segments", write(segments))
                .param("reference", referenceP95Ms, Types.DOUBLE)
                .param("last", last == null ? null : write(last), Types.VARCHAR)
                .param("now", utc(now), Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
    }

    void pause(String id) {
        jdbc.sql("update observation set paused = true, unbroken_since = null, revision = revision + 1"
                        + " where id = ? and paused = false and ended = false")
                .param(id)
                .update();
    }

    void resume(String id, Instant now) {
        jdbc.sql(
                        "update observation set paused = false, unbroken_since = null, clock_since = ?, revision = revision + 1"
                                + " where id = ? and paused = true and ended = false")
                .params(utc(now), id)
                .update();
    }

    void end(String id) {
        jdbc.sql("update observation set ended = true where id = ? and ended = false")
                .param(id)
                .update();
    }

    Optional<Watched> find(String id) {
        return jdbc.sql(SELECT + "where id = ?")
                .param(id)
                .query((row, number) -> watched(row))
                .optional();
    }

    List<Watched> ofRelease(String releaseKey) {
        return jdbc.sql(SELECT + "where release_key = ? order by no_")
                .param(releaseKey)
                .query((row, number) -> watched(row))
                .list();
    }

    List<Watched> active() {
        List<Watched> active = jdbc.sql(SELECT + "where ended = false order by no_")
                .query((row, number) ->
                        watched(row, (observation, text) -> ownCounts.of(observation, text, this::ownCounts)))
                .list();
        ownCounts.follow(active.stream().map(Watched::number).collect(Collectors.toSet()));
        return active;
    }

    /** Moves each observation on from where it was read; 0 where it was paused, resumed, ended or judged by another node meanwhile. */
    int[] update(List<Watched> read, List<Progress> progress) {
        return batch.batchUpdate(
                """
                update observation set read_until = ?, unbroken_since = ?, verdict = ?, metric = ?, value_ = ?, limit_ = ?,
                  sample_ = ?, rule_version = ?, sentence = ?, judged_at = ?, ended = (ended or ?), readings = ?,
                  own_counts = coalesce(?, own_counts), score = coalesce(?, score)
                where no_ = ? and read_until = ? and revision = ?""",
                new Rows(progress.size(), (statement, index) -> {
                    Progress each = progress.get(index);
                    Judgement judgement = each.judgement();
                    statement.setObject(1, utc(each.readUntil()));
                    statement.setObject(2, utc(each.unbrokenSince()), Types.TIMESTAMP_WITH_TIMEZONE);
                    statement.setString(3, judgement == null ? null : judgement.verdict());
                    statement.setString(4, judgement == null ? null : judgement.metric());
                    statement.setObject(5, judgement == null ? null : judgement.value(), Types.DOUBLE);
                    statement.setObject(6, judgement == null ? null : judgement.limit(), Types.DOUBLE);
                    statement.setObject(7, judgement == null ? null : judgement.sample(), Types.BIGINT);
                    statement.setString(8, judgement == null ? null : judgement.ruleVersion());
                    statement.setString(9, judgement == null ? null : judgement.sentence());
                    statement.setObject(
                            10, utc(judgement == null ? null : judgement.at()), Types.TIMESTAMP_WITH_TIMEZONE);
                    statement.setBoolean(11, each.last());
                    statement.setString(12, each.readings().isEmpty() ? null : write(each.readings()));
                    // They change once a minute, and may be long.
                    statement.setString(13, each.own().equals(read.get(index).own()) ? null : write(each.own()));
                    statement.setString(14, each.score() == null ? null : write(each.score()));
                    statement.setLong(15, read.get(index).number());
                    statement.setObject(16, utc(read.get(index).readUntil()));
                    statement.setInt(17, read.get(index).revision());
                }));
    }

    record Progress(
            Instant readUntil,
            Instant unbrokenSince,
            Judgement judgement,
            boolean last,
            List<Reading> readings,
            List<OwnCount> own,
            CanaryScore score) {}

    /** Whether nothing has moved it since it was read. */
    boolean stands(Watched read) {
        return jdbc.sql(
                                "select count(*) from observation where no_ = ? and read_until = ? and revision = ? and ended = false")
                        .params(read.number(), utc(read.readUntil()), read.revision())
                        .query(Integer.class)
                        .single()
                == 1;
    }

    void insertJudgement(long observation, Judgement judgement) {
        jdbc.sql("insert into observation_judgement"
                        + " (observation, verdict, metric, value_, limit_, sample_, rule_version, sentence, at_)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .param(1, observation)
                .param(2, judgement.verdict())
                .param(3, judgement.metric())
                .param(4, judgement.value(), Types.DOUBLE)
                .param(5, judgement.limit(), Types.DOUBLE)
                .param(6, judgement.sample(), Types.BIGINT)
                .param(7, judgement.ruleVersion())
                .param(8, judgement.sentence())
                .param(9, utc(judgement.at()))
                .update();
    }

    /**
     * @param candidate whether the candidate answered, or else the baseline
     * @param points what the same look knew beside requests; null but for its newest measurement
     */
    record Stored(long observation, boolean candidate, Sample sample, List<SignalPoint> points) {
        Stored(long observation, boolean candidate, Sample sample) {
            this(observation, candidate, sample, null);
        }
    }

    void insertSamples(List<Stored> samples) {
        if (samples.isEmpty()) {
            return;
        }
        batch.batchUpdate(
                "insert into observation_sample (observation, candidate, at_, interval_ms, requests, errors, p50_ms, p95_ms,"
                        + " p99_ms, latencies, points, values_) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                new Rows(samples.size(), (statement, index) -> {
                    Sample sample = samples.get(index).sample();
                    statement.setLong(1, samples.get(index).observation());
                    statement.setBoolean(2, samples.get(index).candidate());
                    statement.setObject(3, utc(sample.at()));
                    statement.setLong(4, sample.interval().toMillis());
                    statement.setLong(5, sample.requests());
                    statement.setLong(6, sample.errors());
                    statement.setObject(7, sample.latencyP50Ms(), Types.DOUBLE);
                    statement.setObject(8, sample.latencyP95Ms(), Types.DOUBLE);
                    statement.setObject(9, sample.latencyP99Ms(), Types.DOUBLE);
                    statement.setString(
                            10,
                            sample.latencies() == null
                                    ? null
                                    : sample.latencies().toString());
                    List<SignalPoint> points = samples.get(index).points();
                    statement.setString(11, points == null || points.isEmpty() ? null : write(points));
                    statement.setString(12, sample.values().isEmpty() ? null : write(sample.values()));
                }));
    }

    List<Stored> samplesOf(List<Long> observations) {
        return jdbc.sql(
                        "select s.*, o.candidate as candidate_version, o.baseline as baseline_version from observation_sample s"
                                + " join observation o on o.no_ = s.observation where s.observation in (:observations)"
                                + " order by s.at_, s.candidate")
                .param("observations", observations)
                .query(STORED)
                .list();
    }

    List<Stored> samplesOf(String releaseKey) {
        return jdbc.sql(
                        "select s.*, o.candidate as candidate_version, o.baseline as baseline_version from observation_sample s"
                                + " join observation o on o.no_ = s.observation where o.release_key = ?"
                                + " order by s.at_, s.candidate, s.observation")
                .param(releaseKey)
                .query(STORED)
                .list();
    }

    /** All of a release with what stood beside them, by observation and time. */
    List<Stored> drawnOf(String releaseKey) {
        return jdbc.sql(
                        "select s.*, o.candidate as candidate_version, o.baseline as baseline_version from observation_sample s"
                                + " join observation o on o.no_ = s.observation where o.release_key = ?"
                                + " order by s.at_, s.observation, s.candidate")
                .param(releaseKey)
                .query((row, number) -> {
                    Stored stored = Objects.requireNonNull(STORED.mapRow(row, number));
                    String points = row.getString("points");
                    return points == null
                            ? stored
                            : new Stored(
                                    stored.observation(),
                                    stored.candidate(),
                                    stored.sample(),
                                    read(points, new TypeReference<List<SignalPoint>>() {}));
                })
                .list();
    }

    /** A step's samples of both sides. */
    record Step(double share, Instant since, List<Sample> candidate, List<Sample> baseline) {}

    /** What steps of a release with these two versions, and the waits of persons after them, measured while both had traffic, in their order. */
    List<Step> compared(String releaseKey, String candidate, String baseline) {
        Map<Long, Step> steps = new LinkedHashMap<>();
        jdbc.sql(
                        """
                        select s.*, o.share, o.since, o.candidate as candidate_version, o.baseline as baseline_version
                        from observation_sample s join observation o on o.no_ = s.observation
                        where o.release_key = ? and o.candidate = ? and o.baseline = ? and o.kind in ('step', 'held')
                            and o.share < 1
                        order by o.no_, s.at_""")
                .params(releaseKey, candidate, baseline)
                .query(row -> {
                    Stored stored = Objects.requireNonNull(STORED.mapRow(row, 0));
                    double share = row.getDouble("share");
                    Instant since = instant(row, "since");
                    Step step = steps.computeIfAbsent(
                            stored.observation(),
                            number -> new Step(share, since, new ArrayList<>(), new ArrayList<>()));
                    (stored.candidate() ? step.candidate() : step.baseline()).add(stored.sample());
                });
        return List.copyOf(steps.values());
    }

    /** What a version answered as a baseline of any release, by time; where several measured it, one of them. */
    List<Sample> baselineOf(String service, String baseline, Instant from, int limit) {
        Map<Instant, Sample> samples = new TreeMap<>();
        jdbc.sql(
                        """
                        select s.*, o.candidate as candidate_version, o.baseline as baseline_version
                        from observation_sample s join observation o on o.no_ = s.observation
                        where o.service = ? and o.baseline = ? and s.candidate = false and s.at_ >= ?
                        order by s.at_ desc, o.no_ limit ?""")
                .params(service, baseline, utc(from), limit)
                .query(STORED)
                .list()
                .forEach(stored -> samples.putIfAbsent(stored.sample().at(), stored.sample()));
        return List.copyOf(samples.values());
    }

    /** Steps under way whose metrics nobody has compared with themselves yet. */
    List<Watched> unmeasured() {
        return jdbc.sql(SELECT + "where ended = false and kind = 'step' and false_alarms is null order by no_")
                .query((row, number) -> watched(row))
                .list();
    }

    /** @return 0 where another node was faster */
    int falseAlarms(long observation, List<FalseAlarm> measured) {
        return jdbc.sql("update observation set false_alarms = ? where no_ = ? and false_alarms is null")
                .params(write(measured), observation)
                .update();
    }

    /** The latest baseline samples of a release in which it had traffic, newest first. */
    List<Stored> latestBaseline(String releaseKey, String baseline, int limit) {
        return jdbc.sql(
                        "select s.*, o.candidate as candidate_version, o.baseline as baseline_version from observation_sample s"
                                + " join observation o on o.no_ = s.observation where o.release_key = ? and o.baseline = ?"
                                + " and s.candidate = false and s.requests > 0 order by s.at_ desc limit ?")
                .params(releaseKey, baseline, limit)
                .query(STORED)
                .list();
    }

    private static final RowMapper<Stored> STORED = (row, number) -> {
        boolean candidate = row.getBoolean("candidate");
        String latencies = row.getString("latencies");
        return new Stored(
                row.getLong("observation"),
                candidate,
                new Sample(
                        instant(row, "at_"),
                        Duration.ofMillis(row.getLong("interval_ms")),
                        row.getString(candidate ? "candidate_version" : "baseline_version"),
                        row.getLong("requests"),
                        row.getLong("errors"),
                        row.getObject("p50_ms", Double.class),
                        row.getObject("p95_ms", Double.class),
                        row.getObject("p99_ms", Double.class),
                        latencies == null ? null : Latencies.parse(latencies),
                        Values.parse(row.getString("values_"))));
    };

    private Watched watched(ResultSet row) throws SQLException {
        return watched(row, (observation, text) -> ownCounts(text));
    }

    private Watched watched(ResultSet row, BiFunction<Long, String, List<OwnCount>> ownCounts) throws SQLException {
        String verdict = row.getString("verdict");
        Order order = new Order(
                row.getString("id"),
                row.getString("release_key"),
                row.getString("service"),
                row.getString("kind"),
                row.getString("candidate"),
                row.getString("baseline"),
                row.getDouble("share"),
                Duration.ofMillis(row.getLong("window_ms")),
                Duration.ofMillis(row.getLong("maximum_ms")),
                read(row.getString("triggers"), new TypeReference<Triggers>() {}));
        Judgement latest = verdict == null
                ? null
                : new Judgement(
                        verdict,
                        row.getString("metric"),
                        row.getObject("value_", Double.class),
                        row.getObject("limit_", Double.class),
                        row.getObject("sample_", Long.class),
                        row.getString("rule_version"),
                        row.getString("sentence"),
                        instant(row, "judged_at"));
        String falseAlarms = row.getString("false_alarms");
        String readings = row.getString("readings");
        String own = row.getString("own_counts");
        String score = row.getString("score");
        String last = row.getString("baseline_last");
        return new Watched(
                row.getLong("no_"),
                new Observation(
                        order,
                        instant(row, "since"),
                        instant(row, "unbroken_since"),
                        row.getBoolean("paused"),
                        row.getBoolean("ended"),
                        latest,
                        falseAlarms == null ? List.of() : read(falseAlarms, new TypeReference<List<FalseAlarm>>() {}),
                        score == null ? null : read(score, new TypeReference<CanaryScore>() {})),
                instant(row, "clock_since"),
                instant(row, "read_until"),
                row.getInt("revision"),
                row.getObject("reference_p95_ms", Double.class),
                read(row.getString("objectives"), new TypeReference<List<Objective>>() {}),
                read(row.getString("segments"), new TypeReference<List<Segment>>() {}),
                readings == null ? List.of() : read(readings, new TypeReference<List<Reading>>() {}),
                own == null ? List.of() : ownCounts.apply(row.getLong("no_"), own),
                last == null ? null : read(last, new TypeReference<List<BaselineLast>>() {}));
    }

    private List<OwnCount> ownCounts(String text) {
        return read(text, new TypeReference<List<OwnCount>>() {});
    }

    private String write(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private <T> T read(String text, TypeReference<T> type) {
        try {
            return json.readValue(text, type);
        } catch (JsonProcessingException damaged) {
            throw new IllegalStateException("An observation's row cannot be read: " + text, damaged);
        }
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
