package dev.countersign.workflow.policy;

import dev.countersign.identity.Actors;
import dev.countersign.identity.Role;
import dev.countersign.workflow.PolicyChanges;
import dev.countersign.workflow.PolicySource;
import dev.countersign.workflow.Processes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Finds changes of policy, has them decided by people, and puts in force what was approved. */
@Service
class PolicyBook implements PolicyChanges {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyBook.class);
    static final String PROCESS = "policy-change";
    private final PolicyVersions store;
    private final ObjectProvider<PolicySource> sources;
    private final ObjectProvider<Processes> processes;
    private final ObjectProvider<ModelsSource> models;
    private final TransactionTemplate transaction;
    private final SupersededChanges superseded;
    private final PolicyRecord record;

    PolicyBook(
            PolicyVersions store,
            ObjectProvider<PolicySource> sources,
            ObjectProvider<Processes> processes,
            ObjectProvider<ModelsSource> models,
            TransactionTemplate transaction,
            SupersededChanges superseded,
            PolicyRecord record) {
        this.store = store;
        this.sources = sources;
        this.processes = processes;
        this.models = models;
        this.transaction = transaction;
        this.superseded = superseded;
        this.record = record;
    }

    static String businessKey(long change) {
        return PolicyChanges.keyOf(change);
    }

    static long idOf(String businessKey) {
        return Long.parseLong(businessKey.substring(KEY.length()));
    }

    /** Puts in force what was approved; a first set on an empty database goes in force as it is, since there is nothing to compare it with. */
    void start(PolicySource source) {
        if (store.inForce(source.name()).isEmpty()) {
            transaction.executeWithoutResult(status -> {
                Map<String, byte[]> files = source.files();
                String digest = store.keep(files);
                long change = store.insert(source.name(), null, digest, State.FIRST, List.of());
                store.putInForce(source.name(), digest, change);
                source.activate(files);
                record.now("policy.first", change, Actors.PLATFORM);
                LOG.info("First set of {} in force: {}", source.name(), digest);
            });
        } else {
            String digest = store.inForce(source.name()).orElseThrow().digest();
            transaction.executeWithoutResult(status -> source.activate(store.files(digest)));
        }
    }

    /** Looks whether a source's files differ from what is in force, and opens a change where nobody has seen it yet. */
    void look(PolicySource source) {
        Map<String, byte[]> files = source.files();
        String digest = Digests.ofSet(files);
        String inForce = store.inForce(source.name()).map(InForce::digest).orElse(null);
        Optional<Change> open = store.open(source.name());
        if (digest.equals(inForce)) {
            open.ifPresent(this::supersede);
        } else if (!isKnown(source.name(), digest, open)) {
            open.ifPresent(this::supersede);
            open(source, files, inForce);
        }
    }

    /** The same edit is not put before people twice, also when they said no; it is again once something else has come between. */
    private boolean isKnown(String source, String digest, Optional<Change> open) {
        return open.or(() -> store.newest(source).filter(change -> change.state() != State.LAPSED))
                .map(Change::digest)
                .filter(digest::equals)
                .isPresent();
    }

    private void open(PolicySource source, Map<String, byte[]> files, String inForce) {
        List<String> problems = source.problems(files);
        try {
            transaction.executeWithoutResult(status -> {
                String digest = store.keep(files);
                State state = problems.isEmpty() ? State.DETECTED : State.REFUSED;
                long change = store.insert(source.name(), inForce, digest, state, problems);
                record.now(problems.isEmpty() ? "policy.proposed" : "policy.refused", change, Actors.PLATFORM);
                if (problems.isEmpty()) {
                    processes.getObject().start(models.getObject().current(), PROCESS, businessKey(change));
                    LOG.info("Change {} of {} awaits its owner and an approval", change, source.name());
                } else {
                    LOG.warn("Change {} of {} is refused:\n{}", change, source.name(), String.join("\n", problems));
                }
            });
        } catch (DuplicateKeyException anotherNode) {
            LOG.debug("Another node has found the change of {} too", source.name());
        }
    }

    private void supersede(Change change) {
        transaction.executeWithoutResult(status -> {
            store.decided(change.id(), Actors.PLATFORM, "The folder changed again");
            store.close(change.id(), change.state() == State.REFUSED ? State.REFUSED : State.SUPERSEDED);
            record.now("policy.superseded", change.id(), Actors.PLATFORM);
            superseded.end(businessKey(change.id()));
        });
    }

    /** Puts an approved change in force, unless something else came in force meanwhile or it would be refused by now. */
    void activate(long id) {
        Change change = store.find(id).orElseThrow();
        if (change.state() == State.APPROVED) {
            return;
        }
        PolicySource source = source(change.source());
        Map<String, byte[]> files = store.files(change.digest());
        List<String> problems = source.problems(files);
        if (!problems.isEmpty()) {
            store.refused(id, problems);
            record.now("policy.refused", id, Actors.PLATFORM);
            return;
        }
        store.putInForce(change.source(), change.digest(), id);
        source.activate(files);
        store.close(id, State.APPROVED);
        record.now("policy.in-force", id, Actors.PLATFORM);
        LOG.info("Change {} of {} is in force, approved by {}", id, change.source(), change.decidedBy());
    }

    @Override
    public List<String> approvers(long id) {
        Change change = store.find(id).orElseThrow();
        boolean concernsCompliance = source(change.source()).concernsCompliance(base(id), store.files(change.digest()));
        return concernsCompliance
                ? List.of(Role.COMPLIANCE.id())
                : List.of(Role.PROCESS_OWNER.id(), Role.COMPLIANCE.id());
    }

    private PolicySource source(String name) {
        return sources.stream()
                .filter(source -> source.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("There is no policy source " + name));
    }

    private Map<String, byte[]> base(long id) {
        String base = store.baseOf(id);
        return base == null ? Map.of() : store.files(base);
    }

    @Override
    public List<Change> list(int limit) {
        return store.list(limit);
    }

    @Override
    public List<Change> open() {
        return store.open();
    }

    @Override
    public Optional<Change> find(long id) {
        return store.find(id);
    }

    @Override
    public String difference(long id) {
        return store.find(id)
                .map(change -> Difference.of(base(id), store.files(change.digest())))
                .orElse("");
    }

    @Override
    public Optional<InForce> inForce(String source) {
        return store.inForce(source);
    }
}
