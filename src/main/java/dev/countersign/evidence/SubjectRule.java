package dev.countersign.evidence;

import dev.countersign.api.Problem;
import dev.countersign.evidence.EvidenceSource.About;
import dev.countersign.evidence.reader.Stated;
import dev.countersign.identity.Actors;
import dev.countersign.identity.Role;
import dev.countersign.release.Release;
import dev.countersign.release.Release.Artifact;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * What a document is about: the commit, digest or version that it states itself, else the commit that the service account {@code ci} asserts. Nobody else
 * can assert it.
 */
@Component
class SubjectRule {
    /** As git abbreviates it at least. */
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{7,64}");
    /** The length of a commit's id that is not abbreviated. */
    private static final int WHOLE = 40;

    private final Actors actors;

    SubjectRule(Actors actors) {
        this.actors = actors;
    }

    /** @param kind {@code commit}, {@code digest} or {@code version}; @param assertedBy {@code document} or the service account */
    record Subject(String kind, String value, String assertedBy) {}

    /** Whoever sends {@code commit=} must be the service account, whether it is needed or not. */
    void mayAssert(String commit) {
        if (commit != null && !actors.has(Role.CI)) {
            throw Problem.forbidden(
                    "Only the service account ci can say which commit a document is about. '%s' cannot: "
                                    .formatted(actors.current())
                            + "leave commit= out and send a document that states its commit itself, or let the pipeline send it");
        }
    }

    Subject decide(Release release, Stated stated, String asserted) {
        return decide(release, stated, asserted, actors.current());
    }

    /** As a system that was asked says itself: never what was asked for. */
    Subject decide(Release release, Stated said, About about, String system) {
        String other = about != null && about.kind().equals("name") ? about.value() : null;
        Stated stated = said.withBuilds(one -> isOurs(release, one, other));
        if (about != null && about.kind().equals("name")) {
            return decide(release, stated, null, system, about.value());
        }
        if (about == null || about.kind().equals("commit")) {
            return decide(release, stated, about == null ? null : about.value(), system);
        }
        if (!about.kind().equals("digest")
                || release.artifacts().stream()
                        .noneMatch(artifact -> artifact.digest().equalsIgnoreCase(about.value()))) {
            throw another(
                    about.kind(),
                    about.value(),
                    release.artifacts().stream().map(Artifact::digest).collect(Collectors.joining(" and ")));
        }
        return stated.isNothing()
                ? new Subject(about.kind(), about.value(), system)
                : decide(release, stated, (String) null, system);
    }

    private Subject decide(Release release, Stated stated, String asserted, String by) {
        return decide(release, stated, asserted, by, null);
    }

    /** @param called what the service is called in the system that was asked; null where as here */
    private Subject decide(Release release, Stated said, String asserted, String by, String called) {
        Stated stated = said.withBuilds(one -> isOurs(release, one, called));
        if (asserted != null) {
            require(release, List.of(asserted), "the sender says that this report");
        }
        if (!stated.commits().isEmpty()) {
            require(release, stated.commits(), "this report");
            return new Subject("commit", fullest(stated.commits()), "document");
        }
        if (!stated.participants().isEmpty()) {
            return stated.participants().stream()
                    .filter(commit -> isSame(release.commit(), commit))
                    .findFirst()
                    .map(ours -> new Subject("commit", ours, "document"))
                    .orElseThrow(
                            () -> another("commit", String.join(" and ", stated.participants()), release.commit()));
        }
        Optional<String> digest = Stream.concat(stated.digests().stream(), stated.hints().stream())
                .filter(one -> release.artifacts().stream()
                        .anyMatch(artifact -> artifact.digest().equalsIgnoreCase(one)))
                .findFirst();
        if (digest.isPresent()) {
            return new Subject("digest", digest.get(), "document");
        }
        if (!stated.digests().isEmpty()) {
            throw another(
                    "digest",
                    String.join(" and ", stated.digests()),
                    release.artifacts().stream().map(Artifact::digest).collect(Collectors.joining(" and ")));
        }
        if (saysWhichVersion(release, stated, called)) {
            return ofVersion(release, stated, called);
        }
        if (!stated.names().isEmpty()) {
            NameRule rule = new NameRule(release, called);
            if (!rule.areOurs(stated.names())) {
                throw another(
                        "product", String.join(" and ", stated.names()), release.service() + " " + release.version());
            }
            Optional<String> built = asserted == null ? rule.commit(stated.names()) : Optional.empty();
            if (built.isPresent()) {
                return new Subject("commit", built.get(), "document");
            }
            if (asserted == null && rule.sayVersion(stated.names())) {
                return new Subject("version", release.version(), "document");
            }
        }
        if (asserted == null) {
            throw Problem.invalid(
                    "/commit",
                    "The document does not say which commit, digest or version it is about. It can state it itself "
                            + "(SARIF: versionControlProvenance.revisionId; JUnit: a property git.commit.id; CycloneDX: metadata.component), or the service account ci asserts it by commit=");
        }
        return new Subject("commit", asserted, by);
    }

    /** Whether it names versions, and ours by more than a branch. */
    private static boolean saysWhichVersion(Release release, Stated stated, String called) {
        List<Stated.Version> ours = stated.versions().stream()
                .filter(one -> isOurs(release, one, called))
                .toList();
        return !stated.versions().isEmpty()
                && (ours.isEmpty()
                        || ours.stream()
                                .anyMatch(
                                        one -> !isBranch(one.version()) || StatedVersion.isOf(release, one.version())));
    }

    private static Subject ofVersion(Release release, Stated stated, String called) {
        return stated.versions().stream()
                .filter(one -> isOurs(release, one, called) && StatedVersion.isOf(release, one.version()))
                .findFirst()
                .map(one -> new Subject("version", one.version(), "document"))
                .orElseThrow(() -> another(
                        "version",
                        stated.versions().stream().map(Object::toString).collect(Collectors.joining(" and ")),
                        release.service() + " " + release.version()));
    }

    private static boolean isOurs(Release release, Stated.Version one, String called) {
        Set<String> names = release.artifacts().stream()
                .map(artifact -> artifact.name().substring(artifact.name().lastIndexOf('/') + 1))
                .collect(Collectors.toCollection(HashSet::new));
        names.add(release.service());
        if (called != null) {
            names.add(called.substring(called.lastIndexOf('/') + 1));
        }
        return names.contains(one.name());
    }

    /** {@code main}, {@code latest}, {@code unspecified}: where it was built, and not what; no version is without a digit. */
    private static boolean isBranch(String version) {
        return version.chars().noneMatch(Character::isDigit);
    }

    private static Problem another(String kind, String stated, String ours) {
        return Problem.of(
                HttpStatus.CONFLICT,
                "this report is for %s %s, the release is %s".formatted(kind, stated, ours),
                Map.of("stated", stated, "release", ours));
    }

    /** All of them are the release's by now; one may be written in full and another abbreviated. */
    private static String fullest(Collection<String> commits) {
        return commits.stream().max(Comparator.comparingInt(String::length)).orElseThrow();
    }

    /**
     * One that is another is enough to refuse: a log with a run about other sources counts those results too, and nobody could tell them apart. Results
     * about a submodule belong in a document of their own, for the release that brings it.
     */
    private static void require(Release release, Collection<String> stated, String what) {
        List<String> other = stated.stream()
                .filter(commit -> !isSame(release.commit(), commit))
                .toList();
        if (!other.isEmpty()) {
            String others = String.join(" and ", other);
            throw Problem.of(
                    HttpStatus.CONFLICT,
                    "%s is for commit %s, the release is built from %s".formatted(what, others, release.commit()),
                    Map.of("stated", others, "release", release.commit()));
        }
    }

    /** Either may be abbreviated; what is more than a commit's id (a working tree that was changed since) is another. */
    static boolean isSame(String release, String stated) {
        String one = release.toLowerCase(Locale.ROOT);
        String other = stated.toLowerCase(Locale.ROOT);
        return COMMIT.matcher(other).matches()
                && (one.startsWith(other) || (one.length() < WHOLE && other.startsWith(one)));
    }
}
