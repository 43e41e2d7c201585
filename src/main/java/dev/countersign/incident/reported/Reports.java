package dev.countersign.incident.reported;

import java.util.List;

/** How one system tells of incidents. */
interface Reports {
    Source source();

    /** Whether it looks like what this system sends. */
    boolean speaks(Part document);

    /**
     * None where it tells of something else.
     *
     * @throws dev.countersign.api.Problem with the place, where something cannot be read: of the others nothing counts then either
     */
    List<Report> read(Part document);
}
