package dev.countersign.incident.reported;

import dev.countersign.workflow.ModelBean;
import java.util.List;
import org.springframework.stereotype.Component;

/** What the first version of the model {@code incident-attribution} asks: it may be in force still. Later ones are told when they start. */
@ModelBean
@Component("incidentAttribution")
public class IncidentAttribution {
    private final ReportedIncidentStore store;
    private final Attributors attributors;

    IncidentAttribution(ReportedIncidentStore store, Attributors attributors) {
        this.store = store;
        this.attributors = attributors;
    }

    /** The group that says which release caused it. */
    public List<String> groupsOf(String incident) {
        return List.of(attributors.askedFor(store.find(incident).orElseThrow()));
    }
}
