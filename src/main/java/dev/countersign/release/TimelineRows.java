package dev.countersign.release;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** The rows of the timeline that a transaction adds: written together before its commit, or when it reads the timeline itself. */
@Component
class TimelineRows {
    private static final int AT_ONCE = 100;
    private static final String ROW = "(?, ?, ?, ?, ?, ?)";

    private final JdbcTemplate jdbc;

    TimelineRows(JdbcTemplate jdbc) {
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

    private void insert(List<Object[]> rows) {
        jdbc.update(
                "insert into release_timeline (release_key, at_, type, actor, text, detail) values "
                        + String.join(", ", Collections.nCopies(rows.size(), ROW)),
                rows.stream().flatMap(Arrays::stream).toArray());
    }

    private final class Pending implements TransactionSynchronization {
        private final List<Object[]> rows = new ArrayList<>();

        void write() {
            for (int from = 0; from < rows.size(); from += AT_ONCE) {
                insert(rows.subList(from, Math.min(from + AT_ONCE, rows.size())));
            }
            rows.clear();
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
