package dev.countersign.catalog;

import java.util.List;
import java.util.Optional;

/** The services as their files say now. Facts (owners, dependencies) follow the files at once. */
public interface Catalog {
    List<Service> services();

    Optional<Service> service(String name);

    /** Services that depend on this one, directly. */
    List<Service> dependentsOf(String name);

    /** What is wrong in the folder: file, line where known, message. A broken file never takes the rest down. */
    List<Problem> problems();

    /** SLOs of a service under the approved policy. */
    List<Slo> slosOf(String service);

    /** The approved checklist for a service, with its digest; empty where none applies. */
    Optional<Checklist> checklistOf(String service);

    record Problem(String file, Integer line, String message) {}
}
