package dev.countersign.learning.delivery;

import dev.countersign.learning.delivery.DeliveryDocument.Listed;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Delivery metrics for machines. */
@RestController
@RequestMapping(DeliveryController.PATH)
class DeliveryController {
    static final String PATH = "/api/metrics/delivery";
    private final DeliveryReport report;

    DeliveryController(DeliveryReport report) {
        this.report = report;
    }

    @Operation(
            summary =
                    "Delivery metrics of a period, each with numerator, denominator, interval and the deployments behind it",
            description =
                    "Change lead time, deployment frequency, change fail rate, failed deployment recovery time and rework rate over production deployments."
                            + " Durations are ISO 8601, ratios fractions. `deployments.all` of a figure is the address of the whole list behind it.")
    @GetMapping
    DeliveryDocument metrics(@ParameterObject @ModelAttribute Asked asked) {
        return report.of(asked, PATH);
    }

    @Operation(
            summary =
                    "The deployments behind one figure, a page at a time, those in its numerator first, each newest first",
            description = "`counted=true` lists the numerator, `counted=false` the rest of the denominator.")
    @GetMapping("/{figure}")
    Listed deployments(
            @Parameter(
                            description =
                                    "change-lead-time, deployment-frequency, change-fail-rate, failed-deployment-recovery-time or rework-rate")
                    @PathVariable
                    String figure,
            @ParameterObject @ModelAttribute Asked asked) {
        return report.listed(Figure.of(figure), asked);
    }
}
