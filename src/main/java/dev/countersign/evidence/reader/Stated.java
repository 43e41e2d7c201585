package dev.countersign.evidence.reader;

import dev.countersign.evidence.Purl;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a document itself says that it is about; each set may be empty.
 *
 * @param commits of the source
 * @param digests of an image in a registry: one that is none of the release's says that the document is about something else
 * @param hints other digests (an image's id, a file's hash) that can show the release, but not that it is another one
 * @param versions the named versions of what was looked at
 * @param participants commits of several parties that were looked at together: one of them is the release's, or the document is about something else
 * @param names of images or products without a version, an image's with or without registry and tag: one of them is the release's, or the document is about something else
 * @param builds what a build tool calls the module that was looked at: where it is called as the service or an artifact is, its version; else nothing, for a part or a
 *     parent has a name of its own
 */
public record Stated(
        Set<String> commits,
        Set<String> digests,
        Set<String> hints,
        Set<Version> versions,
        Set<String> participants,
        Set<String> names,
        Set<Version> builds) {
    /** What build tools and scanners call a file that they looked at. */
    private static final Pattern FILE = Pattern.compile(
            "(?i).+\\.(jar|war|ear|tar|tgz|gz|zip|json|xml|lock|ya?ml|toml|txt|mod|sum|spdx|cdx|whl|gem|nupkg|exe|iso|img|ova|vmdk|cert|pem)");

    /** Where Syft and Grype found an image, before its name. */
    private static final Pattern SCHEME = Pattern.compile("(docker|podman|containerd|registry):");

    private static final Pattern NO_IMAGE = Pattern.compile(
            "(dir|file|sbom|purl|cpes?|docker-archive|oci-archive|oci-dir|singularity|git|local-file|local-directory):.*");
    private static final Pattern ID = Pattern.compile("(sha256:)?[0-9a-f]{12,64}");

    /** Where no build tool names a module. */
    public Stated(
            Set<String> commits,
            Set<String> digests,
            Set<String> hints,
            Set<Version> versions,
            Set<String> participants,
            Set<String> names) {
        this(commits, digests, hints, versions, participants, names, Set.of());
    }

    /** Where nothing is only named. */
    public Stated(
            Set<String> commits,
            Set<String> digests,
            Set<String> hints,
            Set<Version> versions,
            Set<String> participants) {
        this(commits, digests, hints, versions, participants, Set.of());
    }

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
                new LinkedHashSet<>(),
                new LinkedHashSet<>(),
                new LinkedHashSet<>());
    }

    /** Whether it does not say at all what it is about; a hint or a name alone does not. */
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

    /** A name without a version. That of a directory or a file is no name: the same one is called otherwise elsewhere. */
    void named(String reference) {
        if (reference == null || reference.isBlank()) {
            return;
        }
        String said = Words.of(reference).strip();
        Matcher scheme = SCHEME.matcher(said);
        String name = scheme.lookingAt() ? said.substring(scheme.end()) : said;
        boolean isPath = name.startsWith(".")
                || name.startsWith("/")
                || name.startsWith("~")
                || name.contains("\\")
                || name.contains("://")
                || FILE.matcher(name).matches()
                || NO_IMAGE.matcher(name).matches();
        if (!isPath && !ID.matcher(name).matches()) {
            names.add(name);
        }
    }

    /** Whether it can be told from a directory, which may hold an image's layout: by its tag or its digest. */
    static boolean hasTag(String reference) {
        return reference != null && reference.indexOf(':', reference.lastIndexOf('/') + 1) >= 0;
    }

    void version(String name, String version) {
        put(versions, name, version);
    }

    void build(String name, String version) {
        put(builds, name, version);
    }

    /** With the builds of these names as versions; one that is still worked on has none. */
    public Stated withBuilds(Predicate<Version> ours) {
        Set<Version> all = new LinkedHashSet<>(versions);
        builds.stream()
                .filter(one -> !one.version().endsWith("-SNAPSHOT") && ours.test(one))
                .forEach(all::add);
        return new Stated(commits, digests, hints, all, participants, names);
    }

    private static void put(Set<Version> versions, String name, String version) {
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
