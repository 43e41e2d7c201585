package dev.countersign.gate;

import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.release.Release;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/**
 * Holds the window of a change record against the rollout, each time anew: it must be open until the last step of the plan has taken as long as it may. Once users are
 * on the release only what is still done counts, that is now.
 */
@Component
class ChangeRecordAssessment implements Assessment {
    private static final String TYPE = "change-record";
    private static final String COUNT = "windowGaps";
    private final RolloutEnd rollout;
    private final Clock clock;

    ChangeRecordAssessment(RolloutEnd rollout, Clock clock) {
        this.rollout = rollout;
        this.clock = clock;
    }

    @Override
    public boolean concerns(Requirement gate) {
        return gate.types().contains(TYPE);
    }

    @Override
    public Assessed of(Requirement gate, Release release, List<Document> documents) {
        if (documents.stream().noneMatch(document -> document.type().equals(TYPE))) {
            return Assessed.unchanged(documents);
        }
        Instant now = clock.instant();
        Duration longest = release.state().isExposed() ? Duration.ZERO : rollout.longestRollout(release);
        Instant end = RolloutEnd.latestBegin(release, now).plus(longest);
        return new Assessed(
                documents.stream()
                        .map(document -> document.type().equals(TYPE)
                                ? held(document, release.state().isExposed() ? now : end, release, longest)
                                : document)
                        .toList(),
                rollout.planVersion(release),
                List.of());
    }

    private static Document held(Document record, Instant end, Release release, Duration longest) {
        boolean covers = record.summary().get(COUNT) instanceof Number count && count.longValue() == 0;
        Instant until = instant(record.details().get("end"));
        // What covers nothing has said so already, and a document of an earlier version has been asked for anew within
        // a day.
        if (!covers || until == null || !end.isAfter(until)) {
            return record;
        }
        Map<String, Object> summary = new LinkedHashMap<>(record.summary());
        summary.put(COUNT, 1L);
        List<Finding> findings = new ArrayList<>(record.findings());
        findings.add(new Finding("window", "failed", words(until, release, longest), "/end", List.of(COUNT)));
        return record.with(summary, findings);
    }

    /** Says the same as long as it is so: a time that moves on would be another outcome at each look. */
    private static String words(Instant until, Release release, Duration longest) {
        if (longest.isZero()) {
            return "the record's window ended at " + until + ", and the release is being rolled out";
        }
        Instant window = release.windowEnd() == null ? release.windowStart() : release.windowEnd();
        return "the record's window ends at %s; the rollout may take %s from %s"
                .formatted(until, longest, window == null ? "its begin" : "the end of its window at " + window);
    }

    private static Instant instant(Object text) {
        try {
            return text == null ? null : Instant.parse(String.valueOf(text));
        } catch (DateTimeException unreadable) {
            return null;
        }
    }
}
