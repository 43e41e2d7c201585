package dev.countersign.rollout;

import dev.countersign.release.Release;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** For whom flags were on, since when, and by whom. Append-only. */
@Repository
class ExposureStore {
    /** Of the column; the timeline keeps the whole reason. */
    private static final int LONGEST = 2000;

    private static final int LATEST = 200;
    private final JdbcClient jdbc;
    private final Clock clock;

    ExposureStore(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Setting the same share again is no change. */
    void set(Release release, String system, double wanted, double actual, String by, String because) {
        boolean same = jdbc.sql("select wanted from flag_exposure where release_key = ? order by id desc limit 1")
                .param(release.key())
                .query(Double.class)
                .optional()
                .filter(last -> last == wanted)
                .isPresent();
        if (same) {
            return;
        }
        jdbc.sql(
                        """
                insert into flag_exposure (release_key, flag, flag_system, wanted, actual, set_by, because, set_at)
                values (?, ?, ?, ?, ?, ?, ?, ?)""")
                .params(
                        release.key(),
                        release.flag(),
                        system,
                        wanted,
                        actual,
                        by,
                        because.length() > LONGEST ? because.substring(0, LONGEST) : because,
                        clock.instant().atOffset(ZoneOffset.UTC))
                .update();
    }

    /** Newest first. */
    List<Exposure> of(String releaseKey) {
        return jdbc.sql("select * from flag_exposure where release_key = ? order by id desc limit " + LATEST)
                .param(releaseKey)
                .query((row, n) -> new Exposure(
                        row.getString("release_key"),
                        row.getString("flag"),
                        row.getString("flag_system"),
                        row.getDouble("wanted"),
                        row.getDouble("actual"),
                        row.getString("set_by"),
                        row.getString("because"),
                        row.getObject("set_at", OffsetDateTime.class).toInstant()))
                .list();
    }

    /** What was set last of each flagged release of a service, newest release first. */
    List<Exposure> latestOf(String service) {
        return jdbc.sql(
                        """
                select release.key_, release.flag, latest.flag_system, latest.wanted, latest.actual, latest.set_by, latest.because, latest.set_at
                from release left join flag_exposure latest on latest.release_key = release.key_
                  and latest.id = (select max(id) from flag_exposure where flag_exposure.release_key = release.key_)
                where release.service = ? and release.flag is not null order by release.opened_at desc, release.key_ limit 50""")
                .param(service)
                .query((row, n) -> new Exposure(
                        row.getString("key_"),
                        row.getString("flag"),
                        row.getString("flag_system"),
                        row.getDouble("wanted"),
                        row.getDouble("actual"),
                        row.getString("set_by"),
                        row.getString("because"),
                        row.getObject("set_at") == null
                                ? null
                                : row.getObject("set_at", OffsetDateTime.class).toInstant()))
                .list();
    }

    /**
     * @param system that manages the flag; null, as what follows, where the platform has not set it yet
     * @param wanted share for whom it was turned on
     * @param actual share that the system reported then
     */
    record Exposure(
            String release,
            String flag,
            String system,
            double wanted,
            double actual,
            String setBy,
            String because,
            Instant setAt) {
        private static final DateTimeFormatter SECOND = DateTimeFormatter.ofPattern(
                        "yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
                .withZone(ZoneOffset.UTC);

        /** For the page. */
        public String since() {
            return setAt == null ? "" : SECOND.format(setAt);
        }
    }
}
