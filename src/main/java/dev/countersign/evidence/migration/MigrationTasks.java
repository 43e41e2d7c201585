package dev.countersign.evidence.migration;

import dev.countersign.evidence.Evidence;
import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.PlatformEvidence;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import dev.countersign.workflow.TaskRefused;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The tasks of people where a database cannot be checked, or is not fit for a migration, by their ids in staged-rollout. */
@Configuration(proxyBeanMethods = false)
class MigrationTasks {
    private final Releases releases;
    private final Evidence evidence;
    private final Timeline timeline;

    MigrationTasks(Releases releases, Evidence evidence, Timeline timeline) {
        this.releases = releases;
        this.evidence = evidence;
        this.timeline = timeline;
    }

    @Bean
    HumanTask settleDatabase() {
        return again("settleDatabase", "lets the database be measured again");
    }

    @Bean
    HumanTask decideOnDatabase() {
        return again("decideOnDatabase", "lets the database be checked again");
    }

    private HumanTask again(String id, String what) {
        return new HumanTask() {
            @Override
            public String id() {
                return id;
            }

            @Override
            public Map<String, Object> briefing(OpenTask task) {
                return brief(task.releaseKey());
            }

            @Override
            public Map<String, Object> complete(OpenTask task, Answer answer) {
                if (!answer.isTrue("tryAgain")) {
                    throw TaskRefused.invalid("tryAgain", "Confirm to try again, or take the release back");
                }
                String reason = answer.text("reason");
                timeline.record(
                        task.releaseKey(),
                        "migration." + id,
                        answer.actor(),
                        answer.actor() + " " + what + (reason == null ? "" : ": " + reason),
                        Map.of());
                return Map.of();
            }
        };
    }

    private Map<String, Object> brief(String releaseKey) {
        Release release = releases.get(releaseKey);
        Map<String, Object> briefing = new HashMap<>();
        briefing.put("releaseKey", release.key());
        briefing.put("service", release.service());
        briefing.put("version", release.version());
        briefing.put("summary", release.summary());
        briefing.put("tier", release.tier());
        briefing.put("dossier", release.materialDigest());
        briefing.put("faults", faults(releaseKey));
        return briefing;
    }

    /** What the newest measurements found. */
    private List<Map<String, String>> faults(String releaseKey) {
        return evidence.current(releaseKey, "migration-check").stream()
                .filter(PlatformEvidence::isOfRollout)
                .flatMap(document -> document.findings().stream()
                        .map(finding ->
                                Map.of("check", finding.id(), "found", finding.title(), "when", phase(document))))
                .toList();
    }

    private static String phase(Document document) {
        return String.valueOf(document.details().get("phase"));
    }
}
