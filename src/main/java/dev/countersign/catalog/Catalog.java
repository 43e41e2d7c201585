package dev.countersign.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The organisation as its files say. Facts (services, owners, dependencies) follow the files at once; policy (SLO targets,
 * checklists, integrity checks, rotation, journeys, capacity, business figures, canary configurations) takes effect only once a second person has approved it, and until then {@link #heldBack()} names it.
 */
public interface Catalog {
    List<Service> services();

    Optional<Service> service(String name);

    /** Services that depend on this one, directly. */
    List<Service> dependentsOf(String name);

    /** Services that consume an API which this one provides ({@code consumesApis}, {@code providesApis}), by name; never itself. */
    List<Service> consumersOf(String name);

    /**
     * Shared platforms that the service depends on directly, or through an API that it consumes: their owners get a seat in the
     * review of its releases.
     */
    List<Service> sharedPlatformsTouchedBy(String service);

    /** Why no release of the service may be opened, in words for a person; empty where one may. */
    Optional<String> whyItCannotRelease(String service);

    /** Where services run: resources of type {@code environment}. */
    List<Environment> environments();

    /** The groups that may own services, each with its unit and the members that the files name. */
    List<Team> teams();

    /** What is wrong in the folders: file, place where known, message. A broken file never takes the rest down. */
    List<Problem> problems();

    /** Differences between the files and the approved policy. */
    List<HeldBack> heldBack();

    /** SLOs of a service under the approved policy, one for each objective; what a refused file promises is among them, and nobody can measure it. */
    List<Slo> slosOf(String service);

    /** SLOs of a service in the version that a release began with; empty where no approved version has the digest. */
    List<Slo> slosOf(String service, String digest);

    /** The approved checklist for a service, with its digest; empty where none applies. */
    Optional<Checklist> checklistOf(String service);

    /** As {@link #checklistOf(String)}, for one environment. */
    Optional<Checklist> checklistOf(String service, String environment);

    /** A checklist in the version that a release began with, approved now or earlier. */
    Optional<Checklist> checklist(String name, String digest);

    /** What is checked in the databases of a service when one of its releases migrates them; empty where nothing is declared. */
    List<IntegrityChecks> integrityChecksOf(String service);

    /** Integrity checks in a version that was in force once. */
    Optional<IntegrityChecks> integrityChecks(String digest);

    /** Certificates and secrets of a service under the approved policy; empty where nothing is declared. */
    List<Rotation> rotationOf(String service);

    /** What the platform tries out on versions of a service, under the approved policy; empty where nothing is declared. */
    List<Journey> journeysOf(String service);

    /** By their ids, those of a service's journeys that no version declares which came in force by then: nobody can have walked them before. */
    Set<String> journeysNewSince(String service, Instant then);

    /** By what the capacity of a service is told, under the approved policy; empty where nothing is declared. */
    List<Capacity> capacityOf(String service);

    /** Business figures of a service under the approved policy; empty where nothing is declared. */
    List<Kpi> kpisOf(String service);

    /** What the team watches of the service's canaries, under the approved policy; a file that was refused and of which nothing is in force is there with its fault. Empty where nothing is declared. */
    Optional<CanaryConfiguration> canaryOf(String service);

    /**
     * @param file path below its folder
     * @param line counted from 1; null where no single place is at fault
     * @param column counted from 1; null as above
     */
    record Problem(String file, Integer line, Integer column, String message) {
        /** {@code file:line:column message}, as compilers write it. */
        @Override
        public String toString() {
            return file + (line == null ? "" : ":" + line + ":" + column) + " " + message;
        }
    }

    /**
     * @param kind {@code slo}, {@code checklist}, {@code integrity}, {@code rotation}, {@code journey}, {@code capacity}, {@code kpi} or {@code canary}
     * @param change {@code added}, {@code changed} or {@code removed}
     * @param activeDigest what is in force; null where added
     * @param proposedDigest what the file says; null where removed
     */
    record HeldBack(String kind, String file, String change, String activeDigest, String proposedDigest) {}
}
