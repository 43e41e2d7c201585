package dev.countersign.gate;

import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.gate.Gates.Waiver;
import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import dev.countersign.workflow.TaskRefused;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** A person entitled to it accepts the risk of the findings named, or does not. */
@Component
class DecideWaiver implements HumanTask {
    private final GateBriefing briefing;
    private final Gates gates;
    private final WaiverDesk desk;
    private final WaiverRepository waivers;

    DecideWaiver(GateBriefing briefing, Gates gates, WaiverDesk desk, WaiverRepository waivers) {
        this.briefing = briefing;
        this.gates = gates;
        this.desk = desk;
        this.waivers = waivers;
    }

    @Override
    public String id() {
        return "decideWaiver";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        String gateName = task.text("gate");
        Map<String, Object> shown = new HashMap<>(briefing.of(task.releaseKey(), gateName));
        waivers.requested(task.releaseKey(), gateName).ifPresent(waiver -> {
            shown.put("waiver", String.valueOf(waiver.id()));
            shown.put("requestedBy", waiver.requestedBy());
            shown.put("waiverReason", waiver.reason());
            shown.put("expires", waiver.expires().toString());
            shown.put("waivedFindings", waived(task.releaseKey(), waiver));
        });
        return shown;
    }

    private List<Map<String, Object>> waived(String releaseKey, Waiver waiver) {
        Map<String, Finding> open = gates.find(releaseKey, waiver.gate()).orElseThrow().findings().stream()
                .collect(Collectors.toMap(Finding::id, finding -> finding, (one, same) -> one));
        return waiver.findings().stream()
                .map(id -> open.getOrDefault(id, new Finding(id, "", "not in the way any more", "", List.of())))
                .map(GateBriefing::row)
                .toList();
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        String gateName = task.text("gate");
        waivers.requested(task.releaseKey(), gateName)
                .filter(waiver -> String.valueOf(waiver.id()).equals(answer.text("waiver")))
                .orElseThrow(() -> TaskRefused.stale("The waiver that you saw is not the one that waits any more"));
        desk.decide(task.releaseKey(), gateName, "approve".equals(answer.text("decision")), answer.text("reason"));
        return Map.of();
    }
}
