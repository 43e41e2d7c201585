package dev.countersign.evidence;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a finding stands in a document as it was received.
 *
 * @param line counted from 1
 * @param column counted from 1, as the format's parser counts: in bytes for JSON in UTF-8, in characters otherwise; null where the line is short enough to be looked through
 * @param pointer JSON pointer (RFC 6901); null where the document is no JSON or YAML
 * @param document SHA-256 of the document; null where it is the one that the finding is listed with
 */
public record Position(int line, Integer column, String pointer, String document) {
    /** How the place of what stands in the contract before begins. */
    public static final String BEFORE = "before: ";

    private static final Pattern PLACE = Pattern.compile(
            "(?:" + BEFORE + ")?line (\\d{1,9})(?:, column (\\d{1,9}))?(?:, (/\\S*?))?(?:, .*)?", Pattern.DOTALL);

    /** Of the place as readers write it: {@code line 12, column 345, /results/7, …}; null where it names no line. */
    static Position in(String place) {
        Matcher words = PLACE.matcher(place == null ? "" : place);
        if (!words.matches() || Integer.parseInt(words.group(1)) < 1) {
            return null;
        }
        Integer column = words.group(2) == null ? null : Integer.valueOf(words.group(2));
        return new Position(Integer.parseInt(words.group(1)), column, words.group(3), null);
    }

    Position of(String sha256) {
        return new Position(line, column, pointer, sha256);
    }
}
