package dev.countersign.evidence.ci;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table {@code cdevent}: runs that ended, and what ties a chain to a commit or an artifact. Longer than a release is on its way nothing is kept. */
@Repository
class CdeventStore {
    private static final Duration KEPT = Duration.ofDays(90);
    private static final int MOST = 1000;
    private static final Set<String> NONE = Set.of("");

    private final JdbcClient jdbc;
    private final Clock clock;

    CdeventStore(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** @param outcome null where the event said none */
    record Run(String source, String name, String subject, String outcome, String reason, Instant time) {}

    /** What a chain is known to be about; either may be null. */
    record Tie(String commit, String digest) {}

    /** @throws org.springframework.dao.DuplicateKeyException where it was there already */
    void keep(Cdevent event) {
        OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
        jdbc.sql("delete from cdevent where received_at < ?")
                .param(now.minus(KEPT))
                .update();
        jdbc.sql(
                        "insert into cdevent (event_key, source, chain, commit_, digest, run, subject_id, outcome, reason, occurred_at, received_at)"
                                + " values (:key, :source, :chain, :commit, :digest, :run, :subject, :outcome, :reason, :at, :now)")
                .param("key", key(event))
                .param("source", event.source())
                .param("chain", event.chain(), Types.VARCHAR)
                .param("commit", event.commit().orElse(null), Types.VARCHAR)
                .param("digest", event.digest().orElse(null), Types.VARCHAR)
                .param("run", event.run().orElse(null), Types.VARCHAR)
                .param("subject", cut(event.subject(), 200))
                .param("outcome", event.outcome() == null ? null : cut(event.outcome(), 40), Types.VARCHAR)
                .param("reason", event.reason())
                .param("at", event.time().atOffset(ZoneOffset.UTC))
                .param("now", now)
                .update();
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest);
    }

    List<Tie> ties(String chain) {
        return jdbc.sql(
                        "select distinct commit_, digest from cdevent where chain = ? and (commit_ is not null or digest is not null)")
                .param(chain)
                .query((row, n) -> new Tie(row.getString("commit_"), row.getString("digest")))
                .list();
    }

    /** Runs of these senders for this commit or one of these artifacts, by what they say themselves or by their chain; the latest last. */
    List<Run> runs(Collection<String> sources, String commit, Collection<String> digests) {
        List<Run> latestFirst = jdbc.sql(
                        "select e.* from cdevent e where e.run is not null and e.source in (:sources) and"
                                + " (e.commit_ = :commit or e.digest in (:digests) or e.chain in (select t.chain from cdevent t"
                                + " where t.source in (:sources) and (t.commit_ = :commit or t.digest in (:digests))))"
                                + " order by e.occurred_at desc, e.received_at desc limit " + MOST)
                .param("sources", sources.isEmpty() ? NONE : sources)
                .param("commit", commit)
                .param("digests", digests.isEmpty() ? NONE : digests)
                .query((row, n) -> new Run(
                        row.getString("source"),
                        row.getString("run"),
                        row.getString("subject_id"),
                        row.getString("outcome"),
                        row.getString("reason"),
                        row.getObject("occurred_at", OffsetDateTime.class).toInstant()))
                .list();
        List<Run> runs = new ArrayList<>(latestFirst);
        Collections.reverse(runs);
        return runs;
    }

    /** CloudEvents are one event where source and id are the same. */
    static String key(Cdevent event) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest((event.source() + "\n" + event.id()).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
