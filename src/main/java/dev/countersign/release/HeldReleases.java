package dev.countersign.release;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The releases whose rows the current transaction holds. Nobody else can change a held row, so that it need not be read again until this transaction
 * writes it.
 */
@Component
class HeldReleases implements HeldFacts {
    Optional<Release> find(String key) {
        Held held = (Held) TransactionSynchronizationManager.getResource(this);
        return held == null ? Optional.empty() : held.releases.getOrDefault(key, Optional.empty());
    }

    void hold(Release release) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            return;
        }
        Held held = (Held) TransactionSynchronizationManager.getResource(this);
        if (held == null) {
            held = new Held();
            TransactionSynchronizationManager.bindResource(this, held);
            TransactionSynchronizationManager.registerSynchronization(held);
        }
        held.releases.put(release.key(), Optional.of(release));
    }

    @Override
    @SuppressWarnings("unchecked") // each name is read by one place only
    public <T> T read(String key, String what, Supplier<T> reading) {
        Held held = (Held) TransactionSynchronizationManager.getResource(this);
        if (held == null || !holds(key)) {
            return reading.get();
        }
        Map<String, Object> facts = held.facts.computeIfAbsent(key, none -> new HashMap<>());
        T fact = (T) facts.get(what);
        if (fact == null) {
            fact = reading.get();
            facts.put(what, fact);
        }
        return fact;
    }

    @Override
    public boolean holds(String key) {
        Held held = (Held) TransactionSynchronizationManager.getResource(this);
        return held != null && held.releases.containsKey(key);
    }

    @Override
    public void changed(String key, String what) {
        Held held = (Held) TransactionSynchronizationManager.getResource(this);
        if (held != null) {
            held.facts.computeIfPresent(key, (same, facts) -> without(facts, what));
        }
    }

    private static Map<String, Object> without(Map<String, Object> facts, String what) {
        facts.remove(what);
        return facts;
    }

    /** To be called by every write: the row is held as before, and has to be read again. */
    void changed(String key) {
        Held held = (Held) TransactionSynchronizationManager.getResource(this);
        if (held != null) {
            held.releases.computeIfPresent(key, (same, before) -> Optional.empty());
        }
    }

    /** To be called with what was read: it is kept where the row is held. */
    void read(Release release) {
        Held held = (Held) TransactionSynchronizationManager.getResource(this);
        if (held != null) {
            held.releases.computeIfPresent(release.key(), (same, before) -> Optional.of(release));
        }
    }

    private final class Held implements TransactionSynchronization {
        /** Empty where the row was written since it was read. */
        private final Map<String, Optional<Release>> releases = new HashMap<>();

        private final Map<String, Map<String, Object>> facts = new HashMap<>();

        @Override
        public void suspend() {
            TransactionSynchronizationManager.unbindResource(HeldReleases.this);
        }

        @Override
        public void resume() {
            TransactionSynchronizationManager.bindResource(HeldReleases.this, this);
        }

        /** Not after completion: what others do there in a transaction of their own is not this one's. */
        @Override
        public void beforeCompletion() {
            TransactionSynchronizationManager.unbindResourceIfPossible(HeldReleases.this);
        }
    }
}
