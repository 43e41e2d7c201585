package dev.countersign.rollout;

import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.RolloutStarters;
import dev.countersign.release.Timeline;
import dev.countersign.rollout.Rollouts.Rollout;
import dev.countersign.schedule.Rotas.Duty;
import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import dev.countersign.workflow.TaskRefused;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The tasks of people in a rollout, by their ids in the models. */
@Configuration(proxyBeanMethods = false)
class RolloutTasks {
    private final Releases releases;
    private final RolloutStore store;
    private final StepPromotion promotion;
    private final Stabilisation stabilisation;
    private final RolloutPeople people;
    private final ObjectProvider<RolloutStarters> starters;
    private final Timeline timeline;

    RolloutTasks(
            Releases releases,
            RolloutStore store,
            StepPromotion promotion,
            Stabilisation stabilisation,
            RolloutPeople people,
            ObjectProvider<RolloutStarters> starters,
            Timeline timeline) {
        this.releases = releases;
        this.store = store;
        this.promotion = promotion;
        this.stabilisation = stabilisation;
        this.people = people;
        this.starters = starters;
        this.timeline = timeline;
    }

    @Bean
    HumanTask acknowledgeWatch() {
        return task("acknowledgeWatch", (task, answer) -> watch(task, answer, "watches this rollout"));
    }

    @Bean
    HumanTask replaceWatch() {
        return task(
                "replaceWatch",
                (task, answer) -> watch(task, answer, "named " + answer.text("watcher") + " to watch this rollout"));
    }

    @Bean
    HumanTask clearTheWay() {
        return task("clearTheWay", (task, answer) -> {
            if (!answer.isTrue("tryAgain")) {
                throw TaskRefused.invalid("tryAgain", "Confirm to try again, or withdraw the release");
            }
            record(task, answer, "lets the rollout begin again");
            return Map.of();
        });
    }

    @Bean
    HumanTask decideRollout() {
        return task("decideRollout", (task, answer) -> {
            boolean resume = "resume".equals(answer.text("choice"));
            record(task, answer, resume ? "resumes the rollout" : "rolls back");
            return Map.of("resumeRollout", resume);
        });
    }

    @Bean
    HumanTask promoteStep() {
        return task("promoteStep", (task, answer) -> {
            boolean promotes = "promote".equals(answer.text("choice"));
            promotion.decide(task.releaseKey(), promotes, answer.text("reason"));
            record(task, answer, promotes ? "promotes the step" : "does not promote the step");
            return Map.of();
        });
    }

    @Bean
    HumanTask decideStabilisation() {
        return task("decideStabilisation", (task, answer) -> {
            boolean again = "watch".equals(answer.text("choice"));
            record(task, answer, again ? "watches for another window" : "rolls back");
            return Map.of("watchAgain", again);
        });
    }

    @Bean
    HumanTask promoteByHand() {
        return task("promoteByHand", (task, answer) -> {
            if (!answer.isTrue("done")) {
                throw TaskRefused.invalid(
                        "done", "Confirm that the new version is the stable one now; the platform then reads it back");
            }
            if (!stabilisation.mayBePromoted(task.releaseKey())) {
                throw TaskRefused.stale(
                        "It was halted: it must not become the stable version by hand before a person has let it go on. Leave the former version where it is"
                                + because(task.releaseKey()));
            }
            record(task, answer, "made the new version the stable one by hand");
            return Map.of();
        });
    }

    private String because(String releaseKey) {
        return store.find(releaseKey)
                .map(Rollout::because)
                .map(because -> ". " + because)
                .orElse("");
    }

    private Map<String, Object> watch(OpenTask task, Answer answer, String what) {
        if (!answer.isTrue("acknowledged")) {
            throw TaskRefused.invalid("acknowledged", "Confirm the watch, or leave the task open for somebody else");
        }
        Release release = releases.get(task.releaseKey());
        String watcher = answer.text("watcher") == null ? answer.actor() : answer.text("watcher");
        starters.stream()
                .flatMap(known ->
                        Stream.of(answer.actor(), watcher).distinct().map(person -> known.whyNot(release, person)))
                .flatMap(Optional::stream)
                .findFirst()
                .ifPresent(why -> {
                    throw TaskRefused.forbidden(why);
                });
        record(task, answer, what);
        return Map.of();
    }

    private void record(OpenTask task, Answer answer, String what) {
        String reason = answer.text("reason");
        timeline.record(
                task.releaseKey(),
                "rollout." + task.taskKey(),
                answer.actor(),
                answer.actor() + " " + what + (reason == null ? "" : ": " + reason),
                Map.of());
    }

    private HumanTask task(String id, BiFunction<OpenTask, Answer, Map<String, Object>> completion) {
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
                return completion.apply(task, answer);
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
        Rollout rollout = store.find(releaseKey).orElse(null);
        briefing.put("standing", rollout == null ? "Nothing has been deployed yet." : standing(rollout));
        briefing.put("users", RolloutMail.whereUsersAre(Optional.ofNullable(rollout)));
        briefing.put("inTheWay", inTheWay(release));
        briefing.put("onDuty", inWords(people.onDuty(releaseKey)));
        briefing.put("since", rollout == null ? "" : promotion.measuredSince(rollout));
        briefing.put("because", rollout == null || rollout.because() == null ? "" : rollout.because());
        briefing.put(
                "steps",
                store.stepsOf(releaseKey).stream()
                        .map(step -> Map.of(
                                "step",
                                step.step(),
                                "share",
                                Math.round(step.share() * 100) + " %",
                                "verdict",
                                step.verdict() == null ? "watching" : step.verdict(),
                                "sentence",
                                step.sentence() == null ? "" : step.sentence()))
                        .toList());
        return briefing;
    }

    private static String inWords(Duty duty) {
        if (duty.rota() == null) {
            return "The service names no rota: whoever is on call may confirm.";
        }
        String named = duty.turns().stream()
                .map(turn -> turn.name() + (turn.until() == null ? "" : " until " + turn.until()))
                .collect(Collectors.joining(", then "));
        return Stream.of(named.isEmpty() ? null : "On duty by the rota " + duty.rota() + ": " + named + ".", duty.gap())
                .filter(Objects::nonNull)
                .collect(Collectors.joining(" "));
    }

    private String inTheWay(Release release) {
        return store.holderOf(release.service())
                .filter(holder -> !holder.equals(release.key()))
                .map(holder ->
                        "%s rolls out now. One release of %s goes at a time; this one begins by itself when that one is stable or gone."
                                .formatted(holder, release.service()))
                .orElse("The target of %s did not say what it runs.".formatted(release.service()));
    }

    private static String standing(Rollout rollout) {
        String reported = rollout.actual() == null
                ? "not confirmed by the router"
                : "%.1f %% reported by the router".formatted(rollout.actual() * 100);
        return "Step %d of %d, candidate share %.0f %% wanted, %s"
                .formatted(rollout.step(), rollout.plan().steps().size(), rollout.wanted() * 100, reported);
    }
}
