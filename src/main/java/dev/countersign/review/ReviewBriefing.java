package dev.countersign.review;

import dev.countersign.gate.Gates;
import dev.countersign.gate.budget.ErrorBudgets;
import dev.countersign.incident.AttributedIncidents.AttributedIncident;
import dev.countersign.incident.Incidents.Incident;
import dev.countersign.preparation.Preparations;
import dev.countersign.preparation.Preparations.CheckedItem;
import dev.countersign.preparation.Preparations.CheckedList;
import dev.countersign.preparation.Preparations.Communication;
import dev.countersign.preparation.Preparations.Preparation;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** The facts that every form of a review shows. */
@Component
class ReviewBriefing {
    private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'");

    private final Releases releases;
    private final ObjectProvider<Gates> gates;
    private final ObjectProvider<Preparations> preparations;
    private final ObjectProvider<ErrorBudgets> budgets;
    private final VoteStore votes;
    private final Seats seats;
    private final Conditions conditions;
    private final DossierChanges changes;
    private final HistoryReviewing history;
    private final Escalations escalations;
    private final Appeals appeals;
    private final Timeline timeline;

    ReviewBriefing(
            Releases releases,
            ObjectProvider<Gates> gates,
            ObjectProvider<Preparations> preparations,
            ObjectProvider<ErrorBudgets> budgets,
            VoteStore votes,
            Seats seats,
            Conditions conditions,
            DossierChanges changes,
            HistoryReviewing history,
            Escalations escalations,
            Appeals appeals,
            Timeline timeline) {
        this.releases = releases;
        this.gates = gates;
        this.preparations = preparations;
        this.budgets = budgets;
        this.votes = votes;
        this.seats = seats;
        this.conditions = conditions;
        this.changes = changes;
        this.history = history;
        this.escalations = escalations;
        this.appeals = appeals;
        this.timeline = timeline;
    }

    /** Release, dossier, gates, votes, open conditions, incidents. */
    Map<String, Object> of(String releaseKey) {
        Release release = releases.get(releaseKey);
        var figures = history.figures(release);
        var briefing = new LinkedHashMap<String, Object>();
        briefing.put("releaseKey", releaseKey);
        briefing.put("service", release.service());
        briefing.put("version", release.version());
        briefing.put("summary", text(release.summary()));
        briefing.put("tier", text(release.tier()));
        briefing.put("requestedBy", release.requestedBy());
        briefing.put("dossier", release.materialDigest());
        briefing.put("link", "/releases/" + releaseKey);
        briefing.put("gates", gates(releaseKey));
        briefing.put("votes", votes(releaseKey));
        briefing.put("openConditions", conditions(releaseKey));
        briefing.put(
                "incidents",
                Stream.concat(
                                figures.incidents().stream().map(ReviewBriefing::row),
                                figures.attributed().stream().map(ReviewBriefing::row))
                        .toList());
        briefing.put("changeFailRate", figures.changeFailRate());
        return briefing;
    }

    /** What was prepared for the vote: items with who ticked them, and messages with whom they tell. */
    Map<String, Object> prepared(String releaseKey) {
        var prepared = Optional.ofNullable(preparations.getIfAvailable()).flatMap(kept -> kept.of(releaseKey));
        return Map.of(
                "checklist",
                prepared.map(Preparation::checklist).map(CheckedList::items).orElse(List.of()).stream()
                        .filter(CheckedItem::asked)
                        .map(item -> Map.of(
                                "item", item.text(),
                                "role", item.role(),
                                "tickedBy", text(item.tickedBy()),
                                "evidence", text(item.evidence())))
                        .toList(),
                "announcements",
                prepared.map(Preparation::communication).map(Communication::messages).orElse(List.of()).stream()
                        .map(message -> Map.of(
                                "subject", message.subject(),
                                "to", String.join(", ", message.recipients()),
                                "when", message.when(),
                                "words", message.words()))
                        .toList());
    }

    /** What is left of the error budgets, and what the rollout may cost of them. */
    Map<String, Object> budget(String releaseKey) {
        ErrorBudgets known = budgets.getIfAvailable();
        if (known == null) {
            return Map.of("budgets", List.of(), "budgetRule", "");
        }
        ErrorBudgets.Standing standing = known.of(releases.get(releaseKey));
        return Map.of(
                "budgets",
                standing.lines().stream()
                        .map(line -> Map.<String, Object>of(
                                "objective",
                                line.objective(),
                                "state",
                                line.verdict(),
                                "left",
                                percent(line.left()),
                                "cost",
                                line.cost() == null
                                        ? "cannot be forecast"
                                        : "%s as planned, %s at its longest"
                                                .formatted(
                                                        percent(line.cost().planned()),
                                                        percent(line.cost().longest())),
                                "note",
                                line.isTooDear() ? "may cost more than is left" : text(line.trouble())))
                        .toList(),
                "budgetRule",
                standing.closure().sentence());
    }

    private static String percent(Double fraction) {
        return fraction == null ? "not known" : String.format(Locale.ROOT, "%.1f %%", fraction * 100);
    }

    /** Besides, what led here: the escalations and appeals of this dossier with everything said. */
    Map<String, Object> withDispute(String releaseKey) {
        var briefing = of(releaseKey);
        String dossier = releases.get(releaseKey).materialDigest();
        var statements = new java.util.ArrayList<Map<String, Object>>();
        String why = "";
        for (var escalation : escalations.of(releaseKey, dossier)) {
            why = escalation.why();
            escalation
                    .answers()
                    .forEach(answer -> statements.add(Map.of(
                            "who",
                            answer.person() + " (" + answer.group() + ")",
                            "said",
                            answer.answer() == null ? "facts" : answer.answer().name(),
                            "statement",
                            answer.statement())));
        }
        for (var appeal : appeals.of(releaseKey, dossier)) {
            if (appeal.answer() != null) {
                statements.add(Map.of(
                        "who",
                        appeal.answeredBy() + " (" + appeal.authority() + ")",
                        "said",
                        appeal.answer() == Standing.Answer.GO ? "veto lifted" : "veto stays",
                        "statement",
                        text(appeal.reason())));
            }
        }
        briefing.put("why", why);
        briefing.put("statements", statements);
        return briefing;
    }

    /** What changed since this seat last voted. */
    String changedSince(String releaseKey, String seat) {
        var own = votes.all(releaseKey).stream()
                .filter(vote -> vote.seat().equals(seat))
                .toList();
        if (own.isEmpty()) {
            return "This seat has not voted yet.";
        }
        VoteRow last = own.get(own.size() - 1);
        var parts = changes.since(releaseKey, last.dossier());
        return "Your seat voted " + last.vote() + " (" + last.voter() + ", " + time(last.castAt()) + ")"
                + (parts == null || parts.isEmpty()
                        ? "; nothing changed since."
                        : "; changed since: " + String.join(", ", parts) + ".");
    }

    private List<Map<String, Object>> gates(String releaseKey) {
        return gates.stream()
                .flatMap(known -> known.of(releaseKey).stream())
                .map(gate -> Map.<String, Object>of(
                        "gate", gate.name(),
                        "required", text(gate.required()),
                        "verdict",
                                gate.verdict() == null
                                        ? "none yet"
                                        : gate.verdict().name()
                                                + (gate.waiver() != null
                                                                && gate.waiver().isActive()
                                                        ? ", waived"
                                                        : ""),
                        "sentence", text(gate.sentence())))
                .toList();
    }

    private List<Map<String, Object>> votes(String releaseKey) {
        var valid = votes.valid(releaseKey);
        return seats.of(releaseKey).stream()
                .map(seat -> {
                    var latest = valid.stream()
                            .filter(vote -> vote.seat().equals(seat.id()))
                            .reduce((first, second) -> second);
                    return Map.<String, Object>of(
                            "seat", seat.id(),
                            "flag", seat.flag(),
                            "vote", latest.map(vote -> vote.vote().name()).orElse("no vote"),
                            "voter", latest.map(VoteRow::voter).orElse(""),
                            "reason",
                                    latest.map(VoteRow::reason)
                                            .filter(Objects::nonNull)
                                            .orElse(""));
                })
                .toList();
    }

    private List<Map<String, Object>> conditions(String releaseKey) {
        return conditions.of(releaseKey).stream()
                .filter(ConditionRow::isOpen)
                .map(condition -> Map.<String, Object>of(
                        "text", condition.text(),
                        "owner", condition.owner(),
                        "due", time(condition.due()),
                        "when", condition.beforeRollout() ? "before rollout" : "by date"))
                .toList();
    }

    /** Of another system; it has no severity of ours. */
    static Map<String, Object> row(AttributedIncident incident) {
        return Map.of(
                "incident", incident.name(),
                "release", incident.releaseKey(),
                "severity", "attributed",
                "cause", incident.title(),
                "detected", time(incident.startedAt().atOffset(ZoneOffset.UTC)));
    }

    static Map<String, Object> row(Incident incident) {
        return Map.of(
                "incident", incident.key(),
                "release", text(incident.releaseKey()),
                "severity", text(incident.severity()),
                "cause", text(incident.cause()),
                "detected",
                        incident.detectedAt() == null
                                ? ""
                                : time(incident.detectedAt().atOffset(ZoneOffset.UTC)));
    }

    static String time(OffsetDateTime at) {
        return MINUTES.format(at.withOffsetSameInstant(ZoneOffset.UTC));
    }

    static String text(String value) {
        return value == null ? "" : value;
    }

    /** Steps of this release that a person took or that were refused, for whoever states the facts. */
    List<Map<String, Object>> recent(String releaseKey) {
        var entries = timeline.of(releaseKey);
        return entries.subList(Math.max(0, entries.size() - 15), entries.size()).stream()
                .map(entry -> Map.<String, Object>of(
                        "at", time(entry.at().atOffset(ZoneOffset.UTC)), "who", entry.actor(), "what", entry.text()))
                .toList();
    }
}
