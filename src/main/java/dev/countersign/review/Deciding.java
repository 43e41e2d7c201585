package dev.countersign.review;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.identity.Actors;
import dev.countersign.release.Release;
import dev.countersign.release.Releases;
import dev.countersign.release.Timeline;
import dev.countersign.review.DecisionRule.Outcome;
import dev.countersign.review.Escalations.LevelRow;
import dev.countersign.workflow.Decisions;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** Asks the decision rule, keeps what it said, and prepares whom it says to ask next. */
@Component
class Deciding {
    static final String EXECUTIVE_LEVEL = "decideAsExecutive";
    static final String APPEAL = "appealVeto";

    private final Releases releases;
    private final Catalog catalog;
    private final Decisions decisions;
    private final StandingReader reader;
    private final Seats seats;
    private final VoteStore votes;
    private final Escalations escalations;
    private final Appeals appeals;
    private final Rulings rulings;
    private final AgreedConditions agreed;
    private final ReviewMail mail;
    private final Timeline timeline;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Deciding(
            Releases releases,
            Catalog catalog,
            Decisions decisions,
            StandingReader reader,
            Seats seats,
            VoteStore votes,
            Escalations escalations,
            Appeals appeals,
            Rulings rulings,
            AgreedConditions agreed,
            ReviewMail mail,
            Timeline timeline,
            ApplicationEventPublisher events,
            Clock clock) {
        this.releases = releases;
        this.catalog = catalog;
        this.decisions = decisions;
        this.reader = reader;
        this.seats = seats;
        this.votes = votes;
        this.escalations = escalations;
        this.appeals = appeals;
        this.rulings = rulings;
        this.agreed = agreed;
        this.mail = mail;
        this.timeline = timeline;
        this.events = events;
        this.clock = clock;
    }

    /** What the model does next. */
    enum Next {
        GO,
        NO_GO,
        ASK_ALTERNATES,
        MEET_CONDITIONS,
        APPEAL_VETO,
        ESCALATE,
        ASK_EXECUTIVE
    }

    /** To be asked when every wait of the review has ended, by an answer or by its deadline. */
    Next decide(String releaseKey) {
        Release release = releases.lock(releaseKey);
        if (seats.of(releaseKey).isEmpty()) {
            // However the process got here: nobody decides without the seats of the table.
            seats.determine(releaseKey);
        }
        Outcome outcome = DecisionRule.decide(closeEscalations(release));
        rulings.add(
                releaseKey,
                release.materialDigest(),
                outcome,
                votes.valid(releaseKey).stream().map(VoteRow::id).toList(),
                seats.quorum(releaseKey).version());
        timeline.record(
                releaseKey,
                "review.ruled",
                Actors.PLATFORM,
                "Rule " + outcome.rule() + " of the review: " + outcome.kind() + ". " + outcome.why(),
                Map.of(
                        "outcome", outcome.kind().name(),
                        "rule", outcome.rule(),
                        "about", outcome.about(),
                        "dissent", outcome.dissent(),
                        "dossier", release.materialDigest()));
        return switch (outcome.kind()) {
            case GO, NO_GO -> decided(release, outcome);
            case ASK_ALTERNATE -> askAlternates(release, outcome);
            case APPEAL -> appeal(release, outcome);
            case HOLD -> hold(release);
            case ESCALATE -> escalate(release, outcome);
            case WAIT -> throw new IllegalStateException("The rule was asked too early: " + outcome.why());
        };
    }

    /** Returns how the review stands after that. */
    private Standing closeEscalations(Release release) {
        Standing standing = reader.of(release, true);
        if (standing.escalations().isEmpty()) {
            return standing;
        }
        boolean closed = false;
        var rows = escalations.of(release.key(), release.materialDigest());
        for (int index = 0; index < rows.size(); index++) {
            var answer = DecisionRule.answerOf(standing.escalations().get(index));
            if (rows.get(index).isOpen() && answer != null) {
                escalations.decided(rows.get(index).id(), answer.name());
                closed = true;
            }
        }
        return closed ? reader.of(release, true) : standing;
    }

    private Next decided(Release release, Outcome outcome) {
        mail.decided(release, outcome);
        if (outcome.kind() != DecisionRule.Kind.GO) {
            return Next.NO_GO;
        }
        agreed.track(release);
        if (release.isHotfix()) {
            events.publishEvent(new Review.Decided(release.key(), clock.instant(), decidersOf(release)));
        }
        return Next.GO;
    }

    private Set<String> decidersOf(Release release) {
        Stream<String> voters =
                votes.valid(release.key()).stream().flatMap(vote -> Stream.of(vote.voter(), vote.onBehalfOf()));
        Stream<String> ofEscalations = escalations.of(release.key(), release.materialDigest()).stream()
                .flatMap(escalation -> escalation.answers().stream())
                .map(answer -> answer.person());
        Stream<String> ofAppeals =
                appeals.of(release.key(), release.materialDigest()).stream().map(appeal -> appeal.answeredBy());
        return Stream.of(voters, ofEscalations, ofAppeals)
                .flatMap(persons -> persons)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    private Next askAlternates(Release release, Outcome outcome) {
        reader.alternatesAsked(release.key(), release.materialDigest(), outcome.about());
        mail.alternatesAsked(
                release,
                seats.of(release.key()).stream()
                        .filter(seat -> outcome.about().contains(seat.id()))
                        .toList());
        return Next.ASK_ALTERNATES;
    }

    private Next hold(Release release) {
        mail.conditionsOpen(release);
        return Next.MEET_CONDITIONS;
    }

    private Next appeal(Release release, Outcome outcome) {
        for (String matter : outcome.about()) {
            boolean known = appeals.of(release.key(), release.materialDigest()).stream()
                    .anyMatch(appeal -> appeal.matter().equals(matter));
            if (!known) {
                SeatRow seat = seatOf(release.key(), matter);
                appeals.open(release.key(), release.materialDigest(), seat, matter, outcome.why());
                mail.vetoAppealed(release, seat, outcome.why(), timeOf(release, APPEAL));
            }
        }
        return Next.APPEAL_VETO;
    }

    private SeatRow seatOf(String releaseKey, String matter) {
        String seat = DecisionRule.conditionOf(matter)
                .map(condition -> reader.seatOfCondition(releaseKey, condition))
                .orElseGet(() -> DecisionRule.seatOf(matter));
        return seats.find(releaseKey, seat).orElseThrow();
    }

    private Next escalate(Release release, Outcome outcome) {
        if (outcome.level() == null) {
            var levels = levels(release);
            String reached = levels.stream()
                    .map(LevelRow::id)
                    .filter(level -> !level.equals(EXECUTIVE_LEVEL))
                    .reduce((first, second) -> second)
                    .orElse(EXECUTIVE_LEVEL);
            escalations.open(
                    release.key(),
                    release.materialDigest(),
                    outcome.rule(),
                    outcome.why(),
                    outcome.about(),
                    levels,
                    reached);
            mail.escalated(release, outcome, levels);
            return reached.equals(EXECUTIVE_LEVEL) ? Next.ASK_EXECUTIVE : Next.ESCALATE;
        }
        var open = escalations
                .open(release.key(), release.materialDigest())
                .orElseThrow(() -> new IllegalStateException("No escalation is open for " + release.key()));
        escalations.reach(open.id(), outcome.level());
        mail.wentUp(release, open.levelOf(outcome.level()).orElseThrow(), open.why());
        return outcome.level().equals(EXECUTIVE_LEVEL) ? Next.ASK_EXECUTIVE : Next.ESCALATE;
    }

    private List<Map<String, Object>> table(Release release) {
        String target = catalog.service(release.service()).map(Service::target).orElse("production");
        return decisions
                .ask(
                        release.policy(),
                        "escalation",
                        Map.of("tier", release.tier(), "target", target, "kind", release.kind()))
                .rows();
    }

    private List<LevelRow> levels(Release release) {
        return table(release).stream()
                .filter(row -> !"AUTHORITY".equals(row.get("mode")))
                .map(row -> new LevelRow(
                        (String) row.get("level"),
                        Standing.Mode.valueOf((String) row.get("mode")),
                        Arrays.stream(((String) row.get("groups")).split(","))
                                .map(String::strip)
                                .toList(),
                        (String) row.get("time")))
                .toList();
    }

    /** How long a level, or the appeal, has: an ISO duration. */
    String timeOf(Release release, String level) {
        var opened = Stream.ofNullable(release.materialDigest())
                .flatMap(dossier -> escalations.open(release.key(), dossier).stream())
                .flatMap(escalation -> escalation.levelOf(level).stream())
                .map(LevelRow::time)
                .findFirst();
        return opened.orElseGet(() -> table(release).stream()
                .filter(row -> level.equals(row.get("level")))
                .map(row -> (String) row.get("time"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The table escalation has no level " + level)));
    }
}
