package dev.countersign.evidence.change;

import dev.countersign.evidence.EvidenceSource;
import dev.countersign.evidence.change.ChangeRecord.Approval;
import dev.countersign.evidence.change.RegisterStore.Entry;
import dev.countersign.release.Release;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/** The platform's own register. Where another system keeps the records it is silent: an easier record is no way around that system. */
@Component
class RegisterSource implements EvidenceSource {
    private static final String NUMBER = "change-[0-9]{1,18}";
    private final RegisterStore store;
    private final boolean enabled;
    private final Clock clock;

    RegisterSource(
            RegisterStore store,
            RegisterProperties properties,
            ServiceNowProperties serviceNow,
            JiraProperties jira,
            Clock clock) {
        this.store = store;
        this.enabled =
                properties.enabled() == null ? serviceNow.url() == null && jira.url() == null : properties.enabled();
        this.clock = clock;
    }

    @Override
    public String name() {
        return "register";
    }

    @Override
    public Set<String> types(Asked asked) {
        return enabled && ChangeSystems.concerns(asked, NUMBER) ? Set.of(ChangeDocument.TYPE) : Set.of();
    }

    /** By the number that the release names, else the newest for this service and version; one that was withdrawn says so. */
    @Override
    public Answer fetch(Asked asked, Duration within) {
        Release release = asked.release();
        boolean named = release.rfc() != null && !release.rfc().isBlank();
        Optional<Entry> entry = named
                ? store.find(release.rfc())
                : store.of(release.service(), release.version()).stream().findFirst();
        return entry.map(one -> Answer.of(List.of(ChangeDocument.of(record(one), release, clock.instant()))))
                .orElseGet(() -> Answer.nothing(
                        named
                                ? "it has no record " + release.rfc()
                                : "no change record is entered for %s %s"
                                        .formatted(release.service(), release.version())));
    }

    private static ChangeRecord record(Entry entry) {
        return new ChangeRecord(
                entry.number(),
                entry.service(),
                entry.version(),
                entry.summary(),
                entry.state(),
                entry.isApproved(),
                ChangeDocument.names(entry.enteredBy()),
                entry.windowStart(),
                entry.windowEnd(),
                entry.approvals().stream()
                        .map(one -> new Approval(
                                one.approver() == null ? one.group() : "%s (%s)".formatted(one.approver(), one.group()),
                                ChangeDocument.names(one.approver()),
                                one.decision() == null ? "pending" : one.decision(),
                                one.decidedAt()))
                        .toList());
    }
}
