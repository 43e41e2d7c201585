package dev.countersign.evidence;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * A package URL (github.com/package-url/purl-spec) as far as two of them are compared.
 *
 * @param path type and namespace, for example {@code maven/org.apache.commons}
 * @param version null where it names none
 */
public record Purl(String path, String name, String version) {
    /** Null where the text is no package URL. */
    public static Purl of(String text) {
        if (text == null || !text.startsWith("pkg:")) {
            return null;
        }
        String rest = text.substring("pkg:".length()).split("[?#]", 2)[0];
        int at = rest.lastIndexOf('@');
        // npm scopes are written with %40, and sometimes without: @scope/name@1.0.
        boolean isVersion = at > rest.lastIndexOf('/');
        String version = isVersion ? decoded(rest.substring(at + 1)) : null;
        String whole = decoded(isVersion ? rest.substring(0, at) : rest);
        int slash = whole.lastIndexOf('/');
        if (slash <= 0 || slash == whole.length() - 1) {
            return null;
        }
        return new Purl(whole.substring(0, slash), whole.substring(slash + 1), version);
    }

    /** The same package, in the same version where this one names a version. */
    public boolean covers(Purl other) {
        return path.equalsIgnoreCase(other.path)
                && name.equalsIgnoreCase(other.name)
                && (version == null || version.equals(other.version));
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException broken) {
            return text;
        }
    }
}
