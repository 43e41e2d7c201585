package dev.countersign.rollout.reported;

import dev.countersign.rollout.ReportedDeployments;
import dev.countersign.rollout.reported.ReportedDeploymentStore.Asked;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

@Component
class StoredReports implements ReportedDeployments {
    private final ReportedDeploymentStore store;

    StoredReports(ReportedDeploymentStore store) {
        this.store = store;
    }

    @Override
    public List<ReportedDeployment> unapproved(Instant from, Instant to) {
        return store.unapproved(from, to).stream()
                .map(one -> new ReportedDeployment(
                        one.id(),
                        one.report().source(),
                        one.service(),
                        one.report().environment(),
                        one.report().commit(),
                        one.report().state().isEnd() ? one.report().state().name() : null,
                        one.report().begin(),
                        one.report().finishedAt(),
                        one.report().address()))
                .toList();
    }

    @Override
    public long countUnapproved(Instant from, Instant to) {
        return store.count(new Asked(Set.of(Standing.UNAPPROVED), null, null, from, to));
    }
}
