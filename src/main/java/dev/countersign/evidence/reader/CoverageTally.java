package dev.countersign.evidence.reader;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What tests ran, from the parts of a report and from what it says in total. Where the two differ the lower one counts: a total better than its parts is not believed, and parts better than their
 * total are not either.
 */
final class CoverageTally {
    private final Map<Kind, Share> parts = new java.util.EnumMap<>(Kind.class);
    private final Map<Kind, Share> totals = new java.util.EnumMap<>(Kind.class);

    enum Kind {
        LINES("lines", "lineCoverage"),
        BRANCHES("branches", "branchCoverage");

        private final String counted;
        private final String ratio;

        Kind(String counted, String ratio) {
            this.counted = counted;
            this.ratio = ratio;
        }
    }

    private record Share(long covered, long missed) {
        Share plus(Share other) {
            return new Share(covered + other.covered, missed + other.missed);
        }

        boolean isEmpty() {
            return covered + missed == 0;
        }

        double ratio() {
            return (double) covered / (covered + missed);
        }

        static Share lower(Share one, Share other) {
            if (one == null || one.isEmpty()) {
                return other;
            }
            return other == null || other.isEmpty() || one.ratio() <= other.ratio() ? one : other;
        }
    }

    void part(Kind kind, long covered, long missed) {
        parts.merge(kind, new Share(covered, missed), Share::plus);
    }

    void total(Kind kind, long covered, long missed) {
        totals.merge(kind, new Share(covered, missed), Share::plus);
    }

    Reading reading(String producer) {
        Map<String, Object> summary = new LinkedHashMap<>();
        for (Kind kind : Kind.values()) {
            Share share = Share.lower(parts.get(kind), totals.get(kind));
            // A report without branches says nothing about them: that is not a coverage of zero.
            if (share != null && !share.isEmpty()) {
                summary.put(kind.counted + "Covered", share.covered());
                summary.put(kind.counted + "Missed", share.missed());
                summary.put(
                        kind.ratio,
                        BigDecimal.valueOf(share.covered())
                                .divide(
                                        BigDecimal.valueOf(share.covered() + share.missed()),
                                        4,
                                        // Never up to a limit that was not reached.
                                        RoundingMode.DOWN)
                                .doubleValue());
            }
        }
        boolean any = !summary.isEmpty();
        summary.putIfAbsent("linesCovered", 0L);
        summary.putIfAbsent("linesMissed", 0L);
        summary.put("lines", (Long) summary.get("linesCovered") + (Long) summary.get("linesMissed"));
        return new Reading(
                producer,
                Stated.nothing(),
                summary,
                Map.of(),
                true,
                any ? null : "it counts neither lines nor branches",
                List.of());
    }

    /** A count in an attribute; anything else is refused. */
    static long count(XmlCursor xml, String attribute) throws Unreadable {
        String value = xml.attribute(attribute);
        if (value == null || !value.matches("\\d{1,12}")) {
            throw new Unreadable(
                    "the attribute " + attribute + " of <" + Words.of(xml.name()) + "> is "
                            + (value == null ? "missing" : "'" + Words.of(value) + "'") + ", expected a whole number",
                    xml.place());
        }
        return Long.parseLong(value);
    }
}
