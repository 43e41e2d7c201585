package dev.countersign.learning.leadtime;

import dev.countersign.learning.leadtime.LeadTimeParts.Summary;
import dev.countersign.learning.leadtime.LeadTimeStore.Row;
import dev.countersign.learning.leadtime.Looked.Outcome;
import dev.countersign.release.Releases;
import io.swagger.v3.oas.annotations.Operation;
import java.time.Instant;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The changes that a release brought, and where their time went. */
@RestController
@RequestMapping("/api/releases/{key}/changes")
class ReleaseChangesController {
    private final Releases releases;
    private final LeadTimeStore store;

    ReleaseChangesController(Releases releases, LeadTimeStore store) {
        this.releases = releases;
        this.store = store;
    }

    /**
     * @param outcome whether they are known
     * @param reason why they are not, or why they have to be asked for again; null where nothing is wrong
     * @param source of the changes; null, as what follows, where nobody was asked
     * @param since commit of the stable release before it
     */
    record ReleaseChanges(
            String releaseKey,
            Outcome outcome,
            String reason,
            String source,
            String repository,
            String since,
            Instant askedAt,
            Summary leadTime) {}

    @Operation(
            summary =
                    "The changes (pull or merge requests) since the stable release before it, and where their lead time went, as ISO 8601 durations; a part that is not known is null")
    @GetMapping
    ReleaseChanges changes(@PathVariable String key) {
        releases.get(key);
        List<Row> rows = store.of(List.of(key));
        Summary summary = LeadTimeParts.summary(rows);
        return rows.stream()
                .findFirst()
                .map(Row::looked)
                .map(looked -> new ReleaseChanges(
                        key,
                        looked.outcome(),
                        looked.reason(),
                        looked.source(),
                        looked.repository(),
                        looked.base(),
                        looked.at(),
                        summary))
                .orElseGet(() -> new ReleaseChanges(key, Outcome.NOT_ASKED, null, null, null, null, null, summary));
    }
}
