package dev.countersign.rollout;

import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Who stops a rollout waits for its row, as long as the calls take of a step that moves traffic forward. That he waits is written first, in a transaction of its own, and the step
 * reads it between its calls: it gives the candidate no more.
 */
@Repository
class StopDemands {
    private static final Logger LOG = LoggerFactory.getLogger(StopDemands.class);

    /** Longer than anything that holds the row. What was demanded by a node that died stops nobody for good. */
    private static final Duration COUNTS = Duration.ofMinutes(1);

    private final JdbcClient jdbc;
    private final TransactionTemplate own;
    private final Clock clock;

    StopDemands(JdbcClient jdbc, PlatformTransactionManager transactions, Clock clock) {
        this.jdbc = jdbc;
        this.own = new TransactionTemplate(transactions);
        this.own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.clock = clock;
    }

    /**
     * Before the row is waited for, in the transaction that stops; a stop that is refused takes its demand back when it is. A second connection is taken only where somebody holds
     * the row.
     *
     * @return whether a demand was written, to be taken back by {@link #met} once the row is held
     */
    boolean demand(String releaseKey) {
        boolean free = jdbc.sql("select key_ from release where key_ = ? for update skip locked")
                .param(releaseKey)
                .query(String.class)
                .optional()
                .isPresent();
        if (free) {
            return false;
        }
        try {
            var key = new GeneratedKeyHolder();
            own.executeWithoutResult(
                    status -> jdbc.sql("insert into rollout_stop_demand (release_key, demanded_at) values (?, ?)")
                            .params(releaseKey, now())
                            .update(key, "id"));
            withdrawUnlessStopped(releaseKey, key.getKeyAs(Long.class));
            return true;
        } catch (RuntimeException unwritten) {
            LOG.warn("That {} is to be stopped could not be told to the step under way", releaseKey, unwritten);
            return false;
        }
    }

    /** That it was met is undone with the transaction: nothing of a stop that was refused may hold up the next step. */
    private void withdrawUnlessStopped(String releaseKey, Long id) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                if (status == STATUS_COMMITTED) {
                    return;
                }
                try {
                    own.executeWithoutResult(anew -> jdbc.sql("delete from rollout_stop_demand where id = ?")
                            .param(id)
                            .update());
                } catch (RuntimeException kept) {
                    LOG.warn("That {} is not to be stopped any more could not be told", releaseKey, kept);
                }
            }
        });
    }

    void met(String releaseKey) {
        jdbc.sql("delete from rollout_stop_demand where release_key = ? or demanded_at < ?")
                .params(releaseKey, now().minus(COUNTS))
                .update();
    }

    boolean isDemanded(String releaseKey) {
        return jdbc.sql("select count(*) from rollout_stop_demand where release_key = ? and demanded_at > ?")
                        .params(releaseKey, now().minus(COUNTS))
                        .query(Integer.class)
                        .single()
                > 0;
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }
}
