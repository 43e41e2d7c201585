package dev.countersign.portfolio;

import dev.countersign.api.Problem;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.gate.budget.ErrorBudgets;
import dev.countersign.hotfix.Hotfixes;
import dev.countersign.incident.Incidents;
import dev.countersign.incident.ReportedIncidents;
import dev.countersign.incident.Tracking;
import dev.countersign.incident.Tracking.Tracked;
import dev.countersign.observe.SloStates;
import dev.countersign.release.ReleaseFilter;
import dev.countersign.release.Releases;
import dev.countersign.schedule.Rotas;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** Services: who answers for them, what they promise, what happened to them. */
@Controller
class ServicesPage {
    private static final Duration HISTORY = Duration.ofDays(90);
    private static final int LATEST = 20;
    private final Catalog catalog;
    private final Releases releases;
    private final Incidents incidents;
    private final ObjectProvider<ReportedIncidents> reported;
    private final SloStates objectives;
    private final Rotas rotas;
    private final Hotfixes hotfixes;
    private final Tracking tracking;
    private final ObjectProvider<ErrorBudgets> budgets;
    private final Clock clock;

    ServicesPage(
            Catalog catalog,
            Releases releases,
            Incidents incidents,
            ObjectProvider<ReportedIncidents> reported,
            SloStates objectives,
            Rotas rotas,
            Hotfixes hotfixes,
            Tracking tracking,
            ObjectProvider<ErrorBudgets> budgets,
            Clock clock) {
        this.catalog = catalog;
        this.releases = releases;
        this.incidents = incidents;
        this.reported = reported;
        this.objectives = objectives;
        this.rotas = rotas;
        this.hotfixes = hotfixes;
        this.tracking = tracking;
        this.budgets = budgets;
        this.clock = clock;
    }

    @GetMapping("/services")
    String services(
            @RequestParam(required = false) String unit, @RequestParam(required = false) String team, Model model) {
        List<Service> services = catalog.services().stream()
                .filter(service -> unit == null || unit.isBlank() || unit.equals(service.unit()))
                .filter(service -> team == null || team.isBlank() || team.equals(service.team()))
                .sorted(Comparator.comparing(Service::name))
                .toList();
        model.addAttribute("services", services);
        model.addAttribute("unit", unit);
        model.addAttribute("team", team);
        model.addAttribute("problems", catalog.problems());
        return "portfolio/services";
    }

    @GetMapping("/services/{name}")
    String service(@PathVariable String name, Model model) {
        Service service = catalog.service(name)
                .orElseThrow(() -> Problem.notFound("There is no service " + name + " in the catalog"));
        model.addAttribute("service", service);
        model.addAttribute("duty", rotas.onDuty(name, clock.instant()));
        model.addAttribute("dependents", catalog.dependentsOf(name));
        model.addAttribute("slos", catalog.slosOf(name));
        model.addAttribute("states", objectives.of(name));
        budgets.ifAvailable(known -> model.addAttribute("closure", known.ofService(name)));
        model.addAttribute("checklist", catalog.checklistOf(name).orElse(null));
        model.addAttribute("releases", releases.list(new ReleaseFilter(Set.of(name), null, null, null, 0, LATEST)));
        model.addAttribute(
                "incidents", incidents.ofService(name, clock.instant().minus(HISTORY)));
        reported.ifAvailable(known -> model.addAttribute(
                "reported", known.ofService(name, clock.instant().minus(HISTORY))));
        model.addAttribute("actions", incidents.openActionsOf(name));
        model.addAttribute("unreviewed", hotfixes.unreviewed(name));
        List<Tracked> tracked = tracking.openOf(name);
        model.addAttribute("tracked", tracked);
        model.addAttribute(
                "unstable",
                tracked.stream()
                        .filter(action -> action.origin() == Tracking.Origin.INSTABILITY)
                        .findFirst()
                        .orElse(null));
        model.addAttribute(
                "problems",
                catalog.problems().stream()
                        .filter(problem ->
                                problem.file() != null && problem.file().equals(service.file()))
                        .toList());
        model.addAttribute("now", clock.instant());
        return "portfolio/service";
    }
}
