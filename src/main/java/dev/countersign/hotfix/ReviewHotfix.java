package dev.countersign.hotfix;

import dev.countersign.gate.Gates.Gate;
import dev.countersign.hotfix.Hotfixes.Approval;
import dev.countersign.identity.Actors;
import dev.countersign.incident.AttributedIncidents.AttributedIncident;
import dev.countersign.incident.Incidents;
import dev.countersign.incident.Incidents.Incident;
import dev.countersign.incident.ReportedIncidents;
import dev.countersign.incident.Tracking;
import dev.countersign.incident.Tracking.Wanted;
import dev.countersign.release.HotfixRules;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.Verdict;
import dev.countersign.workflow.Answer;
import dev.countersign.workflow.HumanTask;
import dev.countersign.workflow.OpenTask;
import dev.countersign.workflow.TaskRefused;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Somebody who did not decide on the hotfix says whether it was needed, once what it was spared has been run. */
@Component
class ReviewHotfix implements HumanTask {
    private static final Duration HISTORY = Duration.ofDays(90);
    /** Of a row in the list of actions. */
    private static final List<String> ACTION = List.of("text", "type", "ownerIs", "owner", "due");
    /** A gate that was not run has not been made up for. */
    private static final Set<Verdict> NOT_RUN = EnumSet.of(Verdict.NO_DATA, Verdict.ERROR, Verdict.INCONCLUSIVE);

    private final Releases releases;
    private final ApprovalStore approvals;
    private final LookingBack lookingBack;
    private final HotfixRules rules;
    private final Incidents incidents;
    private final ReportedIncidents reported;
    private final Tracking tracking;
    private final Actors actors;
    private final Clock clock;

    ReviewHotfix(
            Releases releases,
            ApprovalStore approvals,
            LookingBack lookingBack,
            HotfixRules rules,
            Incidents incidents,
            ReportedIncidents reported,
            Tracking tracking,
            Actors actors,
            Clock clock) {
        this.releases = releases;
        this.approvals = approvals;
        this.lookingBack = lookingBack;
        this.rules = rules;
        this.incidents = incidents;
        this.reported = reported;
        this.tracking = tracking;
        this.actors = actors;
        this.clock = clock;
    }

    @Override
    public String id() {
        return "reviewHotfix";
    }

    @Override
    public Map<String, Object> briefing(OpenTask task) {
        Release release = releases.get(task.releaseKey());
        var shown = new LinkedHashMap<String, Object>();
        shown.put("releaseKey", release.key());
        shown.put("service", release.service());
        shown.put("summary", release.summary() == null ? "" : release.summary());
        shown.put("tier", String.valueOf(release.tier()));
        shown.put("state", release.state().name());
        shown.put("requestedBy", release.requestedBy());
        shown.put("fixes", release.answers());
        shown.put("deciders", String.join(", ", deciders(release)));
        shown.put(
                "postponed",
                lookingBack.putOff(release).stream()
                        .map(gate -> Map.of(
                                "gate", gate.name(),
                                "verdict", gate.verdict().name(),
                                "sentence", gate.sentence(),
                                "rule", gate.rule()))
                        .toList());
        Instant since = clock.instant().minus(HISTORY);
        shown.put(
                "incidents",
                Stream.concat(
                                incidents.ofService(release.service(), since).stream()
                                        .map(ReviewHotfix::row),
                                reported.attributedTo(release.service(), since).stream()
                                        .map(ReviewHotfix::row))
                        .toList());
        return shown;
    }

    private static Map<String, String> row(Incident incident) {
        return Map.of(
                "incident", incident.key(),
                "severity", incident.severity(),
                "release", String.valueOf(incident.releaseKey()),
                "cause", incident.cause());
    }

    /** Of another system; it has no severity of ours. */
    private static Map<String, String> row(AttributedIncident incident) {
        return Map.of(
                "incident", incident.name(),
                "severity", "attributed",
                "release", incident.releaseKey(),
                "cause", incident.title());
    }

    @Override
    public Map<String, Object> complete(OpenTask task, Answer answer) {
        Release release = releases.lock(task.releaseKey());
        checkReviewer(release, answer.actor());
        List<Gate> putOff = lookingBack.putOff(release);
        checkMadeUpFor(putOff);
        List<Wanted> actions = tracking.read(filled(answer.list("actions")));
        boolean needed = "yes".equals(answer.text("needed"));
        checkActions(needed, putOff, actions);
        lookingBack.reviewed(release, needed, answer.text("finding"), answer.actor(), actions);
        return Map.of();
    }

    /** A form may send a row that nobody filled. */
    private static List<Map<String, Object>> filled(List<Map<String, Object>> rows) {
        return rows.stream()
                .filter(row -> ACTION.stream()
                        .map(row::get)
                        .anyMatch(value -> value != null && !value.toString().isBlank()))
                .toList();
    }

    private void checkReviewer(Release release, String person) {
        if (release.isAuthorOrRequester(person)) {
            throw TaskRefused.forbidden(person + " wrote or requested " + release.key() + " and does not review it");
        }
        if (deciders(release).contains(person)) {
            throw TaskRefused.forbidden(person + " decided on " + release.key() + " and does not review it");
        }
        // The model says whom it asks, and a model can be wrong.
        boolean mayReview = rules.of(release).reviewers().stream()
                        .anyMatch(group -> actors.currentGroups().contains(group))
                || EscalateHotfixReview.HEADS.stream().anyMatch(actors::has);
        if (!mayReview) {
            throw TaskRefused.forbidden(person + " is in no group that reviews hotfixes");
        }
    }

    private static void checkMadeUpFor(List<Gate> putOff) {
        String open = putOff.stream()
                .filter(gate -> !gate.isGood() && NOT_RUN.contains(gate.verdict()))
                .map(gate -> "%s is %s: %s".formatted(gate.name(), gate.verdict(), gate.sentence()))
                .collect(Collectors.joining("; "));
        if (!open.isEmpty()) {
            throw TaskRefused.stale("What was put off has not been made up for: " + open
                    + ". Send what the gate judges to the release, as before a rollout");
        }
    }

    private static void checkActions(boolean needed, List<Gate> putOff, List<Wanted> actions) {
        if (!actions.isEmpty()) {
            return;
        }
        if (!needed) {
            throw TaskRefused.invalid(
                    "actions",
                    "A hotfix that was not needed asks for at least one action, so that the next one is not");
        }
        String failed =
                putOff.stream().filter(gate -> !gate.isGood()).map(Gate::name).collect(Collectors.joining(", "));
        if (!failed.isEmpty()) {
            throw TaskRefused.invalid(
                    "actions", "It failed afterwards at " + failed + ": agree on at least one action");
        }
    }

    private Set<String> deciders(Release release) {
        return approvals.of(release.key()).stream()
                .map(Approval::deciders)
                .flatMap(List::stream)
                .collect(Collectors.toCollection(java.util.TreeSet::new));
    }
}
