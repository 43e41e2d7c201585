package dev.countersign.learning.leadtime;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A pull or merge request, as the system says that holds it.
 *
 * @param author null where the system names none
 * @param merged null while it is not
 * @param mergeCommit what stands on the branch since it was merged; null where that is not known
 * @param url for a person; null where there is none
 */
record Change(
        String id,
        String number,
        String repository,
        String author,
        Instant created,
        Instant merged,
        String mergeCommit,
        String url,
        List<Commit> commits,
        List<Remark> remarks) {
    Change {
        commits = List.copyOf(commits);
        remarks = List.copyOf(remarks);
    }

    /** @param authored when it was written, which a rebase leaves as it is */
    record Commit(String sha, Instant authored) {}

    /**
     * A review or a comment.
     *
     * @param author null where the system does not say whose it is
     */
    record Remark(String id, String author, Instant at) {
        boolean isOfAnotherThan(String other) {
            return author != null && !author.equals(other);
        }
    }

    boolean isMerged() {
        return merged != null;
    }

    Optional<Commit> firstCommit() {
        return commits.stream().min(Comparator.comparing(Commit::authored));
    }

    /** The first word of somebody else: whoever wrote it reviews nothing. It may be older than the change, where a draft was talked about, and younger than the merge. */
    Optional<Remark> firstReview() {
        return remarks.stream().filter(remark -> remark.isOfAnotherThan(author)).min(Comparator.comparing(Remark::at));
    }

    Change with(Collection<Commit> itsCommits, Collection<Remark> itsRemarks) {
        return new Change(
                id,
                number,
                repository,
                author,
                created,
                merged,
                mergeCommit,
                url,
                List.copyOf(itsCommits),
                List.copyOf(itsRemarks));
    }
}
