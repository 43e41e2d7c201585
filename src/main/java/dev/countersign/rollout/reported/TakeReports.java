package dev.countersign.rollout.reported;

import dev.countersign.audit.Leaves;
import dev.countersign.identity.Actors;
import dev.countersign.release.DeploymentReport;
import dev.countersign.release.DeploymentsReported;
import dev.countersign.rollout.reported.Approvals.Approved;
import dev.countersign.rollout.reported.Comparison.Found;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.context.event.EventListener;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Keeps what is reported, each deployment once, and compares it with what was approved. A handful of statements for however many come at once. */
@Component
class TakeReports {
    private static final int ATTEMPTS = 3;
    private final ReportedDeploymentStore store;
    private final Repositories repositories;
    private final Approvals approvals;
    private final Telling telling;
    private final Leaves leaves;
    private final Clock clock;
    private final TransactionTemplate transaction;

    TakeReports(
            ReportedDeploymentStore store,
            Repositories repositories,
            Approvals approvals,
            Telling telling,
            Leaves leaves,
            Clock clock,
            PlatformTransactionManager transactions) {
        this.store = store;
        this.repositories = repositories;
        this.approvals = approvals;
        this.telling = telling;
        this.leaves = leaves;
        this.clock = clock;
        this.transaction = new TransactionTemplate(transactions);
    }

    @EventListener
    void on(DeploymentsReported said) {
        Map<String, Told> reports = new TreeMap<>();
        said.reports().forEach(report -> reports.merge(Kept.id(report), Told.of(report), Told::and));
        if (reports.isEmpty()) {
            return;
        }
        for (int attempt = 1; ; attempt++) {
            try {
                transaction.executeWithoutResult(status -> take(reports));
                return;
            } catch (DuplicateKeyException | ConcurrencyFailureException atTheSameTime) {
                // Another report of the same deployment was first, or holds what this one needs: the next look finds
                // it.
                // Systems that report do not
                // try again.
                if (attempt == ATTEMPTS) {
                    throw atTheSameTime;
                }
            }
        }
    }

    private void take(Map<String, Told> reports) {
        Map<String, Kept> before = store.held(reports.keySet());
        Map<String, Told> merged = new LinkedHashMap<>();
        reports.forEach((id, told) -> {
            Kept known = before.get(id);
            merged.put(id, known == null ? told : together(known, told));
        });
        merged.entrySet()
                .removeIf(one ->
                        before.containsKey(one.getKey()) && one.getValue().equals(Told.of(before.get(one.getKey()))));
        Instant now = clock.instant();
        List<Kept> compared = compared(merged, before, now);
        Set<String> tellable = telling.tellable(compared);
        List<Kept> kept = compared.stream()
                .map(one -> tellable.contains(one.id()) ? told(one, now) : one)
                .toList();
        store.insert(kept.stream().filter(one -> !before.containsKey(one.id())).toList());
        store.update(kept.stream().filter(one -> before.containsKey(one.id())).toList());
        kept.stream()
                .filter(one -> one.standing().isProduction())
                .filter(one -> !before.containsKey(one.id())
                        || before.get(one.id()).standing() != one.standing()
                        || before.get(one.id()).report().state() != one.report().state())
                .forEach(this::log);
        telling.tell(kept.stream().filter(one -> tellable.contains(one.id())).toList());
    }

    /** What went past the platform stays what it was when that was found: a commit that is named afterwards is not asked about. */
    private static Told together(Kept known, Told told) {
        Told all = Told.of(known).and(told);
        return known.standing() == Standing.UNAPPROVED ? all.about(known.report()) : all;
    }

    private static Kept told(Kept one, Instant now) {
        return new Kept(
                one.id(),
                one.report(),
                one.firstEndAt(),
                one.service(),
                one.standing(),
                one.release(),
                one.because(),
                one.receivedAt(),
                now);
    }

    private List<Kept> compared(Map<String, Told> told, Map<String, Kept> before, Instant now) {
        Map<String, DeploymentReport> reports = new LinkedHashMap<>();
        told.forEach((id, one) -> reports.put(id, one.report()));
        Map<String, List<String>> services = new LinkedHashMap<>();
        reports.forEach((id, report) -> services.put(id, repositories.services(report)));
        List<Approved> approved = approvals.of(
                services.values().stream().flatMap(List::stream).collect(Collectors.toSet()),
                named(reports.values(), DeploymentReport::commit),
                named(reports.values(), DeploymentReport::digest));
        List<Kept> compared = new ArrayList<>();
        reports.forEach((id, report) -> {
            Kept known = before.get(id);
            Found found = Comparison.of(report, services.get(id), repositories.place(report.environment()), approved);
            boolean stays = known != null
                    && known.standing() == Standing.UNAPPROVED
                    && !(found.standing() == Standing.APPROVED && isPutRight(known.report(), report));
            compared.add(new Kept(
                    id,
                    report,
                    told.get(id).firstEndAt(),
                    found.service() == null && known != null ? known.service() : found.service(),
                    stays ? known.standing() : found.standing(),
                    stays ? null : found.release(),
                    stays && found.standing() != Standing.UNAPPROVED ? known.because() : found.because(),
                    known == null ? now : known.receivedAt(),
                    known == null ? null : known.toldAt()));
        });
        return compared;
    }

    /**
     * Only a beginning that the system itself tells takes one off the record: one that is earlier than what was known, or that was not known at all and lies before the first
     * end. No later change of the catalog, of what it is called or of what is approved does.
     */
    private static boolean isPutRight(DeploymentReport known, DeploymentReport report) {
        return report.startedAt() != null && !report.begin().equals(known.begin());
    }

    private static Set<String> named(Collection<DeploymentReport> reports, Function<DeploymentReport, String> name) {
        return reports.stream().map(name).filter(Objects::nonNull).collect(Collectors.toSet());
    }

    private void log(Kept one) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("deployment", one.id());
        facts.put("repository", one.report().repository());
        facts.put("service", one.service());
        facts.put("environment", one.report().environment());
        facts.put("commit", one.report().commit());
        facts.put("digest", one.report().digest());
        facts.put("state", one.report().state().name());
        facts.put("began", one.report().begin().toString());
        facts.put("because", one.because());
        facts.values().removeIf(Objects::isNull);
        leaves.record(
                one.standing() == Standing.APPROVED ? "deployment.approved" : "deployment.unapproved",
                one.release(),
                Actors.PLATFORM,
                facts);
    }
}
