package dev.countersign.evidence.ci;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table {@code ci_delivery}: each delivery once, remembered for a month. */
@Repository
class Deliveries {
    private static final Duration REMEMBERED = Duration.ofDays(30);
    private final JdbcClient jdbc;
    private final Clock clock;

    Deliveries(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * Told by what was signed, and by the sender's own id of it: an id stands in a header that no signature covers.
     *
     * @param id as the sender gives it; null where it gives none
     */
    boolean isKnown(String sender, String id, byte[] body) {
        return jdbc.sql("select count(*) from ci_delivery where sender = :sender and delivery in (:deliveries)")
                        .param("sender", sender)
                        .param("deliveries", names(id, body))
                        .query(Integer.class)
                        .single()
                > 0;
    }

    /** Called when what follows from it is under way: what was lost before is sent again, and taken in. */
    void remember(String sender, String id, byte[] body) {
        OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
        jdbc.sql("delete from ci_delivery where received_at < ?")
                .param(now.minus(REMEMBERED))
                .update();
        for (String delivery : names(id, body)) {
            try {
                jdbc.sql("insert into ci_delivery (sender, delivery, received_at) values (?, ?, ?)")
                        .params(sender, delivery, now)
                        .update();
            } catch (DuplicateKeyException atTheSameTime) {
                // The other one did the same.
            }
        }
    }

    private static List<String> names(String id, byte[] body) {
        String content = "body:" + sha256(body);
        return id == null ? List.of(content) : List.of(content, "id:" + sha256(id.getBytes(StandardCharsets.UTF_8)));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
