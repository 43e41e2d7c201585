package dev.countersign.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.audit.Leaves;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

@Component
class LoggedTimeline implements Timeline {
    private static final int MAX_TEXT = 4000;
    private final JdbcClient jdbc;
    private final TimelineRows rows;
    private final ObjectMapper json;
    private final Leaves leaves;
    private final Clock clock;
    private final TransactionTemplate ownTransaction;

    LoggedTimeline(
            JdbcClient jdbc,
            TimelineRows rows,
            ObjectMapper json,
            Leaves leaves,
            Clock clock,
            PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.json = json;
        this.leaves = leaves;
        this.clock = clock;
        this.ownTransaction = new TransactionTemplate(transactions);
        this.ownTransaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public void record(String releaseKey, String type, String actor, String text, Map<String, Object> detail) {
        rows.add(
                releaseKey,
                OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC),
                type,
                actor,
                text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text,
                write(detail));
        Map<String, Object> leaf = new HashMap<>(detail);
        leaf.put("text", text);
        leaves.record(type, releaseKey, actor, leaf);
    }

    @Override
    public void refused(String releaseKey, String type, String actor, String text, Map<String, Object> detail) {
        Runnable write =
                () -> ownTransaction.executeWithoutResult(status -> record(releaseKey, type, actor, text, detail));
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            write.run();
            return;
        }
        // The refused transaction may hold the release's row: write when it is over.
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                write.run();
            }
        });
    }

    @Override
    public List<Entry> of(String releaseKey) {
        rows.write();
        return jdbc.sql(
                        "select id, at_, type, actor, text, detail from release_timeline where release_key = ? order by id")
                .param(releaseKey)
                .query((row, n) -> new Entry(
                        row.getLong("id"),
                        row.getObject("at_", OffsetDateTime.class).toInstant(),
                        row.getString("type"),
                        row.getString("actor"),
                        row.getString("text"),
                        read(row.getString("detail"))))
                .list();
    }

    private String write(Map<String, Object> detail) {
        try {
            return json.writeValueAsString(detail);
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException("A timeline entry's detail must be writable as JSON", broken);
        }
    }

    private Map<String, Object> read(String detail) {
        try {
            return json.readValue(detail, new TypeReference<>() {});
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException("The timeline holds something that is not JSON", broken);
        }
    }
}
