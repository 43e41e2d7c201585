package dev.countersign.portfolio;

import dev.countersign.api.Problem;
import dev.countersign.evidence.Evidence;
import dev.countersign.evidence.Evidence.Document;
import dev.countersign.gate.Gates;
import dev.countersign.gate.Gates.Evaluated;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.release.Releases;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;

/** One gate of a release: all that stands in its way, the documents it judged, what was asked to be waived, and its last evaluations. */
@Controller
@RequestMapping("/releases/{key}/gates/{gate}")
class GatePage {
    private static final int EVALUATIONS = 50;
    private final Gates gates;
    private final Evidence evidence;
    private final Releases releases;

    GatePage(Gates gates, Evidence evidence, Releases releases) {
        this.gates = gates;
        this.evidence = evidence;
        this.releases = releases;
    }

    @GetMapping
    String page(@PathVariable String key, @PathVariable String gate, Model model) {
        Gate standing =
                gates.find(key, gate).orElseThrow(() -> Problem.notFound("%s has no gate %s".formatted(key, gate)));
        List<Evaluated> all = gates.evaluations(key, gate, EVALUATIONS + 1);
        Map<String, Document> known = evidence.of(key).stream()
                .collect(Collectors.toMap(Document::sha256, document -> document, (earlier, later) -> later));
        model.addAttribute("release", releases.get(key));
        model.addAttribute("gate", standing);
        model.addAttribute(
                "judged",
                all.isEmpty()
                        ? List.of()
                        : all.get(0).documents().stream()
                                .filter(known::containsKey)
                                .map(known::get)
                                .toList());
        model.addAttribute("waivers", gates.waivers(key, gate));
        model.addAttribute("evaluations", all.stream().limit(EVALUATIONS).toList());
        model.addAttribute("earlier", all.size() > EVALUATIONS);
        return "portfolio/gate";
    }
}
