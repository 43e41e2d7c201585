package dev.countersign.release;

import java.util.List;

/** Another system said what it deployed. In memory; whoever hears it has stored it when the call returns. */
public record DeploymentsReported(List<DeploymentReport> reports) {
    public DeploymentsReported {
        reports = List.copyOf(reports);
    }
}
