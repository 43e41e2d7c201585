package dev.countersign.release;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** The rows of the timeline that a transaction adds: written together before its commit, or when it reads the timeline itself. */
@Component
class TimelineRows {
    private static final String INTO = "release_timeline (release_key, at_, type, actor, text, detail)";

    private final JdbcClient jdbc;

    TimelineRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param row release, time, type, actor, text and detail */
    void add(Object... row) {
        Pending pending = (Pending) TransactionSynchronizationManager.getResource(this);
        if (pending == null) {
            pending = new Pending();
            TransactionSynchronizationManager.bindResource(this, pending);
            TransactionSynchronizationManager.registerSynchronization(pending);
        }
        pending.rows.add(row);
    }

    void write() {
        Pending pending = (Pending) TransactionSynchronizationManager.getResource(this);
        if (pending != null) {
            pending.write();
        }
    }

    private final class Pending implements TransactionSynchronization {
        private Rows rows = new Rows(INTO);

        void write() {
            Rows collected = rows;
            rows = new Rows(INTO);
            collected.insert(jdbc);
        }

        @Override
        public int getOrder() {
            return LOWEST_PRECEDENCE;
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            write();
        }

        @Override
        public void suspend() {
            TransactionSynchronizationManager.unbindResource(TimelineRows.this);
        }

        @Override
        public void resume() {
            TransactionSynchronizationManager.bindResource(TimelineRows.this, this);
        }

        /** Not after completion: what others do there in a transaction of their own is not this one's. */
        @Override
        public void beforeCompletion() {
            TransactionSynchronizationManager.unbindResourceIfPossible(TimelineRows.this);
        }
    }
}
