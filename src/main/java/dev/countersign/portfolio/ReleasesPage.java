package dev.countersign.portfolio;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.release.Release;
import dev.countersign.release.ReleaseState;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.util.UriComponentsBuilder;

/** Releases by state; what is looked for stands in the address. */
@Controller
class ReleasesPage {
    private final ReleaseSearch search;
    private final OpenTasks tasks;
    private final Catalog catalog;

    ReleasesPage(ReleaseSearch search, OpenTasks tasks, Catalog catalog) {
        this.search = search;
        this.tasks = tasks;
        this.catalog = catalog;
    }

    @GetMapping("/")
    String releases(@ModelAttribute("wanted") ReleaseSearch.Wanted wanted, Model model) {
        ReleaseSearch.Found found = search.find(wanted);
        Map<String, List<Waiting>> waiting = tasks.ofAll(found.releases().stream()
                .filter(release -> !release.closed())
                .map(Release::key)
                .toList());
        Map<ReleaseState, List<Row>> byState = found.releases().stream()
                .map(release -> new Row(release, waiting.getOrDefault(release.key(), List.of())))
                .collect(Collectors.groupingBy(row -> row.release().state(), TreeMap::new, Collectors.toList()));
        model.addAttribute("byState", byState);
        model.addAttribute("found", found);
        model.addAttribute("states", ReleaseState.values());
        model.addAttribute("services", names(Service::name));
        model.addAttribute("units", names(Service::unit));
        model.addAttribute("teams", names(Service::team));
        model.addAttribute("newer", found.page() > 0 ? address(wanted, found.page() - 1) : null);
        boolean more = (found.page() + 1L) * found.size() < found.total();
        model.addAttribute("older", more ? address(wanted, found.page() + 1) : null);
        return "portfolio/releases";
    }

    private TreeSet<String> names(Function<Service, String> name) {
        return catalog.services().stream()
                .map(name)
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String address(ReleaseSearch.Wanted wanted, int page) {
        var address = UriComponentsBuilder.fromPath("/").queryParam("page", page);
        var given = new TreeMap<String, Object>();
        given.put("service", wanted.service());
        given.put("state", wanted.state());
        given.put("unit", wanted.unit());
        given.put("team", wanted.team());
        given.put("from", wanted.from());
        given.put("to", wanted.to());
        given.put("text", wanted.text());
        given.put("size", wanted.size());
        given.forEach((name, value) -> {
            if (value != null && !value.toString().isBlank()) {
                address.queryParam(name, "{" + name + "}");
            }
        });
        given.values().removeIf(Objects::isNull);
        return address.encode().buildAndExpand(given).toUriString();
    }

    record Row(Release release, List<Waiting> waiting) {
        public String move() {
            if (!waiting.isEmpty()) {
                return waiting.stream().map(Waiting::who).distinct().collect(Collectors.joining(", "));
            }
            return release.closed() ? "" : "the platform";
        }
    }
}
