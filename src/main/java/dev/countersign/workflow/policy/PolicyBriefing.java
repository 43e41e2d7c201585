package dev.countersign.workflow.policy;

import dev.countersign.workflow.PolicyChanges;
import dev.countersign.workflow.PolicyChanges.Change;
import java.util.HashMap;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** What people see before they claim or approve a change. */
@Component
class PolicyBriefing {
    /** More than a person reads on a form; the API has the whole. */
    private static final int LONGEST = 40_000;

    private final ObjectProvider<PolicyChanges> changes;

    PolicyBriefing(ObjectProvider<PolicyChanges> changes) {
        this.changes = changes;
    }

    Map<String, Object> of(long id) {
        Change change = changes.getObject().find(id).orElseThrow();
        String difference = changes.getObject().difference(id);
        Map<String, Object> briefing = new HashMap<>();
        briefing.put("releaseKey", "Change " + id + " of " + change.source());
        briefing.put("source", change.source());
        briefing.put("detectedAt", change.detectedAt().toString());
        briefing.put("submittedBy", change.submittedBy() == null ? "" : change.submittedBy());
        briefing.put("summary", change.why() == null ? "" : change.why());
        briefing.put("dossier", change.digest());
        // Four spaces make it code for the form's text component, whatever the files contain.
        String shown = difference.length() <= LONGEST ? difference : difference.substring(0, LONGEST);
        briefing.put(
                "difference", shown.lines().map(line -> "    " + line).reduce("", (all, line) -> all + line + "\n"));
        briefing.put(
                "rest",
                difference.length() <= LONGEST
                        ? ""
                        : "The difference is longer than this form shows: read all of it at /api/policy/changes/" + id);
        return briefing;
    }
}
