package dev.countersign.evidence.ci;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HexFormat;
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
     * True the first time. Told by what was signed, and by the sender's own id of it: an id stands in a header that no signature covers.
     *
     * @param id as the sender gives it; null where it gives none
     */
    boolean isNew(String sender, String id, byte[] body) {
        var now = clock.instant().atOffset(ZoneOffset.UTC);
        jdbc.sql("delete from ci_delivery where received_at < ?")
                .param(now.minus(REMEMBERED))
                .update();
        boolean isNew = insert(sender, "body:" + sha256(body), now);
        return (id == null || insert(sender, "id:" + sha256(id.getBytes(StandardCharsets.UTF_8)), now)) && isNew;
    }

    private boolean insert(String sender, String delivery, java.time.OffsetDateTime now) {
        try {
            return jdbc.sql("insert into ci_delivery (sender, delivery, received_at) values (?, ?, ?)")
                            .params(sender, delivery, now)
                            .update()
                    == 1;
        } catch (DuplicateKeyException known) {
            return false;
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
