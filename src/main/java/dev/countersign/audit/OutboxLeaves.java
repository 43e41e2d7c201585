package dev.countersign.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.workflow.EngineFact;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
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
    /** Who did what the engine writes into its history. */
    static final String ENGINE = "engine";

    private static final int ROWS = 200;

    private final PersonalData personal = new PersonalData();
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
        pending().add(type, releaseKey, actor, content);
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

    private Pending pending() {
        Pending pending = (Pending) TransactionSynchronizationManager.getResource(this);
        if (pending == null) {
            pending = new Pending();
            TransactionSynchronizationManager.bindResource(this, pending);
            TransactionSynchronizationManager.registerSynchronization(pending);
        }
        return pending;
    }

    private PersonalData.Sealed seal(String actor, Map<String, Object> content) {
        try {
            return personal.seal(actor, json.valueToTree(content));
        } catch (IllegalArgumentException broken) {
            throw new IllegalArgumentException("A leaf must be writable as JSON", broken);
        }
    }

    /** @param id names the leaf where its personal values are kept */
    private record Leaf(UUID id, Instant at, String type, String releaseKey, PersonalData.Sealed sealed) {
        Object[] row() {
            return new Object[] {
                at.atOffset(ZoneOffset.UTC),
                type,
                releaseKey,
                sealed.actor(),
                sealed.content().toString(),
                id
            };
        }

        Stream<Object[]> personalRows() {
            return sealed.values().stream().map(value -> new Object[] {id, value.path(), value.salt(), value.value()});
        }
    }

    /** One statement for as many rows as there are, {@value #ROWS} at a time. */
    private void insert(String into, List<Object[]> rows) {
        for (int from = 0; from < rows.size(); from += ROWS) {
            List<Object[]> some = rows.subList(from, Math.min(from + ROWS, rows.size()));
            String row = "(" + String.join(", ", Collections.nCopies(some.get(0).length, "?")) + ")";
            jdbc.update(
                    "insert into " + into + " values " + String.join(", ", Collections.nCopies(some.size(), row)),
                    some.stream().flatMap(Arrays::stream).toArray());
        }
    }

    private final class Pending implements TransactionSynchronization {
        private final List<Leaf> leaves = new ArrayList<>();
        private final List<Map<String, Object>> engine = new ArrayList<>();

        void add(String type, String releaseKey, String actor, Map<String, Object> content) {
            leaves.add(new Leaf(UUID.randomUUID(), clock.instant(), type, releaseKey, seal(actor, content)));
        }

        @Override
        public int getOrder() {
            return LOWEST_PRECEDENCE;
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            if (!engine.isEmpty()) {
                add("engine.history", null, ENGINE, Map.of("facts", engine));
            }
            if (leaves.isEmpty()) {
                return;
            }
            insert(
                    "log_outbox (recorded_at, type, release_key, actor, content, leaf_id)",
                    leaves.stream().map(Leaf::row).toList());
            insert(
                    "personal_value (leaf_id, path, salt, value_)",
                    leaves.stream().flatMap(Leaf::personalRows).toList());
        }

        @Override
        public void suspend() {
            TransactionSynchronizationManager.unbindResource(OutboxLeaves.this);
        }

        @Override
        public void resume() {
            TransactionSynchronizationManager.bindResource(OutboxLeaves.this, this);
        }

        /** Not after completion: what others do there in a transaction of their own is not this one's. */
        @Override
        public void beforeCompletion() {
            TransactionSynchronizationManager.unbindResourceIfPossible(OutboxLeaves.this);
        }
    }
}
