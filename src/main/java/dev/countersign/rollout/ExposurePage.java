package dev.countersign.rollout;

import dev.countersign.api.Problem;
import dev.countersign.release.Releases;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Exposure for a person. The rules are the API's. */
@Controller
class ExposurePage {
    private static final double PER_CENT = 100;
    private final ExposureController api;
    private final Releases releases;

    ExposurePage(ExposureController api, Releases releases) {
        this.api = api;
        this.releases = releases;
    }

    @GetMapping("/releases/{key}/exposure")
    String ofRelease(@PathVariable String key, Model model) {
        fill(key, model);
        return "rollout/exposure";
    }

    @GetMapping("/services/{name}/exposure")
    String ofService(@PathVariable String name, Model model) {
        model.addAttribute("service", name);
        model.addAttribute("exposures", api.ofService(name));
        return "rollout/exposures";
    }

    /** Answers with the card as it is now; a refusal is said in it. */
    @PutMapping("/releases/{key}/exposure")
    String change(
            @PathVariable String key,
            @RequestParam(required = false) Double percent,
            @RequestParam(required = false) String reason,
            Model model) {
        try {
            api.change(key, new ExposureController.Wanted(percent == null ? null : percent / PER_CENT, reason));
            model.addAttribute("saved", true);
        } catch (Problem refusal) {
            model.addAttribute("refusal", refusal.getMessage());
        }
        fill(key, model);
        return "rollout/exposure :: exposure";
    }

    private void fill(String key, Model model) {
        model.addAttribute("release", releases.get(key));
        model.addAttribute("now", api.exposure(key));
    }
}
