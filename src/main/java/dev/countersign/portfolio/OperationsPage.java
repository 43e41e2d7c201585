package dev.countersign.portfolio;

import dev.countersign.catalog.Catalog;
import dev.countersign.identity.Actors;
import dev.countersign.identity.Role;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** For those who run the platform. */
@Controller
class OperationsPage {
    private final PlatformHealth health;
    private final PendingChanges changes;
    private final Catalog catalog;
    private final Actors actors;

    OperationsPage(PlatformHealth health, PendingChanges changes, Catalog catalog, Actors actors) {
        this.health = health;
        this.changes = changes;
        this.catalog = catalog;
        this.actors = actors;
    }

    @GetMapping("/operations")
    String operations(Model model) {
        actors.require(Role.PROCESS_OWNER, Role.ADMIN, Role.SRE, Role.AUDITOR, Role.COMPLIANCE);
        model.addAttribute("health", health.now());
        model.addAttribute("changes", changes.now());
        model.addAttribute("problems", catalog.problems());
        return "portfolio/operations";
    }
}
