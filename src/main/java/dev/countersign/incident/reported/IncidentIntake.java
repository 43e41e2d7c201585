package dev.countersign.incident.reported;

import dev.countersign.audit.Leaves;
import dev.countersign.incident.ReportedIncidents.Reported;
import dev.countersign.incident.ReportedIncidents.Status;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps what a delivery says of incidents, all of it or nothing, in a number of statements that does not depend on how many it tells of. Whatever order deliveries come in, and
 * however often, incidents stand as their system said last. Whom the engine asks about them is seen to afterwards: an engine that fails loses none.
 */
@Component
class IncidentIntake {
    private static final int TRIES = 3;

    private final ReportedIncidentStore store;
    private final NamedServices services;
    private final AttributionQuestions questions;
    private final AttributionTask task;
    private final Leaves leaves;
    private final TransactionTemplate transaction;
    private final Clock clock;

    IncidentIntake(
            ReportedIncidentStore store,
            NamedServices services,
            AttributionQuestions questions,
            AttributionTask task,
            Leaves leaves,
            PlatformTransactionManager transactions,
            Clock clock) {
        this.store = store;
        this.services = services;
        this.questions = questions;
        this.task = task;
        this.leaves = leaves;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /**
     * What became of an incident.
     *
     * @param incident its key here
     * @param outcome {@code NEW}, {@code CHANGED} or {@code KNOWN}: known already, or newer is known
     * @param service of the catalog; null where it knows none
     * @param asked whether a person is to be asked now which release caused it
     */
    record Taken(String incident, String number, Status status, String outcome, String service, boolean asked) {}

    List<Taken> take(Source source, String sender, List<Report> reports) {
        for (int left = TRIES - 1; ; left--) {
            try {
                return Objects.requireNonNull(transaction.execute(status -> keep(source, sender, reports)));
            } catch (DuplicateKeyException | ConcurrencyFailureException faster) {
                // Another delivery tells of the same: what it said is known now.
                if (left == 0) {
                    throw faster;
                }
            }
        }
    }

    private List<Taken> keep(Source source, String sender, List<Report> reports) {
        Instant now = clock.instant();
        Map<String, Standing> said = said(reports, now);
        if (said.isEmpty()) {
            return List.of();
        }
        Map<String, Reported> known = store.lock(source, said.keySet());
        List<Standing> fresh = new ArrayList<>();
        List<Standing> changed = new ArrayList<>();
        said.forEach((id, one) -> {
            Reported before = known.get(id);
            if (before == null) {
                fresh.add(one);
                return;
            }
            Standing was = Standing.of(before);
            Standing after = was.then(one).kept();
            if (!after.equals(was)) {
                changed.add(after);
            }
        });
        if (!fresh.isEmpty()) {
            store.insert(fresh, sender, now);
        }
        if (!changed.isEmpty()) {
            store.update(changed);
        }
        Map<String, Reported> stand = fresh.isEmpty() && changed.isEmpty() ? known : store.find(source, said.keySet());
        log(fresh, stand, sender, "incident.reported");
        log(changed, stand, sender, "incident.report-changed");
        Set<String> asked =
                questions.toAsk(stand.values()).stream().map(Reported::key).collect(Collectors.toSet());
        task.soon(Stream.concat(
                        asked.stream(),
                        stand.values().stream()
                                .filter(AttributionQuestions::isVoid)
                                .map(Reported::key))
                .distinct()
                .toList());
        return said.keySet().stream()
                .map(stand::get)
                .map(one -> new Taken(
                        one.key(),
                        one.number(),
                        one.status(),
                        contains(fresh, one) ? "NEW" : contains(changed, one) ? "CHANGED" : "KNOWN",
                        one.service(),
                        asked.contains(one.key())))
                .toList();
    }

    /** A delivery may tell of one incident several times. */
    private Map<String, Standing> said(List<Report> reports, Instant now) {
        Map<String, Standing> said = new LinkedHashMap<>();
        reports.stream()
                .map(report -> report.notAfter(now))
                .forEach(report -> said.merge(
                        report.id(),
                        Standing.of(report, services.of(report)),
                        (one, other) ->
                                other.changedAt().isBefore(one.changedAt()) ? other.then(one) : one.then(other)));
        return said;
    }

    private static boolean contains(Collection<Standing> some, Reported one) {
        return some.stream().anyMatch(standing -> standing.sourceId().equals(one.sourceId()));
    }

    /** Without the title: a stranger wrote it, about whomever. */
    private void log(List<Standing> some, Map<String, Reported> stand, String sender, String type) {
        for (Standing one : some) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("incident", stand.get(one.sourceId()).key());
            facts.put("source", one.source());
            facts.put("number", one.number());
            facts.put("service", one.service());
            facts.put("status", one.status().name());
            facts.put("changedAt", one.changedAt().toString());
            leaves.record(type, null, sender, facts);
        }
    }
}
