package dev.countersign.review;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What the decision rule said, each time it was asked. */
@Component
class Rulings {
    static final String GO = "GO";
    static final String NO_GO = "NO_GO";
    static final String OPEN = "OPEN";

    private final JdbcClient db;
    private final Json json;
    private final Clock clock;

    Rulings(JdbcClient db, Json json, Clock clock) {
        this.db = db;
        this.json = json;
        this.clock = clock;
    }

    record Ruling(
            long id,
            String dossier,
            String decision,
            String outcome,
            int rule,
            String why,
            List<String> about,
            List<String> dissent,
            OffsetDateTime decidedAt) {}

    Optional<Ruling> latest(String releaseKey) {
        return db
                .sql("select * from review_decision where release_key = ? order by id desc")
                .param(releaseKey)
                .query((rs, row) -> new Ruling(
                        rs.getLong("id"),
                        rs.getString("dossier"),
                        rs.getString("decision"),
                        rs.getString("outcome"),
                        rs.getInt("rule_no"),
                        rs.getString("why"),
                        json.list(rs.getString("about")),
                        json.list(rs.getString("dissent")),
                        rs.getObject("decided_at", OffsetDateTime.class)))
                .list()
                .stream()
                .findFirst();
    }

    void add(String releaseKey, String dossier, DecisionRule.Outcome outcome, List<Long> votes, String ruleVersions) {
        db.sql(
                        "insert into review_decision (release_key, dossier, decision, outcome, rule_no, why, about, dissent, votes,"
                                + " rule_versions, decided_at) values (?,?,?,?,?,?,?,?,?,?,?)")
                .params(
                        releaseKey,
                        dossier,
                        decisionOf(outcome),
                        outcome.kind().name(),
                        outcome.rule(),
                        outcome.why(),
                        json.write(outcome.about()),
                        json.write(outcome.dissent()),
                        json.write(votes),
                        ruleVersions,
                        OffsetDateTime.now(clock))
                .update();
    }

    static String decisionOf(DecisionRule.Outcome outcome) {
        return switch (outcome.kind()) {
            case GO -> GO;
            case NO_GO -> NO_GO;
            default -> OPEN;
        };
    }
}
