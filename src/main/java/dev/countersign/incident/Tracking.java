package dev.countersign.incident;

import dev.countersign.release.Release;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Actions that outlive what they were agreed in: each has an owner and an end, and a process that asks for it until it is done. */
public interface Tracking {
    /** What an action came from. */
    enum Origin {
        /** The repair of a service that is rolled back again and again; until it is done every release of the service is riskier. */
        INSTABILITY,
        /** Agreed in the review of a hotfix. */
        HOTFIX
    }

    /**
     * Reads the rows of a form's list of actions.
     *
     * @throws dev.countersign.workflow.TaskRefused where one has nobody who can do it, or no end
     */
    List<Wanted> read(List<Map<String, Object>> rows);

    /** Opens each, tells its owner, and begins to ask for it. */
    void open(Release release, Origin origin, String because, List<Wanted> wanted);

    /** Open ones of a service, the first that is due first. */
    List<Tracked> openOf(String service);

    /** Open and done ones of a release, in the order in which they were opened. */
    List<Tracked> ofRelease(String releaseKey);

    /** @param owner a person or a group */
    record Wanted(String text, String owner, boolean ownedByGroup, Instant due) {}

    /**
     * @param because why it was opened
     * @param owner a person or a group
     * @param doneAt null while it is open
     */
    record Tracked(
            long id,
            String releaseKey,
            String service,
            Origin origin,
            String because,
            String text,
            String owner,
            Instant due,
            Instant doneAt) {}
}
