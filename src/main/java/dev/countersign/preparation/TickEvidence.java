package dev.countersign.preparation;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What proves that an item holds: a link, or the digest of a document that the release has received.
 *
 * @param document the sha256 where it is a document; null where it is a link
 */
record TickEvidence(String text, String document) {
    private static final Pattern DIGEST = Pattern.compile("(?:sha256:)?([0-9a-f]{64})");
    private static final int LONGEST = 2000;

    /** @param documents the digests of the release's documents; empty where the text is neither a link nor one of them */
    static Optional<TickEvidence> of(String text, Set<String> documents) {
        var digest = DIGEST.matcher(text);
        if (digest.matches()) {
            return documents.contains(digest.group(1))
                    ? Optional.of(new TickEvidence(digest.group(1), digest.group(1)))
                    : Optional.empty();
        }
        return text.length() <= LONGEST && isLink(text) ? Optional.of(new TickEvidence(text, null)) : Optional.empty();
    }

    /** As it was stored: it has been checked then. */
    static TickEvidence stored(String text) {
        return new TickEvidence(text, DIGEST.matcher(text).matches() ? text : null);
    }

    /** Nothing but http: a link is shown to people, and other schemes run code. */
    private static boolean isLink(String text) {
        try {
            URI uri = new URI(text);
            return ("https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null;
        } catch (URISyntaxException broken) {
            return false;
        }
    }
}
