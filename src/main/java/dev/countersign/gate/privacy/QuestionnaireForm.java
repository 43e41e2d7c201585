package dev.countersign.gate.privacy;

import dev.countersign.gate.privacy.Questionnaire.Condition;
import dev.countersign.gate.privacy.Questionnaire.Risk;
import dev.countersign.identity.People;
import dev.countersign.workflow.Answer;
import dev.countersign.workflow.TaskRefused;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Reads the form {@code assessDataImpact} and holds it to what the law asks of an approval. */
@Component
class QuestionnaireForm {
    /** The questions, by the keys of the form and of the format. */
    static final List<String> QUESTIONS = List.of(
            "purpose",
            "dataCategories",
            "subjects",
            "legalBasis",
            "necessity",
            "recipients",
            "transfers",
            "retention",
            "rights",
            "measures",
            "officer",
            "officerAdvice");

    private static final String DECISION = "decision";
    private static final String CONDITIONS = "conditions";
    private static final String RISKS = "risks";
    private final People people;
    private final Clock clock;

    QuestionnaireForm(People people, Clock clock) {
        this.people = people;
        this.clock = clock;
    }

    Questionnaire read(Answer answer) {
        Map<String, Object> answers = new LinkedHashMap<>();
        for (String question : QUESTIONS) {
            Object value = answer.fields().get(question);
            if (value != null) {
                answers.put(question, value);
            }
        }
        Questionnaire read = new Questionnaire(
                answers,
                answer.<Map<String, Object>>list(RISKS).stream()
                        .filter(QuestionnaireForm::isFilled)
                        .map(QuestionnaireForm::risk)
                        .toList(),
                answer.text(DECISION),
                answer.text("reason"),
                day(answer.text("validUntil")),
                answer.<Map<String, Object>>list(CONDITIONS).stream()
                        .filter(QuestionnaireForm::isFilled)
                        .map(this::condition)
                        .toList());
        check(read);
        return read;
    }

    private static void check(Questionnaire read) {
        boolean rejected = Questionnaire.REJECTED.equals(read.decision());
        boolean withConditions = Questionnaire.WITH_CONDITIONS.equals(read.decision());
        if (rejected && read.reason() == null) {
            throw TaskRefused.invalid("reason", "Say why you reject it: the others need it to put things right");
        }
        if (withConditions == read.conditions().isEmpty()) {
            throw TaskRefused.invalid(
                    CONDITIONS,
                    withConditions
                            ? "Name the conditions that you approve it on"
                            : "Conditions are named, and the decision is none with conditions");
        }
        if (rejected) {
            return;
        }
        // Article 36: such a processing is not begun before the authority was consulted.
        if (read.risks().stream().anyMatch(Risk::isOpenAndHigh)) {
            throw TaskRefused.invalid(RISKS, "A high risk that is left as it is cannot be approved");
        }
        // Article 35, paragraph 2.
        if ("no".equals(read.answers().get("officer"))) {
            throw TaskRefused.invalid(
                    "officer", "It cannot be approved before the data protection officer was asked for advice");
        }
        if ("asked".equals(read.answers().get("officer")) && !read.answers().containsKey("officerAdvice")) {
            throw TaskRefused.invalid("officerAdvice", "Write down what the data protection officer advised");
        }
    }

    /** The list begins with an empty row, which nobody has to take away. */
    private static boolean isFilled(Map<String, Object> row) {
        return row.values().stream().anyMatch(value -> value instanceof String text && !text.isBlank());
    }

    private static Risk risk(Map<String, Object> row) {
        return new Risk(
                needed(row, RISKS, "text", "what could happen to whom"),
                needed(row, RISKS, "level", "how high it is"),
                text(row, "measure"),
                Boolean.TRUE.equals(row.get("mitigated")));
    }

    private Condition condition(Map<String, Object> row) {
        Condition condition = new Condition(
                needed(row, CONDITIONS, "text", "what must be true"),
                needed(row, CONDITIONS, "owner", "whose it is"),
                due(needed(row, CONDITIONS, "due", "by when")),
                !Boolean.FALSE.equals(row.get("beforeRollout")),
                text(row, "check"));
        if (people.find(condition.owner()).isEmpty() && !people.hasMembers(condition.owner())) {
            throw TaskRefused.invalid(
                    CONDITIONS, "A condition's owner must be a person or a group: nobody knows " + condition.owner());
        }
        if (!condition.due().toInstant().isAfter(clock.instant())) {
            throw TaskRefused.invalid(CONDITIONS, "A condition must be due in the future, not " + condition.due());
        }
        return condition;
    }

    /** A day means its end, in UTC. */
    private static OffsetDateTime due(String text) {
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atTime(LocalTime.of(23, 59, 59)).atOffset(ZoneOffset.UTC)
                    : OffsetDateTime.parse(text);
        } catch (DateTimeException unknown) {
            throw TaskRefused.invalid(
                    CONDITIONS, "'" + text + "' is no date; write 2026-11-24 or 2026-11-24T16:00:00+01:00");
        }
    }

    private String day(String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            LocalDate day = LocalDate.parse(text.substring(0, Math.min(10, text.length())));
            Instant now = clock.instant();
            if (day.isBefore(now.atOffset(ZoneOffset.UTC).toLocalDate())) {
                throw TaskRefused.invalid("validUntil", "An assessment cannot end before it is made");
            }
            return day.toString();
        } catch (DateTimeException unknown) {
            throw TaskRefused.invalid("validUntil", "'" + text + "' is no day; write it like 2026-12-01");
        }
    }

    private static String needed(Map<String, Object> row, String list, String field, String meaning) {
        String text = text(row, field);
        if (text == null) {
            throw TaskRefused.invalid(list, "Each row says " + meaning + ": '" + field + "' is missing");
        }
        return text;
    }

    private static String text(Map<String, Object> row, String field) {
        Object value = row.get(field);
        return value == null || value.toString().isBlank()
                ? null
                : value.toString().strip();
    }
}
