package dev.countersign.criteria;

import dev.countersign.workflow.ModelBean;
import java.util.List;
import org.springframework.stereotype.Component;

/** Who is asked: the collections of the model's multi-instance tasks, computed when they begin. */
@ModelBean
@Component("criteriaParties")
public class CriteriaParties {
    private final Negotiation negotiation;

    CriteriaParties(Negotiation negotiation) {
        this.negotiation = negotiation;
    }

    /** Parties whose agreement to the set as it stands is missing. */
    public List<String> missing(String releaseKey) {
        return negotiation.missing(releaseKey);
    }

    /** The heads who decide jointly when the parties do not agree. */
    public List<String> heads() {
        return Party.heads();
    }
}
