package dev.countersign.observe.correlation;

import dev.countersign.observe.correlation.Evidence.Split;
import dev.countersign.observe.correlation.Finding.Reason;
import dev.countersign.observe.correlation.Question.Step;
import dev.countersign.observe.correlation.Signal.Kind;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** What was found, in one sentence with its figures. */
final class Sentences {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Sentences() {}

    static String carried(Question question, Split split, Optional<Onset> onset) {
        return "The release of %s is the root: %s; %s%s"
                .formatted(
                        question.service(),
                        "%s in %s come to %s with the candidate and to %s with the stable version beside it (%s)"
                                .formatted(
                                        split.kind().words(),
                                        split.service(),
                                        rate(split.kind(), split.candidateRate()),
                                        rate(split.kind(), split.stableRate()),
                                        "of %.0f and %.0f in %s"
                                                .formatted(
                                                        split.candidateExposure(),
                                                        split.stableExposure(),
                                                        split.source())),
                        onset.map(since -> "they began at " + moment(since))
                                .orElse("too few of all requests to see an onset"),
                        onset.flatMap(since -> step(question, since)).orElse(""));
    }

    static String overloaded(Question question, Anomaly origin, Split calls, Optional<Step> step) {
        return "The release of %s is the root: %s of %s began at %s%s, and the candidate calls it %.1f times for each request, the stable version %.1f times"
                .formatted(
                        question.service(),
                        origin.kind().words(),
                        origin.service(),
                        moment(origin.onset()),
                        step.map(Sentences::rise).orElse(""),
                        calls.candidateRate(),
                        calls.stableRate());
    }

    static String ruledOut(Question question, Anomaly suspect, Reason reason, Optional<Carried> carried) {
        String why =
                switch (reason) {
                    case BEGAN_BEFORE -> "before the candidate had traffic at " + time(question.began());
                    case NO_PATH -> "and no call leads from it to %s or back".formatted(question.service());
                    case NOT_REACHED -> "in requests that never reached " + question.service();
                    default ->
                        "and the candidate's requests carry no more of them than those of the stable version"
                                + carried.map(each -> " (%s against %s)"
                                                .formatted(
                                                        rate(
                                                                each.split().kind(),
                                                                each.split().candidateRate()),
                                                        rate(
                                                                each.split().kind(),
                                                                each.split().stableRate())))
                                        .orElse("");
                };
        return "The release of %s is ruled out: %s of %s began at %s, %s"
                .formatted(question.service(), suspect.kind().words(), suspect.service(), moment(suspect.onset()), why);
    }

    static String undetermined(Question question, Anomaly origin, Reason reason) {
        String why = reason == Reason.COINCIDES
                ? "just as the share rose%s; both versions are hurt alike, as by anything that they share"
                        .formatted(step(question, origin.onset()).orElse(""))
                : "and there are too few requests with a version to tell whose doing it is";
        return "Undetermined: %s of %s began at %s, %s"
                .formatted(origin.kind().words(), origin.service(), moment(origin.onset()), why);
    }

    private static Optional<String> step(Question question, Onset onset) {
        return question.steps().stream()
                .filter(step -> !onset.latest().isBefore(step.at()))
                .reduce((first, second) -> second)
                .map(Sentences::rise);
    }

    private static String rise(Step step) {
        return " (the share rose to %s at %s)".formatted(percent(step.share()), time(step.at()));
    }

    private static String moment(Onset onset) {
        return "%s (between %s and %s)".formatted(time(onset.at()), time(onset.earliest()), time(onset.latest()));
    }

    static String time(Instant at) {
        return TIME.format(at);
    }

    private static String rate(Kind kind, double rate) {
        return kind == Kind.LOG_ERRORS ? percent(rate) + " of the lines" : percent(rate);
    }

    private static String percent(double part) {
        return String.format(Locale.ROOT, part < 0.1 ? "%.1f %%" : "%.0f %%", part * 100);
    }
}
