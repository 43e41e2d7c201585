package dev.countersign.catalog;

import dev.countersign.api.Problem;
import dev.countersign.catalog.ChecklistVersions.Version;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The versions of a checklist, and what changed between two of them, for people. */
@Controller
class ChecklistPage {
    private final ChecklistVersions versions;

    ChecklistPage(ChecklistVersions versions) {
        this.versions = versions;
    }

    @GetMapping("/checklists")
    String all(Model model) {
        model.addAttribute("checklists", versions.all());
        return "catalog/checklists";
    }

    @GetMapping("/checklists/{name}")
    String one(
            @PathVariable String name,
            @RequestParam(required = false) String from,
            @RequestParam(required = false) String to,
            Model model) {
        List<Version> all = versions.all().get(name);
        if (all == null) {
            throw Problem.notFound("There is no checklist `" + name + "`");
        }
        model.addAttribute("name", name);
        model.addAttribute("versions", all);
        model.addAttribute("difference", versions.difference(name, given(from), given(to)));
        return "catalog/checklist";
    }

    private static String given(String digest) {
        return digest == null || digest.isBlank() ? null : digest;
    }
}
