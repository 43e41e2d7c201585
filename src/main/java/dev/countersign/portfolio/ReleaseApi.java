package dev.countersign.portfolio;

import dev.countersign.api.Problem;
import dev.countersign.gate.budget.ErrorBudgets;
import dev.countersign.release.OpenRelease;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseOpening;
import dev.countersign.release.ReleaseWithdrawal;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Releases for CI systems and scripts. */
@RestController
@RequestMapping("/api/releases")
class ReleaseApi {
    private final ReleaseOpening opening;
    private final ReleaseWithdrawal withdrawal;
    private final Releases releases;
    private final WholeReleases whole;
    private final ReleaseSearch search;
    private final Timeline timeline;
    private final HotfixFacts hotfixes;
    private final ObjectProvider<ErrorBudgets> budgets;

    ReleaseApi(
            ReleaseOpening opening,
            ReleaseWithdrawal withdrawal,
            Releases releases,
            WholeReleases whole,
            ReleaseSearch search,
            Timeline timeline,
            HotfixFacts hotfixes,
            ObjectProvider<ErrorBudgets> budgets) {
        this.opening = opening;
        this.withdrawal = withdrawal;
        this.releases = releases;
        this.whole = whole;
        this.search = search;
        this.timeline = timeline;
        this.hotfixes = hotfixes;
        this.budgets = budgets;
    }

    /** Opens a release; 201 with its address. */
    @PostMapping
    ResponseEntity<Map<String, Object>> open(@RequestBody OpenRelease request) {
        Release release = opening.open(request);
        return ResponseEntity.created(URI.create(ReleaseDocument.address(release.key())))
                .body(ReleaseDocument.whole(whole.of(release.key())));
    }

    /** Newest first. Two statements for however many rows. */
    @GetMapping
    Map<String, Object> list(@ModelAttribute ReleaseSearch.Wanted wanted) {
        ReleaseSearch.Found found = search.find(wanted);
        var document = new LinkedHashMap<String, Object>();
        document.put(
                "items", found.releases().stream().map(ReleaseDocument::summary).toList());
        document.put("page", found.page());
        document.put("size", found.size());
        document.put("total", found.total());
        return document;
    }

    @GetMapping("/{key}")
    Map<String, Object> get(@PathVariable String key) {
        WholeRelease found = whole.of(key);
        Map<String, Object> document = ReleaseDocument.whole(found);
        document.put("hotfix", hotfixes.of(found.release(), found.gates()));
        document.put("blockedBecause", hotfixes.blocks(found.release()).orElse(null));
        budgets.ifAvailable(known -> document.put("errorBudget", known.of(found.release())));
        return document;
    }

    /** Everything that happened, in order, machine and person. */
    @GetMapping("/{key}/timeline")
    List<Timeline.Entry> timeline(@PathVariable String key) {
        releases.get(key);
        return timeline.of(key);
    }

    /** Withdraws a release that no user is on yet. */
    @PostMapping("/{key}/abort")
    Map<String, Object> abort(@PathVariable String key, @RequestBody Reason reason) {
        if (reason.reason() == null || reason.reason().isBlank()) {
            throw Problem.invalid("/reason", "must say why the release is withdrawn");
        }
        withdrawal.abort(key, reason.reason().strip());
        return ReleaseDocument.whole(whole.of(key));
    }

    record Reason(String reason) {}
}
