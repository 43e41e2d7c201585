package dev.countersign.review;

import dev.countersign.api.Problem;
import dev.countersign.api.Problem.FieldError;
import dev.countersign.identity.Actors;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.workflow.TaskRefused;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.task.Task;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/releases/{key}/review")
class ReviewController {
    private final Review review;
    private final Releases releases;
    private final Seats seats;
    private final DossierChanges changes;
    private final Delegating delegating;
    private final TaskService tasks;
    private final Actors actors;
    private final Timeline timeline;

    ReviewController(
            Review review,
            Releases releases,
            Seats seats,
            DossierChanges changes,
            Delegating delegating,
            TaskService tasks,
            Actors actors,
            Timeline timeline) {
        this.review = review;
        this.releases = releases;
        this.seats = seats;
        this.changes = changes;
        this.delegating = delegating;
        this.tasks = tasks;
        this.actors = actors;
        this.timeline = timeline;
    }

    /**
     * @param reason needed for {@code NO_GO}, {@code GO_WITH_CONDITIONS} and whatever else takes no plain position
     * @param criterion the criterion that a {@code NO_GO} says is missed; may be left out where the reason names none
     * @param dossier the material digest that the voter saw
     */
    record Ballot(
            @Schema(example = "qa") String seat,
            @Schema(allowableValues = {"GO", "GO_WITH_CONDITIONS", "NO_GO", "ABSTAIN", "RECUSE"}) String vote,
            String reason,
            String criterion,
            List<ConditionLine> conditions,
            @Schema(example = "sha256:…") String dossier) {}

    /**
     * @param text what must be true; left out, the check says it
     * @param owner a person or a group
     * @param due a date, or a time with offset
     */
    record ConditionLine(String text, String owner, String due, Boolean beforeRollout, String check) {
        List<FieldError> faults(String place) {
            List<FieldError> faults = new ArrayList<>();
            if (isBlank(text) && isBlank(check)) {
                faults.add(new FieldError(place + "/check", "is required, or a text that says what must be true"));
            }
            if (isBlank(owner)) {
                faults.add(new FieldError(place + "/owner", "is required"));
            }
            if (isBlank(due)) {
                faults.add(new FieldError(place + "/due", "is required"));
            }
            return faults;
        }

        Map<String, Object> row() {
            var row = new LinkedHashMap<String, Object>();
            row.put("text", isBlank(text) ? check : text);
            row.put("owner", owner);
            row.put("due", due);
            row.put("beforeRollout", beforeRollout == null || beforeRollout);
            row.put("check", check);
            return row;
        }
    }

    record Delegation(
            @Schema(example = "qa") String seat,
            @Schema(example = "qa-2") String delegate,
            @Schema(example = "2026-11-24T20:00:00+01:00") String until) {}

    @GetMapping
    @Operation(summary = "Seats, votes, conditions, meeting, escalations and the decision")
    Review.View review(@PathVariable("key") String key) {
        return review.of(key);
    }

    /** The vote completes the seat's open task: the same way in as Tasklist, with the same checks. */
    @PostMapping("/votes")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Vote for a seat; an old dossier is refused with 409 and the difference")
    Review.View vote(@PathVariable("key") String key, @RequestBody Ballot ballot) {
        var release = releases.get(key);
        checkSeat(key, ballot.seat());
        checkConditions(ballot);
        Task task = openTask(key, ballot.seat());
        try {
            tasks.complete(task.getId(), fields(ballot));
        } catch (TaskRefused refusal) {
            if (refusal.status() == HttpStatus.CONFLICT.value()
                    && !Objects.equals(ballot.dossier(), release.materialDigest())) {
                throw stale(key, refusal, ballot);
            }
            throw refusal;
        }
        return review.of(key);
    }

    /** Before the review has determined its seats there is nothing to vote for; afterwards a seat that is none is a mistake. */
    private void checkSeat(String key, String seat) {
        List<String> known = seats.of(key).stream().map(SeatRow::id).toList();
        if (known.isEmpty()) {
            throw refused(
                    key,
                    seat,
                    Problem.conflict("The review of " + key + " has not begun: it has no seats yet, and nobody votes"));
        }
        if (seat == null || !known.contains(seat)) {
            throw Problem.invalid("/seat", key + " has no seat " + seat + "; it has " + String.join(", ", known));
        }
    }

    private static void checkConditions(Ballot ballot) {
        List<FieldError> faults = new ArrayList<>();
        List<ConditionLine> lines = Objects.requireNonNullElse(ballot.conditions(), List.of());
        for (int i = 0; i < lines.size(); i++) {
            String place = "/conditions/" + i;
            ConditionLine line = lines.get(i);
            faults.addAll(line == null ? List.of(new FieldError(place, "must not be null")) : line.faults(place));
        }
        if (!faults.isEmpty()) {
            throw Problem.invalid(faults.get(0).pointer() + " " + faults.get(0).message(), faults);
        }
    }

    private static boolean isBlank(String text) {
        return text == null || text.isBlank();
    }

    private Task openTask(String key, String seat) {
        return tasks
                .createTaskQuery()
                .processInstanceBusinessKey(key)
                .taskDefinitionKeyIn("voteOnReadiness", "voteAsAlternate")
                .active()
                .list()
                .stream()
                .filter(task -> seat.equals(tasks.getVariable(task.getId(), "seat")))
                .findFirst()
                .orElseThrow(() -> refusal(key, seat));
    }

    private RuntimeException refusal(String key, String seat) {
        SeatRow row = seats.find(key, seat).orElseThrow();
        boolean theirs = actors.currentGroups().stream()
                .anyMatch(group -> group.equals(row.group()) || group.equals(row.alternate()));
        return refused(
                key,
                seat,
                theirs
                        ? Problem.conflict("Nobody is asked to vote for " + seat + " on " + key
                                + " now: it has voted, or the review is not there yet")
                        : Problem.forbidden("The seat " + seat + " belongs to the group " + row.group()));
    }

    private Problem refused(String key, String seat, Problem refused) {
        timeline.refused(
                key,
                "vote.refused",
                actors.current(),
                "Refused a vote of " + actors.current() + " for " + seat + ": " + refused.getMessage(),
                Map.of("seat", String.valueOf(seat)));
        return refused;
    }

    private static Map<String, Object> fields(Ballot ballot) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("vote", ballot.vote());
        fields.put("reason", ballot.reason());
        fields.put("criterion", ballot.criterion());
        fields.put(
                "conditions",
                ballot.conditions() == null
                        ? List.of()
                        : ballot.conditions().stream().map(ConditionLine::row).toList());
        fields.put("dossier", ballot.dossier());
        return fields;
    }

    private Problem stale(String key, TaskRefused refusal, Ballot ballot) {
        var now = releases.get(key).materialDigest();
        var parts = ballot.dossier() == null ? null : changes.since(key, ballot.dossier());
        var properties = new LinkedHashMap<String, Object>();
        properties.put("submitted", ballot.dossier());
        properties.put("current", now);
        properties.put("changed", parts == null ? List.of() : parts);
        return Problem.of(HttpStatus.CONFLICT, refusal.getMessage(), properties);
    }

    @PostMapping("/delegations")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Let a named person of the same group vote for your seat until a date")
    Map<String, Object> delegate(@PathVariable("key") String key, @RequestBody Delegation delegation) {
        return delegating.delegate(key, delegation.seat(), delegation.delegate(), delegation.until());
    }

    @DeleteMapping("/delegations/{seat}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Take back the seat that you delegated; a vote given for you stays")
    void withdraw(@PathVariable("key") String key, @PathVariable("seat") String seat) {
        delegating.withdraw(key, seat);
    }
}
