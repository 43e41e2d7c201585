package dev.countersign.gate;

import dev.countersign.identity.Actors;
import dev.countersign.release.Dossiers.MaterialDossierChanged;
import dev.countersign.release.ReleaseState;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.Messages;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * That the gates of a release were found clear together. Before that, evidence is what the gates wait for, and changes nothing that anybody built on. From then on
 * people sign off and prepare: whatever changes leads the release back at once. Everything here is called under the release's row, so that evidence arrives either before
 * the gates are confirmed and is judged with them, or after it and leads back.
 */
@Component
public class ConfirmedGates {
    /** What is prepared after the gates is the next step's own work, and not a change of what was there before. */
    private static final Set<String> PREPARED = Set.of("checklist", "communicationPlan");

    /** Leads back by itself, whether the gates were confirmed or not. */
    private static final String CRITERIA = "criteria";

    private final JdbcClient jdbc;
    private final Releases releases;
    private final Messages messages;
    private final Timeline timeline;
    private final Clock clock;

    ConfirmedGates(JdbcClient jdbc, Releases releases, Messages messages, Timeline timeline, Clock clock) {
        this.jdbc = jdbc;
        this.releases = releases;
        this.messages = messages;
        this.timeline = timeline;
        this.clock = clock;
    }

    void confirm(String releaseKey) {
        forget(releaseKey);
        jdbc.sql("insert into gate_confirmation (release_key, confirmed_at) values (?, ?)")
                .params(releaseKey, clock.instant().atOffset(ZoneOffset.UTC))
                .update();
    }

    /** The gates are asked, or asked again. Says whether they were confirmed until now. */
    boolean forget(String releaseKey) {
        return jdbc.sql("delete from gate_confirmation where release_key = ?")
                        .param(releaseKey)
                        .update()
                > 0;
    }

    @EventListener
    void on(MaterialDossierChanged change) {
        if (!PREPARED.containsAll(change.changedParts())) {
            leadBack(change);
        }
    }

    /** To be called where something that was decided after the gates became void, for example a sign-off. Leads back once. */
    public void leadBack(MaterialDossierChanged change) {
        String releaseKey = change.releaseKey();
        if (releases.get(releaseKey).state() != ReleaseState.GATES || !forget(releaseKey)) {
            return;
        }
        List<String> parts = change.changedParts();
        timeline.record(
                releaseKey,
                "gates.reopened",
                Actors.PLATFORM,
                "The gates are asked again: after they were clear, the dossier changed in " + String.join(", ", parts),
                Map.of("parts", parts, "dossier", change.now()));
        if (!parts.contains(CRITERIA)) {
            messages.send("materialChanged", releaseKey);
        }
    }
}
