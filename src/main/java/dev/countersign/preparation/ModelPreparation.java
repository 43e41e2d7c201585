package dev.countersign.preparation;

import dev.countersign.release.Releases;
import dev.countersign.workflow.ModelBean;
import java.util.List;
import org.springframework.stereotype.Component;

/** What the model {@code release-preparation} reads in its expressions. */
@ModelBean
@Component("preparation")
public class ModelPreparation {
    private final Preparedness preparedness;
    private final Planning planning;
    private final Releases releases;

    ModelPreparation(Preparedness preparedness, Planning planning, Releases releases) {
        this.preparedness = preparedness;
        this.planning = planning;
        this.releases = releases;
    }

    /** The roles with items that nobody has ticked for what there is to see now. */
    public List<String> rolesAsked(String releaseKey) {
        return preparedness.rolesAsked(releaseKey);
    }

    /** The group that ticks for a role: its own. */
    public String groupOf(String role) {
        return role;
    }

    /** Whether a communication plan is needed, and none is final for what there is to see now. */
    public boolean planIsMissing(String releaseKey) {
        return preparedness.planIsMissing(releaseKey);
    }

    /** The groups that write the plan, separated by commas. */
    public String planners(String releaseKey) {
        return String.join(",", planning.planners(releases.get(releaseKey)));
    }
}
