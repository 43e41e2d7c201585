package dev.countersign.evidence.reader;

import dev.countersign.evidence.Purl;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What a document itself says that it is about; each set may be empty.
 *
 * @param commits of the source
 * @param digests of an image in a registry: one that is none of the release's says that the document is about something else
 * @param hints other digests (an image's id, a file's hash) that can show the release, but not that it is another one
 * @param versions the named versions of what was looked at
 * @param participants commits of several parties that were looked at together: one of them is the release's, or the document is about something else
 */
public record Stated(
        Set<String> commits, Set<String> digests, Set<String> hints, Set<Version> versions, Set<String> participants) {
    /** @param name without its group, for example {@code checkout} */
    public record Version(String name, String version) {
        @Override
        public String toString() {
            return name + " " + version;
        }
    }

    static Stated ofCommits(Set<String> commits) {
        return new Stated(commits, Set.of(), Set.of(), Set.of(), Set.of());
    }

    static Stated nothing() {
        return new Stated(
                new LinkedHashSet<>(),
                new LinkedHashSet<>(),
                new LinkedHashSet<>(),
                new LinkedHashSet<>(),
                new LinkedHashSet<>());
    }

    /** Whether it does not say at all what it is about; a hint alone does not. */
    public boolean isNothing() {
        return commits.isEmpty() && digests.isEmpty() && versions.isEmpty() && participants.isEmpty();
    }

    void commit(String commit) {
        if (commit != null && !commit.isBlank()) {
            commits.add(Words.of(commit));
        }
    }

    void participant(String commit) {
        participants.add(Words.of(commit));
    }

    /** @param reference a digest, alone or behind an image's name: {@code registry.example/checkout@sha256:…} */
    void digest(String reference) {
        put(digests, reference);
    }

    void hint(String digest) {
        put(hints, digest);
    }

    void version(String name, String version) {
        if (name != null && !name.isBlank() && version != null && !version.isBlank()) {
            String clean = Words.of(name);
            versions.add(new Version(clean.substring(clean.lastIndexOf('/') + 1), Words.of(version)));
        }
    }

    /** A package URL of what was looked at: that of an image carries the digest as its version. */
    void purl(String text) {
        Purl purl = Purl.of(text);
        if (purl == null || purl.version() == null) {
            return;
        }
        if (purl.version().startsWith("sha256:")) {
            digest(purl.version());
        } else {
            version(purl.name(), purl.version());
        }
    }

    private static void put(Set<String> into, String reference) {
        if (reference != null) {
            int at = reference.lastIndexOf("sha256:");
            if (at >= 0 && reference.length() > at + "sha256:".length()) {
                into.add(Words.of(reference.substring(at)));
            }
        }
    }
}
