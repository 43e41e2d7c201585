package dev.countersign.sandbox;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.validation.annotation.Validated;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Faults of the sample services, set by a person. The rules are the API's. */
@InSandbox
@Controller
@RequestMapping("/sandbox")
class SandboxPage {
    private static final double PER_CENT = 100;
    private final SandboxController api;

    SandboxPage(SandboxController api) {
        this.api = api;
    }

    @GetMapping
    String page(Model model) throws IOException {
        model.addAttribute("targets", api.all());
        return "sandbox/faults";
    }

    /** Answers with the service's card as it is now. */
    @PutMapping("/{service}/faults")
    String setFaults(
            @PathVariable String service,
            @RequestParam String of,
            @Validated @ModelAttribute Wanted wanted,
            Model model)
            throws IOException {
        model.addAttribute("targets", List.of(api.setFaults(service, of, wanted.faults())));
        model.addAttribute("saved", of);
        return "sandbox/faults :: target";
    }

    /** As a person writes them: shares in per cent. */
    record Wanted(
            @Min(0) @Max(100) double errorPercent,
            @Min(0) @Max(10_000) long addedLatencyMs,
            @Min(0) @Max(100) double kpiDropPercent,
            @Min(0) @Max(1) double clsShift,
            @Size(max = 80) String failingJourney) {
        Faults faults() {
            return new Faults(
                    errorPercent / PER_CENT,
                    addedLatencyMs,
                    kpiDropPercent / PER_CENT,
                    clsShift,
                    failingJourney == null || failingJourney.isBlank() ? null : failingJourney.strip());
        }
    }
}
