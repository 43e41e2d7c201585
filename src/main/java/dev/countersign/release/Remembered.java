package dev.countersign.release;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The last read of what is written once about a release and never changed or deleted. What a transaction read is remembered when it is committed: it may have written it
 * itself, and be rolled back.
 */
final class Remembered<T> {
    private static final int MOST = 500;

    private final Map<String, T> byRelease = new LinkedHashMap<>(MOST, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
            return size() > MOST;
        }
    };

    synchronized Optional<T> find(String releaseKey) {
        return Optional.ofNullable(byRelease.get(releaseKey));
    }

    void keep(String releaseKey, T what) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            put(releaseKey, what);
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                put(releaseKey, what);
            }
        });
    }

    private synchronized void put(String releaseKey, T what) {
        byRelease.put(releaseKey, what);
    }
}
