package dev.countersign.learning;

import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.stereotype.Component;

/** What both forms of a retrospective show of the release. */
@Component
class RetrospectiveBriefing {
    private final Releases releases;
    private final StoredRetrospectives retrospectives;
    private final Checks checks;

    RetrospectiveBriefing(Releases releases, StoredRetrospectives retrospectives, Checks checks) {
        this.releases = releases;
        this.retrospectives = retrospectives;
        this.checks = checks;
    }

    Map<String, Object> of(String releaseKey) {
        Release release = releases.get(releaseKey);
        var shown = new LinkedHashMap<String, Object>();
        shown.put("releaseKey", release.key());
        shown.put("service", release.service());
        shown.put("summary", release.summary() == null ? "" : release.summary());
        shown.put(
                "outcomes",
                retrospectives.outcomesOf(releaseKey).stream()
                        .map(outcome -> Map.of(
                                "name", outcome.name(),
                                "value", outcome.value(),
                                "target", outcome.target() == null ? "" : outcome.target()))
                        .toList());
        shown.put(
                "checks",
                checks.of(releaseKey).stream()
                        .map(check -> Map.of("kind", check.kind(), "name", check.name(), "result", check.result()))
                        .toList());
        return shown;
    }
}
