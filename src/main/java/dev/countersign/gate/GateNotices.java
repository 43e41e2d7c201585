package dev.countersign.gate;

import dev.countersign.gate.Gates.Gate;
import dev.countersign.notice.Notices;
import dev.countersign.notice.Notices.Notice;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/** What the owners of gates are told by mail. */
@Component
class GateNotices {
    private final Gates gates;
    private final Notices notices;

    GateNotices(Gates gates, Notices notices) {
        this.gates = gates;
        this.notices = notices;
    }

    void remindOwner(String releaseKey, String gateName) {
        Gate gate = gates.find(releaseKey, gateName).orElseThrow();
        notices.mail(new Notice(
                releaseKey,
                "reminder",
                Set.of(gate.owner()),
                Set.of(),
                "Gate %s of %s is not clear".formatted(gateName, releaseKey),
                List.of(
                        "The gate %s of %s is %s: %s".formatted(gateName, releaseKey, gate.verdict(), gate.sentence()),
                        "Send new evidence, or ask for a waiver that names what stands in the way. Silence clears nothing."),
                "/releases/" + releaseKey,
                null));
    }
}
