package dev.countersign.evidence;

import dev.countersign.api.Problem;
import dev.countersign.identity.Actors;
import dev.countersign.identity.Role;
import dev.countersign.release.Release;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * What a document is about: the commit that it states itself, else the one that the service account {@code ci} asserts. Nobody else
 * can assert it.
 */
@Component
class SubjectRule {
    /** The length of a commit's id as git abbreviates it at least. */
    private static final int SHORTEST = 7;

    private final Actors actors;

    SubjectRule(Actors actors) {
        this.actors = actors;
    }

    /** @param assertedBy {@code document} or the service account */
    record Subject(String commit, String assertedBy) {}

    /** Whoever sends {@code commit=} must be the service account, whether it is needed or not. */
    void mayAssert(String commit) {
        if (commit != null && !actors.has(Role.CI)) {
            throw Problem.forbidden(
                    "Only the service account ci can say which commit a document is about. '%s' cannot: "
                                    .formatted(actors.current())
                            + "leave commit= out and send a document that states its commit itself, or let the pipeline send it");
        }
    }

    Subject decide(Release release, Collection<String> stated, String asserted) {
        if (asserted != null) {
            require(release, List.of(asserted), "the sender says that this report");
        }
        if (!stated.isEmpty()) {
            require(release, stated, "this report");
            return new Subject(stated.iterator().next(), "document");
        }
        if (asserted == null) {
            throw Problem.invalid(
                    "/commit",
                    "The document does not say which commit it is about. It can state it itself "
                            + "(SARIF: versionControlProvenance.revisionId; JUnit: a property git.commit.id), or the service account ci asserts it by commit=");
        }
        return new Subject(asserted, actors.current());
    }

    private static void require(Release release, Collection<String> stated, String what) {
        if (stated.stream().noneMatch(commit -> isSame(release.commit(), commit))) {
            String others = String.join(" and ", stated);
            throw Problem.of(
                    HttpStatus.CONFLICT,
                    "%s is for commit %s, the release is built from %s".formatted(what, others, release.commit()),
                    Map.of("stated", others, "release", release.commit()));
        }
    }

    private static boolean isSame(String release, String stated) {
        String one = release.toLowerCase(Locale.ROOT);
        String other = stated.toLowerCase(Locale.ROOT);
        return Math.min(one.length(), other.length()) >= SHORTEST && (one.startsWith(other) || other.startsWith(one));
    }
}
