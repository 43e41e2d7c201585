package dev.countersign.release;

import dev.countersign.catalog.Slo;
import java.util.List;

/**
 * The policy that a release began with and is judged by to its end, whatever is approved while it is under way. Models, tables and thresholds are
 * the deployment {@link Release#policy()}; the objectives of its service are here.
 */
public interface PinnedPolicy {
    /**
     * The objectives that were in force when the release was opened. A release that began with none is judged by those in force now: none at all
     * would never be a pass.
     */
    List<Slo> objectivesOf(Release release);
}
