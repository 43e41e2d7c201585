package dev.countersign.rollout.reported;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What others deployed, for machines. Whoever may list releases may list these. */
@RestController
class ReportedController {
    private final ReportedSearch search;

    ReportedController(ReportedSearch search) {
        this.search = search;
    }

    record Listing(
            @Schema(description = "by when they began, newest first") List<Item> items,
            @Schema(description = "the period, its end exclusive") Instant from,
            Instant to,
            int page,
            int size,
            long total) {}

    record Item(
            @Schema(example = "github:1693412381") String id,
            @Schema(description = "the system that reported it", example = "github") String source,
            @Schema(
                            description = "null where the catalog knows none, or several, by the repository",
                            example = "checkout")
                    String service,
            @Schema(description = "as the source names it", example = "acme/checkout") String repository,
            @Schema(description = "as the source names it", example = "production") String environment,
            @Schema(
                            description =
                                    "APPROVED, UNAPPROVED (past the platform), ELSEWHERE (not production), UNKNOWN (an environment that the catalog does not declare: not counted), WAITING (not begun)")
                    Standing standing,
            @Schema(description = "null where it is not counted, since it is not known to have reached production")
                    Boolean approved,
            @Schema(description = "that accounts for it; null where none does", example = "checkout@2.4.0")
                    String release,
            @Schema(description = "why it stands so") String because,
            String commit,
            String digest,
            @Schema(description = "WAITING, HELD (by a rule there), RUNNING, SUCCESS or FAILURE") String state,
            @Schema(description = "when it was asked for") Instant createdAt,
            @Schema(description = "when it began, as far as that is known; null while nothing of it has begun")
                    Instant startedAt,
            @Schema(description = "null while it goes on") Instant finishedAt,
            @Schema(description = "when it was first heard of here") Instant receivedAt,
            @Schema(description = "of its page there; null where it said none") String address) {
        static Item of(Kept one) {
            return new Item(
                    one.id(),
                    one.report().source(),
                    one.service(),
                    one.report().repository(),
                    one.report().environment(),
                    one.standing(),
                    one.standing().isProduction() ? one.standing() == Standing.APPROVED : null,
                    one.release(),
                    one.because(),
                    one.report().commit(),
                    one.report().digest(),
                    one.report().state().name(),
                    one.report().createdAt(),
                    one.report().state().hasBegun() ? one.report().begin() : null,
                    one.report().finishedAt(),
                    one.receivedAt(),
                    one.report().address());
        }
    }

    @Operation(
            summary = "Deployments that other systems reported, and whether a release accounts for them:"
                    + " with approved=false, what went into production past the platform")
    @GetMapping("/api/deployments/reported")
    Listing list(
            @RequestParam(required = false) String service,
            @Parameter(description = "github, gitlab or cdevents") @RequestParam(required = false) String source,
            @Parameter(description = "RFC 3339, or a date; left out, 30 days before the end")
                    @RequestParam(required = false)
                    String from,
            @Parameter(description = "exclusive; a date counts to its end; left out, now")
                    @RequestParam(required = false)
                    String to,
            @Parameter(description = "true or false: only of production; left out, all") @RequestParam(required = false)
                    String approved,
            @RequestParam(required = false) Integer page,
            @Parameter(description = "from 1 to 200; left out, 50") @RequestParam(required = false) Integer size) {
        ReportedSearch.Found found =
                search.find(new ReportedSearch.Wanted(service, source, from, to, approved, page, size));
        return new Listing(
                found.deployments().stream().map(Item::of).toList(),
                found.from(),
                found.to(),
                found.page(),
                found.size(),
                found.total());
    }
}
