package dev.countersign.api;

import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Answers by actor and key. A row without an answer is a request under way. */
@Component
class IdempotencyStore {
    /** A request without an answer after this time died with its node; its key is free again. */
    private static final Duration ABANDONED = Duration.ofMinutes(10);

    static final Duration KEPT = Duration.ofHours(24);

    private final JdbcClient jdbc;
    private final Clock clock;

    IdempotencyStore(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** @param requestHash null, like the rest, while the request is under way */
    record Stored(String requestHash, Integer status, String location, String contentType, byte[] body) {
        boolean underWay() {
            return status == null;
        }
    }

    /** Claims the key for a request; false where it is taken already. The primary key decides between simultaneous ones. */
    boolean claim(String actor, String key) {
        OffsetDateTime now = now();
        jdbc.sql("delete from api_idempotency where actor = ? and key_ = ?"
                        + " and (created_at < ? or (status is null and created_at < ?))")
                .params(actor, key, now.minus(KEPT), now.minus(ABANDONED))
                .update();
        try {
            jdbc.sql("insert into api_idempotency (actor, key_, created_at) values (?, ?, ?)")
                    .params(actor, key, now)
                    .update();
            return true;
        } catch (DuplicateKeyException taken) {
            return false;
        }
    }

    Optional<Stored> find(String actor, String key) {
        return jdbc.sql(
                        "select request_hash, status, location, content_type, body from api_idempotency where actor = ? and key_ = ?")
                .params(actor, key)
                .query((rs, row) -> new Stored(
                        rs.getString("request_hash"),
                        rs.getObject("status", Integer.class),
                        rs.getString("location"),
                        rs.getString("content_type"),
                        rs.getBytes("body")))
                .optional();
    }

    void answer(String actor, String key, Stored answer) {
        jdbc.sql("update api_idempotency set request_hash = ?, status = ?, location = ?, content_type = ?, body = ?"
                        + " where actor = ? and key_ = ?")
                .params(
                        answer.requestHash(),
                        answer.status(),
                        answer.location(),
                        answer.contentType(),
                        answer.body(),
                        actor,
                        key)
                .update();
    }

    void release(String actor, String key) {
        jdbc.sql("delete from api_idempotency where actor = ? and key_ = ? and status is null")
                .params(actor, key)
                .update();
    }

    void forgetOld() {
        jdbc.sql("delete from api_idempotency where created_at < ?")
                .param(now().minus(KEPT))
                .update();
    }

    private OffsetDateTime now() {
        return OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
    }
}
