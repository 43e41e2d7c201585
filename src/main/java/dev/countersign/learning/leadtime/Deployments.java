package dev.countersign.learning.leadtime;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which deployment brought a change to users. */
final class Deployments {
    /** Commits that one commit has and an earlier one has not. */
    interface Between {
        Set<String> commits(String earlier, String later);
    }

    private final List<Deployment> all;
    private final Between between;

    Deployments(Collection<Deployment> all, Between between) {
        this.all = List.copyOf(all);
        this.between = between;
    }

    /** The last successful one before it of the same scope, repository and environment. */
    Optional<Deployment> previous(Deployment deployment) {
        return all.stream().filter(other -> other.precedes(deployment)).max(Comparator.comparing(Deployment::finished));
    }

    /**
     * The first successful one into production whose commits hold the change's merge commit. One that nothing precedes brings no change: everything that was ever merged would
     * be its own.
     */
    Optional<Deployment> thatBrought(Change change) {
        return all.stream()
                .filter(Deployment::counts)
                .sorted(Comparator.comparing(Deployment::finished))
                .filter(deployment -> change.mergeCommit() != null
                        && previous(deployment)
                                .filter(before -> between.commits(before.commit(), deployment.commit())
                                        .contains(change.mergeCommit()))
                                .isPresent())
                .findFirst();
    }
}
