package dev.countersign.evidence;

import dev.countersign.release.Release;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether an image or a product that a document names, without a digest, is of a release: by the last part of its path, which is what the service or an
 * artifact is called. Its tag is a word of whoever built it, unless it reads as the version of another release.
 */
final class NameRule {
    /** Three numbers and what stands behind them; a year in front is a date. */
    private static final Pattern VERSION =
            Pattern.compile("[vV]?((?!20\\d\\d\\.)\\d{1,6}\\.\\d{1,6}\\.\\d{1,6})(?![0-9.]).*");

    private final Set<String> names = new HashSet<>();
    private final String version;
    private final String commit;

    /** @param called what the service is called in the system that was asked; null where as here */
    NameRule(Release release, String called) {
        release.artifacts().forEach(artifact -> names.add(last(artifact.name())));
        names.add(last(release.service()));
        if (called != null) {
            names.add(last(called));
        }
        version = release.version();
        commit = release.commit();
    }

    boolean areOurs(Collection<String> stated) {
        return stated.stream().anyMatch(this::isOurs);
    }

    private boolean isOurs(String reference) {
        String tag = tag(reference);
        return names.contains(last(reference)) && (tag == null || !isOther(tag));
    }

    /** Whether one of them says this release's version itself. */
    boolean sayVersion(Collection<String> stated) {
        return stated.stream().anyMatch(reference -> isOurs(reference) && isVersion(tag(reference)));
    }

    /** The release's own commit, where one of them has it as its tag. */
    Optional<String> commit(Collection<String> stated) {
        return stated.stream()
                .filter(this::isOurs)
                .map(NameRule::tag)
                .filter(tag -> tag != null && commit != null && SubjectRule.isSame(commit, tag))
                .findFirst();
    }

    private boolean isVersion(String tag) {
        return version.equals(tag) || ("v" + version).equals(tag);
    }

    private boolean isOther(String tag) {
        Matcher said = VERSION.matcher(tag);
        Matcher ours = VERSION.matcher(version);
        return said.matches() && ours.matches() && !said.group(1).equals(ours.group(1));
    }

    /** Without registry, path, tag and digest. */
    private static String last(String reference) {
        String name = withoutDigest(reference);
        String file = name.substring(name.lastIndexOf('/') + 1);
        return (file.contains(":") ? file.substring(0, file.indexOf(':')) : file).toLowerCase(Locale.ROOT);
    }

    private static String withoutDigest(String reference) {
        int at = reference.indexOf("@sha256:");
        return at < 0 ? reference : reference.substring(0, at);
    }

    private static String tag(String reference) {
        String name = withoutDigest(reference);
        int colon = name.indexOf(':', name.lastIndexOf('/') + 1);
        return colon < 0 ? null : name.substring(colon + 1);
    }
}
