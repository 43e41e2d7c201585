package dev.countersign.portfolio;

import dev.countersign.catalog.Catalog;
import dev.countersign.identity.Actors;
import dev.countersign.identity.Role;
import dev.countersign.rollout.ReportedDeployments;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** For those who run the platform. */
@Controller
class OperationsPage {
    private static final Duration SHOWN = Duration.ofDays(30);
    private final PlatformHealth health;
    private final PendingChanges changes;
    private final Catalog catalog;
    private final ReportedDeployments reported;
    private final Clock clock;
    private final Actors actors;

    OperationsPage(
            PlatformHealth health,
            PendingChanges changes,
            Catalog catalog,
            ReportedDeployments reported,
            Clock clock,
            Actors actors) {
        this.health = health;
        this.changes = changes;
        this.catalog = catalog;
        this.reported = reported;
        this.clock = clock;
        this.actors = actors;
    }

    @GetMapping("/operations")
    String operations(Model model) {
        actors.require(Role.PROCESS_OWNER, Role.ADMIN, Role.SRE, Role.AUDITOR, Role.COMPLIANCE);
        model.addAttribute("health", health.now());
        model.addAttribute("changes", changes.now());
        model.addAttribute("problems", catalog.problems());
        Instant now = clock.instant();
        model.addAttribute("pastThePlatform", reported.countUnapproved(now.minus(SHOWN), now.plusSeconds(1)));
        return "portfolio/operations";
    }
}
