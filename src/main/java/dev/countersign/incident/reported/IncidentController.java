package dev.countersign.incident.reported;

import dev.countersign.api.Problem;
import dev.countersign.incident.ReportedIncidents;
import dev.countersign.incident.ReportedIncidents.Attribution;
import dev.countersign.incident.ReportedIncidents.Filter;
import dev.countersign.incident.ReportedIncidents.Page;
import dev.countersign.incident.ReportedIncidents.Reported;
import dev.countersign.incident.ReportedIncidents.Status;
import dev.countersign.incident.ReportedIncidents.Suggestion;
import io.swagger.v3.oas.annotations.Operation;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Incidents that other systems reported, and which release caused them. */
@RestController
@RequestMapping("/api/incidents")
class IncidentController {
    private static final int MOST = 200;
    private static final int SHORTEST_REASON = 3;
    private static final int LONGEST_REASON = 2000;

    private final ReportedIncidents incidents;

    IncidentController(ReportedIncidents incidents) {
        this.incidents = incidents;
    }

    /** @param suggestions releases of its service whose rollout began in the window before it */
    record Whole(Reported incident, List<Attribution> attributions, List<Suggestion> suggestions) {}

    /** @param release null for none */
    record Said(String release, String reason) {}

    @Operation(summary = "List incidents that other systems reported, the one that began last first")
    @GetMapping
    Page list(
            @RequestParam(required = false) String service,
            @RequestParam(required = false) String source,
            @RequestParam(required = false) Status status,
            @RequestParam(defaultValue = "false") boolean unattributed,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "50") int size) {
        if (page < 0 || size < 1 || size > MOST) {
            throw Problem.invalid("/size", "A page is 0 or more, and its size 1 to " + MOST);
        }
        return incidents.list(new Filter(service, source, status, unattributed, page, size));
    }

    @Operation(summary = "One incident, what was said about it, and which releases may have caused it")
    @GetMapping("/{key}")
    Whole one(@PathVariable String key) {
        Reported incident = incidents.find(key).orElseThrow(() -> Problem.notFound("There is no incident " + key));
        return new Whole(incident, incidents.attributionsOf(key), incidents.suggestionsFor(incident));
    }

    @Operation(
            summary = "Say which release caused an incident, or that none did",
            description =
                    "By the owners of its service, whoever is on call for it, a release manager or the head of operations. What was said before is kept."
                            + " Whoever wrote or requested a release that may be the cause can only name a release of their own.")
    @PostMapping("/{key}/attribution")
    Whole attribute(@PathVariable String key, @RequestBody Said said) {
        String reason = said.reason() == null ? "" : said.reason().strip();
        if (reason.length() < SHORTEST_REASON || reason.length() > LONGEST_REASON) {
            throw Problem.invalid(
                    "/reason", "must say why, in %d to %d characters".formatted(SHORTEST_REASON, LONGEST_REASON));
        }
        String release = said.release() == null || said.release().isBlank()
                ? null
                : said.release().strip();
        incidents.attribute(key, release, reason);
        return one(key);
    }
}
