package dev.countersign.evidence.change;

import dev.countersign.api.Problem;
import dev.countersign.audit.Leaves;
import dev.countersign.catalog.Catalog;
import dev.countersign.evidence.EvidenceSources;
import dev.countersign.evidence.change.RegisterStore.Approval;
import dev.countersign.evidence.change.RegisterStore.Entry;
import dev.countersign.identity.Actors;
import dev.countersign.identity.NotEntitled;
import dev.countersign.identity.Role;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseFilter;
import dev.countersign.release.Releases;
import dev.countersign.release.StateConflict;
import dev.countersign.release.Timeline;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The register for organisations without a system for changes. Who entered a record, requested its release or wrote its code approves nothing in it. */
@Service
class Register {
    private static final Role[] ENTERS = {Role.RELEASE_MANAGER, Role.DEVELOPER, Role.OPERATIONS, Role.HEAD_OF_OPERATIONS
    };
    private final RegisterProperties properties;
    private final RegisterStore store;
    private final Catalog catalog;
    private final Releases releases;
    private final EvidenceSources sources;
    private final Timeline timeline;
    private final Leaves leaves;
    private final Actors actors;
    private final Clock clock;

    Register(
            RegisterProperties properties,
            RegisterStore store,
            Catalog catalog,
            Releases releases,
            EvidenceSources sources,
            Timeline timeline,
            Leaves leaves,
            Actors actors,
            Clock clock) {
        this.properties = properties;
        this.store = store;
        this.catalog = catalog;
        this.releases = releases;
        this.sources = sources;
        this.timeline = timeline;
        this.leaves = leaves;
        this.actors = actors;
        this.clock = clock;
    }

    /** What a person enters. */
    record Draft(String service, String version, String summary, Instant windowStart, Instant windowEnd) {}

    @Transactional
    Entry enter(Draft draft) {
        actors.require(ENTERS);
        check(draft);
        String person = actors.current();
        Entry entry = new Entry(
                store.nextNumber(clock.instant()),
                draft.service().strip(),
                draft.version().strip(),
                draft.summary().strip(),
                draft.windowStart(),
                draft.windowEnd(),
                person,
                clock.instant(),
                null,
                properties.approvers().stream()
                        .map(group -> new Approval(group, null, null, null, null))
                        .toList());
        store.insert(entry);
        tell(
                entry,
                "change-record.entered",
                person,
                "Change record %s was entered: %s".formatted(entry.number(), entry.summary()),
                Map.of());
        return get(entry.number());
    }

    Entry get(String number) {
        return store.find(number).orElseThrow(() -> Problem.notFound("There is no change record " + number));
    }

    List<Entry> of(String service, String version) {
        return store.of(service, version);
    }

    @Transactional
    Entry decide(String number, String group, boolean approved, String reason) {
        store.lock(number);
        Entry entry = get(number);
        String person = actors.current();
        entitled(entry, group, person);
        if (entry.withdrawnAt() != null) {
            throw new StateConflict("%s is withdrawn".formatted(number));
        }
        if (reason == null || reason.isBlank() || reason.length() > 2000) {
            throw Problem.invalid("/reason", "Say why, in at most 2000 characters");
        }
        String decision = approved ? "approved" : "declined";
        if (!store.decide(number, new Approval(group, person, decision, reason.strip(), clock.instant()))) {
            throw new StateConflict("%s has decided on %s already".formatted(group, number));
        }
        tell(
                entry,
                "change-record." + decision,
                person,
                "Change record %s was %s for %s: %s".formatted(number, decision, group, reason.strip()),
                Map.of("group", group));
        return get(number);
    }

    /** Whoever entered it, or a release manager, takes it back: another one is entered instead. */
    @Transactional
    Entry withdraw(String number) {
        store.lock(number);
        Entry entry = get(number);
        String person = actors.current();
        if (!person.equals(entry.enteredBy()) && !actors.has(Role.RELEASE_MANAGER)) {
            throw new NotEntitled("%s is withdrawn by whoever entered it or a release manager".formatted(number));
        }
        store.withdraw(number, person, clock.instant());
        tell(entry, "change-record.withdrawn", person, "Change record %s was withdrawn".formatted(number), Map.of());
        return get(number);
    }

    private void entitled(Entry entry, String group, String person) {
        if (entry.approvals().stream().noneMatch(one -> one.group().equals(group))) {
            throw Problem.invalid("/group", "%s asks no approval of '%s'".formatted(entry.number(), group));
        }
        if (!actors.currentGroups().contains(group)) {
            throw new NotEntitled("The approval of %s is given by somebody of that group".formatted(group));
        }
        if (person.equals(entry.enteredBy())) {
            throw new NotEntitled("'%s' entered %s: somebody else approves it".formatted(person, entry.number()));
        }
        if (entry.approvals().stream().anyMatch(one -> person.equals(one.approver()))) {
            throw new NotEntitled(
                    "'%s' has decided for another group already: one person, one approval".formatted(person));
        }
        if (concerned(entry).stream().anyMatch(release -> release.isAuthorOrRequester(person))) {
            throw new NotEntitled(
                    "'%s' wrote or requested the release and does not approve its change".formatted(person));
        }
    }

    private void tell(Entry entry, String type, String person, String text, Map<String, Object> more) {
        Map<String, Object> detail = new LinkedHashMap<>(more);
        detail.put("number", entry.number());
        detail.put("service", entry.service());
        detail.put("version", entry.version());
        leaves.record(type, null, person, detail);
        for (Release release : concerned(entry)) {
            timeline.record(release.key(), type, person, text, detail);
            sources.fetchSoon(release.key(), List.of(ChangeDocument.TYPE));
        }
    }

    /** Releases of this service and version that are still on their way. */
    private List<Release> concerned(Entry entry) {
        return releases.list(ReleaseFilter.all().ofServices(Set.of(entry.service()))).stream()
                .filter(release -> release.version().equals(entry.version())
                        && !release.state().isFinal())
                .toList();
    }

    private void check(Draft draft) {
        List<Problem.FieldError> errors = new ArrayList<>();
        if (draft.service() == null || catalog.service(draft.service().strip()).isEmpty()) {
            errors.add(new Problem.FieldError("/service", "The catalog has no such service"));
        }
        if (draft.version() == null
                || draft.version().isBlank()
                || draft.version().length() > 80) {
            errors.add(new Problem.FieldError("/version", "The version that is released, at most 80 characters"));
        }
        if (draft.summary() == null
                || draft.summary().isBlank()
                || draft.summary().length() > 2000) {
            errors.add(new Problem.FieldError("/summary", "What is changed, in at most 2000 characters"));
        }
        if (draft.windowStart() == null
                || draft.windowEnd() == null
                || !draft.windowEnd().isAfter(draft.windowStart())) {
            errors.add(new Problem.FieldError("/windowEnd", "The window has a start, and an end after it"));
        }
        if (!errors.isEmpty()) {
            throw Problem.invalid(
                    "The change record cannot be entered: " + errors.get(0).message(), errors);
        }
    }
}
