package dev.countersign.portfolio;

import dev.countersign.gate.budget.ErrorBudgets;
import dev.countersign.notice.ReleaseMail;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.context.request.WebRequest;

/** One release: what stands between it and production, and whose move it is. Keeps itself up to date while it is open. */
@Controller
@RequestMapping("/releases/{key}")
class ReleasePage {
    private static final String ASK_FIRST = "no-cache, private";
    private final WholeReleases whole;
    private final Fingerprints fingerprints;
    private final Charts charts;
    private final Diagrams diagrams;
    private final ReleaseMail mail;
    private final HotfixFacts hotfixes;
    private final ObjectProvider<ErrorBudgets> budgets;

    ReleasePage(
            WholeReleases whole,
            Fingerprints fingerprints,
            Charts charts,
            Diagrams diagrams,
            ReleaseMail mail,
            HotfixFacts hotfixes,
            ObjectProvider<ErrorBudgets> budgets) {
        this.whole = whole;
        this.fingerprints = fingerprints;
        this.charts = charts;
        this.diagrams = diagrams;
        this.mail = mail;
        this.hotfixes = hotfixes;
        this.budgets = budgets;
    }

    @GetMapping
    String page(@PathVariable String key, Model model) {
        // Before the parts are gathered: what changes meanwhile is asked for again.
        model.addAttribute("shown", "\"" + fingerprints.ofPage(key) + "\"");
        WholeRelease release = fill(key, model);
        budgets.ifAvailable(known -> model.addAttribute("budget", known.of(release.release())));
        return "portfolio/release";
    }

    /** How the service stands against its objectives: counted once a minute, and not a part that is asked for every two seconds. */
    @GetMapping("/budget")
    String budget(@PathVariable String key, Model model, HttpServletResponse response) {
        response.setHeader(HttpHeaders.CACHE_CONTROL, ASK_FIRST);
        WholeRelease release = whole.of(key);
        budgets.ifAvailable(known -> model.addAttribute("budget", known.of(release.release())));
        return "portfolio/release :: budget";
    }

    /** The parts that change, asked for every two seconds; 304 while nothing has happened. */
    @GetMapping("/live")
    String live(@PathVariable String key, Model model, WebRequest request, HttpServletResponse response) {
        response.setHeader(HttpHeaders.CACHE_CONTROL, ASK_FIRST);
        if (request.checkNotModified(fingerprints.ofPage(key))) {
            return null;
        }
        fill(key, model);
        return "portfolio/release :: live";
    }

    /** What was measured; 304 while there is nothing new. */
    @GetMapping("/chart")
    ResponseEntity<Charts.Chart> chart(@PathVariable String key, WebRequest request, HttpServletResponse response) {
        response.setHeader(HttpHeaders.CACHE_CONTROL, ASK_FIRST);
        return request.checkNotModified(fingerprints.ofChart(key)) ? null : ResponseEntity.ok(charts.of(key));
    }

    /** Which processes ran for this release, and how far each is; 304 while none has moved. */
    @GetMapping("/diagram")
    ResponseEntity<Diagrams.Path> diagram(@PathVariable String key, WebRequest request, HttpServletResponse response) {
        response.setHeader(HttpHeaders.CACHE_CONTROL, ASK_FIRST);
        return request.checkNotModified(fingerprints.ofPath(key)) ? null : ResponseEntity.ok(diagrams.of(key));
    }

    /** The model, in the version that this release runs under. */
    @GetMapping("/diagram/{instance}")
    ResponseEntity<byte[]> model(@PathVariable String key, @PathVariable String instance) {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_XML)
                .cacheControl(CacheControl.maxAge(Duration.ofHours(1)).cachePrivate())
                .body(diagrams.model(key, instance));
    }

    private WholeRelease fill(String key, Model model) {
        WholeRelease release = whole.of(key);
        model.addAttribute("whole", release);
        model.addAttribute("release", release.release());
        model.addAttribute("standing", Standing.of(release));
        model.addAttribute("rollback", RollbackFacts.of(release).orElse(null));
        model.addAttribute("mails", mail.of(key));
        model.addAttribute("hotfix", hotfixes.of(release.release(), release.gates()));
        model.addAttribute("blocked", hotfixes.blocks(release.release()).orElse(null));
        return release;
    }
}
