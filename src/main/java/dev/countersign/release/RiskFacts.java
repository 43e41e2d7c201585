package dev.countersign.release;

import java.util.Map;

/** Facts that the risk-tier table asks for, from the modules that keep them (incidents, rollbacks, overdue actions). */
public interface RiskFacts {
    /** Numbers by the input names of the table {@code risk-tier}, for example {@code rollbacks90d}, {@code overdueActions}, {@code openRemediations}. */
    Map<String, Object> factsOf(String service);
}
