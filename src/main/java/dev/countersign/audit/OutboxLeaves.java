package dev.countersign.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.workflow.EngineFact;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Collects the leaves of a transaction and writes them together, last of all before its commit. */
@Component
class OutboxLeaves implements Leaves {
    private final JdbcTemplate jdbc;
    private final ObjectMapper json;
    private final Clock clock;
    private final TransactionTemplate ownTransaction;

    OutboxLeaves(JdbcTemplate jdbc, ObjectMapper json, Clock clock, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
        this.ownTransaction = new TransactionTemplate(transactions);
        this.ownTransaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    @Override
    public void record(String type, String releaseKey, String actor, Map<String, Object> content) {
        requireTransaction(type);
        collected().add(new Leaf(clock.instant(), type, releaseKey, actor, write(content)));
    }

    @Override
    public void refused(String type, String releaseKey, String actor, Map<String, Object> content) {
        Runnable write = () -> ownTransaction.executeWithoutResult(status -> record(type, releaseKey, actor, content));
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            write.run();
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                write.run();
            }
        });
    }

    /** Facts of the engine are many and small: those of one transaction are one leaf. */
    void recordEngine(EngineFact fact) {
        requireTransaction(fact.type());
        Map<String, Object> content = new TreeMap<>(fact.content());
        content.put("type", fact.type());
        content.put("processInstance", fact.processInstance());
        pending().engine.add(content);
    }

    private static void requireTransaction(String type) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            throw new IllegalStateException("A fact is logged in the transaction that makes it: " + type);
        }
    }

    private List<Leaf> collected() {
        return pending().leaves;
    }

    private Pending pending() {
        Pending pending = (Pending) TransactionSynchronizationManager.getResource(this);
        if (pending == null) {
            pending = new Pending();
            TransactionSynchronizationManager.bindResource(this, pending);
            TransactionSynchronizationManager.registerSynchronization(pending);
        }
        return pending;
    }

    /** Keys in order, so that equal contents are equal bytes. */
    private String write(Map<String, Object> content) {
        try {
            return json.writeValueAsString(new TreeMap<>(content));
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException("A leaf must be writable as JSON", broken);
        }
    }

    private record Leaf(Instant at, String type, String releaseKey, String actor, String content) {}

    private final class Pending implements TransactionSynchronization {
        private final List<Leaf> leaves = new ArrayList<>();
        private final List<Map<String, Object>> engine = new ArrayList<>();

        @Override
        public int getOrder() {
            return LOWEST_PRECEDENCE;
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            if (!engine.isEmpty()) {
                leaves.add(new Leaf(clock.instant(), "engine.history", null, "engine", write(Map.of("facts", engine))));
            }
            if (leaves.isEmpty()) {
                return;
            }
            jdbc.batchUpdate(
                    "insert into log_outbox (recorded_at, type, release_key, actor, content) values (?, ?, ?, ?, ?)",
                    leaves,
                    leaves.size(),
                    (row, leaf) -> {
                        row.setObject(1, leaf.at().atOffset(ZoneOffset.UTC));
                        row.setString(2, leaf.type());
                        row.setString(3, leaf.releaseKey());
                        row.setString(4, leaf.actor());
                        row.setString(5, leaf.content());
                    });
        }

        @Override
        public void suspend() {
            TransactionSynchronizationManager.unbindResource(OutboxLeaves.this);
        }

        @Override
        public void resume() {
            TransactionSynchronizationManager.bindResource(OutboxLeaves.this, this);
        }

        @Override
        public void afterCompletion(int status) {
            TransactionSynchronizationManager.unbindResourceIfPossible(OutboxLeaves.this);
        }
    }
}
