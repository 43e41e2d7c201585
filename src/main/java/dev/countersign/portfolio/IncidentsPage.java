package dev.countersign.portfolio;

import dev.countersign.api.Problem;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.incident.ReportedIncidents;
import dev.countersign.incident.ReportedIncidents.Filter;
import dev.countersign.incident.ReportedIncidents.Reported;
import dev.countersign.incident.ReportedIncidents.Status;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.util.UriComponentsBuilder;

/** Incidents that other systems reported; what is looked for stands in the address. Who may, says here which release caused one. */
@Controller
class IncidentsPage {
    private static final int PAGE = 50;
    private static final int SHORTEST_REASON = 3;
    private static final int LONGEST_REASON = 2000;

    private final ReportedIncidents incidents;
    private final Catalog catalog;

    IncidentsPage(ReportedIncidents incidents, Catalog catalog) {
        this.incidents = incidents;
        this.catalog = catalog;
    }

    @GetMapping("/incidents")
    String list(
            @RequestParam(required = false) String service,
            @RequestParam(required = false) String status,
            @RequestParam(defaultValue = "false") boolean unattributed,
            @RequestParam(defaultValue = "0") int page,
            Model model) {
        String wantedService = service == null || service.isBlank() ? null : service.strip();
        Status wantedStatus = Arrays.stream(Status.values())
                .filter(one -> one.name().equals(status))
                .findFirst()
                .orElse(null);
        int number = Math.max(page, 0);
        var found = incidents.list(new Filter(wantedService, null, wantedStatus, unattributed, number, PAGE));
        model.addAttribute("found", found);
        model.addAttribute(
                "services",
                catalog.services().stream().map(Service::name).sorted().toList());
        model.addAttribute("statuses", Status.values());
        model.addAttribute("service", wantedService);
        model.addAttribute("status", wantedStatus);
        model.addAttribute("unattributed", unattributed);
        model.addAttribute("newer", number > 0 ? address(wantedService, wantedStatus, unattributed, number - 1) : null);
        model.addAttribute(
                "older",
                (number + 1L) * PAGE < found.total()
                        ? address(wantedService, wantedStatus, unattributed, number + 1)
                        : null);
        return "portfolio/incidents";
    }

    @GetMapping("/incidents/{key}")
    String one(@PathVariable String key, Model model) {
        fill(key, model);
        return "portfolio/incident";
    }

    /** @param release empty for none */
    @PostMapping("/incidents/{key}/attribution")
    String attribute(
            @PathVariable String key,
            @RequestParam(defaultValue = "") String release,
            @RequestParam(defaultValue = "") String reason,
            Model model) {
        try {
            String because = reason.strip();
            if (because.length() < SHORTEST_REASON || because.length() > LONGEST_REASON) {
                throw Problem.invalid(
                        "/reason", "Say why, in %d to %d characters".formatted(SHORTEST_REASON, LONGEST_REASON));
            }
            return "redirect:/incidents/"
                    + incidents
                            .attribute(key, release.isBlank() ? null : release.strip(), because)
                            .key();
        } catch (Problem refusal) {
            model.addAttribute("refusal", refusal.getMessage());
            model.addAttribute("saidRelease", release);
            model.addAttribute("saidReason", reason);
            fill(key, model);
            return "portfolio/incident";
        }
    }

    private void fill(String key, Model model) {
        Reported incident = incidents.find(key).orElseThrow(() -> Problem.notFound("There is no incident " + key));
        model.addAttribute("incident", incident);
        model.addAttribute("mayAttribute", incidents.mayAttribute(incident));
        model.addAttribute("suggestions", incidents.suggestionsFor(incident));
        List<ReportedIncidents.Attribution> said = incidents.attributionsOf(key);
        model.addAttribute("earlier", said.isEmpty() ? said : said.subList(0, said.size() - 1));
    }

    private static String address(String service, Status status, boolean unattributed, int page) {
        Map<String, Object> wanted = new TreeMap<>();
        wanted.put("page", page);
        if (service != null) {
            wanted.put("service", service);
        }
        if (status != null) {
            wanted.put("status", status);
        }
        if (unattributed) {
            wanted.put("unattributed", true);
        }
        var address = UriComponentsBuilder.fromPath("/incidents");
        wanted.keySet().forEach(name -> address.queryParam(name, "{" + name + "}"));
        return address.encode().buildAndExpand(wanted).toUriString();
    }
}
