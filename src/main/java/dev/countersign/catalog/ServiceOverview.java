package dev.countersign.catalog;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;

/**
 * A service as {@code GET /api/services} shows it.
 *
 * @param ref the entity reference, {@code component:namespace/name}
 * @param ownerRef the owner's entity reference, whether or not a file describes it
 * @param whyItCannotRelease null where it can
 */
record ServiceOverview(
        String name,
        String ref,
        String title,
        String description,
        String type,
        String lifecycle,
        String system,
        String tier,
        String target,
        String unit,
        String team,
        String owner,
        String ownerRef,
        String onCall,
        boolean sharedPlatform,
        boolean orphan,
        String whyItCannotRelease,
        String file) {

    /** Another service that this one depends on, or that depends on it. */
    record Neighbour(String name, String title, String owner, String tier, boolean sharedPlatform) {
        static Neighbour of(Service service) {
            return new Neighbour(
                    service.name(), service.title(), service.owner(), service.tier(), service.sharedPlatform());
        }
    }

    /**
     * One service with all that is known of it.
     *
     * @param relations entity references by relation, as the file names them
     * @param sharedPlatforms names of the shared platforms whose owners get a seat in its reviews
     * @param facts what the modules above add, at the top level
     * @param factsMissing what should have been added and could not be asked
     */
    record Detail(
            @JsonUnwrapped ServiceOverview service,
            List<Neighbour> dependsOn,
            List<Neighbour> dependents,
            List<String> sharedPlatforms,
            Map<String, List<String>> relations,
            List<Slo> slos,
            Checklist checklist,
            Map<String, String> annotations,
            List<Catalog.Problem> problems,
            @JsonAnyGetter Map<String, Object> facts,
            List<String> factsMissing) {}

    /** @param facts what the modules above add, at the top level: SLO state, error budget, rollback frequency */
    record Row(@JsonUnwrapped ServiceOverview service, @JsonAnyGetter Map<String, Object> facts) {}

    /**
     * The list with what is wrong in the folders and what waits for approval.
     *
     * @param factsMissing what should have been added and could not be asked
     */
    record Listing(
            List<Row> services,
            List<Environment> environments,
            List<Catalog.Problem> problems,
            List<Catalog.HeldBack> heldBack,
            List<String> factsMissing) {}
}
