package dev.countersign.gate;

import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.gate.WaiverDesk.Wish;
import dev.countersign.gate.privacy.ImpactDesk;
import dev.countersign.identity.Actors;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import dev.countersign.workflow.TaskRefused;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** The owner of a failed gate has it fixed, or asks for a waiver of what stands in the way. */
@Component
class ResolveGate implements HumanTask {
    private final GateBriefing briefing;
    private final Gates gates;
    private final WaiverDesk waivers;
    private final Releases releases;
    private final Timeline timeline;
    private final GateAsking asking;
    private final ImpactDesk impacts;
    private final Actors actors;

    ResolveGate(
            GateBriefing briefing,
            Gates gates,
            WaiverDesk waivers,
            Releases releases,
            Timeline timeline,
            GateAsking asking,
            ImpactDesk impacts,
            Actors actors) {
        this.briefing = briefing;
        this.gates = gates;
        this.waivers = waivers;
        this.releases = releases;
        this.timeline = timeline;
        this.asking = asking;
        this.impacts = impacts;
        this.actors = actors;
    }

    @Override
    public String id() {
        return "resolveGate";
    }

    @Override
    public Set<String> outcomes() {
        return Set.of("resolution");
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        String gateName = task.text("gate");
        Map<String, Object> shown = new HashMap<>(briefing.of(task.releaseKey(), gateName));
        shown.put("longest", briefing.longest(task.releaseKey(), gateName));
        return shown;
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        String gateName = task.text("gate");
        Release release = releases.lock(task.releaseKey());
        Gate gate = gates.find(release.key(), gateName)
                .orElseThrow(() -> TaskRefused.stale("%s has no gate '%s'".formatted(release.key(), gateName)));
        // The model says whom a task asks; whose gate it is says the table.
        if (!actors.currentGroups().contains(gate.owner())) {
            throw TaskRefused.forbidden("%s is not in the group %s, to whom the gate '%s' belongs"
                    .formatted(answer.actor(), gate.owner(), gateName));
        }
        if ("waiver".equals(answer.text("choice"))) {
            List<String> named = answer.list("findings");
            List<String> findings = named.isEmpty() && answer.isTrue("all")
                    ? gate.findings().stream().map(Finding::id).distinct().toList()
                    : named;
            waivers.request(
                    release, gateName, new Wish(findings, answer.text("reason"), endOf(answer.text("expires"))));
            return Map.of("resolution", "waiver");
        }
        if ("ask".equals(answer.text("choice"))) {
            if (!asking.isPossible(release, gateName)) {
                throw TaskRefused.invalid("choice", "No system is configured that holds evidence of this gate");
            }
            asking.soon(release.key(), gate);
            return Map.of("resolution", "fix");
        }
        timeline.record(
                release.key(),
                "gate.fix-promised",
                answer.actor(),
                "Gate %s is being fixed: %s"
                        .formatted(
                                gateName,
                                answer.text("reason") == null ? "new evidence will come" : answer.text("reason")),
                Map.of("gate", gateName));
        if (asking.isClearedByAssessment(release, gateName)) {
            impacts.askAgain(release);
        }
        return Map.of("resolution", "fix");
    }

    /** The form gives a day: the waiver holds until that day ends in UTC. */
    private static Instant endOf(String day) {
        if (day == null) {
            return null;
        }
        try {
            return day.length() > 10
                    ? java.time.OffsetDateTime.parse(day).toInstant()
                    : LocalDate.parse(day)
                            .plusDays(1)
                            .atStartOfDay(ZoneOffset.UTC)
                            .toInstant();
        } catch (DateTimeException notADay) {
            throw TaskRefused.invalid("expires", "'" + day + "' is no day; write it like 2026-12-01");
        }
    }
}
