package dev.countersign.rollout.alertmanager;

import dev.countersign.rollout.alertmanager.Delivery.Alert;
import dev.countersign.workflow.Decisions;
import dev.countersign.workflow.ModelDeployment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** What an alert's labels name, as the table {@code alert-labels} that is in force now says. */
@Component
class AlertLabels {
    private static final String TABLE = "alert-labels";

    private final Decisions decisions;
    private final ObjectProvider<ModelDeployment> models;
    /** A set of models never changes: its tables are asked once. */
    private final Map<Asked, List<String>> known = new ConcurrentHashMap<>();

    AlertLabels(Decisions decisions, ObjectProvider<ModelDeployment> models) {
        this.decisions = decisions;
        this.models = models;
    }

    private record Asked(String policy, String names) {}

    /** The keys that may be a release's, in the table's order. */
    Stream<String> releases(Alert alert) {
        return values(alert, "release");
    }

    /** The names that may be a service's, in the table's order. */
    Stream<String> services(Alert alert) {
        return values(alert, "service");
    }

    /** Empty where the alert names none. */
    String version(Alert alert) {
        return values(alert, "version").findFirst().orElse("");
    }

    private Stream<String> values(Alert alert, String names) {
        return labels(names).stream().map(alert::label).filter(value -> !value.isBlank());
    }

    private List<String> labels(String names) {
        String policy = models.getObject().current();
        return known.computeIfAbsent(
                new Asked(policy, names),
                asked -> decisions.knows(policy, TABLE)
                        ? decisions.ask(policy, TABLE, Map.of("names", names)).rows().stream()
                                .map(row -> String.valueOf(row.get("label")))
                                .toList()
                        : List.of(names));
    }
}
