package dev.countersign.evidence.migration;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
class BaselineStore {
    private final JdbcClient jdbc;
    private final NamedParameterJdbcTemplate many;
    private final Clock clock;

    BaselineStore(JdbcClient jdbc, NamedParameterJdbcTemplate many, Clock clock) {
        this.jdbc = jdbc;
        this.many = many;
        this.clock = clock;
    }

    /**
     * @param digest of the declaration that was measured: the same one is measured afterwards
     * @param values by the checks' ids
     */
    record Baseline(String checks, String digest, Map<String, String> values) {}

    List<Baseline> of(String releaseKey) {
        Map<String, Map<String, String>> values = new HashMap<>();
        jdbc.sql("select checks, check_id, value_ from migration_baseline_value where release_key = ?")
                .param(releaseKey)
                .query((org.springframework.jdbc.core.RowCallbackHandler)
                        row -> values.computeIfAbsent(row.getString("checks"), name -> new HashMap<>())
                                .put(row.getString("check_id"), row.getString("value_")));
        return jdbc.sql("select checks, checks_digest from migration_baseline where release_key = ? order by checks")
                .param(releaseKey)
                .query((row, n) -> new Baseline(
                        row.getString("checks"),
                        row.getString("checks_digest"),
                        values.getOrDefault(row.getString("checks"), Map.of())))
                .list();
    }

    void keep(String releaseKey, Baseline baseline, String document) {
        jdbc.sql(
                        "insert into migration_baseline (release_key, checks, checks_digest, document, taken_at) values (?, ?, ?, ?, ?)")
                .params(
                        releaseKey,
                        baseline.checks(),
                        baseline.digest(),
                        document,
                        clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        many.batchUpdate(
                "insert into migration_baseline_value (release_key, checks, check_id, value_) values (:release, :checks, :check, :value)",
                baseline.values().entrySet().stream()
                        .map(value -> new MapSqlParameterSource("release", releaseKey)
                                .addValue("checks", baseline.checks())
                                .addValue("check", value.getKey())
                                .addValue("value", value.getValue()))
                        .toArray(MapSqlParameterSource[]::new));
    }
}
