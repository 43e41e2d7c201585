package dev.countersign.rollout;

import dev.countersign.release.ClearanceMissing;
import dev.countersign.release.Clearances;
import dev.countersign.release.Release;
import dev.countersign.release.StartCondition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Whether anything stands against the beginning of a rollout. */
@Component
class RolloutStart {
    private final ObjectProvider<StartCondition> conditions;
    private final Clearances clearances;

    RolloutStart(ObjectProvider<StartCondition> conditions, Clearances clearances) {
        this.conditions = conditions;
        this.clearances = clearances;
    }

    /** What stands against it ends the clearance: it is granted again when that is over. What is not known now only fails the step, and is asked again. */
    void require(Release release) throws IOException {
        List<String> against = new ArrayList<>();
        IOException unknown = null;
        for (StartCondition condition : conditions.orderedStream().toList()) {
            try {
                condition.against(release).ifPresent(against::add);
            } catch (IOException silent) {
                unknown = silent;
            }
        }
        if (!against.isEmpty()) {
            String why = String.join("; ", against);
            clearances.revoke(release.key(), "its rollout does not begin: " + why);
            throw new ClearanceMissing("The rollout of %s does not begin: %s".formatted(release.key(), why));
        }
        if (unknown != null) {
            throw unknown;
        }
    }
}
