package dev.countersign.observe.correlation;

import dev.countersign.observe.correlation.CallGraph.Relation;
import java.util.List;

/**
 * Whether the release is the root, and why.
 *
 * @param service where its doing shows, or who is suspected instead; null where nobody is
 * @param relation of that service to the released one; null as above
 * @param kind of what goes wrong there; null as above
 * @param sentence for a person
 * @param anomalies everything that goes wrong, earliest onset first
 * @param carried how requests through candidate and stable version compare, those that differ most first
 * @param graph the calls between the services concerned, with whether they were seen in traces
 * @param gaps what is missing
 */
public record Finding(
        Outcome outcome,
        Reason reason,
        String service,
        Relation relation,
        Signal.Kind kind,
        String sentence,
        List<Anomaly> anomalies,
        List<Carried> carried,
        CallGraph graph,
        List<String> gaps,
        String ruleVersion) {
    public static final String RULES = "correlation 1.1";

    public Finding {
        anomalies = List.copyOf(anomalies);
        carried = List.copyOf(carried);
        gaps = List.copyOf(gaps);
    }

    public enum Outcome {
        ROOT,
        RULED_OUT,
        UNDETERMINED
    }

    /** Why it is so; {@code UNDETERMINED} for the last four. */
    public enum Reason {
        CARRIED,
        OVERLOADED,
        NOT_CARRIED,
        BEGAN_BEFORE,
        NO_PATH,
        NOT_REACHED,
        COINCIDES,
        TOO_LITTLE,
        NOTHING_WRONG,
        NO_DATA
    }
}
