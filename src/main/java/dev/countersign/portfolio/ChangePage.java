package dev.countersign.portfolio;

import dev.countersign.api.Problem;
import dev.countersign.workflow.PolicyChanges;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** One change of policy with its whole difference; whoever is logged in may read the rules that bind them. */
@Controller
class ChangePage {
    private final PolicyChanges changes;

    ChangePage(PolicyChanges changes) {
        this.changes = changes;
    }

    @GetMapping("/operations/changes/{id}")
    String change(@PathVariable long id, Model model) {
        model.addAttribute("change", changes.find(id).orElseThrow(() -> Problem.notFound("There is no change " + id)));
        model.addAttribute("difference", changes.difference(id));
        return "portfolio/change";
    }
}
