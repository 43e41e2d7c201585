package dev.countersign.review;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.countersign.review.Standing.Mode;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What went up because the review could not decide, and what was said about it. Bound to the material digest. */
@Component
class Escalations {
    private final JdbcClient db;
    private final Json json;
    private final Clock clock;

    Escalations(JdbcClient db, Json json, Clock clock) {
        this.db = db;
        this.json = json;
        this.clock = clock;
    }

    /** A level as the table gave it when the escalation was opened. @param time ISO duration */
    record LevelRow(String id, Mode mode, List<String> groups, String time) {}

    /** @param level the last level that has been asked */
    record EscalationRow(
            long id,
            String dossier,
            int rule,
            String why,
            Set<String> matters,
            List<LevelRow> levels,
            String level,
            OffsetDateTime openedAt,
            OffsetDateTime levelSince,
            OffsetDateTime decidedAt,
            String decision,
            List<AnswerRow> answers) {

        boolean isOpen() {
            return decidedAt == null;
        }

        Optional<LevelRow> levelOf(String id) {
            return levels.stream().filter(level -> level.id().equals(id)).findFirst();
        }
    }

    /** @param answer null where only facts were stated */
    record AnswerRow(
            String level, String group, String person, Standing.Answer answer, String statement, OffsetDateTime at) {}

    List<EscalationRow> all(String releaseKey) {
        return db.sql("select * from review_escalation where release_key = ? order by id")
                .param(releaseKey)
                .query((rs, row) -> new EscalationRow(
                        rs.getLong("id"),
                        rs.getString("dossier"),
                        rs.getInt("rule_no"),
                        rs.getString("why"),
                        Set.copyOf(json.list(rs.getString("matters"))),
                        json.read(rs.getString("levels"), new TypeReference<List<LevelRow>>() {}),
                        rs.getString("level_"),
                        rs.getObject("opened_at", OffsetDateTime.class),
                        rs.getObject("level_since", OffsetDateTime.class),
                        rs.getObject("decided_at", OffsetDateTime.class),
                        rs.getString("decision"),
                        answers(rs.getLong("id"))))
                .list();
    }

    List<EscalationRow> of(String releaseKey, String dossier) {
        return all(releaseKey).stream()
                .filter(escalation -> escalation.dossier().equals(dossier))
                .toList();
    }

    /** The one that people are asked about now. */
    Optional<EscalationRow> open(String releaseKey, String dossier) {
        return of(releaseKey, dossier).stream().filter(EscalationRow::isOpen).findFirst();
    }

    private List<AnswerRow> answers(long escalation) {
        return db.sql("select * from review_escalation_answer where escalation_id = ? order by id")
                .param(escalation)
                .query((rs, row) -> new AnswerRow(
                        rs.getString("level_"),
                        rs.getString("group_"),
                        rs.getString("person"),
                        rs.getString("answer") == null ? null : Standing.Answer.valueOf(rs.getString("answer")),
                        rs.getString("statement"),
                        rs.getObject("at_", OffsetDateTime.class)))
                .list();
    }

    void open(
            String releaseKey,
            String dossier,
            int rule,
            String why,
            List<String> matters,
            List<LevelRow> levels,
            String level) {
        OffsetDateTime now = OffsetDateTime.now(clock);
        db.sql("insert into review_escalation (release_key, dossier, rule_no, why, matters, levels, level_, opened_at,"
                        + " level_since) values (?,?,?,?,?,?,?,?,?)")
                .params(releaseKey, dossier, rule, why, json.write(matters), json.write(levels), level, now, now)
                .update();
    }

    void reach(long escalation, String level) {
        db.sql("update review_escalation set level_ = ?, level_since = ? where id = ?")
                .params(level, OffsetDateTime.now(clock), escalation)
                .update();
    }

    void decided(long escalation, String decision) {
        db.sql("update review_escalation set decided_at = ?, decision = ? where id = ? and decided_at is null")
                .params(OffsetDateTime.now(clock), decision, escalation)
                .update();
    }

    void answer(long escalation, String level, String group, String person, Standing.Answer answer, String statement) {
        db.sql("insert into review_escalation_answer (escalation_id, level_, group_, person, answer, statement, at_)"
                        + " values (?,?,?,?,?,?,?)")
                .params(Arrays.asList(
                        escalation,
                        level,
                        group,
                        person,
                        answer == null ? null : answer.name(),
                        statement,
                        OffsetDateTime.now(clock)))
                .update();
    }
}
