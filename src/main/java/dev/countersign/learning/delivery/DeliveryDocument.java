package dev.countersign.learning.delivery;

import dev.countersign.incident.AttributedIncidents.AttributedIncident;
import dev.countersign.learning.delivery.Judged.Failure;
import dev.countersign.learning.delivery.Judged.Recovery;
import dev.countersign.learning.leadtime.LeadTimeParts;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.web.util.UriUtils;

/** The answer as the HTTP contract names its members. In each figure the numerator and the denominator are counts of the deployments behind it. */
@Schema(name = "DeliveryMetrics")
record DeliveryDocument(
        Instant from,
        Instant to,
        @Schema(description = "Whose deployments these are: production, or the sandbox") String target,
        String service,
        String unit,
        long deployments,
        @Schema(description = "Of these, deployments that no release here accounts for") long pastPlatform,
        LeadTime changeLeadTime,
        Frequency deploymentFrequency,
        Rate changeFailRate,
        RecoveryTime failedDeploymentRecoveryTime,
        Rate reworkRate,
        @Schema(description = "week or month") String trendBy,
        List<Trend.Part> trend) {

    static final String DURATION = "duration (ISO 8601)";
    static final String FRACTION = "fraction";

    /**
     * @param total all of them: the denominator
     * @param counted of them in the numerator
     * @param items those that are counted first, newest first
     * @param all the address where all of them are, page by page
     */
    @Schema(name = "DeliveryDeploymentsBehind")
    record Behind(long total, long counted, List<Item> items, String all) {}

    /**
     * @param key of the release, or the id of the report
     * @param state of the release; null past the platform
     * @param result what was reported; null where the platform deployed it
     * @param counted whether it is in the figure's numerator
     * @param why in a sentence
     * @param failures why it counts as failed; empty where it does not
     * @param recovery {@code RECOVERED}, {@code OPEN} or {@code NOT_RECORDED}; null where it did not fail
     * @param timeToRecovery from the deployment on
     * @param timeFromTrouble to the recovery, from when the trouble was noticed
     * @param followedBy hotfixes that remedy it
     * @param page where a person sees it; null where a report names no address
     */
    @Schema(name = "DeliveryDeployment")
    record Item(
            String key,
            String service,
            String kind,
            String state,
            boolean pastPlatform,
            String source,
            String result,
            Instant deployedAt,
            Instant committedAt,
            Instant completedAt,
            Duration leadTime,
            boolean counted,
            String why,
            List<Failure> failures,
            Recovery recovery,
            Instant troubleSince,
            Instant recoveredAt,
            Duration timeToRecovery,
            Duration timeFromTrouble,
            boolean rework,
            String fixes,
            List<String> followedBy,
            List<AttributedIncident> incidents,
            String api,
            String page) {
        static Item of(Figure figure, Judged one) {
            Deployment it = one.deployment();
            boolean past = it.isPastPlatform();
            String key = UriUtils.encodePathSegment(it.key(), StandardCharsets.UTF_8);
            return new Item(
                    it.key(),
                    it.service(),
                    it.kind(),
                    it.state() == null ? null : it.state().name(),
                    past,
                    past ? it.reported().source() : null,
                    past ? it.reported().result() : null,
                    it.deployedAt(),
                    it.committedAt(),
                    it.completedAt(),
                    it.leadTime(),
                    figure.counts(one),
                    Why.of(figure, one),
                    one.failures(),
                    one.recovery(),
                    one.failed() ? one.troubleSince() : null,
                    one.failed() ? one.recoveredAt() : null,
                    one.timeToRecovery(),
                    one.timeFromTrouble(),
                    one.isRework(),
                    it.fixes(),
                    one.remedies().stream().map(Deployment::key).toList(),
                    one.incidents(),
                    past ? null : "/api/releases/" + key,
                    past ? it.reported().address() : "/releases/" + key);
        }
    }

    /**
     * @param value the median of deployed − committed
     * @param numerator deployments whose commit's time is known
     * @param denominator deployments attempted
     * @param withoutCommitTime of them without one that can be right
     * @param toAllUsers the median until all users were on it, of those that got there
     * @param parts where the time of their changes went; null where the changes of none are known
     */
    @Schema(name = "DeliveryChangeLeadTime")
    record LeadTime(
            Duration value,
            String unit,
            long numerator,
            long denominator,
            Bounds<Duration> interval,
            Duration p90,
            long withoutCommitTime,
            Reached toAllUsers,
            Parts parts,
            Behind deployments) {}

    /**
     * Of changes (pull or merge requests), not of deployments; each part is the median of those of which it is known.
     *
     * @param coding from the first commit to the request
     * @param pickup to the first review
     * @param review to the merge
     * @param deploy to all users
     * @param cycle from the first commit to all users
     * @param changes how many there are
     * @param known of how many of the deployments the changes are known
     * @param notKnown of how many they were asked for and are not known, or not yet
     */
    @Schema(name = "DeliveryLeadTimeParts")
    record Parts(
            LeadTimeParts.Figure coding,
            LeadTimeParts.Figure pickup,
            LeadTimeParts.Figure review,
            LeadTimeParts.Figure deploy,
            LeadTimeParts.Figure cycle,
            int changes,
            int known,
            int notKnown) {
        /** Null where nothing is known. */
        static Parts of(LeadTimeParts.Summary summary) {
            return summary.known() == 0
                    ? null
                    : new Parts(
                            summary.coding(),
                            summary.pickup(),
                            summary.review(),
                            summary.deploy(),
                            summary.cycle(),
                            summary.changes().size(),
                            summary.known(),
                            summary.notKnown());
        }
    }

    @Schema(name = "DeliveryReachedAllUsers")
    record Reached(Duration value, Duration p90, long n) {}

    /**
     * @param value deployments per day
     * @param numerator deployments attempted
     * @param denominator days of the period that are over
     */
    @Schema(name = "DeliveryDeploymentFrequency")
    record Frequency(
            Double value,
            String unit,
            long numerator,
            double denominator,
            Bounds<Double> interval,
            Double perWeek,
            Behind deployments) {}

    @Schema(name = "DeliveryRate")
    record Rate(
            Double value, String unit, long numerator, long denominator, Bounds<Double> interval, Behind deployments) {}

    /**
     * @param value the median of recovered − deployed
     * @param numerator failed deployments that are recovered
     * @param denominator failed deployments
     * @param open of them not recovered yet
     * @param notRecorded of them past the platform, where nobody records it
     */
    @Schema(name = "DeliveryRecoveryTime")
    record RecoveryTime(
            Duration value,
            String unit,
            long numerator,
            long denominator,
            Bounds<Duration> interval,
            Duration mean,
            Duration p90,
            long open,
            long notRecorded,
            FromTrouble fromIncident,
            Behind deployments) {}

    /** The mean time to recovery: from when the trouble was noticed, or an attributed incident began, to the recovery. */
    @Schema(name = "DeliveryRecoveryFromIncident")
    record FromTrouble(Duration mean, Duration median, long n) {}

    /** One page of the deployments behind a figure. */
    @Schema(name = "DeliveryFigureDeployments")
    record Listed(
            String figure,
            Instant from,
            Instant to,
            String target,
            Boolean counted,
            int page,
            int size,
            long total,
            List<Item> items) {}
}
