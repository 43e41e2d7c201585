package dev.countersign.evidence;

import dev.countersign.release.Release;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version as documents write it: 2.4.0, v2.4.0, the commit itself, or Go's v0.0.0-20261120091200-6dcb09b5b578. */
public final class StatedVersion {
    private static final Pattern PSEUDO_VERSION = Pattern.compile("^v[0-9].*[-.][0-9]{14}-([0-9a-f]{12})$");

    private StatedVersion() {}

    public static boolean isOf(Release release, String version) {
        Matcher pseudo = PSEUDO_VERSION.matcher(version);
        return withoutV(version).equals(withoutV(release.version()))
                || SubjectRule.isSame(release.commit(), pseudo.find() ? pseudo.group(1) : version);
    }

    private static String withoutV(String version) {
        return version.replaceFirst("^[vV](?=[0-9])", "");
    }
}
