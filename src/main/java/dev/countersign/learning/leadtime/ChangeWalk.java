package dev.countersign.learning.leadtime;

import dev.countersign.evidence.SourceUnavailable;
import dev.countersign.learning.leadtime.ChangeSources.Located;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** From the commits of a release to the changes that brought them, within bounds. */
class ChangeWalk {
    /** More than anybody wants to ask for. Asking again would not help. */
    static final class TooMany extends Exception {
        private static final long serialVersionUID = 1L;

        TooMany(String reason) {
            super(reason);
        }
    }

    record Found(Set<String> commits, List<Change> changes) {}

    private final ChangesProperties properties;
    private final Clock clock;

    ChangeWalk(ChangesProperties properties, Clock clock) {
        this.properties = properties;
        this.clock = clock;
    }

    /** Each commit is asked for, also where it is one of a change that is known: it may be what another one became, which was merged into the branch of the first. */
    Found since(String base, String head, Located at) throws SourceUnavailable, InterruptedException, TooMany {
        Instant end = clock.instant().plus(properties.within());
        List<String> commits = at.source().commits(at.repository(), base, head);
        if (commits.size() > properties.mostCommits()) {
            throw new TooMany("the release has %d commits, and at most %d are looked at"
                    .formatted(commits.size(), properties.mostCommits()));
        }
        Set<String> all = Set.copyOf(commits);
        Set<String> seen = new HashSet<>();
        List<Change> changes = new ArrayList<>();
        for (String commit : commits) {
            require(end);
            for (Change change : at.source().changes(at.repository(), commit)) {
                if (seen.add(change.id()) && isIn(all, change)) {
                    if (changes.size() == properties.mostChanges()) {
                        throw new TooMany("the release has more than %d changes, which is as many as are looked at"
                                .formatted(properties.mostChanges()));
                    }
                    require(end);
                    changes.add(at.source().complete(change));
                }
            }
        }
        return new Found(all, changes);
    }

    /** What was merged elsewhere, such as into a branch that never came here, does not count. */
    private static boolean isIn(Set<String> commits, Change change) {
        return change.isMerged() && change.mergeCommit() != null && commits.contains(change.mergeCommit());
    }

    private void require(Instant end) throws SourceUnavailable {
        if (clock.instant().isAfter(end)) {
            throw new SourceUnavailable("its answers took longer than " + properties.within());
        }
    }
}
