package dev.countersign.learning.delivery;

import dev.countersign.catalog.Catalog;
import dev.countersign.incident.AttributedIncidents;
import dev.countersign.incident.AttributedIncidents.AttributedIncident;
import dev.countersign.learning.delivery.Deployment.Reported;
import dev.countersign.learning.delivery.DeploymentStore.Hotfix;
import dev.countersign.rollout.ReportedDeployments;
import dev.countersign.rollout.ReportedDeployments.ReportedDeployment;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Finds the deployments of a period, and what became of them. As many statements for a hundred thousand as for one. */
@Component
class Delivery {
    private final DeploymentStore store;
    private final ObjectProvider<ReportedDeployments> reports;
    private final ObjectProvider<AttributedIncidents> attributed;
    private final Catalog catalog;
    private final Clock clock;

    Delivery(
            DeploymentStore store,
            ObjectProvider<ReportedDeployments> reports,
            ObjectProvider<AttributedIncidents> attributed,
            Catalog catalog,
            Clock clock) {
        this.store = store;
        this.reports = reports;
        this.attributed = attributed;
        this.catalog = catalog;
        this.clock = clock;
    }

    /** @param deployments newest first */
    record Found(Period period, Target target, Trend.By by, List<Judged> deployments) {}

    @Transactional(readOnly = true)
    Found find(Asked asked) {
        Instant now = clock.instant();
        Period period = Period.of(asked, now);
        Target target = Target.of(asked, catalog);
        Trend.By by = Trend.By.of(asked.trend(), period);
        Scope scope = target.scope(asked, catalog);
        List<Deployment> approved = store.between(period.from(), period.to(), scope);
        // What others deployed after the period stands between a deployment in it and a later hotfix.
        List<Deployment> reported = reported(period.from(), period.to().isAfter(now) ? period.to() : now, scope);
        Map<String, List<AttributedIncident>> incidents = incidents(approved);
        List<Hotfix> hotfixes =
                approved.isEmpty() && reported.isEmpty() ? List.of() : store.hotfixesSince(period.from());
        Remedies remedies = Remedies.of(
                Stream.concat(approved.stream(), reported.stream()).toList(),
                hotfixes,
                releasesByWord(hotfixes, incidents));
        return new Found(
                period,
                target,
                by,
                Stream.concat(approved.stream(), reported.stream().filter(one -> one.deployedAt()
                                .isBefore(period.to())))
                        .sorted(Comparator.comparing(Deployment::deployedAt)
                                .thenComparing(Deployment::key)
                                .reversed())
                        .map(one -> new Judged(one, remedies.of(one), incidents.getOrDefault(one.key(), List.of())))
                        .toList());
    }

    private List<Deployment> reported(Instant from, Instant to, Scope scope) {
        List<Deployment> found = new ArrayList<>();
        reports.orderedStream()
                .flatMap(source -> source.unapproved(from, to).stream())
                .filter(one -> scope.holds(one.service()))
                .map(Delivery::deployment)
                .forEach(found::add);
        return found;
    }

    private static Deployment deployment(ReportedDeployment one) {
        boolean succeeded = "SUCCESS".equals(one.result());
        return new Deployment(
                one.id(),
                one.service(),
                null,
                null,
                one.startedAt(),
                succeeded ? one.finishedAt() : null,
                null,
                null,
                null,
                new Reported(one.source(), one.environment(), one.commit(), one.result(), one.address()));
    }

    private Map<String, List<AttributedIncident>> incidents(List<Deployment> approved) {
        List<String> keys = approved.stream().map(Deployment::key).toList();
        return keys.isEmpty()
                ? Map.of()
                : attributed
                        .orderedStream()
                        .flatMap(source -> source.of(keys).stream())
                        .collect(Collectors.groupingBy(AttributedIncident::releaseKey));
    }

    private Map<String, String> releasesByWord(List<Hotfix> hotfixes, Map<String, List<AttributedIncident>> incidents) {
        Map<String, String> releases = new HashMap<>();
        incidents.values().stream()
                .flatMap(List::stream)
                .filter(incident -> incident.number() != null)
                .forEach(incident -> releases.put(incident.number(), incident.releaseKey()));
        releases.putAll(store.releasesNamed(Remedies.keysIn(
                hotfixes.stream().map(hotfix -> hotfix.deployment().fixes()))));
        return releases;
    }
}
