package dev.countersign.gate;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A range of versions ({@code vers:semver/>=1.0|<2.0.0}, github.com/package-url/vers-spec), as far as it is certain what lies outside. */
final class VersionRange {
    private static final String SCHEME = "vers:";
    private static final Pattern CONSTRAINT = Pattern.compile("(<=|>=|<|>)(\\d{1,9}(?:\\.\\d{1,9}){0,5})");
    private static final Pattern NUMBERS = Pattern.compile("v?(\\d{1,9}(?:\\.\\d{1,9}){0,5})");

    private VersionRange() {}

    static boolean isRange(String text) {
        return text.startsWith(SCHEME) && text.indexOf('/') > 0;
    }

    /** Only of numbers with dots between them, and of one interval: everything else may be inside. */
    static boolean excludes(String range, String version) {
        Matcher ours = NUMBERS.matcher(version);
        List<String> constraints =
                Arrays.asList(range.substring(range.indexOf('/') + 1).split("\\|", -1));
        if (!ours.matches() || constraints.size() > 2) {
            return false;
        }
        List<Matcher> read = constraints.stream()
                .map(one -> CONSTRAINT.matcher(one.strip()))
                .filter(Matcher::matches)
                .toList();
        boolean isInterval = constraints.size() == 1
                || (read.size() == 2
                        && read.get(0).group(1).charAt(0) == '>'
                        && read.get(1).group(1).charAt(0) == '<');
        return read.size() == constraints.size()
                && isInterval
                && read.stream().anyMatch(one -> !holds(one.group(1), compare(ours.group(1), one.group(2))));
    }

    private static boolean holds(String comparator, int compared) {
        return switch (comparator) {
            case "<" -> compared < 0;
            case "<=" -> compared <= 0;
            case ">" -> compared > 0;
            default -> compared >= 0;
        };
    }

    private static int compare(String one, String other) {
        String[] mine = one.split("\\.");
        String[] theirs = other.split("\\.");
        for (int i = 0; i < Math.max(mine.length, theirs.length); i++) {
            int compared = Integer.compare(part(mine, i), part(theirs, i));
            if (compared != 0) {
                return compared;
            }
        }
        return 0;
    }

    private static int part(String[] parts, int index) {
        return index < parts.length ? Integer.parseInt(parts[index]) : 0;
    }
}
