package dev.countersign.preparation;

import dev.countersign.identity.People;
import dev.countersign.notice.MailAddress;
import dev.countersign.preparation.Message.Audience;
import dev.countersign.preparation.Message.Moment;
import dev.countersign.preparation.Message.OnRollback;
import dev.countersign.preparation.Message.State;
import dev.countersign.workflow.TaskRefused;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** The rows of the form {@code planCommunication}, read and written. */
@Component
class MessageForm {
    static final String LIST = "messages";
    private static final int MOST = 20;
    private static final int LONGEST_SUBJECT = 150;
    private static final int LONGEST_DELAY = 14 * 24 * 60;

    private final People people;
    private final Clock clock;

    MessageForm(People people, Clock clock) {
        this.people = people;
        this.clock = clock;
    }

    static Map<String, Object> row(Message message) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("audience", message.audience().id());
        row.put("channel", message.channel());
        row.put("recipients", String.join(", ", message.recipients()));
        row.put("owner", message.owner());
        row.put("moment", message.moment().id());
        row.put("delay", message.delayMinutes());
        row.put("at", message.at() == null ? "" : message.at().toString());
        row.put("subject", message.subject());
        row.put("words", message.words());
        row.put("onRollback", message.onRollback().id());
        row.put("replacement", message.replacement() == null ? "" : message.replacement());
        return row;
    }

    static Map<String, Object> withoutAddresses(Map<String, Object> row) {
        Map<String, Object> kept = new LinkedHashMap<>(row);
        if (!Audience.INTERNAL.id().equals(row.get("audience"))) {
            int count = String.valueOf(row.getOrDefault("recipients", "")).split("[,;\\s]+").length;
            kept.put("recipients", count + " outside");
        }
        return kept;
    }

    List<Message> read(String releaseKey, boolean isFinal, List<Map<String, Object>> rows) {
        if (rows.size() > MOST) {
            throw TaskRefused.invalid(LIST, "A plan has at most " + MOST + " messages");
        }
        List<Message> messages = new ArrayList<>();
        for (Map<String, Object> row : rows) {
            messages.add(read(releaseKey, isFinal, messages.size() + 1, row));
        }
        return messages;
    }

    Message read(String releaseKey, boolean isFinal, int number, Map<String, Object> row) {
        return new Row(number, row).message(releaseKey, isFinal);
    }

    private final class Row {
        private final int number;
        private final Map<String, Object> fields;

        Row(int number, Map<String, Object> fields) {
            this.number = number;
            this.fields = fields;
        }

        Message message(String releaseKey, boolean isFinal) {
            Audience audience = Audience.of(text("audience")).orElseThrow(() -> wrong("say internal or external"));
            require(Message.MAIL.equals(text("channel")), "mail is the only channel");
            Moment moment = Moment.of(text("moment")).orElseThrow(() -> wrong("say when it is sent"));
            Instant at = moment == Moment.TIME ? time(isFinal) : null;
            OnRollback onRollback = OnRollback.of(text("onRollback"))
                    .orElseThrow(() -> wrong("say what becomes of it when the release is taken back"));
            String replacement = onRollback == OnRollback.CANCEL ? null : text("replacement");
            require(
                    onRollback == OnRollback.CANCEL || replacement != null,
                    "write the other text, or choose to cancel it when the release is taken back");
            return new Message(
                    0,
                    releaseKey,
                    number,
                    audience,
                    Message.MAIL,
                    recipients(audience),
                    owner(),
                    moment,
                    moment == Moment.TIME ? 0 : delay(),
                    at,
                    subject(),
                    needed("words", "write its text"),
                    onRollback,
                    replacement,
                    isFinal ? State.PLANNED : State.DRAFT,
                    at,
                    null,
                    null,
                    null);
        }

        private List<String> recipients(Audience audience) {
            List<String> all = Stream.of(
                            needed("recipients", "say who receives it").split("[,;\\s]+"))
                    .filter(one -> !one.isEmpty())
                    .distinct()
                    .toList();
            require(!all.isEmpty(), "say who receives it");
            for (String one : all) {
                if (audience == Audience.EXTERNAL) {
                    require(MailAddress.of(one).isPresent(), "'" + one + "' is no mail address");
                } else {
                    require(people.hasMembers(one), "nobody is in a group '" + one + "'");
                }
            }
            return all;
        }

        private String owner() {
            String owner = needed("owner", "say who answers for it");
            require(
                    people.find(owner).isPresent() || people.hasMembers(owner),
                    "nobody knows the owner '" + owner + "'");
            return owner;
        }

        private String subject() {
            String subject = needed("subject", "write its subject");
            require(subject.length() <= LONGEST_SUBJECT, "the subject has at most " + LONGEST_SUBJECT + " characters");
            require(
                    subject.chars().noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029),
                    "the subject is one line");
            return subject;
        }

        private int delay() {
            String delay = text("delay");
            try {
                int minutes = delay == null ? 0 : (int) Double.parseDouble(delay);
                require(minutes >= 0 && minutes <= LONGEST_DELAY, "it is sent at most 14 days after its moment");
                return minutes;
            } catch (NumberFormatException broken) {
                throw wrong("the minutes after its moment are a number");
            }
        }

        private Instant time(boolean isFinal) {
            Instant time;
            try {
                time = OffsetDateTime.parse(needed("at", "say its time, for example 2026-11-24T20:00+01:00"))
                        .toInstant();
            } catch (DateTimeException broken) {
                throw wrong("its time is written with its offset, for example 2026-11-24T20:00+01:00");
            }
            require(!isFinal || time.isAfter(clock.instant()), "its time is over already");
            return time;
        }

        private String needed(String field, String otherwise) {
            String text = text(field);
            require(text != null, otherwise);
            return text;
        }

        private String text(String field) {
            Object value = fields.get(field);
            return value == null || value.toString().isBlank()
                    ? null
                    : value.toString().strip();
        }

        private void require(boolean holds, String otherwise) {
            if (!holds) {
                throw wrong(otherwise);
            }
        }

        private TaskRefused wrong(String what) {
            return TaskRefused.invalid(LIST, "Message " + number + ": " + what);
        }
    }
}
