package dev.countersign.learning.delivery;

import dev.countersign.learning.delivery.DeliveryDocument.Frequency;
import dev.countersign.learning.delivery.DeliveryDocument.LeadTime;
import dev.countersign.learning.delivery.DeliveryDocument.Parts;
import dev.countersign.learning.delivery.DeliveryDocument.Rate;
import dev.countersign.learning.delivery.DeliveryDocument.RecoveryTime;
import java.util.ArrayList;
import java.util.List;

/**
 * A figure as the page shows it.
 *
 * @param what the value is
 * @param interval in words; null where there is too little for one
 * @param numerator in words, for the link to what is counted; null where everything is
 * @param denominator in words, for the link to all that it looks at
 * @param notes what belongs to it besides
 */
record Card(
        Figure figure,
        String value,
        String what,
        String interval,
        String numerator,
        String denominator,
        List<String> notes) {
    private static final Words WORDS = new Words();
    private static final int WEEK = 7;
    private static final String DEPLOYMENT = "deployment";

    Card {
        notes = List.copyOf(notes);
    }

    public String id() {
        return figure.id();
    }

    public String title() {
        return figure.title();
    }

    static List<Card> of(DeliveryDocument document) {
        return List.of(
                of(document.changeLeadTime()),
                of(document.deploymentFrequency()),
                failures(document.changeFailRate()),
                of(document.failedDeploymentRecoveryTime()),
                rework(document.reworkRate()));
    }

    private static Card of(LeadTime figure) {
        List<String> notes = new ArrayList<>();
        if (figure.value() != null) {
            notes.add("Nine of ten within " + WORDS.duration(figure.p90()));
        }
        if (figure.toAllUsers().n() > 0) {
            notes.add("%s until all users were on it, of %d that got there"
                    .formatted(
                            WORDS.duration(figure.toAllUsers().value()),
                            figure.toAllUsers().n()));
        }
        if (figure.parts() != null) {
            notes.add(parts(figure.parts()));
        }
        if (figure.withoutCommitTime() > 0) {
            notes.add(figure.withoutCommitTime() + " had no commit time");
        }
        return new Card(
                Figure.CHANGE_LEAD_TIME,
                WORDS.duration(figure.value()),
                "median, from commit to deployment",
                WORDS.durations(figure.interval()),
                figure.numerator() + " with a commit time",
                WORDS.count(figure.denominator(), DEPLOYMENT),
                notes);
    }

    private static String parts(Parts parts) {
        return "Coding %s, pickup %s, review %s, deployment %s: medians of the %s of %s"
                .formatted(
                        WORDS.duration(parts.coding().median()),
                        WORDS.duration(parts.pickup().median()),
                        WORDS.duration(parts.review().median()),
                        WORDS.duration(parts.deploy().median()),
                        WORDS.count(parts.changes(), "change"),
                        WORDS.count(parts.known(), DEPLOYMENT));
    }

    private static Card of(Frequency figure) {
        return new Card(
                Figure.DEPLOYMENT_FREQUENCY,
                WORDS.number(figure.perWeek()),
                "a week; %s a day, over %s days"
                        .formatted(WORDS.number(figure.value()), WORDS.number(figure.denominator())),
                WORDS.rates(figure.interval(), WEEK),
                null,
                WORDS.count(figure.numerator(), DEPLOYMENT),
                List.of());
    }

    private static Card failures(Rate figure) {
        return new Card(
                Figure.CHANGE_FAIL_RATE,
                WORDS.percent(figure.value()),
                "with a rollback that users met, a hotfix or an incident",
                WORDS.ratios(figure.interval()),
                figure.numerator() + " failed",
                WORDS.count(figure.denominator(), DEPLOYMENT),
                List.of());
    }

    private static Card of(RecoveryTime figure) {
        List<String> notes = new ArrayList<>();
        if (figure.mean() != null) {
            notes.add("Mean " + WORDS.duration(figure.mean()));
        }
        if (figure.fromIncident().n() > 0) {
            notes.add("Mean time to recovery from the start of the incident %s, of %d"
                    .formatted(
                            WORDS.duration(figure.fromIncident().mean()),
                            figure.fromIncident().n()));
        }
        if (figure.open() > 0) {
            notes.add(figure.open() + " not recovered yet");
        }
        if (figure.notRecorded() > 0) {
            notes.add(figure.notRecorded() + " past the platform: nobody recorded when they were put right");
        }
        return new Card(
                Figure.FAILED_DEPLOYMENT_RECOVERY_TIME,
                WORDS.duration(figure.value()),
                "median, from deployment to recovery",
                WORDS.durations(figure.interval()),
                figure.numerator() + " recovered",
                WORDS.count(figure.denominator(), "failed deployment"),
                notes);
    }

    private static Card rework(Rate figure) {
        return new Card(
                Figure.REWORK_RATE,
                WORDS.percent(figure.value()),
                "unplanned, because of an incident",
                WORDS.ratios(figure.interval()),
                figure.numerator() + " unplanned",
                WORDS.count(figure.denominator(), DEPLOYMENT),
                List.of());
    }
}
