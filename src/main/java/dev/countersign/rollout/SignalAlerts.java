package dev.countersign.rollout;

import dev.countersign.identity.Role;
import dev.countersign.notice.Notices;
import dev.countersign.notice.Notices.Notice;
import dev.countersign.observe.Observations.Judged;
import java.util.List;
import java.util.Set;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** A business figure that deviates, and pages of real users that got worse, are told at once, by mail and to whoever listens by webhook. */
@Component
class SignalAlerts {
    private static final Set<String> TOLD = Set.of("FAIL", "INCONCLUSIVE");
    private final Notices notices;

    SignalAlerts(Notices notices) {
        this.notices = notices;
    }

    @EventListener
    void on(Judged judged) {
        var judgement = judged.judgement();
        boolean ofSignal = judgement.metric() != null
                && (judgement.metric().startsWith("kpi ") || judgement.metric().startsWith("rum "));
        // What is only too little is no deviation.
        boolean deviates =
                "FAIL".equals(judgement.verdict()) || judgement.sentence().startsWith("Held back: ");
        if (ofSignal && deviates && TOLD.contains(judgement.verdict())) {
            notices.mail(new Notice(
                    judged.releaseKey(),
                    "alert",
                    Set.of(Role.RELEASE_MANAGER.id(), Role.SRE.id(), Role.ON_CALL.id()),
                    Set.of(),
                    "%s deviates: %s".formatted(judgement.metric(), judged.releaseKey()),
                    List.of(judgement.sentence()),
                    "/releases/" + judged.releaseKey(),
                    null));
        }
    }
}
