package dev.countersign.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

@Tag("database")
class StartUpTurnTests {
    private final DataSource database = TestDatabase.with();

    @Test
    void the_second_node_prepares_the_database_after_the_first() throws SQLException {
        StartUpTurn first = new StartUpTurn();
        StartUpTurn second = new StartUpTurn();
        first.postProcessAfterInitialization(database, "dataSource");
        CompletableFuture<Object> turnOfSecond =
                CompletableFuture.supplyAsync(() -> second.postProcessAfterInitialization(database, "dataSource"));
        if (TestDatabase.isPostgres()) {
            Awaitility.await("the second node waits in the database")
                    .until(() -> waiting() == 1 || turnOfSecond.isDone());
            assertThat(turnOfSecond).isNotDone();
        }

        first.onApplicationEvent(null);

        assertThat(turnOfSecond).succeedsWithin(Duration.ofSeconds(10));
        second.destroy();
        first.postProcessAfterInitialization(database, "dataSource");
        first.destroy();
    }

    private long waiting() {
        return JdbcClient.create(database)
                .sql(
                        "select count(*) from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())")
                .query(Long.class)
                .single();
    }
}
