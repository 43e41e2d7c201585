package dev.countersign.learning.leadtime;

import dev.countersign.catalog.Service;
import dev.countersign.evidence.SourceUnavailable;
import java.util.List;
import java.util.Optional;

/** A system that holds changes before they are merged, and says which commits they became. */
interface ChangeSource {
    String name();

    /** Where the service's changes are, as its catalog entry says; empty where it names none here. */
    Optional<String> repositoryOf(Service service);

    /** The commits that {@code head} has and {@code base} has not, all of them, oldest first. */
    List<String> commits(String repository, String base, String head) throws SourceUnavailable, InterruptedException;

    /** The changes that brought a commit, merged or not, still without their commits and remarks. */
    List<Change> changes(String repository, String commit) throws SourceUnavailable, InterruptedException;

    /** With its commits, and with as many remarks as it takes to know the first of somebody else. */
    Change complete(Change change) throws SourceUnavailable, InterruptedException;
}
