package dev.countersign.rollout.alertmanager;

import dev.countersign.rollout.alertmanager.Delivery.Alert;
import dev.countersign.workflow.Decisions;
import dev.countersign.workflow.ModelDeployment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** What an alert's labels name, as the table {@code alert-labels} that is in force now says. */
@Component
class AlertLabels {
    private static final String TABLE = "alert-labels";

    private static final Logger LOG = LoggerFactory.getLogger(AlertLabels.class);

    private final Decisions decisions;
    private final Supplier<String> policy;
    /** A set of models never changes: its tables are asked once. */
    private final Map<Asked, List<String>> known = new ConcurrentHashMap<>();

    @Autowired
    AlertLabels(Decisions decisions, ObjectProvider<ModelDeployment> models) {
        this(decisions, () -> models.getObject().current());
    }

    AlertLabels(Decisions decisions, Supplier<String> policy) {
        this.decisions = decisions;
        this.policy = policy;
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

    /** Without a table, and while it does not answer, a label is called as what it names: that an alert finds its release must not depend on a table alone. */
    private List<String> labels(String names) {
        try {
            return known.computeIfAbsent(new Asked(policy.get(), names), this::ask);
        } catch (RuntimeException unanswered) {
            LOG.error("The table {} does not say which labels name a {}", TABLE, names, unanswered);
            return List.of(names);
        }
    }

    private List<String> ask(Asked asked) {
        return decisions.knows(asked.policy(), TABLE)
                ? decisions.ask(asked.policy(), TABLE, Map.of("names", asked.names())).rows().stream()
                        .map(row -> String.valueOf(row.get("label")))
                        .toList()
                : List.of(asked.names());
    }
}
